//! What the members of groups did in the sessions before one.

use std::collections::HashMap;
use std::sync::Arc;

use crate::{GroupId, PastReturns, SessionDate};

/// What figures of groups look back on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GroupsPast {
    /// Nothing was read.
    #[default]
    Unread,
    /// The returns of single securities, of which the groups' days are worked out.
    Returns(Arc<PastReturns>),
    /// The groups' days, as they were kept.
    Kept(Arc<GroupHistory>),
}

/// What a group's members of one session did in it: sums, of which its figures are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupDay {
    /// The sum of the members' returns, in parts per billion.
    pub returns: i64,
    /// Members with a return.
    pub priced: u32,
    /// Members that traded, and whose return is not known.
    pub unpriced: u32,
    /// The members' turnover, in fen.
    pub turnover: i64,
    /// Members whose turnover is estimated.
    pub estimated: u32,
    /// Whether a member is in it only by an observation after the session.
    pub is_of_later: bool,
}

impl GroupDay {
    /// Whether a member traded.
    pub fn has_trade(&self) -> bool {
        self.priced + self.unpriced > 0
    }
}

/// The days of groups in the sessions just before one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupHistory {
    sessions: Vec<SessionDate>,
    rows: HashMap<GroupId, usize>,
    /// By session and then by row, as they are stored. A session's end with its last group, so that
    /// rows after it have no day.
    days: Vec<Vec<GroupDay>>,
}

impl GroupHistory {
    /// A history without groups. `sessions` follow each other in the calendar, earliest first.
    pub fn new(sessions: Vec<SessionDate>) -> GroupHistory {
        let days = vec![Vec::new(); sessions.len()];
        GroupHistory { sessions, days, ..GroupHistory::default() }
    }

    /// The row of a group, which is added if it is not there.
    pub fn row(&mut self, group: GroupId) -> usize {
        let next = self.rows.len();
        *self.rows.entry(group).or_insert(next)
    }

    /// The place of a session; `None` if it is not among those of the history.
    pub fn place(&self, session: SessionDate) -> Option<usize> {
        self.sessions.binary_search(&session).ok()
    }

    /// Records a group's day in the session at a place.
    ///
    /// # Panics
    /// If no session has the place.
    pub fn set(&mut self, row: usize, place: usize, day: GroupDay) {
        let days = &mut self.days[place];
        if days.len() <= row {
            days.reserve(self.rows.len().saturating_sub(days.len()));
            days.resize(row + 1, GroupDay::default());
        }
        days[row] = day;
    }

    /// The sessions, earliest first.
    pub fn sessions(&self) -> &[SessionDate] {
        &self.sessions
    }

    /// A group's days in the order of the sessions; `None` if it has none.
    pub fn of(&self, group: &GroupId) -> Option<Vec<GroupDay>> {
        let row = *self.rows.get(group)?;
        let day = |days: &Vec<GroupDay>| days.get(row).copied().unwrap_or_default();
        Some(self.days.iter().map(day).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_a_day_in_each_session() {
        let on = |text: &str| text.parse::<SessionDate>().unwrap();
        let group = |text: &str| text.parse::<GroupId>().unwrap();
        let mut history = GroupHistory::new(vec![on("2026-02-10"), on("2026-02-11")]);
        let day = GroupDay { priced: 3, ..GroupDay::default() };
        let (steel, coal) = (history.row(group("sw1.801040")), history.row(group("sw1.801950")));
        assert_eq!((steel, history.row(group("sw1.801040")), coal), (0, 0, 1));
        let place = ["2026-02-09", "2026-02-10", "2026-02-11"].map(|text| history.place(on(text)));
        assert_eq!(place, [None, Some(0), Some(1)]);
        history.set(steel, 1, day);
        history.set(coal, 0, day);
        assert_eq!(history.of(&group("sw1.801040")), Some(vec![GroupDay::default(), day]));
        assert_eq!(history.of(&group("sw1.801950")), Some(vec![day, GroupDay::default()]));
        assert_eq!(history.of(&group("sw1.801120")), None);
        assert!(day.has_trade() && !GroupDay::default().has_trade());
        assert_eq!(GroupHistory::default().of(&group("sw1.801120")), None);
    }
}
