//! Pushes a brief, a midday edition or an alert to phones: a text becomes parts that a channel
//! takes, and parts become requests. Nothing is sent here, and no clock is read.
//!
//! A [`PushMessage`] is the text; [`Channel::parts`] sets it in the channel's own markup within its
//! limit; [`Push`] is the conversation that whoever sends requests holds with the channel. An email
//! is a [`Mail`].
//!
//! An [`AlertWatch`] sees the facts of one instant of a session after the other and raises an
//! [`Alert`] when a condition of a reader's [`AlertRule`]s comes to hold.

mod alert;
mod channel;
mod cut;
mod dialect;
mod email;
mod error;
mod image;
mod judge;
mod line;
mod message;
mod push;
mod split;
mod webhook;

pub use alert::{
    Alert, AlertCondition, AlertFact, AlertRule, AlertRuleError, AlertRuleText, AlertState,
    AlertWatch, UnknownAlert,
};
pub use channel::{Channel, MessagePart, RobotSecurity, TELEGRAM_API};
pub use email::{Mail, MailAddresses};
pub use error::PushError;
pub use image::ShareImage;
pub use message::{Edition, PushMessage, ROWS_SHORT};
pub use push::Push;
pub use split::PARTS_MAX;
