//! A conversation with a vendor, whose answers are kept as files.

mod manifest;
mod shelf;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fupan_market::InLanguage as _;
use fupan_source::vendor::{Answer, Body, Conversation, Request};
use serde_json::Value;
use ureq::http::{HeaderValue, header};

use self::manifest::described;
pub use self::manifest::{KeptAnswer, Manifest};
use self::shelf::Shelf;
pub use self::shelf::{kept_bytes, whole_dataset};
use crate::error::FetchError;
use crate::fault::FetchFault;
use crate::fetcher::{Condition, Failed, Fetcher};
use crate::prepare::Prepared;
use crate::progress::{AnswerFrom, FetchProgress};
use crate::reply::Reply;
use crate::secrets::Secrets;

/// What becomes of answers that are kept already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// They are taken, and nothing is asked: for what does not change, such as a past session.
    AsKept,
    /// They are asked for again; a vendor that can say that one has not changed is asked only that.
    Checked,
}

/// What a conversation brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Gathered {
    /// The folder of the answers.
    pub folder: PathBuf,
    /// The answers; it is whole.
    pub manifest: Manifest,
    /// How many answers the vendor sent.
    pub sent: u64,
    /// How many it confirmed.
    pub confirmed: u64,
    /// How many were there without asking.
    pub found: u64,
}

/// The state of a fetch: the folder, and what was counted.
struct Run {
    shelf: Shelf,
    names: BTreeSet<String>,
    order: Vec<String>,
    counts: [u64; 3],
}

impl Fetcher {
    /// Runs a conversation to its end and keeps its answers in a folder, which is made if it is not
    /// there. Where answers are kept already from an earlier run, it goes on from them. `None` if the
    /// conversation has no request.
    ///
    /// Every answer is there as soon as `progress` is told that it is kept, also after a crash. The
    /// folder is read by others only once its manifest says that it is whole.
    ///
    /// # Errors
    /// If another process fetches into the folder, a request has no answer, an answer is refused, or
    /// the folder cannot be written. What was kept stays, and the next run goes on from it, unless the
    /// refused answer contradicts it.
    pub fn fetch(
        &self,
        conversation: &mut dyn Conversation,
        folder: &Path,
        freshness: Freshness,
        progress: &dyn FetchProgress,
    ) -> Result<Option<Gathered>, FetchError> {
        let Some(first) = conversation.next() else { return Ok(None) };
        let shelf = Shelf::open(folder, first.source)?;
        let mut run = Run { shelf, names: BTreeSet::new(), order: Vec::new(), counts: [0; 3] };
        let mut next = Some(first);
        let mut expected = None;
        progress.expect(run.shelf.manifest.source.as_str(), conversation.requests());
        while let Some(request) = next {
            let source = request.source;
            if source != run.shelf.manifest.source {
                let (folder, held) = (folder.to_owned(), run.shelf.manifest.source.clone());
                return Err(FetchError::OtherSource { folder, source, held });
            }
            let is_surplus = run.names.len() as u64 >= self.settings.bounds.requests;
            if is_surplus || !run.names.insert(request.name.clone()) {
                return Err(FetchError::Endless { source, name: request.name });
            }
            let answered = self.answered(conversation, &request, freshness, &mut run, progress);
            if answered.is_err() && conversation.contradicts() {
                run.shelf.distrust()?;
            }
            let from = answered?;
            let [sent, confirmed, found] = &mut run.counts;
            *match from {
                AnswerFrom::Vendor => sent,
                AnswerFrom::Confirmed => confirmed,
                AnswerFrom::Folder => found,
            } += 1;
            progress.kept(&request.name, from);
            run.order.push(request.name);
            if conversation.requests() != expected {
                expected = conversation.requests();
                progress.expect(source, expected);
            }
            next = conversation.next();
        }
        let Run { mut shelf, order, counts: [sent, confirmed, found], .. } = run;
        shelf.finish(order)?;
        let (folder, manifest) = (folder.to_owned(), shelf.manifest.clone());
        Ok(Some(Gathered { folder, manifest, sent, confirmed, found }))
    }

    /// Takes the word of no answer in a folder any more: they turned out not to be what they seemed.
    /// The next fetch into it asks for all of them again; until then their files stay there.
    ///
    /// # Errors
    /// If another process fetches into the folder, or it cannot be written.
    pub fn distrust(&self, folder: &Path, source: &'static str) -> Result<(), FetchError> {
        Shelf::open(folder, source)?.distrust()
    }

