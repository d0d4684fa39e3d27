//! What a text states, before it is judged.

use std::ops::Range;

use fupan_market::Symbol;

use crate::report::{ClaimKind, ClaimUnit, Comparator, Decimal};
use crate::subjects::Subject;

/// One claim of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Its bytes in the sentence's text.
    pub bytes: Range<usize>,
    /// What it asks of the facts.
    pub ask: Ask,
    /// What it states.
    pub value: StatedValue,
    /// The unit.
    pub unit: ClaimUnit,
    /// How it states it.
    pub comparator: Comparator,
    /// Whether it is about the session before.
    pub day_before: bool,
    /// Whether it is about the half of the session before the break.
    pub half_day: bool,
}

/// What a claim states of its figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedValue {
    /// A number, and one unit of its last written digit.
    Number {
        /// The number.
        value: Decimal,
        /// One unit of its last digit.
        step: Decimal,
    },
    /// That something holds, or does not.
    Holds(bool),
}

/// A set of shares that counts are over, as the text names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedPopulation {
    /// None is named.
    Unnamed,
    /// Shanghai and Shenzhen.
    Two,
    /// Shanghai, Shenzhen and Beijing.
    Three,
    /// The Shanghai exchange.
    Shanghai,
    /// The Shenzhen exchange.
    Shenzhen,
    /// The ChiNext board.
    ChiNext,
    /// The STAR board.
    Star,
    /// The main boards of Shanghai and Shenzhen.
    Main,
}

/// A time that a return is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReturnPeriod {
    /// The session.
    Session,
    /// The week up to the session.
    Week,
    /// The month up to it.
    Month,
    /// The quarter up to it.
    Quarter,
    /// The year up to it.
    Year,
}

/// A moment of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PriceMoment {
    /// The last price.
    Last,
    /// The first.
    Open,
    /// The highest.
    High,
    /// The lowest.
    Low,
}

/// What a claim asks of the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// An index's return.
    IndexReturn(Symbol, PriceMoment, ReturnPeriod),
    /// Its change in points.
    IndexPoints(Symbol, PriceMoment),
    /// Its level.
    IndexLevel(Symbol, PriceMoment),
    /// For how many sessions it has risen (or fallen).
    IndexRun {
        /// The index.
        index: Symbol,
        /// Whether it has risen.
        up: bool,
    },
    /// Whether it crossed a level in its session.
    IndexCrossing {
        /// The index.
        index: Symbol,
        /// The level.
        level: Decimal,
        /// Whether upwards.
        up: bool,
        /// Whether during the session, whatever its close.
        intraday: bool,
    },
    /// Whether it is at its highest (lowest) since a day or in a time.
    IndexExtreme {
        /// The index.
        index: Symbol,
        /// Whether the highest.
        high: bool,
        /// Since when.
        since: Since,
    },
    /// A security's return.
    SecurityReturn(Vec<Symbol>, PriceMoment, ReturnPeriod),
    /// Its price.
    SecurityPrice(Symbol, PriceMoment),
    /// Whether it is at its price limit.
    SecurityLimit {
        /// The security.
        security: Symbol,
        /// Whether the upper.
        up: bool,
        /// Whether it was only touched.
        touched: bool,
        /// The limit that the text names, in per cent.
        percent: Option<u8>,
    },
    /// How many sessions in a row it was sealed.
    SecurityStreak(Symbol),
    /// Its turnover.
    SecurityTurnover(Symbol),
    /// Its market value.
    SecurityMarketValue(Symbol),
    /// Whether it is at its highest (lowest).
    SecurityExtreme {
        /// The security.
        security: Symbol,
        /// Whether the highest.
        high: bool,
        /// Since when.
        since: Since,
    },
    /// How many stocks rose, fell or did not move.
    Breadth(NamedPopulation, Direction),
    /// How many stocks were sealed at their limit.
    LimitCount(NamedPopulation, bool),
    /// How many of a group were sealed at their upper (or lower) limit.
    GroupLimitCount(Vec<Subject>, bool),
    /// How many opened after they had been sealed.
    BrokenCount(NamedPopulation),
    /// The share of sealed among sealed and opened.
    SealRate(NamedPopulation),
    /// The longest streak.
    HighestStreak,
    /// The market's turnover.
    Turnover(NamedPopulation),
    /// Its change from the session before.
    TurnoverChange(NamedPopulation),
    /// Whether turnover grew (or shrank).
    TurnoverDirection(NamedPopulation, bool),
    /// The median return of stocks.
    MedianReturn(NamedPopulation),
    /// Their mean return.
    MeanReturn(NamedPopulation),
    /// How many stocks are at new highs (or lows) of a year.
    NewHighs(NamedPopulation, bool),
    /// How many stocks have a turnover above ten billion.
    TenBillionCount(NamedPopulation),
    /// Whether a group led (or lagged).
    GroupMove(Vec<Subject>, bool),
    /// Whether one index moved more than another.
    Comparison {
        /// The one that is said to be ahead.
        ahead: Symbol,
        /// The other.
        behind: Symbol,
    },
    /// Whether an index rose (or fell).
    IndexDirection(Symbol, bool),
    /// Whether the three main indices did.
    IndicesDirection(bool),
    /// Whether a security rose (or fell).
    SecurityDirection(Symbol, bool),
    /// Whether turnover is the highest (lowest) since a time.
    TurnoverExtreme(bool, Since),
    /// Whether most stocks rose (or fell): a broad move.
    Broad(bool),
    /// Whether the index rose while most stocks fell.
    Narrow,
    /// A figure of the calendar.
    Calendar(CalendarAsk),
    /// Something of which there are no facts; a reason follows the kind.
    Unjudged(ClaimKind, String, NoFact),
}

