//! Requests to vendors are sent, and their answers kept as evidence. No other crate opens a socket.
//!
//! A [`Fetcher`] sends a [`Request`](fupan_source::vendor::Request) at its source's [`Pace`]: within
//! a budget a minute that all threads and processes of a store share, again where that may help,
//! and not at all while a source that fails is left alone. [`Fetcher::fetch`] runs a
//! [`Conversation`](fupan_source::vendor::Conversation) and keeps its answers in a folder, where a
//! later run goes on. Why it is as it is: `docs/decisions/0040-fetching.md`.
//!
//! ```no_run
//! use std::path::Path;
//! use std::sync::Arc;
//!
//! use fupan_fetch::{Fetcher, Freshness, Machine, NoFetchProgress, Settings};
//! use fupan_source::vendor::Conversation;
//!
//! # fn run(conversation: &mut dyn Conversation) -> Result<(), fupan_fetch::FetchError> {
//! let store = Path::new("store/evidence");
//! let fetcher = Fetcher::new(Settings::usual(), &store.join("sources"), Arc::new(Machine))?;
//! let folder = store.join("eastmoney/spot-2026-02-12");
//! let gathered = fetcher.fetch(conversation, &folder, Freshness::AsKept, &NoFetchProgress)?;
//! # Ok(())
//! # }
//! ```
//!
//! Secrets come from the environment into a request at the last moment. They are in no error, no
//! file and no `Debug`; where a vendor repeats one, it is taken out of the answer.

mod converse;
mod disk;
mod error;
mod evidence;
mod fault;
mod fetcher;
mod mail;
mod outside;
mod packing;
mod prepare;
mod progress;
mod proxies;
mod redirect;
mod reply;
mod secrets;
mod settings;
mod source_state;
mod states;
mod wait;
mod wire;

pub use error::FetchError;
pub use evidence::{Freshness, Gathered, KeptAnswer, Manifest, kept_bytes, whole_dataset};
pub use fault::{FetchFault, RedirectFault, SlowStep};
pub use fetcher::Fetcher;
pub use mail::{Letter, MAIL_SERVER};
pub use outside::{Machine, Outside};
pub use progress::{AnswerFrom, FetchProgress, NoFetchProgress, WaitReason};
pub use reply::Reply;
pub use settings::{Bounds, Pace, Settings, Timeouts};
