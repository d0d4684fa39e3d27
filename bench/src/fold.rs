//! From a table's columns to a session's figures: the security fold, then the sessions' totals.

use std::ops::Range;

use anyhow::{Result, anyhow};
use fupan_market::{ColumnFold, DayMarks, SecurityColumns};
use fupan_measure::{SessionFigures, SessionReader, TradedDay};
use rayon::prelude::*;

use crate::bars::Bars;

/// Sessions gathered at a time. More of them read longer stretches of each security; fewer stay
/// in the processor's own memory.
const BLOCK: usize = 128;

/// Adds to each row's marks what the security's earlier days decide.
///
/// # Errors
/// Where the dates of a security do not rise.
pub fn fold(bars: &mut Bars) -> Result<()> {
    let Bars { securities, sessions, closes, prev_closes, marks, .. } = bars;
    let mut rest = marks.as_mut_slice();
    let mut cut = Vec::with_capacity(securities.len());
    for rows in securities.iter() {
        let (head, tail) = std::mem::take(&mut rest).split_at_mut(rows.len());
        cut.push((rows.clone(), head));
        rest = tail;
    }
    cut.into_par_iter().try_for_each_init(ColumnFold::default, |fold, (rows, marks)| {
        let columns = SecurityColumns {
            sessions: &sessions[rows.clone()],
            closes: &closes[rows.clone()],
            prev_closes: &prev_closes[rows.clone()],
        };
        fold.fold(columns, marks).map_err(|wrong| {
            anyhow!("row {}: dates of a security do not rise", rows.start + wrong.row)
        })
    })
}

/// The figures of every session, earliest first.
pub fn figures(bars: &Bars) -> Vec<SessionFigures> {
    let sessions = bars.dates.len();
    // A few stretches of sessions for each core; within one, each security's place is carried on.
    let stretch = sessions.div_ceil(4 * rayon::current_num_threads()).max(BLOCK);
    let stretches: Vec<Range<usize>> = (0..sessions)
        .step_by(stretch)
        .map(|start| start..(start + stretch).min(sessions))
        .collect();
    let figures: Vec<Vec<SessionFigures>> = stretches
        .into_par_iter()
        .map_init(
            || Gathered::new(bars.securities.len()),
            |gathered, stretch| gathered.figures(bars, stretch),
        )
        .collect();
    figures.into_iter().flatten().collect()
}

/// The traded rows of a block of sessions, session by session.
struct Gathered {
    /// Room for each session.
    width: usize,
    /// Securities gathered so far, by session.
    counts: [usize; BLOCK],
    days: Vec<TradedDay>,
    reader: SessionReader,
}

impl Gathered {
    fn new(width: usize) -> Gathered {
        let room = BLOCK * width;
        Gathered {
            width,
            counts: [0; BLOCK],
            days: vec![TradedDay::default(); room],
            reader: SessionReader::default(),
        }
    }

    fn figures(&mut self, bars: &Bars, stretch: Range<usize>) -> Vec<SessionFigures> {
        let mut figures = Vec::with_capacity(stretch.len());
        let mut next: Vec<usize> = bars
            .securities
            .iter()
            .map(|rows| {
                let sessions = &bars.sessions[rows.clone()];
                rows.start + sessions.partition_point(|s| usize::from(*s) < stretch.start)
            })
            .collect();
        for start in stretch.clone().step_by(BLOCK) {
            let block = start..(start + BLOCK).min(stretch.end);
            self.gather(bars, &mut next, block.clone());
            for at in 0..block.len() {
                let place = at * self.width..at * self.width + self.counts[at];
                figures.push(self.reader.figures(&self.days[place]));
            }
        }
        figures
    }

    /// Gathers a block of sessions; `next` is each security's next row.
    fn gather(&mut self, bars: &Bars, next: &mut [usize], block: Range<usize>) {
        self.counts = [0; BLOCK];
        for (next, rows) in next.iter_mut().zip(&bars.securities) {
            let sessions = &bars.sessions[*next..rows.end];
            let within = sessions.iter().take(BLOCK).take_while(|s| usize::from(**s) < block.end);
            let rows = *next..*next + within.count();
            *next = rows.end;
            let columns = bars.sessions[rows.clone()]
                .iter()
                .zip(&bars.marks[rows.clone()])
                .zip(&bars.closes[rows.clone()])
                .zip(&bars.prev_closes[rows.clone()])
                .zip(&bars.turnovers[rows.clone()])
                .zip(&bars.float_shares[rows]);
            for (((((session, marks), close), prev_close), turnover), float_shares) in columns {
                let at = usize::from(*session) - block.start;
                self.days[at * self.width + self.counts[at]] = TradedDay {
                    turnover: *turnover,
                    float_shares: *float_shares,
                    close: *close,
                    prev_close: *prev_close,
                    marks: *marks,
                };
                // What did not trade is written over by the next.
                self.counts[at] += usize::from(marks.has(DayMarks::TRADED));
            }
        }
    }
}
