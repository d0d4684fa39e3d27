//! A security's identity on a date: its listing, names and status.

use serde::{Deserialize, Serialize};

use crate::codes::code_on;
use crate::name_marks::{Marks, marks};
use crate::{Calendar, FormerCode, SessionDate, Symbol};

/// One name of a security, as a source showed it on a date. Names carry the exchange's status
/// marks (`*ST`, `退`), so a dated name is dated evidence of status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NameOn {
    /// The date of the source's statement.
    pub on: SessionDate,
    /// The name as shown, marks included.
    pub name: String,
}

/// What is known of a security apart from its trading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The security, by its last code.
    pub symbol: Symbol,
    /// The codes it had before, earliest first.
    pub former: Vec<FormerCode>,
    /// First trading day, if known.
    pub listed_on: Option<SessionDate>,
    /// Last trading day, if the security has left the exchange.
    pub delisted_on: Option<SessionDate>,
    /// The issue price, if known; the base of the first day's 44 % limit before 2023-04-10.
    pub issue_price: Option<crate::Price>,
    /// Every dated name, earliest first.
    pub names: Vec<NameOn>,
}

/// Whether a security carries the exchange's risk warning (ST or *ST).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskWarning {
    /// It does not.
    No,
    /// It does.
    Yes,
    /// There is no dated evidence.
    Unknown,
}

/// How a status on a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusBasis {
    /// A name of that very date.
    Observed,
    /// The nearest names before and after agree.
    Bracketed,
    /// The day's prices rule out the status that the names imply: they went where only securities
    /// without a risk warning may.
    Disproved,
    /// No name decides; the day's prices went where only securities without a risk warning may.
    ShownByPrices,
    /// Only a name of another date exists, or the two nearest disagree: no more than a hint.
    NearestName,
    /// The names of the nearest date disagree with each other, or begin with letters that may be
    /// a mark or the name itself.
    Conflict,
    /// No name is known.
    None,
}

/// A security's special treatment on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    /// Risk warning (ST, *ST); `Unknown` if `basis` is `NearestName`, `Conflict` or `None`.
    pub risk_warning: RiskWarning,
    /// What the nearest name implies, whatever the day's prices say; `Unknown` if there is no name,
    /// or if the names of its date disagree.
    pub nearest_risk_warning: RiskWarning,
    /// An unreformed S-share: its band stays 5 %.
    pub s_share: bool,
    /// The first session of the delisting period, if the security is in it.
    pub delisting_since: Option<SessionDate>,
    /// How this is known.
    pub basis: StatusBasis,
}

impl Listing {
    /// A listing of which only the symbol is known.
    pub fn unknown(symbol: Symbol) -> Listing {
        Listing {
            symbol,
            former: Vec::new(),
            listed_on: None,
            delisted_on: None,
            issue_price: None,
            names: Vec::new(),
        }
    }

    /// The code that it trades under on a date.
    pub fn symbol_on(&self, date: SessionDate) -> Symbol {
        code_on(self.symbol, &self.former, date)
    }

    /// The name nearest to a date: of that date, else the last before it, else the first after.
    /// Marks of the day (`XD`, `N`) are left as the source showed them.
    pub fn name_on(&self, date: SessionDate) -> Option<&str> {
        let after = self.names.partition_point(|name| name.on <= date);
        let name =
            after.checked_sub(1).map_or_else(|| self.names.get(after), |i| self.names.get(i));
        name.map(|name| name.name.as_str())
    }

    /// The status on a date, with how it is known. Reads every name on each call; a
    /// [`SecurityFold`](crate::SecurityFold) reads them once.
    pub fn status_on(&self, date: SessionDate) -> Status {
        StatusHistory::of(self).on(date)
    }

    /// The dates whose names disagree on the exchange's status marks, or begin with letters that
    /// may be a mark or the name itself: on them the status is unknown.
    pub fn status_conflicts(&self) -> Vec<SessionDate> {
        StatusHistory::of(self).conflicts().collect()
    }
}

/// Two agreeing names more than this many days apart do not bracket the dates between them. A risk
/// warning lasts about a year, from one annual report to the next, so a longer gap could hide one.
const BRACKET_DAYS_MAX: i32 = 366;