    /// Brings one answer into the folder and the conversation.
    fn answered(
        &self,
        conversation: &mut dyn Conversation,
        request: &Request,
        freshness: Freshness,
        run: &mut Run,
        progress: &dyn FetchProgress,
    ) -> Result<AnswerFrom, FetchError> {
        // What is kept is found without a key too.
        let prepared = self.prepared(request);
        let none = Secrets::none();
        let secrets = prepared.as_ref().map_or(&none, |prepared| &prepared.secrets);
        let told = described(request, secrets);
        let kept = self.kept(&run.shelf, &request.name, &told)?;
        let mut condition = Condition::new();
        if let Some((answer, bytes)) = &kept {
            if freshness == Freshness::AsKept && is_taken(conversation, answer, bytes) {
                return Ok(AnswerFrom::Folder);
            }
            if freshness == Freshness::Checked {
                condition = condition_of(request, answer);
            }
        }
        let prepared = prepared?;
        let mut reply =
            self.judged_by(conversation, &prepared, &told, &condition, &run.shelf, progress)?;
        if reply.status == 304
            && let Some((answer, bytes)) = kept
        {
            if is_taken(conversation, &answer, &bytes) {
                let confirmed = Some(reply.at);
                run.shelf.count(&request.name, KeptAnswer { confirmed, ..answer })?;
                return Ok(AnswerFrom::Confirmed);
            }
            // What has not changed is not what is looked for: it is asked for in full.
            let no = Condition::new();
            reply = self.judged_by(conversation, &prepared, &told, &no, &run.shelf, progress)?;
        }
        let answer = KeptAnswer::of(&request.name, told, &reply);
        run.shelf.keep(&request.name, answer, &reply.body)?;
        Ok(AnswerFrom::Vendor)
    }

    /// A kept answer to the same request whose bytes are as they were.
    fn kept(
        &self,
        shelf: &Shelf,
        name: &str,
        told: &Value,
    ) -> Result<Option<(KeptAnswer, Vec<u8>)>, FetchError> {
        let answer = shelf.manifest.answers.get(name);
        let Some(answer) = answer.filter(|answer| {
            answer.request == *told && answer.bytes <= self.settings.bounds.unpacked
        }) else {
            return Ok(None);
        };
        Ok(shelf.read(answer)?.map(|bytes| (answer.clone(), bytes)))
    }

    /// Asks the vendor; the conversation judges. One that it refuses is kept apart.
    fn judged_by(
        &self,
        conversation: &mut dyn Conversation,
        prepared: &Prepared,
        told: &Value,
        condition: &Condition,
        shelf: &Shelf,
        progress: &dyn FetchProgress,
    ) -> Result<Reply, FetchError> {
        let mut judge = |answer: &Answer<'_>| conversation.take(answer);
        let failed = match self.ask(prepared, condition, &mut judge, progress) {
            Ok(reply) => return Ok(reply),
            Err(failed) => failed,
        };
        let Failed { mut error, answer } = *failed;
        let reason = match &error {
            FetchError::Unanswered { fault: FetchFault::NotKept(reason), .. }
            | FetchError::Resting { fault: Some(FetchFault::NotKept(reason)), .. }
            | FetchError::Never { reason, .. } => reason.clone(),
            other => other.wording(),
        };
        if let Some(mut reply) = answer {
            prepared.secrets.scrub_refused(&mut reply.body);
            let most = self.settings.bounds.refused;
            let path = shelf.keep_refused(&prepared.name, told, &reply, (&reason, most))?;
            if let FetchError::Unanswered { kept, .. } | FetchError::Never { kept, .. } = &mut error
            {
                *kept = path.map(PathBuf::into_boxed_path);
            }
        }
        Err(error)
    }
}

/// Whether the conversation takes a kept answer. It may refuse one that it would not refuse had it
/// come just now, as one of yesterday.
fn is_taken(conversation: &mut dyn Conversation, answer: &KeptAnswer, bytes: &[u8]) -> bool {
    let media_type = answer.media_type.as_deref();
    conversation.take(&Answer { status: answer.status, media_type, body: bytes }).is_ok()
}

/// The headers that ask whether an answer still holds; none if the vendor gave no mark.
fn condition_of(request: &Request, answer: &KeptAnswer) -> Condition {
    if request.body != Body::None {
        return Condition::new();
    }
    let marks =
        [(header::IF_NONE_MATCH, &answer.etag), (header::IF_MODIFIED_SINCE, &answer.last_modified)];
    let value = |mark: &Option<String>| HeaderValue::from_str(mark.as_deref()?).ok();
    marks.into_iter().filter_map(|(name, mark)| Some((name, value(mark)?))).collect()
}

#[cfg(test)]
mod tests;
