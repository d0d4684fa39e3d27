//! From a table's columns to a session's figures: the security fold, then the sessions' totals.

use std::sync::atomic::{AtomicUsize, Ordering};

use fupan_market::DayMarks;
use fupan_measure::{SessionFigures, SessionReader, TradedDay};

use crate::bars::Bars;
use crate::tiles::{self, Head, Tiles};

/// The traded days of one security, column by column, earliest first.
#[derive(Clone, Debug, Default)]
pub struct SecurityDays {
    /// Numbers of sessions.
    pub sessions: Vec<u16>,
    /// Closes in fen.
    pub closes: Vec<i32>,
    /// Previous closes in fen.
    pub prev_closes: Vec<i32>,
    /// Turnovers in fen.
    pub turnovers: Vec<i64>,
    /// Float shares.
    pub float_shares: Vec<i64>,
    /// What each day's own prices decide; after the fold, all that holds of it.
    pub marks: Vec<DayMarks>,
}

impl SecurityDays {
    /// Forgets all days.
    pub fn clear(&mut self) {
        self.sessions.clear();
        self.closes.clear();
        self.prev_closes.clear();
        self.turnovers.clear();
        self.float_shares.clear();
        self.marks.clear();
    }

    /// Appends later days.
    pub fn append(&mut self, later: &SecurityDays) {
        self.sessions.extend_from_slice(&later.sessions);
        self.closes.extend_from_slice(&later.closes);
        self.prev_closes.extend_from_slice(&later.prev_closes);
        self.turnovers.extend_from_slice(&later.turnovers);
        self.float_shares.extend_from_slice(&later.float_shares);
        self.marks.extend_from_slice(&later.marks);
    }
}

/// The figures of every session, earliest first.
pub fn figures(bars: &Bars) -> Vec<SessionFigures> {
    let blocks = tiles::blocks(bars.dates.len());
    let next = AtomicUsize::new(0);
    let found = rayon::broadcast(|_| {
        let mut gathered = Gathered::new(bars.securities);
        let mut found = Vec::new();
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks {
                return found;
            }
            gathered.gather(&bars.tiles, block);
            let first = block * tiles::WIDTH;
            let sessions = tiles::WIDTH.min(bars.dates.len() - first);
            found.extend((0..sessions).map(|at| (first + at, gathered.figures(at))));
        }
    });
    let mut figures: Vec<_> = found.into_iter().flatten().collect();
    figures.sort_unstable_by_key(|(session, _)| *session);
    figures.into_iter().map(|(_, figures)| figures).collect()
}

/// The traded days of a block of sessions, session by session.
struct Gathered {
    /// Room for each session.
    width: usize,
    /// Securities gathered so far, by session.
    counts: [usize; tiles::WIDTH],
    days: Vec<TradedDay>,
    reader: SessionReader,
}

impl Gathered {
    fn new(width: usize) -> Gathered {
        Gathered {
            width,
            counts: [0; tiles::WIDTH],
            days: vec![TradedDay::default(); tiles::WIDTH * width],
            reader: SessionReader::default(),
        }
    }

    fn gather(&mut self, tiles: &[Tiles], block: usize) {
        self.counts = [0; tiles::WIDTH];
        for tiles in tiles {
            let (heads, mut days) = tiles.block(block);
            for head in heads {
                let (these, rest) = days.split_at(head.sessions.count_ones() as usize);
                days = rest;
                if head.sessions == Head::ALL {
                    for (at, day) in these.iter().enumerate() {
                        self.place(at, *day, head.float_shares);
                    }
                } else {
                    let mut sessions = head.sessions;
                    for day in these {
                        self.place(sessions.trailing_zeros() as usize, *day, head.float_shares);
                        sessions &= sessions - 1;
                    }
                }
            }
        }
    }

    #[inline]
    fn place(&mut self, at: usize, day: [u64; 2], float_shares: i64) {
        let place = at * self.width + self.counts[at];
        self.counts[at] += 1;
        self.days[place] = TradedDay::of(day, float_shares);
    }

    fn figures(&mut self, at: usize) -> SessionFigures {
        let place = at * self.width..at * self.width + self.counts[at];
        self.reader.figures(&self.days[place])
    }
}
