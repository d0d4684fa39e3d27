//! The listed securities, with their boards, sizes, names and what will happen to them.

use fupan_market::{Board, Calendar, Exchange, Listing, NameOn, Price, SessionDate, Symbol};

use crate::names::{self, INDUSTRIES, MARK};
use crate::noise::{Noise, Stream, interpolate};
use crate::plan::MarketPlan;

/// One security before its first session.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    /// Its place in the roster: the number of its random stream.
    pub number: u32,
    /// Its identity at the end of the plan, with every dated name.
    pub listing: Listing,
    pub board: Board,
    /// Index into [`INDUSTRIES`].
    pub industry: usize,
    /// Size rank inside its board, 0 smallest, 1000 largest.
    pub size_permille: i64,
    pub price_fen: i64,
    pub total_shares: u64,
    pub float_shares: u64,
    /// First and last session, as indices into the plan's dates; both included.
    pub life: (usize, usize),
    pub fate: Fate,
    pub script: Option<Script>,
    pub ex_rights: Vec<ExRights>,
    /// Sessions without trade, as half-open ranges.
    pub halts: Vec<(usize, usize)>,
    /// The symbol until a code change, and the first session under the new one.
    pub renamed_from: Option<(Symbol, usize)>,
}

/// What happens to a security inside the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stays as it is.
    Plain,
    /// Under risk warning throughout.
    Warned,
    /// Under risk warning from a session on.
    BecomesWarned(usize),
    /// Free of risk warning from a session on.
    LeavesWarning(usize),
    /// Listed inside the window.
    Listed,
    /// In its delisting period from a session on.
    Delisting(usize),
}

/// Limit-ups that the last sessions must contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// The first sealed session; every later one is sealed too.
    pub seal_from: usize,
}

/// One ex-rights day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExRights {
    /// The session.
    pub session: usize,
    /// Cash per share, in thousandths of its price.
    pub cash_permille: i64,
    /// New shares per thousand.
    pub bonus_permille: i64,
}

/// Total capitalisation by size rank, in millions of yuan.
const CAPITALISATION: [(i64, i64); 10] = [
    (0, 1_200),
    (100, 2_400),
    (250, 3_800),
    (500, 6_500),
    (750, 14_000),
    (900, 35_000),
    (970, 120_000),
    (990, 300_000),
    (998, 700_000),
    (1000, 1_600_000),
];

/// Price by rank, in fen.
const PRICES: [(i64, i64); 8] = [
    (0, 240),
    (50, 330),
    (250, 720),
    (500, 1_350),
    (750, 2_600),
    (950, 8_000),
    (990, 20_000),
    (1000, 90_000),
];

/// Sessions of a delisting period (rules: no-limit days).
const DELISTING_SESSIONS: usize = 15;

/// Sessions of a year, about.
const YEAR: usize = 243;

/// A plan with more sessions than this is of a growing market: its securities are listed all along,
/// and every year has dividends and halts. In a shorter one most exist from the first session on.
const GROWING: usize = 4 * YEAR;

/// Whether a plan with these sessions is of a growing market.
pub(crate) fn is_growing(dates: &[SessionDate]) -> bool {
    dates.len() > GROWING
}

/// The share of a growing market's securities that exist from their board's first session on.
const FOUNDERS_PPM: i64 = 700_000;

/// Every security, by symbol.
pub(crate) fn roster(plan: &MarketPlan, dates: &[SessionDate], calendar: &Calendar) -> Vec<Seat> {
    let mut noise = Noise::new(plan.seed, Stream::Roster);
    let mut seats = Vec::new();
    for (board, symbols) in codes(plan.securities.min(MarketPlan::SECURITIES_MAX)) {
        let count = symbols.len();
        for (place, symbol) in symbols.into_iter().enumerate() {
            // A step coprime to the count assigns each rank to one security.
            let rank = (place * coprime_step(count) + 3) % count;
            let size_permille = (rank * 1000 / count.saturating_sub(1).max(1)) as i64;
            let number = seats.len() as u32;
            seats.push(seat(number, symbol, board, size_permille, &mut noise));
        }
    }
    let mut casting = Casting { dates, calendar, noise };
    for seat in &mut seats {
        casting.cast(seat);
    }
    casting.rename(&mut seats);
    casting.script(&mut seats);
    seats
}

