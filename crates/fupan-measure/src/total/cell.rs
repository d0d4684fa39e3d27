//! What one security contributes to a session: marks and numbers.
//!
//! Everything the catalogue counts or sums is read from a day once, here. A [`Mark`] is a condition
//! that holds. Populations are marks too, and so are members that could not be judged. Measures are
//! declared over marks and [`Sum`]s, so one pass over a day feeds all of them.

use fupan_market::{
    Carried, LimitBasis, PastComparison, PriceLimit, Return, RiskWarning, SecurityDay, Symbol,
    Touch, TurnoverBasis,
};

use crate::total::segment::{Segment, risk_warned};

macro_rules! marks {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// A condition that holds for a security's day.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Mark {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Mark {
            /// Every mark, in order.
            pub const ALL: &[Mark] = &[$(Mark::$name),+];
        }
    };
}

marks! {
    /// Listed, traded or not.
    Listed,
    /// It traded.
    Traded,
    /// Listed, and it did not trade.
    Suspended,
    /// It traded in the session before, and has no row in this one.
    Absent,
    /// It traded, and its previous close is not reported.
    PrevDerived,
    /// Its turnover is an estimate.
    Estimated,
    /// It traded and has a previous close.
    Priced,
    /// It traded and has none.
    Unpriced,
    /// The last price is above the previous close.
    Up,
    /// The last price is below the previous close.
    Down,
    /// The last price is the previous close.
    Flat,
    /// Up or down.
    Moved,
    /// It traded, and whether under a limit or without one is known.
    LimitKnown,
    /// It traded under a limit.
    Limited,
    /// It traded on a day that the rules leave without a limit.
    Unlimited,
    /// It traded, and its limit is not determined.
    LimitUnknown,
    /// The last price is the limit-up price.
    SealedUp,
    /// The high reached the limit-up price and the last price is below it.
    BrokenUp,
    /// The high reached the limit-up price.
    TouchedUp,
    /// The last price is the limit-down price.
    SealedDown,
    /// The low reached the limit-down price and the last price is above it.
    ReopenedDown,
    /// Open, high, low and last price all are the limit-up price.
    OnePriceUp,
    /// Open, high, low and last price all are the limit-down price.
    OnePriceDown,
    /// Open and last price are the limit-up price, and the low is below it.
    TShaped,
    /// The low was the limit-down price, the last price is the limit-up price.
    FloorToCeiling,
    /// The high was the limit-up price, the last price is the limit-down price.
    CeilingToFloor,
    /// Traded, with a limit that rests on the nearest dated name.
    TradedByName,
    /// As `Priced`, with a limit that rests on the nearest dated name.
    PricedByName,
    /// As `Limited`, with a limit that rests on the nearest dated name.
    LimitedByName,
    /// As `TouchedUp`, with a limit that rests on the nearest dated name.
    TouchedByName,
    /// Under a limit, and sealed with a known streak or not sealed.
    StreakKnown,
    /// The limit, or the streak of a sealed day, is not determined.
    StreakUnknown,
    /// As `StreakKnown`, with a limit that rests on the nearest dated name.
    StreakByName,
    /// The return is in the class of sealed limit-downs.
    BinDownLimit,
    /// The return is below −7 %.
    BinDownOver7,
    /// The return is from −7 % to below −5 %.
    BinDown5To7,
    /// The return is from −5 % to below −3 %.
    BinDown3To5,
    /// The return is from −3 % to below −1 %.
    BinDown1To3,
    /// The return is from −1 % to below zero.
    BinDown0To1,
    /// The return is zero.
    BinFlat,
    /// The return is above zero, to 1 %.
    BinUp0To1,
    /// The return is above 1 %, to 3 %.
    BinUp1To3,
    /// The return is above 3 %, to 5 %.
    BinUp3To5,
    /// The return is above 5 %, to 7 %.
    BinUp5To7,
    /// The return is above 7 %.
    BinUpOver7,
    /// The return is in the class of sealed limit-ups.
    BinUpLimit,
    /// It traded in enough of the 250 sessions before.
    WindowKnown,
    /// It traded, but not in enough of them.
    WindowUnknown,
    /// Above every close of the 250 sessions before.
    NewHigh250,
    /// Below every close of the 250 sessions before.
    NewLow250,
    /// It traded in enough of the 52 weeks before.
    YearKnown,
    /// It traded, but not in enough of them.
    YearUnknown,
    /// Above every close of the 52 weeks before.
    NewHigh52w,
    /// Below every close of the 52 weeks before.
    NewLow52w,
    /// Its whole past is known, and long enough.
    EverKnown,
    /// It traded, and its past is not known, or too short.
    EverUnknown,
    /// Above every earlier close.
    NewHighEver,
    /// Below every earlier close.
    NewLowEver,
    /// Its high is above every high of the 250 sessions before.
    IntradayHigh250,
    /// Its low is below every low of the 250 sessions before.
    IntradayLow250,
    /// Its high is above every high of the 52 weeks before.
    IntradayHigh52w,
    /// Its low is below every low of the 52 weeks before.
    IntradayLow52w,
    /// Its high is above every earlier high.
    IntradayHighEver,
    /// Its low is below every earlier low.
    IntradayLowEver,
    /// It traded on 20 days or more.
    Average20Known,
    /// It traded, on fewer.
    Average20Unknown,
    /// Above its 20-day average.
    Above20,
    /// It traded on 50 days or more.
    Average50Known,
    /// It traded, on fewer.
    Average50Unknown,
    /// Above its 50-day average.
    Above50,
    /// It traded on 200 days or more.
    Average200Known,
    /// It traded, on fewer.
    Average200Unknown,
    /// Above its 200-day average.
    Above200,
    /// Sealed in the previous session.
    Cohort,
    /// Possibly sealed in the previous session.
    CohortUnknown,
    /// Of the cohort, with a limit that rests on the nearest dated name.
    CohortByName,
    /// Of the cohort, and it did not trade.
    CohortSuspended,
    /// Sealed, and at its limit-up price too when it last traded, before a suspension.
    Resumed,
    /// Of the cohort and traded; whether it is sealed is known.
    PromotionKnown,
    /// Possibly of the cohort, or sealed.
    PromotionUnknown,
    /// As `PromotionKnown`, with a limit that rests on the nearest dated name.
    PromotionByName,
    /// Of the cohort, traded, with a return.
    FollowKnown,
    /// Possibly of the cohort, or without a return.
    FollowUnknown,
    /// As `FollowKnown`, with a limit that rests on the nearest dated name.
    FollowByName,
    /// Of the cohort, with a return above zero.
    FollowUp,
    /// A return and float capitalisation.
    CapKnown,
    /// It traded, and lacks one of them.
    CapUnknown,
    /// A share of the calmer part of the market, with a return and total capitalisation.
    SizeKnown,
    /// Possibly one of those, or it lacks a return or total capitalisation.
    SizeUnknown,
    /// It traded, and one of the sessions that averages and extremes look back on is missing.
    Gap,
    /// It traded, and the session before is missing.
    SessionBeforeMissing,
    /// It traded, and the reference price of a session that averages and extremes look back on is
    /// not reported.
    PastDerived,
    /// As `EverKnown`, and the reference price of a session in its whole past is not reported.
    EverDerived,
    /// The reference price of the session it last traded in is not reported.
    LastDerived,
    /// Its turnover was at least a billion yuan.
    BillionTraded,
    /// Its turnover was at least ten billion yuan.
    TenBillionTraded,
}

