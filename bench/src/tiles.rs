//! Traded days, written security by security and read session by session.
//!
//! Sessions are cut into blocks. Within a block the days lie security by security, so that a
//! security's days are written where they lie together, and a block is read from one place.

use std::ops::Range;

use fupan_measure::TradedDay;

use crate::fold::SecurityDays;

/// Sessions in a block: few enough that the columns of all securities stay in a core's reach
/// while a block is put in order of sessions.
pub const WIDTH: usize = 32;

/// The days of some securities in all blocks.
pub struct Tiles {
    /// Block after block; within one in order of code, then session. [`TradedDay::words`], so
    /// that memory comes zeroed and is touched only where it is used.
    days: Vec<[u64; 2]>,
    /// Block after block, in the order of the days.
    heads: Vec<Head>,
    blocks: Vec<Places>,
}

/// The sessions of a block in which a security traded with so many float shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// A bit for each session of the block, the earliest lowest.
    pub sessions: u32,
    /// Float shares in all of them.
    pub float_shares: i64,
}

impl Head {
    /// Traded in every session of the block.
    pub const ALL: u32 = u32::MAX >> (u32::BITS as usize - WIDTH);
}

/// Where the days and the heads of a block lie.
#[derive(Clone, Debug, Default)]
struct Places {
    days: Range<usize>,
    heads: Range<usize>,
}

impl Tiles {
    /// The heads of a block and the days that they speak of, a day for each of their bits.
    pub fn block(&self, block: usize) -> (&[Head], &[[u64; 2]]) {
        let places = &self.blocks[block];
        (&self.heads[places.heads.clone()], &self.days[places.days.clone()])
    }
}

/// How many blocks so many sessions are.
pub fn blocks(sessions: usize) -> usize {
    sessions.div_ceil(WIDTH)
}

/// How many days of so many sessions are in each block.
pub fn rooms(sessions: usize, days: impl Iterator<Item = u16>) -> Vec<usize> {
    let mut rooms = vec![0; blocks(sessions)];
    let (mut block, mut here) = (0, 0);
    // Most days are of the block of the day before: it is added to once.
    for session in days {
        let its = usize::from(session) / WIDTH;
        if its != block {
            rooms[block] += here;
            (block, here) = (its, 0);
        }
        here += 1;
    }
    rooms[block] += here;
    rooms
}

/// So many days or more that, with what an allocator notes beside them, they fill huge pages, if
/// they are as many as fill one.
/// A block of such a length is laid on their bounds where the system uses them, and costs a
/// five-hundredth of the page faults; what is not needed is never touched.
fn whole_huge_pages(days: usize) -> usize {
    const HUGE_PAGE: usize = 2 << 20;
    const NOTED: usize = 4 << 10;
    const DAY: usize = size_of::<[u64; 2]>();
    let bytes = days * DAY;
    if bytes < HUGE_PAGE {
        return days;
    }
    ((bytes + NOTED).next_multiple_of(HUGE_PAGE) - NOTED) / DAY
}

/// Tiles that securities are being added to.
pub struct Unfinished {
    days: Vec<[u64; 2]>,
    heads: Vec<(usize, Head)>,
    blocks: Vec<Places>,
}

impl Unfinished {
    /// With room for at most so many days in each block.
    pub fn with_room(rooms: &[usize]) -> Unfinished {
        let mut start = 0;
        let places = rooms.iter().map(|room| {
            let days = start..start;
            start += *room;
            Places { days, heads: 0..0 }
        });
        let blocks = places.collect();
        Unfinished { days: vec![[0; 2]; whole_huge_pages(start)], heads: Vec::new(), blocks }
    }

    /// Adds a security's days. Those added before are of lower codes.
    pub fn add(&mut self, security: &SecurityDays) {
        let (mut at, all) = (0, security.sessions.len());
        while at < all {
            let block = usize::from(security.sessions[at]) / WIDTH;
            let until = (block + 1) * WIDTH;
            let rest = &security.sessions[at..all.min(at + WIDTH)];
            let here = rest.iter().map(|s| usize::from(usize::from(*s) < until)).sum::<usize>();
            let rows = at..at + here;
            let free = &mut self.blocks[block].days;
            let days = &mut self.days[free.end..free.end + here];
            free.end += here;
            let columns = security.closes[rows.clone()]
                .iter()
                .zip(&security.prev_closes[rows.clone()])
                .zip(&security.turnovers[rows.clone()])
                .zip(&security.marks[rows.clone()]);
            for (day, (((close, prev_close), turnover), marks)) in days.iter_mut().zip(columns) {
                *day = TradedDay::words(*close, *prev_close, *turnover, *marks);
            }
            let mut row = at;
            for equal in security.float_shares[rows].chunk_by(|a, b| a == b) {
                let sessions = &security.sessions[row..row + equal.len()];
                let bit = |session: &u16| 1_u32 << (usize::from(*session) % WIDTH);
                let sessions = if equal.len() == WIDTH {
                    Head::ALL
                } else {
                    sessions.iter().fold(0, |bits, session| bits | bit(session))
                };
                self.heads.push((block, Head { sessions, float_shares: equal[0] }));
                row += equal.len();
            }
            at += here;
        }
    }

    /// Puts the heads in order of blocks.
    pub fn finish(self) -> Tiles {
        let Unfinished { days, heads, mut blocks } = self;
        for (block, _) in &heads {
            blocks[*block].heads.end += 1;
        }
        let mut start = 0;
        for places in &mut blocks {
            let many = places.heads.len();
            places.heads = start..start;
            start += many;
        }
        let mut sorted = vec![Head { sessions: 0, float_shares: 0 }; heads.len()];
        for (block, head) in heads {
            let places = &mut blocks[block].heads;
            sorted[places.end] = head;
            places.end += 1;
        }
        Tiles { days, heads: sorted, blocks }
    }
}
