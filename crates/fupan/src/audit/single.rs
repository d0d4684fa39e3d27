//! The SQL cross-check of one figure, without the work that only other figures need.

use std::collections::BTreeMap;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::DataType;
use fupan_fact::{Fact, FactSet, Scope};
use fupan_market::{Calendar, Definitions};
use fupan_measure::sql::{self, LooksBack, TwinRows};
use fupan_store::{Kept, SourceChoice, SqlStep, Store, StoreError};

use crate::audit::answers::{Answer, Answers};
use crate::audit::sql_session::{EVERY_SHARE, Span, Steps};
use crate::audit::told_group::ToldGroup;
use crate::audit::{CrossCheck, figures_with, lost_row, on_store, told_group};
use crate::kept::{fact_rows, group_rows};
use crate::{Error, Market};

/// Sessions before the figure's own that are read first: enough to judge whether a session's data
/// are complete, and some more for streaks.
const LATELY_SESSIONS: u32 = 30;

/// Memory for a figure's first attempt, in bytes, not counting the rows that are kept.
const MEMORY: usize = 512 << 20;

/// Compares one fact of a set with its twin.
pub(crate) fn ask(market: &Market, set: &FactSet, fact: &Fact) -> Result<CrossCheck, Error> {
    // Of a security that is explained all figures are asked for.
    let Some(twin) = sql::twin(&fact.key).map(sql::Twin::asked) else {
        return Ok(CrossCheck::None);
    };
    let whole = Span::of(market, std::slice::from_ref(fact), fact.key.session)?;
    let figures = match twin.rows {
        TwinRows::Across => Some(fact_rows::figure_batch(&figures_with(market, set)?)?),
        _ => None,
    };
    let groups = match twin.rows {
        TwinRows::GroupPast | TwinRows::Themes => told_group::of(set.facts.values()),
        _ => Vec::new(),
    };
    let part = part(market, &twin.rows, &fact.key.scope)?;
    let mut answer = Answer::Nothing;
    let mut definitions = Definitions::default();
    on_store(market, |store, choice| {
        definitions = store.groups()?.definitions().clone();
        let asker =
            Asker { store, choice, fact, twin: &twin, figures: figures.as_ref(), told: &groups };
        for look in looks(&twin, whole, market.calendar())? {
            answer = asker.told(&look, &part)?;
            if matches!(answer, Answer::Same) {
                break;
            }
        }
        Ok(())
    })?;
    let sql = twin.rows.query(&twin.columns, &definitions);
    Ok(match answer {
        Answer::Nothing => CrossCheck::None,
        Answer::Same => CrossCheck::Agrees { sql },
        Answer::Other(got) => CrossCheck::Differs { sql, got },
    })
}

/// The securities whose days to read, as a condition on the symbol of `b`. A figure of one security
/// needs only its own rows.
fn part(market: &Market, rows: &TwinRows, scope: &Scope) -> Result<String, Error> {
    Ok(match (rows, scope) {
        (TwinRows::Security(_) | TwinRows::OwnPast | TwinRows::Fund, Scope::Security(symbol)) => {
            let last = match market {
                Market::Store { store, .. } => store.codes()?.last(*symbol),
                Market::Sample(_) => *symbol,
            };
            format!("b.symbol = '{last}'")
        }
        _ => format!("({})", EVERY_SHARE.join(" OR ")),
    })
}

/// One attempt: a range of sessions, and which securities to read in it.
struct Look {
    span: Span,
    /// Restricts the attempt to securities that meet a condition on `bar_day` in another range.
    sieve: Option<(Span, String)>,
}

/// The attempts, cheapest first. In a shorter past a figure may be unknown or differ; the last
/// attempt decides.
fn looks(twin: &sql::Twin, whole: Span, calendar: &Calendar) -> Result<Vec<Look>, Error> {
    let window = whole.of_window(calendar)?;
    let looks_back = twin.looks_back();
    let mut spans = match looks_back {
        LooksBack::Lately => {
            vec![whole.of_sessions(LATELY_SESSIONS, calendar)?, window, whole]
        }
        LooksBack::Window | LooksBack::Ever(_) => vec![window, whole],
    };
    spans.dedup();
    let mut looks: Vec<Look> = spans.into_iter().map(|span| Look { span, sieve: None }).collect();
    if let LooksBack::Ever(condition) = looks_back
        && window != whole
    {
        looks.insert(0, Look { span: whole, sieve: Some((window, condition)) });
    }
    Ok(looks)
}

/// One figure and what its query needs.
struct Asker<'a> {
    store: &'a Store,
    choice: &'a SourceChoice,
    fact: &'a Fact,
    twin: &'a sql::Twin,
    /// The figures of the sessions up to it, if it is computed from them.
    figures: Option<&'a RecordBatch>,
    /// The groups of its session, if it is of what groups did over sessions.
    told: &'a [ToldGroup],
}