/// The bounds of the classes of returns, in per cent of size. A return at a bound is in the class
/// nearer to zero.
pub(crate) const BIN_BOUNDS: [i64; 5] = [0, 1, 3, 5, 7];

/// The most sessions that averages and extremes look back on.
const LOOK_BACK: u32 = 250;

/// Turnovers from which on a security carries [`Mark::BillionTraded`] and
/// [`Mark::TenBillionTraded`], in fen.
pub(crate) const BILLION: i64 = 1_000_000_000 * 100;
pub(crate) const TEN_BILLION: i64 = 10 * BILLION;

/// The marks of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u128);

const _: () = assert!(Mark::ALL.len() <= 128, "marks fit their set");

impl Marks {
    /// No marks.
    pub const NONE: Marks = Marks(0);

    /// Whether a mark holds.
    #[inline]
    pub const fn has(self, mark: Mark) -> bool {
        self.0 >> mark as u8 & 1 == 1
    }

    /// The set as bits; a mark's number is its bit's position.
    #[inline]
    pub const fn bits(self) -> u128 {
        self.0
    }

    #[inline]
    fn set(&mut self, mark: Mark, holds: bool) {
        self.0 |= u128::from(holds) << mark as u8;
    }
}

/// A number that is summed over securities' days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Sum {
    /// Returns of `Priced`, in parts per billion.
    Return,
    /// The squares of those returns.
    ReturnSquared,
    /// Turnover, in fen.
    Turnover,
    /// Its square.
    TurnoverSquared,
    /// Returns of `CapKnown` times float capitalisation.
    ReturnByCap,
    /// Float capitalisation of `CapKnown`, in ten-thousandths of a yuan.
    Cap,
    /// Volume of `Up`, in shares.
    VolumeUp,
    /// Volume of `Down`, in shares.
    VolumeDown,
    /// Returns of `FollowKnown`.
    FollowReturn,
    /// Their opens over the previous close, in parts per billion.
    FollowOpen,
    /// Last prices of `Traded`, in ten-thousandths of a yuan.
    Price,
    /// Turnover of `TenBillionTraded`, in fen.
    TenBillionTurnover,
}

