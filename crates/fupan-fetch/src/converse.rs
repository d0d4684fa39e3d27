//! A conversation whose answers nobody needs later: messages that are delivered.

use fupan_source::vendor::{Answer, Conversation};

use crate::error::FetchError;
use crate::fetcher::{Condition, Fetcher};
use crate::prepare::prepare;
use crate::progress::{AnswerFrom, FetchProgress};

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
        while let Some(request) = conversation.next() {
            progress.expect(request.source, conversation.requests());
            let prepared = prepare(&request, self.outside())?;
            let mut judge = |answer: &Answer<'_>| conversation.take(answer);
            self.ask(&prepared, &Condition::new(), &mut judge, progress)
                .map_err(|failed| failed.error)?;
            taken += 1;
            progress.kept(&request.name, AnswerFrom::Vendor);
        }
        Ok(taken)
    }
}