impl Asker<'_> {
    /// Compares the figure with SQL over one range of sessions.
    fn told(&self, look: &Look, part: &str) -> Result<Answer, Error> {
        let part = match &look.sieve {
            None => part.to_owned(),
            Some((span, condition)) => {
                let steps = self.steps(*span, part, &[])?;
                let question = format!(
                    "SELECT DISTINCT symbol FROM bar_day WHERE session = DATE '{}' AND ({condition})",
                    span.last
                );
                one_of(&self.answer(*span, &steps, &question)?)?
            }
        };
        let anew: &[&str] = if look.sieve.is_some() { &["daily_bar"] } else { &[] };
        let steps = self.steps(look.span, &part, anew)?;
        let rows = self.twin.rows.clone();
        let columns = &self.twin.columns;
        let named: Vec<String> =
            columns.iter().enumerate().map(|(i, sql)| format!("{sql} AS c{i}")).collect();
        let question = rows.query(&named, self.store.groups()?.definitions());
        let batches = self.answer(look.span, &steps, &question)?;
        let measures = BTreeMap::from([(self.fact.key.measure.clone(), columns.clone())]);
        let mut answers = Answers::to_one(self.fact);
        answers.add(rows, measures, columns.clone(), &batches)?;
        Ok(answers.of(self.fact))
    }

    /// The steps over one range of sessions. Steps named in `anew` are not kept.
    fn steps(&self, span: Span, part: &str, anew: &[&str]) -> Result<Vec<SqlStep>, Error> {
        let steps = Steps::new(self.store, self.choice, span)?;
        if self.figures.is_some() {
            return Ok(steps.across());
        }
        let mut of_market = steps.of_market();
        if self.twin.rows == TwinRows::Fund {
            of_market.retain(|step| step.name == "fund_day");
            return Ok(of_market);
        }
        for step in &mut of_market {
            if anew.contains(&step.name) {
                step.kept = Kept::Never;
            }
        }
        let of_part = SqlStep {
            name: "daily_bar",
            query: format!("SELECT * FROM daily_bar b WHERE {part}"),
            kept: Kept::Always,
            key: &[],
        };
        let of_part = (!anew.is_empty()).then_some(of_part);
        let of_securities = of_part.into_iter().chain(steps.of_securities(part));
        let days = of_market.into_iter().chain(of_securities);
        Ok(match (steps.recent(), &self.twin.rows) {
            (Some(recent), TwinRows::OwnPast) => {
                days.chain([recent]).chain(steps.of_own_past()).collect()
            }
            (Some(recent), _) => {
                let of_groups = steps.of_groups(&told_group::ids(self.told));
                days.chain([recent]).chain(of_groups).collect()
            }
            (None, _) => days.chain(steps.of_session()).collect(),
        })
    }

    /// Runs a query in limited memory, and again without the limit if that is too little.
    fn answer(
        &self,
        span: Span,
        steps: &[SqlStep],
        question: &str,
    ) -> Result<Vec<RecordBatch>, Error> {
        match self.answer_within(MEMORY, span, steps, question) {
            Err(Error::Store(StoreError::TooLarge(_))) => {
                self.answer_within(usize::MAX, span, steps, question)
            }
            answer => answer,
        }
    }

    fn answer_within(
        &self,
        bytes: usize,
        span: Span,
        steps: &[SqlStep],
        question: &str,
    ) -> Result<Vec<RecordBatch>, Error> {
        let bench = self.store.workbench_within(bytes)?;
        bench.hold("lost_row", lost_row::of(&self.store.imports()?, span.from, span.last)?)?;
        if let Some(figures) = self.figures {
            bench.hold("session_figure", figures.clone())?;
        }
        if !self.told.is_empty() {
            bench.hold("told_group", told_group::batch(self.told)?)?;
            let figures = group_rows::figure_batch(self.store, self.choice, span.last)?;
            bench.hold("group_figure", figures)?;
        }
        Ok(bench.answer(steps, question)?)
    }
}