impl Sum {
    /// How many sums there are.
    pub const COUNT: usize = 12;
}

/// One security's contribution to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The security; breaks ties of size.
    pub symbol: Symbol,
    /// The part of the market it belongs to.
    pub segment: Segment,
    /// The marks that hold.
    pub marks: Marks,
    /// Its return, in parts per billion; zero unless `Priced`.
    pub ret: i64,
    /// Its open over the previous close, in parts per billion; zero unless `FollowKnown`.
    pub open_ret: i64,
    /// Its turnover, in fen.
    pub turnover: i64,
    /// Its volume, in shares.
    pub volume: u64,
    /// Its last price, in ten-thousandths of a yuan; zero unless `Traded`.
    pub price: i64,
    /// Float shares times the previous close; zero unless `CapKnown`.
    pub float_cap: i128,
    /// Total shares times the previous close; zero unless `SizeKnown`.
    pub total_cap: i128,
    /// Its limit-up streak; zero unless sealed and `StreakKnown`.
    pub streak: u16,
    /// A lower bound of its streak; zero unless sealed with an unknown streak.
    pub streak_at_least: u16,
    /// The streak of the previous session; zero unless `Cohort` and known.
    pub prior_streak: u16,
    /// A lower bound of that streak; zero unless `Cohort` with an unknown streak.
    pub prior_at_least: u16,
}

impl Cell {
    /// The cell of a day.
    #[inline]
    pub fn of(day: &SecurityDay) -> Cell {
        let mut cell = Cell {
            symbol: day.symbol,
            segment: Segment::of(day.symbol.exchange(), day.board, risk_warned(day)),
            marks: Marks::NONE,
            ret: 0,
            open_ret: 0,
            turnover: 0,
            volume: 0,
            price: 0,
            float_cap: 0,
            total_cap: 0,
            streak: 0,
            streak_at_least: 0,
            prior_streak: 0,
            prior_at_least: 0,
        };
        cell.marks.set(Mark::Listed, true);
        cell.marks.set(Mark::Suspended, day.traded.is_none());
        cell.marks.set(Mark::Absent, !day.has_row && day.carried.gap_sessions == 0);
        cell.marks.set(Mark::PrevDerived, day.has_derived_prev_close());
        cell.prices(day);
        cell.limits(day);
        cell.past(day);
        cell.cohort(day);
        cell.size(day);
        cell
    }