/// The symbols of each board, spread over its code ranges.
fn codes(securities: u32) -> Vec<(Board, Vec<Symbol>)> {
    let star = securities * 600 / 5_490;
    let chinext = securities * 1_390 / 5_490;
    let bse = securities * 300 / 5_490;
    let main = securities - star - chinext - bse;
    let sse_main = main * 17 / 32;
    let spread = |exchange, ranges: &[(u32, u32)], count: u32| -> Vec<Symbol> {
        let pool: u32 = ranges.iter().map(|(_, size)| size).sum();
        (0..count.min(pool))
            .filter_map(|k| {
                let mut place = k * pool / count;
                for &(first, size) in ranges {
                    if place < size {
                        return Symbol::new(exchange, first + place).ok();
                    }
                    place -= size;
                }
                None
            })
            .collect()
    };
    let (sse, szse) = (Exchange::Sse, Exchange::Szse);
    let sse_ranges = [(600_000, 1000), (601_000, 1000), (603_000, 1000), (605_000, 600)];
    let szse_ranges = [(1, 999), (1_200, 800), (2_001, 999), (3_000, 60)];
    let chinext_ranges = [(300_001, 999), (301_000, 700)];
    let bse_ranges = [(920_001, 999)];
    let mut main_symbols = spread(sse, &sse_ranges, sse_main);
    main_symbols.extend(spread(szse, &szse_ranges, main - sse_main));
    vec![
        (Board::Main, main_symbols),
        (Board::ChiNext, spread(szse, &chinext_ranges, chinext)),
        (Board::Star, spread(sse, &[(688_001, 998), (689_001, 20)], star)),
        (Board::Bse, spread(Exchange::Bse, &bse_ranges, bse)),
    ]
}

fn coprime_step(count: usize) -> usize {
    let coprime = |step: &usize| {
        let (mut a, mut b) = (*step, count);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a == 1
    };
    (count * 5 / 13 + 1..).find(coprime).unwrap_or(1)
}

fn seat(number: u32, symbol: Symbol, board: Board, size_permille: i64, noise: &mut Noise) -> Seat {
    let scale_permille = match board {
        Board::Main => 1_000,
        Board::ChiNext => 700,
        Board::Star => 900,
        Board::Bse => 250,
    };
    let million_yuan = interpolate(&CAPITALISATION, size_permille) * scale_permille / 1_000;
    let rank = (size_permille + noise.bell(330)).clamp(0, 1_000);
    let price_fen = interpolate(&PRICES, (rank + noise.between(0, 1_000)) / 2);
    let total_shares = (million_yuan * 100_000_000 / price_fen / 10_000 * 10_000).max(20_000_000);
    let float_shares = total_shares / 1_000 * noise.between(400, 1_000);
    Seat {
        number,
        listing: Listing::unknown(symbol),
        board,
        industry: noise.between(0, INDUSTRIES.len() as i64 - 1) as usize,
        size_permille,
        price_fen,
        total_shares: total_shares as u64,
        float_shares: float_shares as u64,
        life: (0, 0),
        fate: Fate::Plain,
        script: None,
        ex_rights: Vec::new(),
        halts: Vec::new(),
        renamed_from: None,
    }
}

/// The day on which a board had its first session, or one early in its life, since 1970.
const fn opened(board: Board) -> i64 {
    match board {
        Board::Main => 10_957,
        Board::ChiNext => 14_547,
        Board::Star => 18_099,
        Board::Bse => 18_946,
    }
}

/// Assigns fates.
struct Casting<'a> {
    dates: &'a [SessionDate],
    calendar: &'a Calendar,
    noise: Noise,
}

