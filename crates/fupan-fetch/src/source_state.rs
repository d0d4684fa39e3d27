//! What is known of a source's last requests: when they were sent, and whether they failed. It is
//! kept in a small file that all threads and processes of a store share.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::settings::Pace;
use crate::wait::{LONGEST_ASKED, after};

/// A minute, and a second for requests that are not on their way equally long.
const WINDOW: Duration = Duration::from_secs(61);

/// Nobody waits longer for the budget. A time further ahead is of a clock that was wrong.
const LONGEST_QUEUE: Duration = Duration::from_secs(600);

/// The state of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceState {
    /// The last requests of a minute: when they were sent or will be, in order.
    sent: Vec<Timestamp>,
    /// How many failed since one went well.
    failures: u32,
    /// How often the source was left alone since one went well.
    rests: u32,
    /// Until when it is left alone as it failed.
    until: Option<Timestamp>,
    /// Whether one request tries if it is well again, and until when it is waited for.
    trial: Option<Timestamp>,
    /// Until when it asked to be left alone.
    held: Option<Timestamp>,
}

/// Whether a request is a new one or goes on where a redirect leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    New,
    GoesOn,
}

/// Whether a request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// At this moment, which is reserved for it.
    At(Timestamp),
    /// The source is left alone until this moment.
    Resting(Timestamp),
    /// Another request tries whether the source is well again; by this moment at the latest it is
    /// known or lost.
    Trial(Timestamp),
    /// It would be its turn only at this moment; nothing is reserved.
    Queue(Timestamp),
}

/// How a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The source answered as it should.
    Well,
    /// The source failed.
    Failed,
    /// Something else failed: nothing is known of the source.
    Unknown,
}

impl SourceState {
    /// The state of which nothing can be read: as if the budget had just been used up.
    pub fn unreadable(pace: &Pace, now: Timestamp) -> SourceState {
        SourceState { sent: vec![now; count(pace)], ..SourceState::default() }
    }

    /// Asks to send a request. `takes` is how long a trial is waited for.
    pub fn leave(&mut self, turn: Turn, pace: &Pace, takes: Duration, now: Timestamp) -> Leave {
        if let Some(until) = self.shut(now) {
            return Leave::Resting(until);
        }
        // The one that tries is not in its own way.
        if let Some(until) = self.trial.filter(|until| *until > now && turn == Turn::New) {
            return Leave::Trial(until);
        }
        let at = self.slot(pace, now);
        if at > after(now, LONGEST_QUEUE) {
            return Leave::Queue(at);
        }
        if self.until.is_some() {
            self.trial = Some(after(at, takes));
        }
        self.sent.push(at);
        Leave::At(at)
    }

    /// Until when the source is left alone, if it is.
    pub fn shut(&mut self, now: Timestamp) -> Option<Timestamp> {
        // A time further ahead was written by a clock that was wrong.
        let latest = after(now, LONGEST_ASKED);
        for time in [&mut self.until, &mut self.trial, &mut self.held] {
            *time = time.map(|time| time.min(latest));
        }
        [self.until, self.held].into_iter().flatten().filter(|until| *until > now).max()
    }

    /// The next moment at which the budget and the gap allow a request.
    fn slot(&mut self, pace: &Pace, now: Timestamp) -> Timestamp {
        if self.sent.last().is_some_and(|last| *last > after(now, LONGEST_QUEUE)) {
            self.sent = vec![now; count(pace)];
        }
        let surplus = self.sent.len().saturating_sub(count(pace));
        self.sent.drain(..surplus);
        let by_gap = self.sent.last().map(|last| after(*last, pace.gap));
        let full = self.sent.len() == count(pace);
        let by_budget = self.sent.first().filter(|_| full).map(|first| after(*first, WINDOW));
        [by_gap, by_budget].into_iter().flatten().fold(now, Timestamp::max)
    }

    /// Takes note of how a request went.
    pub fn note(&mut self, outcome: Outcome, pace: &Pace, now: Timestamp) {
        match outcome {
            Outcome::Well => {
                (self.failures, self.rests) = (0, 0);
                (self.until, self.trial) = (None, None);
            }
            Outcome::Unknown => self.trial = None,
            Outcome::Failed => {
                self.failures = self.failures.saturating_add(1);
                self.trial = None;
                // One that was on its way when the rest began does not make it longer.
                let is_resting = self.until.is_some_and(|until| until > now);
                if !is_resting && self.failures >= pace.failures.get() {
                    let doubled = 2_u32.saturating_pow(self.rests.min(31));
                    let rest = pace.rest.saturating_mul(doubled).min(pace.longest_rest);
                    self.rests = self.rests.saturating_add(1);
                    self.until = Some(after(now, rest));
                }
            }
        }
    }

    /// The source asked to be left alone for a while. That other requests go well meanwhile changes
    /// nothing.
    pub fn hold(&mut self, asked: Duration, now: Timestamp) {
        let until = after(now, asked.min(LONGEST_ASKED));
        self.held = Some(self.held.map_or(until, |held| held.max(until)));
    }
}