    /// Breadth, return and turnover.
    #[inline]
    fn prices(&mut self, day: &SecurityDay) {
        let Some(traded) = day.traded else { return };
        let marks = &mut self.marks;
        marks.set(Mark::Traded, true);
        let reach = |number: u32| number + LOOK_BACK >= day.session_number;
        marks.set(Mark::Gap, day.carried.missing.is_some_and(reach));
        let derived = day.carried.derived;
        marks.set(Mark::PastDerived, derived.is_some_and(reach));
        let next = day.session_number - u32::from(day.carried.gap_sessions);
        marks.set(Mark::LastDerived, derived.is_some_and(|last| last + 1 == next));
        marks.set(Mark::SessionBeforeMissing, day.misses_session_before());
        marks.set(Mark::Estimated, traded.turnover.basis == TurnoverBasis::Estimated);
        self.turnover = traded.turnover.fen.0;
        self.volume = traded.volume;
        self.price = traded.last.units();
        marks.set(Mark::BillionTraded, self.turnover >= BILLION);
        marks.set(Mark::TenBillionTraded, self.turnover >= TEN_BILLION);
        let by_name = day.limit_basis == LimitBasis::NearestName;
        marks.set(Mark::TradedByName, by_name);
        let Some(Return(ret)) = day.day_return() else {
            marks.set(Mark::Unpriced, true);
            return;
        };
        self.ret = ret;
        // Compare prices: the return rounds a change of under half a part per billion to zero.
        let change = day.prev_close.map_or(0, |prev| traded.last.units() - prev.units());
        marks.set(Mark::Priced, true);
        marks.set(Mark::PricedByName, by_name);
        marks.set(Mark::Up, change > 0);
        marks.set(Mark::Down, change < 0);
        marks.set(Mark::Flat, change == 0);
        marks.set(Mark::Moved, change != 0);
        let bin = match (day.limit_up_touch(), day.limit_down_touch()) {
            (Some(Touch::Sealed), _) => Mark::BinUpLimit as u8,
            (_, Some(Touch::Sealed)) => Mark::BinDownLimit as u8,
            _ => {
                const PERCENT: i64 = Return::PARTS / 100;
                let beyond = |percent: i64| u8::from(ret.abs() > percent * PERCENT);
                let step: u8 = BIN_BOUNDS.map(beyond).into_iter().sum();
                let flat = Mark::BinFlat as u8;
                if ret < 0 { flat - step } else { flat + step }
            }
        };
        marks.0 |= 1 << bin;
    }