impl Casting<'_> {
    fn cast(&mut self, seat: &mut Seat) {
        let last = self.dates.len() - 1;
        seat.life = (0, last);
        if self.is_growing() {
            self.list_in_time(seat);
        }
        seat.fate = self.fate(seat, last);
        if seat.listing.listed_on.is_none() {
            seat.listing.listed_on = Some(self.listed_on(seat.board));
        }
        match seat.fate {
            Fate::Listed => {
                let first = self.noise.between(1, last as i64) as usize;
                seat.life.0 = first;
                seat.listing.listed_on = Some(self.dates[first]);
                seat.listing.issue_price = Price::from_fen(seat.price_fen).ok();
            }
            Fate::BecomesWarned(from) => seat.halts.push((from - 1, from)),
            Fate::Delisting(from) => {
                seat.halts.push((from.saturating_sub(12), from));
                let end = from + DELISTING_SESSIONS - 1;
                if end < last {
                    seat.life.1 = end;
                    seat.listing.delisted_on = Some(self.dates[end]);
                }
            }
            Fate::Plain | Fate::Warned | Fate::LeavesWarning(_) => {}
        }
        if matches!(seat.fate, Fate::Warned | Fate::BecomesWarned(_) | Fate::Delisting(_)) {
            seat.price_fen = (seat.price_fen / 3).max(180);
        }
        if seat.life.0 > 0 {
            seat.listing.issue_price = Price::from_fen(seat.price_fen).ok();
        }
        let years = match self.is_growing() {
            true => (seat.life.0..seat.life.1).step_by(YEAR).collect(),
            false => vec![0],
        };
        let length = if self.is_growing() { YEAR } else { last };
        for from in years {
            self.halt(seat, from, (from + length).min(last));
            self.distribute(seat, from, (from + length).min(seat.life.1));
        }
        seat.listing.names = named(seat, self.dates);
    }

    fn is_growing(&self) -> bool {
        is_growing(self.dates)
    }

    /// Draws a first session that is not before the board's.
    fn list_in_time(&mut self, seat: &mut Seat) {
        let last = self.dates.len() - 1;
        let opened = opened(seat.board);
        let opened = self.dates.partition_point(|date| i64::from(date.epoch_days()) < opened);
        let opened = opened.min(last);
        seat.life.0 = match self.noise.happens(FOUNDERS_PPM) {
            true => opened,
            false => self.noise.between(opened as i64, last as i64) as usize,
        };
        if seat.life.0 > 0 {
            seat.listing.listed_on = Some(self.dates[seat.life.0]);
        }
    }

    /// Some 2.5 % under risk warning, most of them small and on the main boards; some 2 % listed
    /// inside the window.
    fn fate(&mut self, seat: &Seat, last: usize) -> Fate {
        let small = seat.size_permille < 500;
        let warned_ppm = if small && seat.board == Board::Main { 55_000 } else { 6_000 };
        if last < 40 {
            return if self.noise.happens(warned_ppm) { Fate::Warned } else { Fate::Plain };
        }
        let (first, end) = (seat.life.0 as i64, last as i64 - 8);
        if first + 30 + YEAR as i64 > end && self.is_growing() {
            return Fate::Plain;
        }
        let middle = self.noise.between(first + 30, end) as usize;
        if self.is_growing() && first > 0 {
            return self.late_fate(small, middle.max(seat.life.0 + YEAR));
        }
        if self.noise.happens(20_000) && !self.is_growing() {
            Fate::Listed
        } else if self.noise.happens(warned_ppm) {
            Fate::Warned
        } else if small && self.noise.happens(9_000) {
            Fate::BecomesWarned(middle)
        } else if small && self.noise.happens(8_000) {
            Fate::LeavesWarning(middle)
        } else if small && self.noise.happens(6_000) {
            Fate::Delisting(middle)
        } else {
            Fate::Plain
        }
    }

    /// What happens to a security of a growing market that was listed inside the window.
    fn late_fate(&mut self, small: bool, middle: usize) -> Fate {
        if small && self.noise.happens(40_000) {
            Fate::BecomesWarned(middle)
        } else if small && self.noise.happens(30_000) {
            Fate::Delisting(middle)
        } else {
            Fate::Plain
        }
    }

    /// A listing date after the board's start and well before the window.
    fn listed_on(&mut self, board: Board) -> SessionDate {
        let window = self.dates[0];
        let day = self.noise.between(opened(board), i64::from(window.epoch_days()) - 60);
        SessionDate::from_epoch_days(day as i32)
            .and_then(|date| self.calendar.on_or_before(date).ok())
            .unwrap_or(window)
    }

    /// Some 6 % are halted for a range of sessions.
    fn halt(&mut self, seat: &mut Seat, first: usize, last: usize) {
        if !self.noise.happens(60_000) || seat.fate == Fate::Listed || last < first + 40 {
            return;
        }
        let from = self.noise.between(first as i64 + 5, last as i64) as usize;
        let to = from + self.noise.between(1, 22) as usize;
        let free = |(a, b): &(usize, usize)| to < *a || from > *b;
        let clear_of_delisting = match seat.fate {
            Fate::Delisting(start) => to + 12 < start,
            _ => true,
        };
        if clear_of_delisting && seat.halts.iter().all(free) {
            seat.halts.push((from, to));
        }
    }

    /// Two thirds pay a dividend, most of them from May to July; some issue bonus shares.
    fn distribute(&mut self, seat: &mut Seat, first: usize, last: usize) {
        if !self.noise.happens(660_000) || last < first + 5 {
            return;
        }
        let first = first.max(seat.life.0) + 6;
        let season: Vec<usize> =
            (first..=last).filter(|&t| matches!(self.dates[t].date().month(), 5..=7)).collect();
        let session = if season.is_empty() || self.noise.happens(100_000) {
            self.noise.between(first as i64, last as i64) as usize
        } else {
            self.noise.pick(&season)
        };
        let bonus_permille = match self.noise.between(0, 11) {
            0 => self.noise.pick(&[200, 300, 400, 450, 490]),
            _ => 0,
        };
        let cash_permille = self.noise.between(2, 30);
        seat.ex_rights.push(ExRights { session, cash_permille, bonus_permille });
    }

    /// One ChiNext security changes its code in the middle of the window.
    fn rename(&mut self, seats: &mut [Seat]) {
        let middle = self.dates.len() / 2;
        if middle < 10 {
            return;
        }
        let plain = |seat: &&mut Seat| {
            seat.board == Board::ChiNext
                && seat.fate == Fate::Plain
                && seat.halts.is_empty()
                && seat.life.0 < middle
        };
        let Ok(new) = Symbol::new(Exchange::Szse, 302_001) else { return };
        if let Some(seat) = seats.iter_mut().filter(plain).last() {
            seat.renamed_from = Some((seat.listing.symbol, middle));
            seat.listing.symbol = new;
        }
    }

    /// Scripts the ladder of the last session: one leader, and some below it.
    fn script(&mut self, seats: &mut [Seat]) {
        let last = self.dates.len() - 1;
        if last < 20 {
            return;
        }
        let calm = |seat: &Seat| {
            seat.board == Board::Main
                && seat.fate == Fate::Plain
                && (350..850).contains(&seat.size_permille)
                && (500..6_000).contains(&seat.price_fen)
                && seat.ex_rights.iter().all(|x| x.session + 12 < last)
                && seat.halts.iter().all(|(_, to)| to + 12 < last)
        };
        let mut fit: Vec<usize> = (0..seats.len()).filter(|&i| calm(&seats[i])).collect();
        for boards in [6, 4, 4, 3, 3, 3] {
            if fit.is_empty() || (boards < 6 && fit.len() < 60) {
                return;
            }
            let place = self.noise.between(0, fit.len() as i64 - 1) as usize;
            let chosen = fit.swap_remove(place);
            seats[chosen].script = Some(Script { seal_from: last + 1 - boards });
        }
    }
}