/// A condition that the symbol of `b` is in the first column of some rows.
fn one_of(batches: &[RecordBatch]) -> Result<String, Error> {
    let mut symbols = Vec::new();
    for batch in batches {
        let column =
            arrow::compute::cast(batch.column(0), &DataType::Utf8).map_err(Error::table)?;
        let column = column.as_string::<i32>();
        symbols.extend(column.iter().flatten().map(|symbol| format!("'{symbol}'")));
    }
    Ok(match symbols.is_empty() {
        true => "false".to_owned(),
        false => format!("b.symbol IN ({})", symbols.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use fupan_fact::Value;

    use super::*;
    use crate::audit::sql_session::{AT_ONCE_SESSIONS, SqlSession};
    use crate::backfill;
    use crate::review::review_selected;
    use crate::{SessionDate, sample};
    use fupan_measure::Selection;

    /// One of each kind of rows and of each reach into the past.
    const MEASURES: [&str; 21] = [
        "advances",
        "advance_decline_line",
        "above_ma200",
        "index_contribution",
        "index_group_points",
        "index_ungrouped_points",
        "index_residual",
        "index_return_since",
        "turnover_above_sessions",
        "last_price",
        "median_return",
        "new_high_all_time",
        "promotion_rate",
        "turnover_rank_in_window",
        "amplitude",
        "security_new_high_all_time",
        "turnover_rank_of",
        "security_return_20",
        "security_return_year",
        "security_turnover_vs_ma5",
        "return_over_industry",
    ];

    /// Those also checked with a wrong value, which makes the check try every range.
    const WRONG: [&str; 3] = ["index_residual", "new_high_all_time", "promotion_rate"];

    fn stored() -> (tempfile::TempDir, Market) {
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&sample::small(), folder.path()).unwrap();
        let store = Store::open(folder.path()).unwrap();
        backfill(store, &mut |_, _| ()).unwrap();
        (folder, market)
    }

    /// Checks that the cross-check of one figure and that of an audit return the same, whether the
    /// fact is right or wrong.
    fn is_one_road(market: &Market, session: SessionDate) {
        let since = market.calendar().back(session, 40).unwrap().unwrap();
        let every = Selection::review().with_every_security().with_returns_since(vec![since]);
        let set = review_selected(market, Some(session), &every).unwrap();
        let past = figures_with(market, &set).unwrap();
        let facts: Vec<Fact> =
            set.facts.values().filter(|fact| fact.key.session == session).cloned().collect();
        let Market::Store { store, choice } = market else { panic!("a store") };
        let span = Span::of(market, &facts, session).unwrap();
        let mut progress = |_, _| ();
        let road =
            SqlSession::open(store, choice, span, &EVERY_SHARE, AT_ONCE_SESSIONS, &mut progress)
                .unwrap();
        let answers = road.ask(&facts, &past).unwrap();
        for (step, key) in sql::KEYS {
            let key = key.join(", ");
            let repeated = format!("SELECT 1 FROM {step} GROUP BY {key} HAVING count(*) > 1");
            let found = road.bench.ask(&repeated).unwrap();
            assert!(found.iter().all(|batch| batch.num_rows() == 0), "{step}");
        }
        for measure in MEASURES {
            let is_it = |fact: &&Fact| fact.key.measure.name() == measure;
            let fact = facts.iter().find(is_it).unwrap_or_else(|| panic!("no {measure}"));
            let told = ask(market, &set, fact).unwrap();
            assert!(matches!(told, CrossCheck::Agrees { .. }), "{}: {told:?}", fact.key);
            if !WRONG.contains(&measure) {
                continue;
            }
            let wrong = Fact { value: Value::Count { count: 987_654_321 }, ..fact.clone() };
            let Answer::Other(by_all) = answers.of(&wrong) else { panic!("{}", fact.key) };
            match ask(market, &set, &wrong).unwrap() {
                CrossCheck::Differs { got, .. } => assert_eq!(got, by_all, "{}", fact.key),
                told => panic!("{}: {told:?}", fact.key),
            }
        }
    }

    #[test]
    fn one_figure_is_told_what_an_audit_is_told() {
        let (_folder, market) = stored();
        let (_, last) = market.sessions().unwrap();
        is_one_road(&market, market.calendar().back(last, 1).unwrap().unwrap());
    }

    #[test]
    fn a_figure_is_looked_for_where_it_takes_least_first() {
        let (_folder, market) = stored();
        let (first, last) = market.sessions().unwrap();
        let whole =
            Span { from: first, first: last, last, instant: None, recent: None, since: None };
        let looks = |measure: &str| {
            let key = format!("{measure}/all-a/{last}/close").parse().unwrap();
            let looks = looks(&sql::twin(&key).unwrap(), whole, market.calendar()).unwrap();
            looks.iter().map(|look| (look.span.from, look.sieve.is_some())).collect::<Vec<_>>()
        };
        let back = |sessions| market.calendar().back(last, sessions).unwrap().unwrap();
        let window = (back(270), false);
        assert_eq!(looks("advances"), [(back(30), false), window, (first, false)]);
        assert_eq!(looks("new_high_250"), [window, (first, false)]);
        assert_eq!(looks("new_high_all_time"), [(first, true), window, (first, false)]);
    }

    #[test]
    fn nobody_is_found_where_nobody_is_named() {
        assert_eq!(one_of(&[]).unwrap(), "false");
    }
}
