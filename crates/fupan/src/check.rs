//! Articles held against the facts of a market.

use std::collections::{BTreeMap, BTreeSet, HashMap};

pub use fupan_check::{
    Article, ArticleError, Claim, ClaimKind, ClaimUnit, ClaimValue, Comparator, Ink, LARGEST_BYTES,
    Report, Verdict, page, terminal_text,
};
use fupan_check::{
    Ask, FactBook, ReturnPeriod, Stated, Subject, Subjects, base_of, dated, report, statements,
};
use fupan_fact::{AsOf, Fact, FactKey, FactSet, MeasureId, Scope, Value};
use fupan_market::{
    Calendar, GroupId, IndexHistory, Language, Return, SessionDate, Symbol, Wording,
    english_group_name, shown_name,
};

use crate::query::query;
use crate::review::review_asked;
use crate::{Error, Market};

/// Checks articles against a market: who may be spoken of is read once.
pub struct Checker<'m> {
    market: &'m Market,
    subjects: Subjects,
    indices: Vec<IndexHistory>,
}

impl<'m> Checker<'m> {
    /// Reads the names of securities and groups, and the closes of indices.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn new(market: &'m Market) -> Result<Checker<'m>, Error> {
        let mut named = securities(market)?;
        let english = fupan_brief::established_names();
        named.extend(english.map(|(symbol, name)| (name.to_owned(), Subject::Security(symbol))));
        let groups = match market {
            Market::Store { store, .. } => store.groups()?,
            Market::Sample(market) => market.groups(),
        };
        for (_, list) in groups.lists() {
            for group in &list.groups {
                named.extend(
                    group_names(&group.name)
                        .into_iter()
                        .map(|name| (name, Subject::Group(group.id.clone()))),
                );
            }
        }
        Ok(Checker { market, subjects: Subjects::new(named), indices: indices(market)? })
    }

    /// The report of an article: of a session if one is named, else of the one that it says or that its
    /// index moves fit.
    ///
    /// # Errors
    /// If the data cannot be read, or lack the session that was named.
    pub fn check(
        &self,
        file: &str,
        article: &Article,
        session: Option<SessionDate>,
    ) -> Result<Report, Error> {
        let stated = statements(article, &self.subjects);
        let claims: Vec<Stated> = stated.iter().map(|(_, claim)| claim.clone()).collect();
        let (session, how) = match session {
            Some(session) => {
                let how = Wording::new("named by the reader", "由读者指定");
                (Some(self.market.session(Some(session))?), how)
            }
            None => {
                let mut returns = |index| self.returns(index);
                let found = dated(article, &claims, self.market.calendar(), &mut returns);
                (found.session, found.how)
            }
        };
        let in_data = |session: &SessionDate| {
            self.market.sessions().is_ok_and(|(first, last)| (first..=last).contains(session))
        };
        match session.filter(in_data) {
            Some(session) => {
                let mut book = Book::new(self, session, &claims);
                let report = report(file, article, stated, how, Some(&mut book));
                match book.error {
                    Some(error) => Err(error),
                    None => Ok(report),
                }
            }
            None => Ok(report(file, article, stated, how, None)),
        }
    }

    fn returns(&self, index: Symbol) -> Vec<(SessionDate, Return)> {
        let Some(history) = self.indices.iter().find(|history| history.symbol == index) else {
            return Vec::new();
        };
        let bars = history.bars.windows(2);
        let of = |two: &[fupan_market::IndexBar]| {
            Some((two[1].session, Return::between(two[0].close, two[1].close)?))
        };
        bars.filter_map(of).collect()
    }
}

/// The securities that the data name.
fn securities(market: &Market) -> Result<Vec<(String, Subject)>, Error> {
    let plain = |name: &str| shown_name(name).replace(' ', "");
    let mut named = Vec::new();
    let mut add = |symbol: Symbol, name: &str| {
        let name = plain(name);
        // 万科A is 万科 to everybody.
        if let Some(bare) = name.strip_suffix('A').filter(|bare| !bare.is_ascii()) {
            named.push((bare.to_owned(), Subject::Security(symbol)));
        }
        for mark in ["*ST", "ST", "-U", "-W", "-UW"] {
            if let Some(bare) = name.strip_prefix(mark).or(name.strip_suffix(mark)) {
                named.push((bare.to_owned(), Subject::Security(symbol)));
            }
        }
        named.push((name, Subject::Security(symbol)));
    };
    match market {
        Market::Store { store, .. } => {
            for row in query(store, "SELECT DISTINCT symbol, name FROM security")?.rows {
                if let [Some(symbol), Some(name)] = &row[..]
                    && let Ok(symbol) = symbol.parse()
                {
                    add(symbol, name);
                }
            }
        }
        Market::Sample(market) => {
            let history = market.history(1);
            for security in &history.securities {
                if let Some(name) = security.listing.name_on(history.session) {
                    add(security.listing.symbol, name);
                }
            }
        }
    }
    Ok(named)
}

/// What a group may be called: its name, the parts of a name with brackets, its English name.
fn group_names(name: &str) -> Vec<String> {
    let mut names = vec![name.to_owned()];
    if let Some((before, rest)) = name.split_once(['(', '（']) {
        names.push(before.to_owned());
        names.extend(rest.strip_suffix([')', '）']).map(str::to_owned));
    }
    names.extend(name.split_once("概念").map(|(before, _)| before.to_owned()));
    for level in ["Ⅱ", "Ⅲ"] {
        names.extend(name.strip_suffix(level).map(str::to_owned));
    }
    names.extend(english_group_name(name).map(str::to_owned));
    names.retain(|name| !name.is_empty());
    names
}

