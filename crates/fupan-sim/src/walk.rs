//! One security's walk through the sessions.

use fupan_market::{Board, Price, PriceLimit, Rulebook, SessionDate, Status};

use crate::climate::Weather;
use crate::intent::Intent;
use crate::noise::{Noise, Stream};
use crate::roster::{ExRights, Fate, Seat, is_growing};

/// One simulated session of one security. Prices in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SimBar {
    pub session: u16,
    pub intent: Intent,
    /// Limit-up streak after this session.
    pub streak: u8,
    pub prev_close: i32,
    pub open: i32,
    pub high: i32,
    pub low: i32,
    pub close: i32,
    /// Shares; zero without trade.
    pub volume: u64,
    pub turnover_fen: i64,
}

/// Share capital from a session on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Capital {
    pub session: usize,
    pub total: u64,
    pub float: u64,
}

/// A security's walk: its bars, and its share capital at each change.
pub(crate) struct Walked {
    pub bars: Vec<SimBar>,
    pub capital: Vec<Capital>,
}

/// The reference price of a limited session and its limits, in fen.
#[derive(Clone, Copy)]
struct Room {
    prev: i64,
    up: i64,
    down: i64,
}

/// Open, high, low and close in fen.
type Prices = [i64; 4];

/// A price in fen below which, over decades, a security pays no dividend and recovers: near one fen
/// there is no room between two limits.
const CHEAP: i64 = 250;

/// The longest streak that chance alone makes.
const STREAK_MAX: u8 = 8;
/// The longest streak by chance in the last sessions, below the scripted leader.
const STREAK_MAX_AT_END: u8 = 4;

/// Chances in a thousand that a streak of 1, 2, 3... continues, on a board with a 10 % band.
const PROMOTION_PERMILLE: [i64; 8] = [215, 320, 390, 420, 400, 370, 350, 350];

