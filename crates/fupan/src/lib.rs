//! The review of a session of Chinese equities: data in, facts and a brief out.
//!
//! This crate joins the others and is the only public one. The shortest way through it:
//!
//! ```
//! use fupan::{Language, Market, review, sample};
//!
//! let market = Market::Sample(sample::small());
//! let facts = review(&market, None)?;
//! let brief = fupan::brief(&facts, Language::En);
//! assert!(fupan::export::html(&brief, &facts).contains("simulated"));
//! # Ok::<(), fupan::Error>(())
//! ```
//!
//! [`Market`] is where the data comes from: a store on disk, or the simulated exchange. [`review`]
//! turns one session of it into a [`FactSet`], [`brief`] writes the facts up, [`export`] writes the
//! brief to a format, [`explain`] takes one figure apart, and [`cross_check`] recomputes it in SQL.

mod absence;
mod agreement;
mod audit;
mod baskets;
pub mod calendar;
pub mod check;
mod closes;
mod data;
mod error;
mod explain;
pub mod export;
pub mod fact_table;
mod fund_review;
mod funds;
mod import;
mod instant;
mod kept;
mod lists;
mod own;
mod own_past;
mod past_returns;
mod query;
mod review;
pub mod sample;
mod security;
pub mod sessions;
mod shanghai;
pub mod sheet;
mod update;
mod watch;

pub use agreement::{BarDifference, SourceAgreement, SourceCounts, agreements};
pub use audit::{Audit, CrossCheck, audit, audit_at, audit_sessions};
pub use data::Market;
pub use error::{Error, ErrorKind};
pub use explain::{Explanation, cross_check, explain};
pub use fund_review::review_fund;
pub use fupan_brief::{Document, Language, MarketColours, compose as brief, scope_label};
pub use fupan_fact::{
    AsOf, Basis, Fact, FactKey, FactSet, KeyError, MeasureId, Name, Provenance, Scope, ScopeError,
    ThemeList, Unit, Value, WORDS, Word,
};
pub use fupan_fetch as fetch;
pub use fupan_market::{
    Board, Calendar, Chain, ClosedYear, Definition, DefinitionKind, Definitions, Exchange, Fen,
    Finding, FindingKind, GroupId, InLanguage, LanguageError, Layer, Phase, Place, Price, Return,
    Rulebook, SecurityKind, SessionDate, SessionDateError, Symbol, TRACKED_INDICES, Wording,
    english_in, shown, shown_json, shown_lines, shown_name,
};
pub use fupan_measure::{Measure, catalogue, is_of_every_session};
pub use fupan_push as push;
pub use fupan_source::{
    DECODER, NoProgress, Partial, Progress, ReadOptions, Recipe, Recognised, SourceError,
};
pub use fupan_store::{
    Appended, Differing, ImportRecord, Replaced, SourceChoice, Store, StoreError, StoreReport,
    Thoroughness,
};
pub use fupan_table::{ImportId, Table};
pub use import::{Imported, Unstored, import, recipe, recognise};
pub use instant::followed::Step;
pub use instant::replay::Replay;
pub use instant::review_at;
pub use kept::backfill::{Backfilled, backfill, doctor};
pub use own::{CheckedDefinition, check_definition};
pub use query::{QueryRows, query};
pub use review::{review, review_asked};
pub use security::{
    IndexMembers, SecurityReview, index_named, review_index, review_security, symbol_named,
};
pub use shanghai::moment_in_shanghai;
pub use update::{
    ClosuresDone, FRESH_LISTS, FetchDone, FetchStep, NETWORK_SOURCES, StepDone, TdxFolder, Update,
    UpdateStep, Updated, closures_due, due_lists, missing,
};
pub use watch::{Poll, Watch, WatchTime, followed_sources, main_board_phase, watch_time};
