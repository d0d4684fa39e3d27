//! Computes and stores the derived tables: every figure and every security's day of every session.

use std::collections::BTreeMap;
use std::sync::mpsc;

use arrow::array::RecordBatch;
use fupan_fact::FactSet;
use fupan_market::{SessionDate, Wording};
use fupan_measure::{FigureHistory, GroupSums, Selection, SessionTurnover, WalkedSession};
use fupan_store::{
    Deriving, ExchangeRead, Period, PeriodRows, SourceChoice, Store, StoreReport, Thoroughness,
};
use fupan_table::Derived;

use crate::kept::fact_rows::FactRows;
use crate::kept::{day_rows, facts, freshness, group_rows};
use crate::sessions::Walked;
use crate::{Error, Market, own, sessions};

/// What a backfill did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backfilled {
    /// The first session that was recomputed; `None` if nothing had changed.
    pub from: Option<SessionDate>,
    /// Sessions computed.
    pub sessions: u64,
    /// Figures in them.
    pub facts: u64,
    /// Years whose figures or days differ from those stored before.
    pub years_changed: Vec<i16>,
}

/// Computes a store's derived tables: what imports have changed since the last run, or everything
/// if the rules or measures have changed.
///
/// Calls `progress(done, total)`, both in sessions.
///
/// # Errors
/// Data that cannot be read, a folder that cannot be written.
pub fn backfill(store: Store, progress: &mut dyn FnMut(usize, usize)) -> Result<Backfilled, Error> {
    let market = Market::Store { store, choice: SourceChoice::Best };
    let Market::Store { store, .. } = &market else { unreachable!("made a line before") };
    let deriving = store.derive(&freshness::made_by(store.rulebook()))?;
    let (first, last) = market.sessions()?;
    let Some(deriving) = deriving else { return Ok(Backfilled::default()) };
    let from = deriving.from();
    let figures = match from == first {
        true => Some(FigureHistory::new(market.calendar())),
        false => facts::figures_before(&market, from, facts::Reach::Whole)?,
    };
    std::thread::scope(|scope| {
        // While the next sessions are computed, the writer computes figures across sessions and
        // writes rows.
        let (send, steps) = mpsc::sync_channel(STEPS_WAITING);
        let keeper =
            scope.spawn(move || PeriodWriter::new(deriving, from, figures).keep(&steps, last));
        let walked = walk(&market, (first, from, last), &send, progress);
        drop(send);
        let kept = keeper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // A failed write also stops the walk, so its error comes first.
        kept.and_then(|kept| walked.map(|()| kept))
    })
}

/// Steps that may wait to be written.
const STEPS_WAITING: usize = 64;

/// What the walk sends to the writer.
enum Step {
    Read(Vec<ExchangeRead>),
    Session(Box<(Result<Made, Error>, FactSet)>),
    /// All sessions have been sent.
    End,
}

/// The rows made from a session's days.
struct Made {
    turnover: SessionTurnover,
    days: RecordBatch,
    away: RecordBatch,
    groups: RecordBatch,
}

/// Walks the sessions `from..=last` and sends what is to be stored.
fn walk(
    market: &Market,
    (first, from, last): (SessionDate, SessionDate, SessionDate),
    send: &mpsc::SyncSender<Step>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), Error> {
    let sessions = market.calendar().between(first, last).len();
    let mut passed = 0;
    let sums = GroupSums::default();
    let make = |walked: &WalkedSession| {
        let session = &walked.market;
        let turnover = SessionTurnover::of_days(session.session, &session.days);
        let days = day_rows::security_day_batch(&session.days)?;
        let groups = group_rows::batch(session.session, sums.days(walked))?;
        Ok(Made { turnover, days, away: day_rows::away_batch(&walked.away)?, groups })
    };
    let send = |step| {
        let stopped =
            |_| Error::Table(Wording::new("writing of rows has stopped", "行的写入已经中止"));
        send.send(step).map_err(stopped)
    };
    sessions::walk_days(market, (from, last), &Selection::figures(), None, &make, &mut |walked| {
        match walked {
            Walked::Read(reads) => send(Step::Read(reads.to_vec())),
            Walked::Session(made, facts) => send(Step::Session(Box::new((made, facts)))),
            Walked::Passed(range) => {
                passed += range;
                progress(passed, sessions);
                Ok(())
            }
        }
    })?;
    send(Step::End)
}

/// What a store holds, what is wrong with it, and how to fix it.
///
/// # Errors
/// If the store cannot be read.
pub fn doctor(store: &Store, thoroughness: Thoroughness) -> Result<StoreReport, Error> {
    let mut report = store.doctor(thoroughness, &freshness::made_by(store.rulebook()))?;
    if thoroughness == Thoroughness::Bytes {
        report.problems.extend(own::problems(store)?);
    }
    Ok(report)
}