/// The delisting period may have begun at most this many days before the first name with a
/// delisting mark: it never had more than 30 sessions.
const DELISTING_DAYS_MAX: i32 = 60;

/// A security's dated status marks, parsed from its names once.
#[derive(Clone, Debug)]
pub(crate) struct StatusHistory {
    /// Marks by date, earliest first, one entry per date; `None` if the names of the date disagree
    /// or do not say.
    marks: Vec<(SessionDate, Option<Marks>)>,
    /// Date of the first name with a delisting mark.
    delisting_since: Option<SessionDate>,
    /// The dates, both included, between which the delisting period may have begun; `None` if no
    /// name has its mark.
    delisting_may_begin: Option<(SessionDate, SessionDate)>,
}

impl StatusHistory {
    pub(crate) fn of(listing: &Listing) -> StatusHistory {
        let speaks = |name: &&NameOn| name.name.chars().any(char::is_alphanumeric);
        let mut marks: Vec<(SessionDate, Option<Marks>)> =
            listing.names.iter().filter(speaks).map(|name| (name.on, marks(&name.name))).collect();
        marks.sort_by_key(|(on, _)| *on);
        // Two names of one date that differ in a mark decide nothing, whichever came first.
        marks.dedup_by(|later, kept| {
            let same_date = later.0 == kept.0;
            if same_date && later.1 != kept.1 {
                kept.1 = None;
            }
            same_date
        });
        let mut agreed = marks.iter().filter_map(|(on, marks)| Some((*on, (*marks)?)));
        let mut unmarked = None;
        let delisting_since = agreed.find_map(|(on, marks)| {
            if !marks.delisting {
                unmarked = Some(on);
            }
            marks.delisting.then_some(on)
        });
        let delisting_may_begin =
            delisting_since.and_then(|since| delisting_may_begin(unmarked, since));
        StatusHistory { marks, delisting_since, delisting_may_begin }
    }

    /// The status on a date, with how it is known.
    pub(crate) fn on(&self, date: SessionDate) -> Status {
        let after = self.marks.partition_point(|(on, _)| *on <= date);
        let before = after.checked_sub(1).map(|i| self.marks[i]);
        let after = self.marks.get(after).copied();
        let basis = match (before, after) {
            (None, None) => StatusBasis::None,
            (Some((_, None)), _) | (None, Some((_, None))) => StatusBasis::Conflict,
            (Some((on, _)), _) if on == date => StatusBasis::Observed,
            (Some(b), Some(a)) if brackets(b, a) => StatusBasis::Bracketed,
            _ => StatusBasis::NearestName,
        };
        let nearest = before.or(after).and_then(|(_, marks)| marks);
        let said = match nearest {
            None => RiskWarning::Unknown,
            Some(Marks { risk_warning: true, .. }) => RiskWarning::Yes,
            Some(_) => RiskWarning::No,
        };
        let known = matches!(basis, StatusBasis::Observed | StatusBasis::Bracketed);
        Status {
            risk_warning: if known { said } else { RiskWarning::Unknown },
            nearest_risk_warning: said,
            s_share: known && nearest.is_some_and(|marks| marks.s_share),
            delisting_since: self.delisting_since.filter(|since| *since <= date),
            basis,
        }
    }

    /// The dates whose names disagree, or do not say.
    fn conflicts(&self) -> impl Iterator<Item = SessionDate> {
        self.marks.iter().filter(|(_, marks)| marks.is_none()).map(|(on, _)| *on)
    }

    /// Whether the delisting period may have begun on a date, without this being known.
    pub(crate) fn delisting_may_begin_on(&self, date: SessionDate, calendar: &Calendar) -> bool {
        // If only one session is left, the period began in it.
        self.delisting_may_begin.is_some_and(|(from, until)| {
            from <= date && date <= until && calendar.between(from, until).len() > 1
        })
    }
}

fn brackets(before: (SessionDate, Option<Marks>), after: (SessionDate, Option<Marks>)) -> bool {
    before.1.is_some()
        && before.1 == after.1
        && after.0.epoch_days() - before.0.epoch_days() <= BRACKET_DAYS_MAX
}

