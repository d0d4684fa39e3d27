//! How much the rows of a file trade, by board and session: a board or a session whose median row is
//! far from that of the others is in other units.

use std::collections::HashMap;

use fupan_market::{Board, Finding, FindingKind, Place, SessionDate, Symbol, Wording};

/// A histogram of values by power of two.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    counts: [u32; 64],
    all: u64,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes { counts: [0; 64], all: 0 }
    }
}

impl Sizes {
    fn add(&mut self, value: i128) {
        let power = 127 - value.max(1).unsigned_abs().leading_zeros() as usize;
        self.counts[power.min(63)] += 1;
        self.all += 1;
    }

    /// The power of two at or below the median value.
    fn middle(&self) -> i32 {
        let mut below = 0;
        let place = self.counts.iter().position(|count| {
            below += u64::from(*count);
            below * 2 >= self.all
        });
        place.map_or(0, |place| place as i32)
    }
}

/// The boards compared with each other, in the order of [`board_place`].
const BOARDS: [(&str, &str); 4] =
    [("main-board", "主板"), ("ChiNext", "创业板"), ("STAR", "科创板"), ("Beijing", "北交所")];

/// The place of Beijing in [`BOARDS`].
const BEIJING: usize = 3;

fn board_place(symbol: Symbol) -> usize {
    match symbol.board() {
        Some(Board::ChiNext) => 1,
        Some(Board::Star) => 2,
        Some(Board::Bse) => BEIJING,
        Some(Board::Main) | None => 0,
    }
}

/// Fewest rows of a board, or of a session of it, needed to compare it with others.
const ROWS_MIN: u64 = 20;

/// Powers of two between two median rows from which one of them must be in other units: a factor of
/// 32. The boards of Shanghai and Shenzhen have stayed within a factor of four of each other;
/// Beijing's median stock has traded down to a fortieth of theirs. The median row of a board has
/// stayed within a factor of eight of that of the session before.
const APART_POWERS: i32 = 5;

/// The most days between two sessions that are compared: the longest holiday, with margin.
const NEIGHBOUR_DAYS: i32 = 30;

/// Price × volume of a file's rows, in 0.0001 yuan.
#[derive(Debug, Default)]
pub(super) struct Traded {
    boards: [Sizes; 4],
    /// Of whole sessions, in the order in which they first occurred.
    sessions: Vec<[Sizes; 4]>,
    /// The places of sessions among them, by date in days since 1970-01-01.
    places: HashMap<i32, usize>,
    /// The date and the place of the last row's session: the next row's is most often the same.
    last: Option<(i32, usize)>,
}

/// Two sessions of a board whose median rows differ by so many powers of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SessionApart {
    board: usize,
    before: i32,
    day: i32,
    powers: i32,
}

impl Traded {
    /// Adds a row; `session` is the date of one that covers a whole session.
    pub(super) fn add(&mut self, symbol: Symbol, session: Option<i32>, traded: i128) {
        let board = board_place(symbol);
        self.boards[board].add(traded);
        if let Some(day) = session {
            let place = self.place(day);
            self.sessions[place][board].add(traded);
        }
    }

    /// The place of a session.
    fn place(&mut self, day: i32) -> usize {
        if let Some((_, place)) = self.last.filter(|(last, _)| *last == day) {
            return place;
        }
        let next = self.sessions.len();
        let place = *self.places.entry(day).or_insert(next);
        if place == next {
            self.sessions.push(<[Sizes; 4]>::default());
        }
        self.last = Some((day, place));
        place
    }

    /// Evidence and remedy if the median row of one board trades so much more or less than that of
    /// the others that its volume must be in another unit. `volume` is the column's name.
    pub(super) fn board_apart(&self, volume: &str) -> Option<(Wording, Wording)> {
        let (place, apart) = self.furthest_board(ROWS_MIN)?;
        Some((
            how_far_apart("the", place, apart),
            Wording::new(
                format!(
                    "{volume} may be in shares for one board and in lots for the others (unit \
                     `lots-star-shares`, where STAR alone is in shares)"
                ),
                format!(
                    "{volume}可能有的板块以股计、有的以手计（若只有科创板以股计，单位请写\
                     `lots-star-shares`）"
                ),
            ),
        ))
    }