pub(crate) struct Walk<'a> {
    rulebook: &'a Rulebook,
    dates: &'a [SessionDate],
    weather: &'a [Weather],
    seat: &'a Seat,
    noise: Noise,
    close: i64,
    streak: u8,
    total: u64,
    float: u64,
    /// Turnover rate of a usual session, in millionths of the float.
    rate_ppm: i64,
    beta_permille: i64,
    spread_ppm: i64,
    halted_until: usize,
    waiting: Vec<ExRights>,
    /// The status since the name with this number, counted from one.
    status: Option<(usize, Status)>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        seed: u64,
        rulebook: &'a Rulebook,
        dates: &'a [SessionDate],
        weather: &'a [Weather],
        seat: &'a Seat,
    ) -> Walk<'a> {
        let mut noise = Noise::new(seed, Stream::Security(seat.number));
        let spread_ppm = match seat.board {
            Board::Main => 19_000,
            Board::ChiNext | Board::Star => 24_000,
            Board::Bse => 26_000,
        };
        let size = seat.size_permille;
        Walk {
            rulebook,
            dates,
            weather,
            seat,
            close: seat.price_fen,
            streak: 0,
            total: seat.total_shares,
            float: seat.float_shares,
            rate_ppm: (42_000 - 36 * size) * noise.between(500, 1_500) / 1_000,
            beta_permille: 1_000 + noise.bell(200),
            spread_ppm: spread_ppm * (1_150 - size * 3 / 10) / 1_000,
            halted_until: 0,
            waiting: seat.ex_rights.clone(),
            status: None,
            noise,
        }
    }

    pub(crate) fn run(mut self) -> Walked {
        let (first, last) = self.seat.life;
        let mut bars = Vec::with_capacity(last + 1 - first);
        let mut capital = vec![Capital { session: first, total: self.total, float: self.float }];
        for session in first..=last {
            let shares = self.total;
            let bar = self.session(session);
            if self.total != shares {
                capital.push(Capital { session, total: self.total, float: self.float });
            }
            bars.push(bar);
        }
        Walked { bars, capital }
    }

    fn session(&mut self, session: usize) -> SimBar {
        if self.is_halted(session) {
            return self.suspended(session);
        }
        let prev = self.reference(session);
        let date = self.dates[session];
        let listing = &self.seat.listing;
        let status = self.status(date);
        let limit = Price::from_fen(prev).map(|price| {
            let board = self.seat.board;
            let (issued, listed) = (listing.issue_price, listing.listed_on);
            self.rulebook.price_limit(issued, board, listed, &status, date, Some(price))
        });
        let (intent, prices) = match limit {
            Ok(PriceLimit::Limited { up, down }) => match (up.fen(), down.fen()) {
                (Some(up), Some(down)) => self.limited(session, Room { prev, up, down }),
                _ => return self.suspended(session),
            },
            Ok(PriceLimit::Unlimited(_)) => (Intent::Unlimited, self.unlimited(session, prev)),
            // Nothing trades under rules that the rulebook does not know.
            Ok(PriceLimit::Unknown(_)) | Err(_) => return self.suspended(session),
        };
        self.streak = if intent.seals_up() { self.streak.saturating_add(1) } else { 0 };
        let (volume, turnover_fen) = self.traded(session, intent, prev, prices);
        self.close = prices[3];
        self.halt_after_streak(session);
        let [open, high, low, close] = prices.map(|fen| fen as i32);
        SimBar {
            session: session as u16,
            intent,
            streak: self.streak,
            prev_close: prev as i32,
            open,
            high,
            low,
            close,
            volume,
            turnover_fen,
        }
    }

    /// The status on a date. A roster's names leave no gap, so it changes only when a name does.
    fn status(&mut self, date: SessionDate) -> Status {
        let names = &self.seat.listing.names;
        let seen = names.partition_point(|name| name.on <= date);
        match self.status {
            Some((since, status)) if since == seen => status,
            _ => {
                let status = self.seat.listing.status_on(date);
                self.status = Some((seen, status));
                status
            }
        }
    }

    fn is_halted(&self, session: usize) -> bool {
        session < self.halted_until
            || self.seat.halts.iter().any(|(from, to)| (*from..*to).contains(&session))
    }

    fn suspended(&self, session: usize) -> SimBar {
        let close = self.close as i32;
        SimBar {
            session: session as u16,
            intent: Intent::Suspended,
            streak: self.streak,
            prev_close: close,
            open: close,
            high: close,
            low: close,
            close,
            volume: 0,
            turnover_fen: 0,
        }
    }

    /// The exchange's reference price: the last close, on an ex-rights day by the formula
    /// `(close − cash) / (1 + bonus)`, half up to the fen. A halt moves the ex-rights day to the
    /// resumption.
    fn reference(&mut self, session: usize) -> i64 {
        let due = |x: &ExRights| x.session <= session;
        let Some(place) = self.waiting.iter().position(due) else { return self.close };
        let ExRights { cash_permille, bonus_permille, .. } = self.waiting.swap_remove(place);
        if self.close < CHEAP && is_growing(self.dates) {
            return self.close;
        }
        // Cash in tenths of a fen, as plans state it for ten shares.
        let cash = self.close * cash_permille / 100;
        let (numerator, denominator) = ((self.close * 10 - cash) * 100, 1_000 + bonus_permille);
        self.total += self.total * bonus_permille.unsigned_abs() / 1_000;
        self.float += self.float * bonus_permille.unsigned_abs() / 1_000;
        ((2 * numerator + denominator) / (2 * denominator)).max(1)
    }

    /// A streak of three or more may lead to a halt for inquiry; it continues afterwards.
    fn halt_after_streak(&mut self, session: usize) {
        if self.streak >= 3 && self.seat.script.is_none() && self.noise.happens(60_000) {
            self.halted_until = session + 1 + self.noise.between(1, 4) as usize;
        }
    }

    fn limited(&mut self, session: usize, room: Room) -> (Intent, Prices) {
        let drift_ppm = self.drift_ppm(session);
        let target = room.prev + room.prev * drift_ppm / 1_000_000;
        let intent = self.intent(session, room, target);
        (intent, self.shape(intent, room, target))
    }

    /// The return from market, size, industry and chance, in millionths.
    fn drift_ppm(&mut self, session: usize) -> i64 {
        let seat = self.seat;
        let weather = &self.weather[session];
        let size = seat.size_permille;
        let board_ppm = weather.board_ppm[board_place(seat.board)];
        let common = weather.market_ppm * self.beta_permille / 1_000
            + weather.size_ppm * (2 * size - 1_000) / 1_000
            + board_ppm * (size - 400).max(0) / 600
            + weather.industry_ppm[seat.industry];
        let tail = if self.noise.happens(30_000) { 2_300 } else { 1_000 };
        let own = self.noise.bell(self.spread_ppm) * tail / 1_000;
        // Prices far from their start revert, and cheap ones do not fall for ever.
        let back = (seat.price_fen - self.close) * 1_500 / seat.price_fen;
        let leaving = match seat.fate {
            Fate::Delisting(from) if session >= from => -30_000,
            _ if self.close < CHEAP && is_growing(self.dates) => 25_000,
            _ if self.close < 150 => 6_000,
            Fate::Listed => 0,
            _ => back.clamp(-4_000, 4_000),
        };
        common + own + leaving
    }

    fn intent(&mut self, session: usize, room: Room, target: i64) -> Intent {
        if let Some(script) = self.seat.script {
            if session >= script.seal_from {
                return self.sealed();
            }
            if session + 1 == script.seal_from {
                return Intent::Inside;
            }
        }
        if self.seat.renamed_from.is_some_and(|(_, from)| session + 1 == from) {
            return Intent::Inside;
        }
        let at_end = session + 9 > self.dates.len();
        let longest = if at_end { STREAK_MAX_AT_END } else { STREAK_MAX };
        let weather = &self.weather[session];
        let seal_ppm = self.seal_ppm(session, weather.seal_permille);
        if target >= room.up || self.noise.happens(seal_ppm) {
            return self.reaching(longest);
        }
        let sink_ppm = self.sink_ppm(weather.sink_permille);
        if target <= room.down || self.noise.happens(sink_ppm) {
            return self.sinking();
        }
        Intent::Inside
    }

    /// Chances in a million that buyers take the price to the limit-up.
    fn seal_ppm(&self, session: usize, eager_permille: i64) -> i64 {
        let band_permille = match self.seat.board {
            Board::Main => 1_000,
            Board::ChiNext | Board::Star => 300,
            Board::Bse => 120,
        };
        let heat = self.weather[session].industry_ppm[self.seat.industry] / 30;
        let first = 11_500 * (1_000 + heat).clamp(400, 2_200) / 1_000;
        let place = usize::from(self.streak).checked_sub(1);
        let chance = match place.map(|i| PROMOTION_PERMILLE[i.min(7)]) {
            None => first,
            Some(permille) => permille * 1_350,
        };
        let small = 1_250 - self.seat.size_permille / 2;
        chance * band_permille / 1_000 * eager_permille / 1_000 * small / 1_000
    }

    fn sink_ppm(&self, weak_permille: i64) -> i64 {
        let chance = match (self.streak, self.seat.fate) {
            (3.., _) => 120_000,
            (1..=2, _) => 12_000,
            (0, Fate::Delisting(_)) => 60_000,
            (0, _) => 2_400,
        };
        let band = if self.seat.board == Board::Main { 1_000 } else { 250 };
        chance * weak_permille / 1_000 * band / 1_000
    }

    /// Whether the limit-up price holds once it is reached.
    fn reaching(&mut self, longest: u8) -> Intent {
        let holds = self.streak < longest && self.noise.happens(740_000);
        match holds {
            true => self.sealed(),
            false if self.noise.happens(8_000) => Intent::CeilingToFloor,
            false => Intent::LimitUpBroken,
        }
    }

    fn sealed(&mut self) -> Intent {
        let one_price = if self.streak == 0 { 60 } else { 220 };
        match self.noise.between(0, 999) {
            n if n < one_price => Intent::LimitUpOnePrice,
            n if n < one_price + 60 => Intent::LimitUpTShaped,
            n if n >= 994 => Intent::FloorToCeiling,
            _ => Intent::LimitUpClimb,
        }
    }

    fn sinking(&mut self) -> Intent {
        match self.noise.between(0, 99) {
            0..=11 => Intent::LimitDownOnePrice,
            12..=64 => Intent::LimitDownSlide,
            _ => Intent::LimitDownReopened,
        }
    }

    /// Prices that fit the intent, whatever the room.
    fn shape(&mut self, intent: Intent, room: Room, target: i64) -> Prices {
        let Room { prev, up, down } = room;
        let (above, below) = (up - prev, prev - down);
        let inside = |price: i64| price.clamp((down + 1).min(prev), (up - 1).max(prev));
        let mut spot = |from: i64, to: i64| inside(self.noise.between(from, to));
        match intent {
            Intent::LimitUpOnePrice => [up; 4],
            Intent::LimitDownOnePrice => [down; 4],
            Intent::LimitUpTShaped => [up, up, spot(prev + above / 3, up - 1), up],
            Intent::LimitUpClimb => {
                let open = spot(prev - below / 6, prev + above / 2);
                let low = spot(open - above / 4, open).min(open);
                [open, up, low, up]
            }
            Intent::LimitUpBroken => {
                let open = spot(prev - below / 6, prev + above / 2);
                let close = spot(prev - below / 8, up - 1);
                let low = spot(open - above / 4, open).min(open).min(close);
                [open, up, low, close]
            }
            Intent::LimitDownSlide => {
                let open = spot(prev - below / 2, prev + above / 6);
                let high = spot(open, open + below / 4).max(open);
                [open, high, down, down]
            }
            Intent::LimitDownReopened => {
                let open = spot(prev - below / 2, prev + above / 6);
                let close = spot(down + 1, prev + above / 8);
                let high = spot(open, open + below / 4).max(open).max(close);
                [open, high, down, close]
            }
            Intent::FloorToCeiling => [spot(down + 1, prev), up, down, up],
            Intent::CeilingToFloor => [spot(prev, up - 1), up, down, down],
            Intent::Inside | Intent::Unlimited | Intent::Suspended => {
                let close = inside(target);
                let [open, high, low, close] = self.around(prev, close);
                [inside(open), inside(high), inside(low), close]
            }
        }
    }

    /// An open and a range around the path from one price to another.
    fn around(&mut self, prev: i64, close: i64) -> Prices {
        let reach = prev * self.spread_ppm / 1_000_000;
        let lead = if self.streak > 0 { reach / 2 } else { 0 };
        let open = (prev + lead + (close - prev) / 5 + self.noise.bell(reach / 4)).max(1);
        let high = open.max(close) + self.noise.between(0, reach);
        let low = (open.min(close) - self.noise.between(0, reach)).max(1);
        [open, high, low, close]
    }

    /// A day without limit: a listing's first jump, or a fall into the delisting period.
    fn unlimited(&mut self, session: usize, prev: i64) -> Prices {
        let permille = match self.seat.fate {
            Fate::Delisting(_) => 1_000 - self.noise.between(250, 620),
            _ if session == self.seat.life.0 => 1_000 + self.noise.between(250, 2_900),
            _ => 1_000 + self.noise.bell(60),
        };
        let close = (prev * permille / 1_000).max(2);
        let reach = close / 12;
        let middle = (prev + 3 * close) / 4;
        let open = (middle + self.noise.bell(reach)).max(1);
        let high = open.max(close) + self.noise.between(0, reach);
        let low = (open.min(close) - self.noise.between(0, reach)).max(1);
        [open, high, low, close]
    }

    /// Volume in shares and turnover in fen; turnover over volume lies between low and high.
    fn traded(
        &mut self,
        session: usize,
        intent: Intent,
        prev: i64,
        [open, high, low, close]: Prices,
    ) -> (u64, i64) {
        let excitement = match intent {
            Intent::LimitUpOnePrice | Intent::LimitDownOnePrice => 120,
            Intent::LimitUpTShaped => 900,
            Intent::Unlimited if self.seat.fate == Fate::Listed => 9_000,
            Intent::Unlimited if session > 0 && session == self.seat.life.0 => 2_500,
            Intent::FloorToCeiling | Intent::CeilingToFloor | Intent::LimitUpBroken => 2_600,
            Intent::LimitUpClimb => 1_900,
            _ => 850 + (close - prev).abs() * 18_000 / prev,
        };
        let rate_ppm = self.rate_ppm * excitement / 1_000 * self.weather[session].turnover_permille
            / 1_000
            * self.noise.between(700, 1_400)
            / 1_000;
        let shares = i128::from(self.float) * i128::from(rate_ppm.clamp(20, 750_000)) / 1_000_000;
        let volume = self.whole_lots(shares as u64);
        let middle = (open + high + low + 2 * close) / 5;
        let vwap_tenths = 10 * middle + self.noise.between(-5, 5);
        let vwap_tenths = vwap_tenths.clamp(10 * low, 10 * high);
        (volume, (i128::from(volume) * i128::from(vwap_tenths) / 10) as i64)
    }

    /// Lots of 100 on the main boards and ChiNext; single shares from 200 on STAR and from 100
    /// on BSE.
    fn whole_lots(&self, shares: u64) -> u64 {
        match self.seat.board {
            Board::Main | Board::ChiNext => (shares / 100).max(1) * 100,
            Board::Star => shares.max(200),
            Board::Bse => shares.max(100),
        }
    }
}

pub(crate) fn board_place(board: Board) -> usize {
    match board {
        Board::Main => 0,
        Board::ChiNext => 1,
        Board::Star => 2,
        Board::Bse => 3,
    }
}