fn count(pace: &Pace) -> usize {
    usize::try_from(pace.per_minute.get()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn pace(per_minute: u32, gap: u64) -> Pace {
        Pace {
            per_minute: NonZeroU32::new(per_minute).unwrap(),
            gap: Duration::from_secs(gap),
            failures: NonZeroU32::new(3).unwrap(),
            rest: Duration::from_secs(60),
            longest_rest: Duration::from_secs(200),
            ..Pace::usual()
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + second).unwrap()
    }

    const TAKES: Duration = Duration::from_secs(120);

    #[test]
    fn no_minute_has_more_than_its_budget() {
        let mut state = SourceState::default();
        let pace = pace(3, 2);
        let slots: Vec<Leave> =
            (0..8).map(|_| state.leave(Turn::New, &pace, TAKES, at(0))).collect();
        let expected = [0, 2, 4, 61, 63, 65, 122, 124].map(|second| Leave::At(at(second)));
        assert_eq!(slots, expected);
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(500)), Leave::At(at(500)));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(501)), Leave::At(at(502)));
        assert!(state.sent.len() <= 4);
    }

    #[test]
    fn nobody_queues_for_ever_and_a_refused_place_is_not_taken() {
        let mut state = SourceState::default();
        let pace = pace(1, 0);
        for place in 0..10 {
            assert_eq!(state.leave(Turn::New, &pace, TAKES, at(0)), Leave::At(at(61 * place)));
        }
        for _ in 0..3 {
            assert_eq!(state.leave(Turn::New, &pace, TAKES, at(0)), Leave::Queue(at(610)));
        }
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(30)), Leave::At(at(610)));
    }

    #[test]
    fn a_clock_that_was_wrong_neither_stops_nor_frees_anything() {
        let mut state = SourceState::default();
        let pace = pace(2, 1);
        for _ in 0..2 {
            state.leave(Turn::New, &pace, TAKES, at(100_000));
        }
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(0)), Leave::At(at(61)));
        state.until = Some(at(9_000_000));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(0)), Leave::Resting(at(24 * 3600)));
        let mut unknown = SourceState::unreadable(&pace, at(0));
        assert_eq!(unknown.leave(Turn::New, &pace, TAKES, at(0)), Leave::At(at(61)));
    }

    #[test]
    fn failures_in_a_row_give_a_rest_and_then_one_trial() {
        let (mut state, pace) = (SourceState::default(), pace(60, 0));
        for failed in 0..2 {
            state.note(Outcome::Failed, &pace, at(failed));
            assert_eq!(state.shut(at(failed)), None);
        }
        state.note(Outcome::Unknown, &pace, at(2));
        state.note(Outcome::Failed, &pace, at(3));
        state.note(Outcome::Failed, &pace, at(4));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(4)), Leave::Resting(at(63)));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(63)), Leave::At(at(63)));
        // The trial is on its way; nobody else is let through, until it must be lost.
        assert_eq!(state.clone().leave(Turn::GoesOn, &pace, TAKES, at(64)), Leave::At(at(64)));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(64)), Leave::Trial(at(183)));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(183)), Leave::At(at(183)));
        state.note(Outcome::Failed, &pace, at(190));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(191)), Leave::Resting(at(310)));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(310)), Leave::At(at(310)));
        state.note(Outcome::Failed, &pace, at(311));
        // Doubled again, but for the bound.
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(312)), Leave::Resting(at(511)));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(511)), Leave::At(at(511)));
        state.note(Outcome::Well, &pace, at(512));
        for _ in 0..3 {
            assert_eq!(state.leave(Turn::New, &pace, TAKES, at(512)), Leave::At(at(512)));
        }
        assert_eq!((state.failures, state.rests), (0, 0));
    }

    #[test]
    fn one_that_goes_well_ends_a_row_of_failures() {
        let (mut state, pace) = (SourceState::default(), pace(60, 0));
        for _ in 0..5 {
            state.note(Outcome::Failed, &pace, at(0));
            state.note(Outcome::Failed, &pace, at(0));
            state.note(Outcome::Well, &pace, at(0));
        }
        assert_eq!(state.shut(at(0)), None);
    }

    #[test]
    fn a_trial_of_which_nothing_is_known_leaves_the_next_one_to_try() {
        let (mut state, pace) = (SourceState::default(), pace(60, 0));
        (0..3).for_each(|_| state.note(Outcome::Failed, &pace, at(0)));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(60)), Leave::At(at(60)));
        state.note(Outcome::Unknown, &pace, at(61));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(61)), Leave::At(at(61)));
        assert_eq!(state.leave(Turn::New, &pace, TAKES, at(61)), Leave::Trial(at(181)));
    }

    #[test]
    fn who_asks_to_be_left_alone_is() {
        let mut state = SourceState::default();
        state.hold(Duration::from_secs(900), at(0));
        state.hold(Duration::from_secs(60), at(0));
        state.note(Outcome::Well, &Pace::usual(), at(0));
        assert_eq!(state.shut(at(1)), Some(at(900)));
        // Afterwards all go on, and not one alone.
        for _ in 0..2 {
            let leave = state.leave(Turn::New, &pace(60, 0), TAKES, at(900));
            assert_eq!(leave, Leave::At(at(900)));
        }
        state.hold(Duration::from_secs(9_000_000), at(0));
        assert_eq!(state.shut(at(100)), Some(at(24 * 3600)), "a day at most");
    }

    #[test]
    fn it_is_the_same_when_it_is_read_again() {
        let (mut state, pace) = (SourceState::default(), pace(60, 0));
        state.leave(Turn::New, &pace, TAKES, at(0));
        (0..3).for_each(|_| state.note(Outcome::Failed, &pace, at(0)));
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<SourceState>(&text).unwrap(), state);
    }
}
