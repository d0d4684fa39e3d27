//! A session at one instant.

pub(crate) mod followed;
pub(crate) mod gaps;
pub(crate) mod indices;
pub(crate) mod morning;
pub(crate) mod replay;

use std::collections::BTreeSet;

use fupan_fact::{AsOf, FactSet, InputRef};
use fupan_market::{
    Codes, Finding, FindingKind, LATE_SECONDS, MORNING_ENDS, Quote, QuoteWalk, Rulebook,
    SecurityDay, SessionDate, Symbol, Wording, standing_at,
};
use fupan_measure::{PreOpen, SessionTurnover};
use fupan_store::{QuoteReader, SourceChoice, Store, StoreError, StoreInput};

use crate::data::{Loaded, WINDOW_SESSIONS};
use crate::instant::indices::IndexLevels;
use crate::instant::morning::Morning;
use crate::review::note_simulated;
use crate::{Error, Market};

/// All facts of a session at `second`, in seconds after midnight, Shanghai time. They cover the
/// securities that have quotes, from their quotes up to then. Every key names the instant whose
/// prices are in force at that second: itself while stocks trade, 11:30 in the lunch break, 15:00
/// after the close.
///
/// Turnover is compared with the previous session's at the same instant, if its quotes are stored.
///
/// # Errors
/// As for [`review`](crate::review); [`Error::BeforeOpen`] if there is no price yet, and
/// [`StoreError::NoQuotes`] or [`StoreError::NoQuotesYet`] if the store has no quotes for it.
pub fn review_at(
    market: &Market,
    session: Option<SessionDate>,
    second: u32,
) -> Result<FactSet, Error> {
    let session = asked(market, session)?;
    let second = standing(session, second)?;
    let mut quotes = quotes(market, session, reads_until(session, second))?;
    let loaded = history(market, session)?;
    let opening = opening(&loaded, market.rulebook())?;
    let (mut walks, mut morning) = (Walks::default(), Morning::default());
    while let Some(next) = quotes.peek()? {
        morning.end((session, next), || walks.days(&opening));
        walks.take(quotes.next_second()?, |symbol| opening.walk(symbol).unwrap_or_default());
    }
    let mut days = walks.days(&opening);
    morning.mark(&mut days);
    let mut before = Before::of(market, session)?;
    let known = days.iter().map(|day| day.symbol).collect();
    let levels = IndexLevels::of(market, session)?;
    let inputs = inputs(&loaded.inputs, of_quotes(&quotes), before.as_ref(), &levels);
    let turnover = before.as_mut().map(|before| before.turnover(&known, second)).transpose()?;
    let at = (second, &levels.moment(second));
    let mut facts = opening.facts(&loaded.history, days, None, turnover, at, &inputs);
    let quoted = walks.0.iter().map(|(symbol, _)| *symbol);
    let unknown = quoted.filter(|symbol| !opening.knows(*symbol)).collect();
    facts.findings.extend(findings(&loaded, quotes.findings(), &unknown));
    facts.findings.extend(gaps::finding(session, quotes.instants(), second));
    facts.findings.extend(levels.findings(second));
    facts.findings.sort();
    note_simulated(&mut facts, &inputs);
    Ok(facts)
}

/// The session asked for, or the last complete one of the data. A session asked for may have quotes
/// and no daily bars yet.
pub(crate) fn asked(market: &Market, session: Option<SessionDate>) -> Result<SessionDate, Error> {
    if let Some(session) = session {
        market.calendar().number(session)?;
        store(market)?;
        return Ok(session);
    }
    market.session(None)
}

/// The instant whose prices are in force at a second.
pub(crate) fn standing(session: SessionDate, second: u32) -> Result<u32, Error> {
    let at = AsOf::Instant(second);
    standing_at(session, second).ok_or(Error::BeforeOpen { session, at })
}

/// The last second of quotes that belong to an instant: feeds stamp the last trades before a break a
/// little late. In the lunch break nothing trades, so that whatever is stamped in it shows the end of
/// the morning; after the close there may be trading at the closing price.
pub(crate) fn reads_until(session: SessionDate, second: u32) -> u32 {
    let late = second + LATE_SECONDS;
    match standing_at(session, late) {
        Some(standing) if standing == second && standing == MORNING_ENDS => BREAK_ENDS - 1,
        Some(standing) if standing == second => late,
        _ => second,
    }
}

/// When the lunch break ends, in seconds after midnight.
const BREAK_ENDS: u32 = 13 * 3600;

pub(crate) fn store(market: &Market) -> Result<(&Store, &SourceChoice), Error> {
    match market {
        Market::Store { store, choice } => Ok((store, choice)),
        Market::Sample(_) => Err(Error::NoInstants),
    }
}

/// A session's quotes up to a second, read one second at a time.
pub(crate) fn quotes(
    market: &Market,
    session: SessionDate,
    until: u32,
) -> Result<QuoteReader, Error> {
    let (store, choice) = store(market)?;
    Ok(store.quotes(session, until, choice)?)
}

