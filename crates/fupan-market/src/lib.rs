//! Market types and dated exchange rules.
//!
//! Everything here is a value or a rule: symbols, prices, sessions, price limits, a security's day.
//! Nothing here reads a file, a clock or a network, and nothing depends on another fupan crate.
//!
//! Start with [`Rulebook`] for rules by date, and with [`SecurityFold`] for turning one security's
//! bars, in time order, into [`SecurityDay`]s.

mod bar;
mod calendar;
mod carried;
mod chain;
mod codes;
mod day;
mod day_builder;
mod definition;
mod finding;
mod fold;
mod group;
mod group_history;
mod groups;
mod history;
mod holes;
mod index_basket;
mod index_list;
mod listing;
mod name_marks;
mod nearest;
mod not_themes;
mod own_past;
mod past;
mod past_returns;
mod phase;
mod price;
mod quote;
mod rulebook;
mod session;
mod shown;
mod symbol;
mod tape;
#[cfg(test)]
mod test_support;
mod tracked;
mod wording;

pub use bar::{
    DailyBar, IndexBar, IndexQuote, LevelRange, Shares, Traded, Turnover, TurnoverBasis,
};
pub use calendar::{Calendar, CalendarError, CalendarPeriod, ClosedYear, ClosuresError, Holiday};
pub use carried::{Before, Carried, Cluster, LastTraded};
pub use chain::{
    Chain, ChainError, ChainMembers, ChainSegment, Edge, EdgeFault, GroupUse, Layer, LayerFault,
    MissingGroup, NamedSecurity, SegmentFault, SizeLimit, SpellingFault,
};
pub use codes::{Codes, FormerCode, Renamed};
pub use day::{LimitBasis, PrevCloseBasis, SecurityDay, Touch};
pub use day_builder::DayBuilder;
pub use definition::{Definition, DefinitionKind, Definitions, Own, strange_names};
pub use finding::{Finding, FindingKind, Place};
pub use fold::SecurityFold;
pub use group::{
    Group, GroupId, GroupIdError, GroupKind, GroupList, Grouped, Member, Membership,
    english_group_name, group_name_in_sentence,
};
pub use group_history::{GroupDay, GroupHistory, GroupsPast};
pub use groups::Groups;
pub use history::{
    FundHistory, IndexHistory, ListedSpan, LostRows, MarketHistory, SecurityHistory,
};
pub use holes::{ExchangeRows, Gap, Hole, Holes, session_gaps};
pub use index_basket::{BasketShares, IndexBasket};
pub use index_list::{IndexList, IndexLists, IndexMember, WHOLE_INDEX, are_whole};
pub use listing::{Listing, NameOn, RiskWarning, Status, StatusBasis};
pub use nearest::nearest;
pub use not_themes::{LineFault, NotThemes, NotThemesError};
pub use own_past::{OwnDay, OwnDays, OwnPast};
pub use past::{Extreme, ExtremeBasis, Lookback, MovingAverage, PastComparison, PastPrices};
pub use past_returns::{PastDay, PastReturns};
pub use phase::{LATE_SECONDS, MORNING_ENDS, Phase, can_trade, ended_early, phase_at, standing_at};
pub use price::{AdjustedPrice, Fen, Price, PriceError, Rebase, Return};
pub use quote::{Arrival, Quote, QuoteWalk, Seals, SessionFold, Span};
pub use rulebook::{
    Band, DayRules, PriceLimit, Rounding, Rulebook, RulebookVersion, Unknown, Unlimited,
};
pub use session::{SessionDate, SessionDateError};
pub use shown::{is_hidden, shown, shown_json, shown_lines, shown_name};
pub use symbol::{Board, Exchange, SecurityKind, Symbol, SymbolError};
pub use tape::Tape;
pub use tracked::{TRACKED_INDICES, TrackedIndex, shanghai_code};
pub use wording::{InLanguage, Language, LanguageError, Wording, english_in};