/// Sessions between two observations of a name: few enough that two observations decide the
/// sessions in between.
const OBSERVED_EVERY: usize = 60;

/// The dated names: the first and last session of every name, and some in between.
fn named(seat: &Seat, dates: &[SessionDate]) -> Vec<NameOn> {
    let plain = format!("{MARK}{}", names::syllables(seat.number));
    let (first, last) = seat.life;
    let warned = format!("*ST{plain}");
    let is_new = seat.listing.issue_price.is_some();
    let spans = match seat.fate {
        Fate::Plain | Fate::BecomesWarned(_) | Fate::Delisting(_) if is_new => {
            later_names(seat, dates, plain)
        }
        Fate::Plain => vec![(first, plain)],
        Fate::Warned => {
            let mark = if seat.number.is_multiple_of(3) { "*ST" } else { "ST" };
            vec![(first, format!("{mark}{plain}"))]
        }
        Fate::BecomesWarned(from) => vec![(first, plain), (from, warned)],
        Fate::LeavesWarning(from) => vec![(first, format!("ST{plain}")), (from, plain)],
        Fate::Listed => new_names(seat.board, first, plain),
        Fate::Delisting(from) => vec![(first, warned), (from, leaving(seat, &plain))],
    };
    let ends: Vec<usize> = spans.iter().skip(1).map(|(from, _)| from - 1).chain([last]).collect();
    let mut on = Vec::new();
    for ((from, name), to) in spans.into_iter().zip(ends) {
        if from > last {
            break;
        }
        let to = to.min(last);
        let between = (from..to).step_by(OBSERVED_EVERY);
        on.extend(between.chain([to]).map(|t| NameOn { on: dates[t], name: name.clone() }));
    }
    on
}

/// The name in the delisting period.
fn leaving(seat: &Seat, plain: &str) -> String {
    match seat.listing.symbol.exchange() {
        Exchange::Sse => format!("退市{plain}"),
        Exchange::Szse | Exchange::Bse => format!("{plain}退"),
    }
}

/// The names of a security of a growing market that was listed inside the window.
fn later_names(seat: &Seat, dates: &[SessionDate], plain: String) -> Vec<(usize, String)> {
    let first = seat.life.0;
    // Before these dates the board limited the second session like any other.
    let without_limit = match seat.board {
        Board::Main => 19_457,
        Board::ChiNext => 18_498,
        Board::Star | Board::Bse => 0,
    };
    let mut names = match dates[first].epoch_days() >= without_limit {
        true => new_names(seat.board, first, plain.clone()),
        false => vec![(first, format!("N{plain}")), (first + 1, plain.clone())],
    };
    let warned = format!("*ST{plain}");
    match seat.fate {
        Fate::BecomesWarned(from) => names.push((from, warned)),
        Fate::Delisting(from) => {
            names.push((from - YEAR / 2, warned));
            names.push((from, leaving(seat, &plain)));
        }
        _ => {}
    }
    names
}

/// `N` on the first day; `C` on the other days without limit.
fn new_names(board: Board, first: usize, plain: String) -> Vec<(usize, String)> {
    let mut spans = vec![(first, format!("N{plain}"))];
    if board != Board::Bse {
        spans.push((first + 1, format!("C{plain}")));
        spans.push((first + 5, plain));
    } else {
        spans.push((first + 1, plain));
    }
    spans
}