/// The rows of one file, collected until it is complete.
struct Part {
    period: Period,
    facts: FactRows,
    days: PeriodRows,
    away: Vec<RecordBatch>,
    groups: PeriodRows,
    turnovers: Vec<SessionTurnover>,
}

struct PeriodWriter<'a> {
    deriving: Deriving<'a>,
    from: SessionDate,
    /// The figures of the sessions written so far; `None` if those before the first are not known.
    figures: Option<FigureHistory>,
    /// Sources of the bars of sessions not yet written.
    reads: Vec<ExchangeRead>,
    part: Option<Part>,
    done: Backfilled,
}

impl<'a> PeriodWriter<'a> {
    fn new(
        deriving: Deriving<'a>,
        from: SessionDate,
        figures: Option<FigureHistory>,
    ) -> PeriodWriter<'a> {
        let done = Backfilled { from: Some(from), ..Backfilled::default() };
        PeriodWriter { deriving, from, figures, reads: Vec::new(), part: None, done }
    }

    /// Writes every step, up to the last session.
    fn keep(
        mut self,
        steps: &mpsc::Receiver<Step>,
        last: SessionDate,
    ) -> Result<Backfilled, Error> {
        for step in steps {
            match step {
                Step::Read(reads) => {
                    let from = self.from;
                    self.reads.extend(reads.into_iter().filter(|read| read.session >= from));
                }
                Step::Session(session) => {
                    let (made, facts) = *session;
                    self.add(made?, facts)?;
                }
                Step::End => {
                    self.finish_part()?;
                    self.deriving.finish(last)?;
                    return Ok(self.done);
                }
            }
        }
        // The walk stopped early and returns the error; an incomplete file is not written.
        Ok(self.done)
    }

    fn add(&mut self, made: Made, mut set: FactSet) -> Result<(), Error> {
        if let Some(past) = &mut self.figures {
            fupan_measure::across(&mut set, past);
            past.push_set(&set);
        }
        let period = self.deriving.period(set.session);
        if self.part.as_ref().is_none_or(|kept| kept.period != period) {
            self.finish_part()?;
        }
        let kept = match &mut self.part {
            Some(kept) => kept,
            None => {
                let days = self.deriving.begin_period(Derived::SecurityDay, period)?;
                let groups = self.deriving.begin_period(Derived::GroupSession, period)?;
                let (facts, away, turnovers) = (FactRows::default(), Vec::new(), Vec::new());
                self.part.insert(Part { period, facts, days, away, groups, turnovers })
            }
        };
        kept.turnovers.push(made.turnover);
        let before = kept.facts.len();
        // Facts are in the order of their measures.
        let mut measures = set.measures.iter().peekable();
        for fact in set.facts.values() {
            let name = fact.key.measure.name();
            while measures.next_if(|(measure, _)| measure.as_str() < name).is_some() {}
            // Turnover of the sessions before belongs to those sessions.
            if let Some((_, text)) = measures.peek().filter(|(measure, _)| *measure == name)
                && fact.key.session == set.session
            {
                kept.facts.add(fact, text.unit)?;
            }
        }
        kept.days.add(&made.days)?;
        kept.groups.add(&made.groups)?;
        kept.away.push(made.away);
        self.done.sessions += 1;
        self.done.facts += (kept.facts.len() - before) as u64;
        Ok(())
    }

    fn finish_part(&mut self) -> Result<(), Error> {
        let Some(Part { period, facts, days, away, groups, turnovers }) = self.part.take() else {
            return Ok(());
        };
        let turnovers = self.with_reads(period, turnovers);
        let turnovers = day_rows::session_turnover_batch(&turnovers)?;
        let facts_changed = self.deriving.replace(Derived::Fact, period, &[facts.batch()?])?;
        let days_changed =
            self.deriving.keep(days)? | self.deriving.replace(Derived::Away, period, &away)?;
        let sums_changed = self.deriving.replace(Derived::SessionTurnover, period, &[turnovers])?
            | self.deriving.keep(groups)?;
        let year = period.of_year();
        if (facts_changed || days_changed || sums_changed)
            && self.done.years_changed.last() != Some(&year)
        {
            self.done.years_changed.push(year);
        }
        Ok(())
    }

    /// The sessions of a period with the sources of their bars. Some sessions have bars and no
    /// trade.
    fn with_reads(
        &mut self,
        period: Period,
        turnovers: Vec<SessionTurnover>,
    ) -> Vec<(SessionTurnover, Vec<ExchangeRead>)> {
        let mut sessions: BTreeMap<SessionDate, (SessionTurnover, Vec<ExchangeRead>)> =
            turnovers.into_iter().map(|sum| (sum.session, (sum, Vec::new()))).collect();
        for read in self.reads.extract_if(.., |read| period.holds(read.session)) {
            let none = || (SessionTurnover::new(read.session), Vec::new());
            sessions.entry(read.session).or_insert_with(none).1.push(read);
        }
        sessions.into_values().collect()
    }
}