/// Since when something is the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// A date: year, month and day as far as they are said.
    Date {
        /// The year, if it is said.
        year: Option<i16>,
        /// The month, if it is said.
        month: Option<i8>,
        /// The day, if it is said.
        day: Option<i8>,
    },
    /// A number of months.
    Months(u32),
    /// The start of the year.
    ThisYear,
    /// A year of sessions.
    Year,
    /// All time.
    Ever,
    /// Not said.
    Unsaid,
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Up.
    Up,
    /// Down.
    Down,
    /// Neither.
    Flat,
}

/// A statement about the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CalendarAsk {
    /// A day of the week, Monday being 0.
    Weekday(i8),
    /// The first session of the week.
    FirstOfWeek,
    /// The first session of the month.
    FirstOfMonth,
    /// The last of the month.
    LastOfMonth,
    /// The first of the year.
    FirstOfYear,
    /// The last of the year.
    LastOfYear,
    /// The first after a break.
    AfterBreak,
    /// The last before one.
    BeforeBreak,
}

/// Why there is no fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoFact {
    /// It is of another market.
    OtherMarket,
    /// It is a flow of funds by a vendor.
    Flow,
    /// It is a margin balance.
    Margin,
    /// It is a multiple of earnings or the like.
    Valuation,
    /// It is of a fund.
    Fund,
    /// It is a currency.
    Currency,
    /// A sector's per cent depends on how its members are weighted.
    Weights,
    /// The store has no such index.
    NoIndex,
    /// The name and the code are of two securities.
    NameAndCode,
    /// Several securities have the name.
    Ambiguous,
    /// It counts candles, from open to close.
    Candles,
    /// Nobody that is known has the name.
    Stranger,
}

impl Ask {
    /// The kind of the claim.
    pub fn kind(&self) -> ClaimKind {
        match self {
            Ask::IndexReturn(_, PriceMoment::Last, ReturnPeriod::Session) => ClaimKind::IndexReturn,
            Ask::IndexReturn(_, PriceMoment::Last, _) => ClaimKind::IndexPeriodReturn,
            Ask::IndexReturn(_, PriceMoment::Open, _)
            | Ask::IndexPoints(_, PriceMoment::Open)
            | Ask::IndexLevel(_, PriceMoment::Open) => ClaimKind::IndexOpen,
            Ask::IndexReturn(_, PriceMoment::High, _)
            | Ask::IndexPoints(_, PriceMoment::High)
            | Ask::IndexLevel(_, PriceMoment::High) => ClaimKind::IndexHigh,
            Ask::IndexReturn(_, PriceMoment::Low, _)
            | Ask::IndexPoints(_, PriceMoment::Low)
            | Ask::IndexLevel(_, PriceMoment::Low) => ClaimKind::IndexLow,
            Ask::IndexPoints(..) => ClaimKind::IndexPoints,
            Ask::IndexLevel(..) => ClaimKind::IndexLevel,
            Ask::IndexRun { .. } => ClaimKind::IndexRun,
            Ask::IndexCrossing { .. } => ClaimKind::IndexCrossing,
            Ask::IndexExtreme { .. } => ClaimKind::IndexExtreme,
            Ask::SecurityReturn(_, _, ReturnPeriod::Session) => ClaimKind::SecurityReturn,
            Ask::SecurityReturn(..) => ClaimKind::SecurityPeriodReturn,
            Ask::SecurityPrice(..) => ClaimKind::SecurityPrice,
            Ask::SecurityLimit { .. } => ClaimKind::SecurityLimit,
            Ask::SecurityStreak(_) => ClaimKind::SecurityStreak,
            Ask::SecurityTurnover(_) => ClaimKind::SecurityTurnover,
            Ask::SecurityMarketValue(_) => ClaimKind::SecurityMarketValue,
            Ask::SecurityExtreme { .. } => ClaimKind::SecurityExtreme,
            Ask::Breadth(..) => ClaimKind::Breadth,
            Ask::LimitCount(..) => ClaimKind::LimitCount,
            Ask::GroupLimitCount(..) => ClaimKind::GroupCount,
            Ask::BrokenCount(_) => ClaimKind::BrokenLimitCount,
            Ask::SealRate(_) => ClaimKind::SealRate,
            Ask::HighestStreak => ClaimKind::HighestStreak,
            Ask::Turnover(_) => ClaimKind::MarketTurnover,
            Ask::TurnoverChange(_) => ClaimKind::TurnoverChange,
            Ask::TurnoverDirection(..) => ClaimKind::Word,
            Ask::MedianReturn(_) | Ask::MeanReturn(_) => ClaimKind::MarketReturn,
            Ask::NewHighs(..) => ClaimKind::NewHighCount,
            Ask::TenBillionCount(_) => ClaimKind::Concentration,
            Ask::GroupMove(..) => ClaimKind::GroupMove,
            Ask::Comparison { .. } | Ask::IndexDirection(..) | Ask::IndicesDirection(_) => {
                ClaimKind::Comparison
            }
            Ask::SecurityDirection(..) => ClaimKind::SecurityReturn,
            Ask::TurnoverExtreme(..) => ClaimKind::TurnoverExtreme,
            Ask::Broad(_) | Ask::Narrow => ClaimKind::Word,
            Ask::Calendar(_) => ClaimKind::Calendar,
            Ask::Unjudged(kind, ..) => *kind,
        }
    }
}
