//! A message on its way: its parts are sent one after the other.

use fupan_brief::MarketColours;
use fupan_market::Wording;
use fupan_source::vendor::{Answer, Conversation, Refused, Request};

use crate::channel::Channel;
use crate::error::PushError;
use crate::image::ShareImage;
use crate::judge::judge;
use crate::message::PushMessage;

/// A message to a channel: the picture first, if there is one, then the parts in order. A part is
/// next only once the one before it was accepted.
#[derive(Clone, Debug)]
pub struct Push {
    channel: Channel,
    requests: Vec<Request>,
    accepted: usize,
}

impl Push {
    /// Prepares a message for a channel. Where a channel takes no picture from a robot (Feishu,
    /// DingTalk, a webhook), `image` is not sent.
    ///
    /// # Errors
    /// If the text would have more than [`PARTS_MAX`](crate::PARTS_MAX) parts, or the channel does not take such a
    /// picture; then the message can be sent without it.
    pub fn new(
        message: &PushMessage,
        image: Option<&ShareImage>,
        channel: &Channel,
        colours: MarketColours,
    ) -> Result<Push, PushError> {
        let image = image.map(|image| image.request(channel, &message.label)).transpose()?;
        let parts = channel.parts(message, colours)?;
        let parts = parts.iter().map(|part| channel.request(part));
        let requests = image.flatten().into_iter().chain(parts).collect();
        Ok(Push { channel: channel.clone(), requests, accepted: 0 })
    }

    /// How many requests there are.
    pub fn requests(&self) -> usize {
        self.requests.len()
    }

    /// How many of them were accepted.
    pub fn accepted(&self) -> usize {
        self.accepted
    }

    /// Goes on after requests that were accepted before, in a push of the same message.
    pub fn resume(&mut self, accepted: usize) {
        self.accepted = accepted.min(self.requests.len());
    }

    /// A reason with the part that it is about.
    fn placed(&self, reason: Wording) -> Wording {
        let (place, of) = (self.accepted + 1, self.requests.len());
        if of < 2 {
            return reason;
        }
        Wording::new(
            format!("message {place} of {of}: {}", reason.en),
            format!("第{place}条（共{of}条）：{}", reason.zh),
        )
    }
}

impl Conversation for Push {
    fn next(&self) -> Option<Request> {
        self.requests.get(self.accepted).cloned()
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        match judge(&self.channel, answer) {
            Ok(()) => {
                self.accepted = (self.accepted + 1).min(self.requests.len());
                Ok(())
            }
            Err(Refused::Again { reason, after }) => {
                Err(Refused::Again { reason: self.placed(reason), after })
            }
            Err(Refused::Never { reason }) => Err(Refused::Never { reason: self.placed(reason) }),
        }
    }
}