/// A session's past, with its own daily bars if they are stored already.
pub(crate) fn history(market: &Market, session: SessionDate) -> Result<Loaded, Error> {
    match market.load(session) {
        Err(Error::Store(StoreError::NoSession { .. })) => {}
        loaded => return loaded,
    }
    let (store, choice) = store(market)?;
    let Some(before) = market.calendar().back(session, 1)? else { return market.load(session) };
    let loaded = store.history(before, WINDOW_SESSIONS - 1, choice)?;
    let mut loaded = Loaded::from(loaded);
    loaded.history.session = session;
    Ok(loaded)
}

pub(crate) fn opening(loaded: &Loaded, rulebook: &'static Rulebook) -> Result<PreOpen, Error> {
    rulebook.calendar().number(loaded.history.session)?;
    PreOpen::of(&loaded.history, rulebook).ok_or(Error::NoBars)
}

/// The session so far of each security with quotes, sorted by symbol.
#[derive(Default)]
struct Walks(Vec<(Symbol, QuoteWalk)>);

impl Walks {
    /// The days so far of the securities with a past.
    fn days(&self, opening: &PreOpen) -> Vec<SecurityDay> {
        self.0.iter().filter_map(|(symbol, walk)| opening.day_of(*symbol, walk)).collect()
    }

    /// Takes in the quotes of one second, sorted by symbol.
    fn take(&mut self, quotes: &[(Symbol, Quote)], begin: impl Fn(Symbol) -> QuoteWalk) {
        let mut place = 0;
        for (symbol, quote) in quotes {
            while self.0.get(place).is_some_and(|(other, _)| other < symbol) {
                place += 1;
            }
            if self.0.get(place).is_none_or(|(other, _)| other != symbol) {
                self.0.insert(place, (*symbol, begin(*symbol)));
            }
            self.0[place].1.take(quote);
        }
    }
}

/// The previous session, read up to an instant.
pub(crate) struct Before {
    quotes: QuoteReader,
    walks: Walks,
    codes: Codes,
}

impl Before {
    /// `None` if the previous session has no quotes in the store.
    pub(crate) fn of(market: &Market, session: SessionDate) -> Result<Option<Before>, Error> {
        let Some(before) = market.calendar().back(session, 1)? else { return Ok(None) };
        match quotes(market, before, u32::MAX) {
            Ok(quotes) => {
                let codes = store(market)?.0.codes()?;
                Ok(Some(Before { quotes, walks: Walks::default(), codes }))
            }
            Err(Error::Store(StoreError::NoQuotes { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The turnover of the securities in `of` at the same instant of the previous session. `second`
    /// must not go back from call to call. Later trading is left out, and so are securities without
    /// quotes today.
    pub(crate) fn turnover(
        &mut self,
        of: &BTreeSet<Symbol>,
        second: u32,
    ) -> Result<SessionTurnover, Error> {
        let session = self.quotes.session();
        let until = reads_until(session, second);
        while self.quotes.peek()?.is_some_and(|next| next <= until) {
            self.walks.take(self.quotes.next_second()?, |_| QuoteWalk::default());
        }
        // Quotes are under their security's last code.
        let of: BTreeSet<Symbol> = of.iter().map(|code| self.codes.last(*code)).collect();
        let mut sum = SessionTurnover::new(session);
        for (symbol, walk) in self.walks.0.iter().filter(|(symbol, _)| of.contains(symbol)) {
            if let (Some(board), Some(traded)) = (symbol.board(), walk.traded()) {
                sum.add(*symbol, board, traded.turnover);
            }
        }
        Ok(sum)
    }
}

/// The files that quotes are taken from.
pub(crate) fn of_quotes(quotes: &QuoteReader) -> impl Iterator<Item = InputRef> {
    quotes.inputs().iter().map(input_of)
}

pub(crate) fn input_of(input: &StoreInput) -> InputRef {
    let StoreInput { table, source, digest } = input.clone();
    InputRef { table, source, digest }
}

/// The inputs of the facts of an instant.
pub(crate) fn inputs(
    bars: &[InputRef],
    quoted: impl Iterator<Item = InputRef>,
    before: Option<&Before>,
    levels: &IndexLevels,
) -> Vec<InputRef> {
    let before = before.map(|before| of_quotes(&before.quotes)).into_iter().flatten();
    // The past of indices matters to those that have levels in the session.
    let is_past = |input: &&InputRef| !levels.is_empty() || input.table != "index_bar";
    let bars = bars.iter().filter(is_past).cloned();
    bars.chain(quoted).chain(before).chain(levels.inputs()).collect()
}

/// What a reader must know about the data. `unknown` are securities with quotes but no past.
pub(crate) fn findings(
    loaded: &Loaded,
    of_quotes: Vec<Finding>,
    unknown: &BTreeSet<Symbol>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = loaded.findings.iter().cloned().chain(of_quotes).collect();
    if let Some(first) = unknown.first() {
        let count = unknown.len();
        let first = first.to_string();
        findings.push(Finding {
            kind: FindingKind::MissingData,
            count: count as u64,
            detail: Wording::new(
                format!(
                    "{count} securities have quotes but no daily bars, for example {first}; no \
                     figure counts them."
                ),
                format!("{count}只证券有盘中行情而没有日线（如{first}），未计入任何数字。"),
            ),
            subject: if count == 1 { first } else { "daily_bar".to_owned() },
            hint: Wording::new("Import their daily bars.", "请导入它们的日线。"),
            place: None,
        });
    }
    findings
}