    /// The board whose median row is too far from that of every other board to be in the same units,
    /// and the powers of two to the nearest of them. Boards of fewer rows than `least_rows` are
    /// skipped; Beijing, whose shares trade far less, is compared with the others but they are not
    /// compared with it.
    fn furthest_board(&self, least_rows: u64) -> Option<(usize, i32)> {
        let has_rows = |place: &usize| self.boards[*place].all >= least_rows;
        let apart = (0..BOARDS.len()).filter(has_rows).filter_map(|place| {
            let own = self.boards[place].middle();
            let others = (0..BEIJING).filter(|other| *other != place).filter(has_rows);
            let nearest = others
                .map(|other| own - self.boards[other].middle())
                .min_by_key(|apart| apart.abs())?;
            let least = if place == BEIJING { -2 * APART_POWERS } else { -APART_POWERS };
            let usual = (least + 1..APART_POWERS).contains(&nearest);
            (!usual).then_some((place, nearest))
        });
        // Of two boards equally far apart, the larger one is likelier to be in small units.
        apart.max_by_key(|(_, apart)| (apart.abs(), *apart))
    }

    /// A finding on boards that differ, for a file of too few rows to refuse it.
    pub(super) fn few_rows_apart(&self, file: &str) -> Option<Finding> {
        let (place, apart) = self.furthest_board(2)?;
        Some(Finding {
            kind: FindingKind::SuspectUnits,
            count: self.boards[place].all,
            subject: String::new(),
            detail: how_far_apart("The", place, apart),
            hint: Wording::new(
                "Is their volume in the same unit? The rows were kept.",
                "成交量的单位是否相同？已保留这些行。",
            ),
            place: Some(Place { file: file.to_owned(), row: None, column: None }),
        })
    }

    /// Evidence and remedy if the median row of a board trades so much more or less in one session
    /// than in the one before that the two must be in different units.
    pub(super) fn session_apart(&self, volume: &str) -> Option<(Wording, Wording)> {
        let SessionApart { board, before, day, powers } = self.first_session_apart()?;
        let (board, board_zh) = BOARDS[board];
        let date = |days: i32| {
            let date = SessionDate::from_epoch_days(days);
            date.map_or_else(|| days.to_string(), |date| date.to_string())
        };
        let (before, day, factor) = (date(before), date(day), factor_of(powers));
        let than = if powers > 0 { "more" } else { "less" };
        let (large, small) = if powers > 0 { (&day, &before) } else { (&before, &day) };
        Some((
            Wording::new(
                format!(
                    "the median {board} row of {day} trades about {factor} times {than} than that \
                     of {before}"
                ),
                format!("{board_zh}{large}居中一行的成交约为{small}的{factor}倍"),
            ),
            Wording::new(
                format!(
                    "{volume} may be in another unit from {day} on, or on one of the two days: \
                     import the days of each unit from a file of their own"
                ),
                format!(
                    "{volume}可能自{day}起、或在这两天之一换了单位：请把单位不同的日期分成不同的文件\
                     导入"
                ),
            ),
        ))
    }

    fn first_session_apart(&self) -> Option<SessionApart> {
        let mut last: [Option<(i32, i32)>; BOARDS.len()] = [None; BOARDS.len()];
        let mut days: Vec<(i32, usize)> = self.places.iter().map(|(d, p)| (*d, *p)).collect();
        days.sort_unstable();
        for (day, place) in days {
            let boards = self.sessions[place].iter().enumerate();
            for (board, sizes) in boards.filter(|(_, sizes)| sizes.all >= ROWS_MIN) {
                let middle = sizes.middle();
                if let Some((before, other)) = last[board].replace((day, middle))
                    && day.saturating_sub(before) <= NEIGHBOUR_DAYS
                    && (middle - other).abs() >= APART_POWERS
                {
                    let powers = middle - other;
                    return Some(SessionApart { board, before, day, powers });
                }
            }
        }
        None
    }
}

/// The message by how much the median row of a board trades more or less than that of the others;
/// `the` is the first word of the English sentence.
fn how_far_apart(the: &str, place: usize, apart: i32) -> Wording {
    let (board, board_zh) = BOARDS[place];
    let factor = factor_of(apart);
    let than = if apart > 0 { "more" } else { "less" };
    let zh = match apart > 0 {
        true => format!("{board_zh}居中一行的成交约为其他板块的{factor}倍"),
        false => format!("其他板块居中一行的成交约为{board_zh}的{factor}倍"),
    };
    Wording::new(
        format!("{the} median {board} row trades about {factor} times {than} than the others"),
        zh,
    )
}

/// Two to the power of so many, whatever the sign.
fn factor_of(powers: i32) -> u64 {
    1 << powers.unsigned_abs().min(60)
}

#[cfg(test)]
mod tests;