    /// Price limits, seals and streaks.
    #[inline]
    fn limits(&mut self, day: &SecurityDay) {
        let Some(traded) = day.traded else { return };
        let marks = &mut self.marks;
        let by_name = day.limit_basis == LimitBasis::NearestName;
        match day.limit {
            PriceLimit::Unknown(_) => {
                marks.set(Mark::LimitUnknown, true);
                marks.set(Mark::StreakUnknown, true);
            }
            PriceLimit::Unlimited(_) => {
                marks.set(Mark::LimitKnown, true);
                marks.set(Mark::Unlimited, true);
            }
            PriceLimit::Limited { up, down } => {
                marks.set(Mark::LimitKnown, true);
                marks.set(Mark::Limited, true);
                marks.set(Mark::LimitedByName, by_name);
                let sealed = traded.last == up;
                let touched = sealed || traded.high == up;
                let floored = traded.last == down;
                marks.set(Mark::SealedUp, sealed);
                marks.set(Mark::BrokenUp, touched && !sealed);
                marks.set(Mark::TouchedUp, touched);
                marks.set(Mark::TouchedByName, touched && by_name);
                marks.set(Mark::SealedDown, floored);
                marks.set(Mark::ReopenedDown, traded.low == down && !floored);
                let opened_up = traded.open == up;
                marks.set(
                    Mark::OnePriceUp,
                    sealed && opened_up && traded.high == up && traded.low == up,
                );
                let one_price = [traded.open, traded.high, traded.low] == [down; 3];
                marks.set(Mark::OnePriceDown, floored && one_price);
                marks.set(Mark::TShaped, sealed && opened_up && traded.low < up);
                marks.set(Mark::FloorToCeiling, sealed && traded.low == down);
                marks.set(Mark::CeilingToFloor, floored && traded.high == up);
                let streak = if sealed { day.limit_up_streak() } else { Some(0) };
                self.streak = streak.unwrap_or(0);
                if streak.is_none() {
                    self.streak_at_least = day.limit_up_streak_at_least();
                }
                let marks = &mut self.marks;
                marks.set(Mark::StreakKnown, streak.is_some());
                marks.set(Mark::StreakUnknown, streak.is_none());
                marks.set(Mark::StreakByName, streak.is_some() && by_name);
            }
        }
    }

    /// Extremes and averages over the security's own past.
    #[inline]
    fn past(&mut self, day: &SecurityDay) {
        if day.traded.is_none() {
            return;
        }
        let PastComparison { beyond: [closing, intraday], above } = day.standing();
        let of_lookbacks = closing.into_iter().zip(intraday).zip([
            (
                [Mark::WindowKnown, Mark::WindowUnknown],
                [Mark::NewHigh250, Mark::NewLow250],
                [Mark::IntradayHigh250, Mark::IntradayLow250],
            ),
            (
                [Mark::YearKnown, Mark::YearUnknown],
                [Mark::NewHigh52w, Mark::NewLow52w],
                [Mark::IntradayHigh52w, Mark::IntradayLow52w],
            ),
            (
                [Mark::EverKnown, Mark::EverUnknown],
                [Mark::NewHighEver, Mark::NewLowEver],
                [Mark::IntradayHighEver, Mark::IntradayLowEver],
            ),
        ]);
        for ((closing, intraday), ([known, unknown], of_closing, of_intraday)) in of_lookbacks {
            self.marks.set(known, closing[0].is_some());
            self.marks.set(unknown, closing[0].is_none());
            for (beyond, [high, low]) in [(closing, of_closing), (intraday, of_intraday)] {
                self.marks.set(high, beyond[0] == Some(true));
                self.marks.set(low, beyond[1] == Some(true));
            }
        }
        let derived = day.carried.derived.is_some() && self.marks.has(Mark::EverKnown);
        self.marks.set(Mark::EverDerived, derived);
        for (holds, [known, unknown, mark]) in above.into_iter().zip([
            [Mark::Average20Known, Mark::Average20Unknown, Mark::Above20],
            [Mark::Average50Known, Mark::Average50Unknown, Mark::Above50],
            [Mark::Average200Known, Mark::Average200Unknown, Mark::Above200],
        ]) {
            self.marks.set(known, holds.is_some());
            self.marks.set(unknown, holds.is_none());
            self.marks.set(mark, holds == Some(true));
        }
    }