/// The dates on which a delisting period may have begun: after the last name without its mark and
/// up to the first with it.
fn delisting_may_begin(
    unmarked: Option<SessionDate>,
    marked: SessionDate,
) -> Option<(SessionDate, SessionDate)> {
    let days = |days| SessionDate::from_epoch_days(marked.epoch_days() - days);
    let earliest = days(DELISTING_DAYS_MAX)?;
    let from = match unmarked {
        Some(unmarked) => earliest.max(SessionDate::from_epoch_days(unmarked.epoch_days() + 1)?),
        None => earliest,
    };
    Some((from, marked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(names: &[(&str, &str)]) -> Listing {
        let names = names
            .iter()
            .map(|(on, name)| NameOn { on: on.parse().unwrap(), name: (*name).to_owned() })
            .collect();
        Listing { names, ..Listing::unknown("600589.SH".parse().unwrap()) }
    }

    fn on(date: &str) -> SessionDate {
        date.parse().unwrap()
    }

    #[test]
    fn two_agreeing_names_bracket_a_date() {
        let known = listing(&[("2026-01-09", "*ST大位"), ("2026-04-15", "ST大位")]);
        let status = known.status_on(on("2026-02-12"));
        assert_eq!((status.risk_warning, status.basis), (RiskWarning::Yes, StatusBasis::Bracketed));
    }

    #[test]
    fn a_name_of_another_date_is_only_a_hint() {
        let known = listing(&[("2026-05-28", "*ST大位")]);
        let status = known.status_on(on("2026-02-12"));
        assert_eq!(status.risk_warning, RiskWarning::Unknown);
        assert_eq!(status.nearest_risk_warning, RiskWarning::Yes);
        assert_eq!(status.basis, StatusBasis::NearestName);
    }

    #[test]
    fn disagreeing_names_leave_the_status_unknown() {
        let known = listing(&[("2026-01-09", "大位科技"), ("2026-04-15", "ST大位")]);
        assert_eq!(known.status_on(on("2026-02-12")).risk_warning, RiskWarning::Unknown);
        assert_eq!(known.status_on(on("2026-04-15")).risk_warning, RiskWarning::Yes);
    }

    #[test]
    fn names_far_apart_do_not_bracket() {
        let known = listing(&[("2013-01-04", "大位科技"), ("2026-04-15", "大位科技")]);
        let status = known.status_on(on("2020-02-12"));
        assert_eq!(status.risk_warning, RiskWarning::Unknown);
        assert_eq!(status.nearest_risk_warning, RiskWarning::No);
    }

    #[test]
    fn names_of_366_days_apart_bracket_and_those_of_a_day_more_do_not() {
        let basis = |after: &str, name: &str| {
            let known = listing(&[("2025-01-02", "*ST大位"), (after, name)]);
            known.status_on(on("2025-06-03")).basis
        };
        assert_eq!(basis("2026-01-03", "*ST大位"), StatusBasis::Bracketed);
        assert_eq!(basis("2026-01-04", "*ST大位"), StatusBasis::NearestName);
        assert_eq!(basis("2026-01-03", "大位"), StatusBasis::NearestName);
    }

    #[test]
    fn a_mark_of_an_unreformed_share_counts_where_the_status_is_known() {
        let known = listing(&[("2026-01-09", "S佳通"), ("2026-04-15", "S佳通")]);
        for (date, expected) in [
            ("2026-01-08", false),
            ("2026-01-09", true),
            ("2026-02-12", true),
            ("2026-04-16", false),
        ] {
            assert_eq!(known.status_on(on(date)).s_share, expected, "{date}");
        }
    }

    /// Never more than 30 sessions, so at most 60 days before the first name with the mark.
    #[test]
    fn a_delisting_period_began_at_most_sixty_days_before_its_first_mark() {
        let may = |names: &[(&str, &str)], date: &str| {
            let history = StatusHistory::of(&listing(names));
            history.delisting_may_begin_on(on(date), Calendar::builtin())
        };
        let marked = ("2026-03-16", "退市大位");
        for (names, date, expected) in [
            (&[marked][..], "2026-01-15", true),
            (&[marked], "2026-01-14", false),
            (&[marked], "2026-03-16", true),
            (&[marked], "2026-03-17", false),
            (&[("2025-06-03", "大位"), marked], "2026-01-15", true),
            (&[("2025-06-03", "大位"), marked], "2026-01-14", false),
            (&[("2026-03-12", "大位"), marked], "2026-03-12", false),
            (&[("2026-03-12", "大位"), marked], "2026-03-13", true),
            // Only one session is left.
            (&[("2026-03-13", "大位"), marked], "2026-03-16", false),
            (&[("2026-03-13", "大位")], "2026-03-13", false),
        ] {
            assert_eq!(may(names, date), expected, "{names:?} {date}");
        }
    }

    #[test]
    fn without_names_nothing_is_known() {
        let status = listing(&[]).status_on(on("2026-02-12"));
        assert_eq!(status.risk_warning, RiskWarning::Unknown);
        assert_eq!(status.nearest_risk_warning, RiskWarning::Unknown);
        assert_eq!((status.basis, status.s_share), (StatusBasis::None, false));
        assert_eq!(listing(&[]).name_on(on("2026-02-12")), None);
    }

    #[test]
    fn the_nearest_name_is_the_last_before_else_the_first_after() {
        let known = listing(&[("2026-01-09", "甲"), ("2026-04-15", "乙")]);
        for (date, name) in [
            ("2026-01-08", "甲"),
            ("2026-01-09", "甲"),
            ("2026-04-14", "甲"),
            ("2026-04-15", "乙"),
            ("2026-05-01", "乙"),
        ] {
            assert_eq!(known.name_on(on(date)), Some(name), "{date}");
        }
    }

    #[test]
    fn a_delisting_period_begins_with_its_mark_where_the_session_before_had_none() {
        let known = listing(&[("2026-03-13", "*ST大位"), ("2026-03-16", "退市大位")]);
        let history = StatusHistory::of(&known);
        assert_eq!(history.on(on("2026-03-13")).delisting_since, None);
        assert_eq!(history.on(on("2026-03-17")).delisting_since, Some(on("2026-03-16")));
        assert_eq!(history.on(on("2026-03-16")).risk_warning, RiskWarning::No);
        assert!(!history.delisting_may_begin_on(on("2026-03-16"), Calendar::builtin()));
        let sparse = listing(&[("2026-03-02", "*ST大位"), ("2026-03-16", "退市大位")]);
        let history = StatusHistory::of(&sparse);
        for (date, may) in [("2026-03-02", false), ("2026-03-03", true), ("2026-03-16", true)] {
            assert_eq!(
                history.delisting_may_begin_on(on(date), Calendar::builtin()),
                may,
                "{date}"
            );
        }
        assert!(!history.delisting_may_begin_on(on("2026-03-17"), Calendar::builtin()));
    }

    /// Two lists of one date, whichever is read first.
    #[test]
    fn names_of_one_date_that_disagree_leave_the_status_unknown() {
        for names in [["*ST大位", "大位科技"], ["大位科技", "*ST大位"]] {
            let [first, second] = names;
            let known = listing(&[
                ("2026-01-09", "大位科技"),
                ("2026-02-12", first),
                ("2026-02-12", second),
                ("2026-04-15", "大位科技"),
            ]);
            for date in ["2026-02-12", "2026-02-13"] {
                let status = known.status_on(on(date));
                assert_eq!(status.risk_warning, RiskWarning::Unknown, "{names:?} {date}");
                assert_eq!(status.nearest_risk_warning, RiskWarning::Unknown, "{names:?} {date}");
                assert_eq!(status.basis, StatusBasis::Conflict);
            }
            // Dates before it use the name before it, and are not bracketed.
            let before = known.status_on(on("2026-02-11"));
            assert_eq!(before.basis, StatusBasis::NearestName);
            assert_eq!(before.nearest_risk_warning, RiskWarning::No);
            assert_eq!(known.status_conflicts(), [on("2026-02-12")]);
        }
        // Other spellings of the same status are not a conflict, and neither is a blank.
        let known = listing(&[
            ("2026-02-12", "＊ＳＴ大位"),
            ("2026-02-12", "*ST 大位"),
            ("2026-02-12", "-"),
        ]);
        assert_eq!(known.status_on(on("2026-02-12")).risk_warning, RiskWarning::Yes);
        assert_eq!(known.status_conflicts(), []);
    }
}
