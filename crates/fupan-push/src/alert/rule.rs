//! A condition with what belongs to it: when it is armed again, and its title.

use std::fmt;

use fupan_fact::Unit;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

use crate::alert::condition::{AlertCondition, Sign, Watched};
use crate::alert::refusal::AlertRuleError;
use crate::alert::threshold::Threshold;

/// A condition that raises alerts. In TOML a table of `when`, `rearm` and `name`; anything else in
/// it is refused. An error of serde is in English: [`AlertRuleText`] is for who says it in both
/// languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "AlertRuleText", into = "AlertRuleText")]
pub struct AlertRule {
    when: AlertCondition,
    rearm: Option<Threshold>,
    name: Option<String>,
}

/// A rule as it is written, unchecked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertRuleText {
    /// The condition, such as `limit_down_count/all-a > 50`; see [`AlertCondition`].
    pub when: String,
    /// The value at which it is armed again, in the unit of its figure, such as `45`; a whole
    /// number may be written as one.
    #[serde(default, deserialize_with = "text_or_number", skip_serializing_if = "Option::is_none")]
    pub rearm: Option<String>,
    /// The title of its alerts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl AlertRule {
    /// The condition.
    pub fn when(&self) -> &AlertCondition {
        &self.when
    }

    /// The title of its alerts, if its reader gave it one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The value at which a comparison is armed again: as written, else a twentieth of the
    /// threshold back from the first value that meets the condition, and at least one of what is
    /// counted, 0.1 of a percentage point, 10,000 yuan, 0.01 yuan of a price, 0.01 of a point or a
    /// ratio, a minute. `None` for a condition that compares no figure.
    pub(super) fn rearmed_at(&self) -> Option<Threshold> {
        let (sign, threshold) = self.when.comparison()?;
        let default = || threshold.back(sign.outward(), sign.is_met_at_it());
        Some(self.rearm.clone().unwrap_or_else(default))
    }
}

impl AlertCondition {
    fn comparison(&self) -> Option<(Sign, &Threshold)> {
        match &self.0 {
            Watched::Figure { sign, threshold, .. } | Watched::Turnover { sign, threshold, .. } => {
                Some((*sign, threshold))
            }
            _ => None,
        }
    }

    fn unit(&self) -> Option<Unit> {
        self.comparison().map(|(_, threshold)| threshold.unit())
    }
}

/// What identifies a rule, whatever its title: `limit_down_count/all-a > 50, rearm 45`.
impl fmt::Display for AlertRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rearm {
            Some(rearm) => write!(f, "{}, rearm {rearm}", self.when),
            None => write!(f, "{}", self.when),
        }
    }
}

impl From<AlertCondition> for AlertRule {
    fn from(when: AlertCondition) -> AlertRule {
        AlertRule { when, rearm: None, name: None }
    }
}

impl TryFrom<AlertRuleText> for AlertRule {
    type Error = AlertRuleError;

    /// # Errors
    /// If `when` is no condition, if `rearm` is no number in its unit, is not on the side of the
    /// threshold where the condition does not hold, or stands with a condition that compares
    /// nothing.
    fn try_from(text: AlertRuleText) -> Result<AlertRule, AlertRuleError> {
        let when: AlertCondition = text.when.parse()?;
        let name = text.name.filter(|name| !name.trim().is_empty());
        let Some(written) = text.rearm else { return Ok(AlertRule { when, rearm: None, name }) };
        let (Some((sign, threshold)), Some(unit)) = (when.comparison(), when.unit()) else {
            return Err(AlertRuleError::new(
                format!("`{when}` compares no figure, so it has no `rearm`: leave it out"),
                format!("`{when}`不比较数字，没有`rearm`：请删去它"),
            ));
        };
        let rearm = Threshold::read(&written, unit)?;
        if sign.is_met(rearm.order(threshold)) {
            let side = match sign.outward() {
                std::cmp::Ordering::Greater => ("below", "低于"),
                _ => ("above", "高于"),
            };
            return Err(AlertRuleError::new(
                format!(
                    "at `{rearm}` the condition `{when}` still holds: write a `rearm` {} \
                     `{threshold}`",
                    side.0
                ),
                format!(
                    "在`{rearm}`处条件`{when}`仍然成立：`rearm`请写{}`{threshold}`的值",
                    side.1
                ),
            ));
        }
        Ok(AlertRule { when, rearm: Some(rearm), name })
    }
}

impl From<AlertRule> for AlertRuleText {
    fn from(rule: AlertRule) -> AlertRuleText {
        let rearm = rule.rearm.map(|rearm| rearm.to_string());
        AlertRuleText { when: rule.when.to_string(), rearm, name: rule.name }
    }
}

/// Reads a text, or a whole number as its text.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct TextOrNumber;
    impl Visitor<'_> for TextOrNumber {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text such as \"2.5%\", or a whole number")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Option<String>, E> {
            Ok(Some(text.to_owned()))
        }

        fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Option<String>, E> {
            Ok(Some(number.to_string()))
        }

        fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Option<String>, E> {
            Ok(Some(number.to_string()))
        }
    }
    deserializer.deserialize_any(TextOrNumber)
}