    /// How the previous session's limit-ups fare.
    #[inline]
    fn cohort(&mut self, day: &SecurityDay) {
        let Carried { gap_sessions, streak, streak_at_least, .. } = day.carried;
        let missed = day.misses_session_before();
        if !missed && (gap_sessions > 0 || streak == Some(0)) {
            let is_resumed = gap_sessions > 0 && streak_at_least > 0;
            self.marks.set(Mark::Resumed, is_resumed && self.marks.has(Mark::SealedUp));
            return;
        }
        let traded = self.marks.has(Mark::Traded);
        let by_name = day.limit_basis == LimitBasis::NearestName;
        if missed || (streak.is_none() && streak_at_least == 0) {
            self.marks.set(Mark::CohortUnknown, true);
            self.marks.set(Mark::PromotionUnknown, traded);
            self.marks.set(Mark::FollowUnknown, traded);
            return;
        }
        match streak {
            Some(streak) => self.prior_streak = streak,
            None => self.prior_at_least = streak_at_least,
        }
        self.marks.set(Mark::Cohort, true);
        self.marks.set(Mark::CohortByName, by_name);
        self.marks.set(Mark::CohortSuspended, !traded);
        let Some(prices) = day.traded else { return };
        let known = self.marks.has(Mark::LimitKnown);
        self.marks.set(Mark::PromotionKnown, known);
        self.marks.set(Mark::PromotionUnknown, !known);
        self.marks.set(Mark::PromotionByName, known && by_name);
        let priced = self.marks.has(Mark::Priced);
        self.marks.set(Mark::FollowKnown, priced);
        self.marks.set(Mark::FollowUnknown, !priced);
        self.marks.set(Mark::FollowByName, priced && by_name);
        self.marks.set(Mark::FollowUp, priced && self.ret > 0);
        let open = day.prev_close.and_then(|prev| Return::between(prev, prices.open));
        self.open_ret = open.map_or(0, |ret| ret.0);
    }

    /// Capitalisations at the previous close.
    #[inline]
    fn size(&mut self, day: &SecurityDay) {
        if day.traded.is_none() {
            return;
        }
        let priced = self.marks.has(Mark::Priced);
        let known = day.shares.zip(day.prev_close).filter(|_| priced);
        self.marks.set(Mark::CapKnown, known.is_some());
        self.marks.set(Mark::CapUnknown, known.is_none());
        if let Some((shares, price)) = known {
            self.float_cap = i128::from(shares.float) * i128::from(price.units());
        }
        let set_apart = self.segment.warned()
            || day.status.delisting_since.is_some()
            || self.marks.has(Mark::Unlimited);
        if set_apart {
            return;
        }
        let nameless = day.status.nearest_risk_warning == RiskWarning::Unknown;
        let known = known.filter(|_| !nameless);
        self.marks.set(Mark::SizeKnown, known.is_some());
        self.marks.set(Mark::SizeUnknown, known.is_none());
        if let Some((shares, price)) = known {
            self.total_cap = i128::from(shares.total) * i128::from(price.units());
        }
    }

    /// The numbers that this cell adds to the sums, by [`Sum`].
    #[inline]
    pub(crate) fn numbers(&self) -> [i128; Sum::COUNT] {
        let wide = |number: i64| i128::from(number);
        let volume = i128::from(self.volume);
        let (up, down) = (self.marks.has(Mark::Up), self.marks.has(Mark::Down));
        let follows = self.marks.has(Mark::FollowKnown);
        let is_large = self.marks.has(Mark::TenBillionTraded);
        let mut numbers = [0; Sum::COUNT];
        numbers[Sum::Return as usize] = wide(self.ret);
        numbers[Sum::ReturnSquared as usize] = wide(self.ret) * wide(self.ret);
        numbers[Sum::Turnover as usize] = wide(self.turnover);
        numbers[Sum::TurnoverSquared as usize] = wide(self.turnover) * wide(self.turnover);
        numbers[Sum::ReturnByCap as usize] = wide(self.ret) * self.float_cap;
        numbers[Sum::Cap as usize] = self.float_cap;
        numbers[Sum::VolumeUp as usize] = if up { volume } else { 0 };
        numbers[Sum::VolumeDown as usize] = if down { volume } else { 0 };
        numbers[Sum::FollowReturn as usize] = if follows { wide(self.ret) } else { 0 };
        numbers[Sum::FollowOpen as usize] = if follows { wide(self.open_ret) } else { 0 };
        numbers[Sum::Price as usize] = wide(self.price);
        numbers[Sum::TenBillionTurnover as usize] = if is_large { wide(self.turnover) } else { 0 };
        numbers
    }
}
