//! Why a condition of an alert cannot be taken as it is written.

use std::fmt;

use fupan_market::{InLanguage, Wording};

/// A condition, or the value at which it is armed again, cannot be taken as it is written. The
/// message says what is wrong and gives an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRuleError(Wording);

impl AlertRuleError {
    pub(super) fn new(en: impl Into<String>, zh: impl Into<String>) -> AlertRuleError {
        AlertRuleError(Wording::new(en, zh))
    }

    /// What another reader of a part of the text says of it.
    pub(super) fn of(refused: &impl InLanguage) -> AlertRuleError {
        AlertRuleError(refused.wording())
    }
}

impl fmt::Display for AlertRuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl std::error::Error for AlertRuleError {}

impl InLanguage for AlertRuleError {
    fn wording(&self) -> Wording {
        self.0.clone()
    }
}
