//! Progress of a fetch.

use jiff::Timestamp;

/// Receives the progress of a fetch. Implementations draw; this crate never prints.
pub trait FetchProgress: Sync {
    /// Called before the first request, and whenever the conversation knows more: the source, and
    /// how many requests there are in all, if that is known.
    fn expect(&self, source: &str, requests: Option<u64>);
    /// Called when a further answer is kept, by the name of its request. From here on it is there
    /// also if the program is killed.
    fn kept(&self, name: &str, from: AnswerFrom);
    /// Called before waiting until a moment.
    fn waiting(&self, source: &str, reason: WaitReason, until: Timestamp);
}

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFrom {
    /// It was asked for and came.
    Vendor,
    /// It was asked for, and the vendor said that the one kept before still holds.
    Confirmed,
    /// It was kept before, and nothing was asked.
    Folder,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// The source is asked only so often.
    Budget,
    /// An attempt failed; the next one comes later.
    Backoff,
    /// Another request tries whether the source is well again.
    Trial,
}

/// Fetch progress that is ignored.
#[derive(Clone, Copy, Debug)]
pub struct NoFetchProgress;

impl FetchProgress for NoFetchProgress {
    fn expect(&self, _source: &str, _requests: Option<u64>) {}
    fn kept(&self, _name: &str, _from: AnswerFrom) {}
    fn waiting(&self, _source: &str, _reason: WaitReason, _until: Timestamp) {}
}
