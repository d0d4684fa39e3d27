//! A conversation whose answers are kept in no folder: messages that are delivered, and snapshots that
//! whoever asks keeps in its own way.

use fupan_source::vendor::{Answer, Conversation};

use crate::error::FetchError;
use crate::fetcher::{Condition, Fetcher};
use crate::progress::{AnswerFrom, FetchProgress};
use crate::reply::Reply;

impl Fetcher {
    /// Sends the requests of a conversation one after the other, each until its answer is taken, and
    /// keeps nothing. Returns how many there were.
    ///
    /// A request whose answer was lost on the way is sent again, so the other side may have it twice.
    ///
    /// # Errors
    /// If a request has no answer, or one that is refused; the conversation then stands at it.
    pub fn converse(
        &self,
        conversation: &mut dyn Conversation,
        progress: &dyn FetchProgress,
    ) -> Result<u64, FetchError> {
        let mut taken = 0;
        self.hear(conversation, progress, &mut |_, _| taken += 1)?;
        Ok(taken)
    }

    /// The same; each answer that is taken is handed on, with the name of its request.
    ///
    /// # Errors
    /// As for [`Fetcher::converse`]; what was taken before is handed on.
    pub fn hear(
        &self,
        conversation: &mut dyn Conversation,
        progress: &dyn FetchProgress,
        heard: &mut dyn FnMut(&str, Reply),
    ) -> Result<(), FetchError> {
        while let Some(request) = conversation.next() {
            progress.expect(request.source, conversation.requests());
            let prepared = self.prepared(&request)?;
            let mut judge = |answer: &Answer<'_>| conversation.take(answer);
            let reply = self
                .ask(&prepared, &Condition::new(), &mut judge, progress)
                .map_err(|failed| failed.error)?;
            heard(&request.name, reply);
            progress.kept(&request.name, AnswerFrom::Vendor);
        }
        Ok(())
    }
}
