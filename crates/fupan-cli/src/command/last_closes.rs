//! The last closes of a share or a fund as a picture.

use fupan::{Price, SecurityKind, SecurityReview};

use crate::terminal;

/// The last closes as a row of bars, with the lowest and the highest.
pub fn lately(review: &SecurityReview) -> Option<String> {
    let days = &review.lately;
    let (first, ..) = days.first()?;
    // Each close in shares of the first one's level, so that an ex-rights day makes no step.
    let mut level = 1.0_f64;
    let levels: Vec<f64> = days
        .iter()
        .map(|(_, prev_close, close)| {
            let prev_close = prev_close.map_or(close.to_f64(), Price::to_f64);
            if prev_close > 0.0 {
                level *= close.to_f64() / prev_close;
            }
            level
        })
        .collect();
    let bars = terminal::drawn(&levels);
    let closes = || days.iter().map(|(.., close)| *close);
    let (lowest, highest) = (closes().min()?, closes().max()?);
    let (sessions, last) = (days.len(), review.facts.session);
    if review.symbol.kind() == SecurityKind::Fund {
        return Some(terminal::say(
            format!(
                "{bars}  {sessions} traded sessions from {first} to {last}, by each day's return; \
                 closes from {lowest} to {highest}"
            ),
            format!(
                "{bars}  {first}至{last}的{sessions}个有成交的交易日，按各日涨跌幅连接；收盘价{lowest}至{highest}"
            ),
        ));
    }
    Some(terminal::say(
        format!(
            "{bars}  {sessions} traded sessions from {first} to {last}, drawn across ex-rights \
             days; closes from {lowest} to {highest}"
        ),
        format!(
            "{bars}  {first}至{last}的{sessions}个有成交的交易日，除权除息日已接续；收盘价{lowest}至{highest}"
        ),
    ))
}