fn indices(market: &Market) -> Result<Vec<IndexHistory>, Error> {
    let (_, last) = market.sessions()?;
    Ok(match market {
        Market::Store { store, choice } => {
            store.range(last, last, market.calendar().first(), choice)?.history.indices
        }
        Market::Sample(market) => market.history(u32::MAX).indices,
    })
}

/// The facts that an article's statements need, of its session and the one before.
struct Book<'c> {
    checker: &'c Checker<'c>,
    session: SessionDate,
    securities: Vec<Symbol>,
    groups: Vec<GroupId>,
    sets: BTreeMap<SessionDate, Option<FactSet>>,
    returns: HashMap<Symbol, Vec<(SessionDate, Return)>>,
    error: Option<Error>,
}

impl<'c> Book<'c> {
    fn new(checker: &'c Checker<'_>, session: SessionDate, stated: &[Stated]) -> Book<'c> {
        let (mut securities, mut groups) = (BTreeSet::new(), BTreeSet::new());
        for claim in stated {
            match &claim.ask {
                Ask::SecurityReturn(list, ..) => securities.extend(list.iter().copied()),
                Ask::SecurityPrice(security, _)
                | Ask::SecurityLimit { security, .. }
                | Ask::SecurityStreak(security)
                | Ask::SecurityTurnover(security)
                | Ask::SecurityMarketValue(security)
                | Ask::SecurityExtreme { security, .. } => {
                    securities.insert(*security);
                }
                Ask::GroupMove(subjects, _) => {
                    groups.extend(subjects.iter().filter_map(|subject| match subject {
                        Subject::Group(group) => Some(group.clone()),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        Book {
            checker,
            session,
            securities: securities.into_iter().collect(),
            groups: groups.into_iter().collect(),
            sets: BTreeMap::new(),
            returns: HashMap::new(),
            error: None,
        }
    }

    /// The facts of a session; `None` if the data have none.
    fn facts(&mut self, session: SessionDate) -> Option<&FactSet> {
        if !self.sets.contains_key(&session) {
            let set = self.review(session);
            let set = match set {
                Ok(set) => Some(set),
                Err(Error::Store(fupan_store::StoreError::NoSession { .. })) => None,
                Err(Error::OutsideData { .. }) => None,
                Err(error) => {
                    self.error.get_or_insert(error);
                    None
                }
            };
            self.sets.insert(session, set);
        }
        self.sets.get(&session)?.as_ref()
    }

    fn review(&self, session: SessionDate) -> Result<FactSet, Error> {
        let market = self.checker.market;
        let since = bases(market.calendar(), session);
        review_asked(market, Some(session), &self.groups, &self.securities, &since)
    }
}

/// The sessions from whose closes returns over the week and the quarter are.
fn bases(calendar: &Calendar, session: SessionDate) -> Vec<SessionDate> {
    let periods = [ReturnPeriod::Week, ReturnPeriod::Quarter];
    let bases: BTreeSet<SessionDate> =
        periods.into_iter().filter_map(|period| base_of(period, session, calendar)).collect();
    bases.into_iter().collect()
}

impl FactBook for Book<'_> {
    fn session(&self) -> SessionDate {
        self.session
    }

    fn calendar(&self) -> &Calendar {
        self.checker.market.calendar()
    }

    fn fact(&mut self, measure: &MeasureId, scope: &Scope, session: SessionDate) -> Option<Fact> {
        let scope = match scope {
            // A security stands under the code of the session.
            Scope::Security(symbol) => {
                let on = self.checker.market.codes_on(&[*symbol], session).ok()?;
                Scope::Security(on.first().copied().unwrap_or(*symbol))
            }
            other => other.clone(),
        };
        let key = FactKey { measure: measure.clone(), scope, session, as_of: AsOf::Close };
        self.facts(session)?.facts.get(&key).cloned()
    }

    fn returns(&mut self, index: Symbol) -> &[(SessionDate, Return)] {
        let checker = self.checker;
        self.returns.entry(index).or_insert_with(|| checker.returns(index))
    }

    fn named(&mut self, key: &FactKey) -> Wording {
        let own = Wording::new(key.measure.to_string(), key.measure.to_string());
        let Some(facts) = self.facts(key.session) else { return own };
        let label = match facts.measures.get(key.measure.name()) {
            Some(text) => Wording::new(text.label_en.as_str(), text.label_zh.as_str()),
            None => own,
        };
        let [en, zh] = [Language::En, Language::Zh]
            .map(|language| fupan_brief::scope_label(&key.scope, facts, language));
        Wording::new(format!("{}, {en}", label.en), format!("{zh}{}", label.zh))
    }

    fn has_beijing(&mut self) -> bool {
        let traded = MeasureId::new("traded");
        let scope = Scope::Exchange(fupan_market::Exchange::Bse);
        let session = self.session;
        let traded = self.fact(&traded, &scope, session).map(|fact| fact.value);
        matches!(traded, Some(Value::Count { count }) if count > 0)
    }
}
