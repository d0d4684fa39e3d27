//! Who a security is on a date: its listing, its names, its status.

use serde::{Deserialize, Serialize};

use crate::{Calendar, SessionDate, Symbol};

/// One name of a security, as a source showed it on a date. Names carry the exchange's status
/// marks (`*ST`, `退`), so a dated name is dated evidence of status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NameOn {
    /// The date the source spoke of.
    pub on: SessionDate,
    /// The name as shown, marks included.
    pub name: String,
}

/// What is known of a security apart from its trading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The security.
    pub symbol: Symbol,
    /// First trading day, where known.
    pub listed_on: Option<SessionDate>,
    /// Last trading day, where the security has left the exchange.
    pub delisted_on: Option<SessionDate>,
    /// The issue price, where known; the base of the first day's 44 % limit before 2023-04-10.
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
    /// Nothing dated says.
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
    /// Only a name of another date exists, or the two nearest disagree: it is a hint, no more.
    NearestName,
    /// No name is known.
    None,
}

/// A security's special treatment on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    /// Risk warning (ST, *ST); `Unknown` where `basis` is `NearestName` or `None`.
    pub risk_warning: RiskWarning,
    /// What the nearest name says, where `basis` is `NearestName`; otherwise as `risk_warning`.
    pub nearest_risk_warning: RiskWarning,
    /// An unreformed S-share: its band stays 5 %.
    pub s_share: bool,
    /// The first session of the delisting period, where the security is in it.
    pub delisting_since: Option<SessionDate>,
    /// How this is known.
    pub basis: StatusBasis,
}

impl Listing {
    /// A listing of which only the symbol is known.
    pub fn unknown(symbol: Symbol) -> Listing {
        Listing { symbol, listed_on: None, delisted_on: None, issue_price: None, names: Vec::new() }
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
}

/// Days between two agreeing names beyond which they no longer bracket the dates between them: a
/// risk warning lasts about a year from one annual report to the next, so that a longer gap could
/// hide one.
const BRACKET_DAYS_MAX: i32 = 366;

/// Days before the first name with a delisting mark in which the delisting period may have begun:
/// it never had more than 30 sessions.
const DELISTING_DAYS_MAX: i32 = 60;

/// The status marks that a name carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Marks {
    risk_warning: bool,
    s_share: bool,
    delisting: bool,
}

/// A security's dated status marks, read out of its names once.
#[derive(Clone, Debug)]
pub(crate) struct StatusHistory {
    /// Marks by date, earliest first.
    marks: Vec<(SessionDate, Marks)>,
    /// Date of the first name with a delisting mark.
    delisting_since: Option<SessionDate>,
    /// Dates, both included, on which the delisting period may have begun; `None` where its
    /// first session is known or there is none.
    delisting_may_begin: Option<(SessionDate, SessionDate)>,
}

impl StatusHistory {
    pub(crate) fn of(listing: &Listing) -> StatusHistory {
        let mut marks: Vec<(SessionDate, Marks)> =
            listing.names.iter().map(|name| (name.on, marks(&name.name))).collect();
        marks.sort_by_key(|(on, _)| *on);
        let first = marks.iter().position(|(_, marks)| marks.delisting);
        let delisting_since = first.map(|first| marks[first].0);
        let delisting_may_begin = first.and_then(|first| {
            let unmarked = first.checked_sub(1).map(|before| marks[before].0);
            delisting_may_begin(unmarked, marks[first].0)
        });
        StatusHistory { marks, delisting_since, delisting_may_begin }
    }

    /// The status on a date, with how it is known.
    pub(crate) fn on(&self, date: SessionDate) -> Status {
        let after = self.marks.partition_point(|(on, _)| *on <= date);
        let before = after.checked_sub(1).map(|i| self.marks[i]);
        let after = self.marks.get(after).copied();
        let basis = match (before, after) {
            (None, None) => StatusBasis::None,
            (Some((on, _)), _) if on == date => StatusBasis::Observed,
            (Some(b), Some(a)) if brackets(b, a) => StatusBasis::Bracketed,
            _ => StatusBasis::NearestName,
        };
        let nearest = before.or(after).map(|(_, marks)| marks);
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

    /// Whether the delisting period may have begun on a date, without it being known.
    pub(crate) fn delisting_may_begin_on(&self, date: SessionDate) -> bool {
        self.delisting_may_begin.is_some_and(|(from, until)| from <= date && date <= until)
    }
}

fn brackets(before: (SessionDate, Marks), after: (SessionDate, Marks)) -> bool {
    before.1 == after.1 && after.0.epoch_days() - before.0.epoch_days() <= BRACKET_DAYS_MAX
}

/// The dates on which a delisting period may have begun: after the last name without its mark and
/// up to the first with it; `None` where that leaves one session only.
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
    (Calendar::builtin().between(from, marked).len() > 1).then_some((from, marked))
}

/// Reads the exchange's marks out of a name: `*ST`, `ST`, `SST`, `S*ST`, `S`, `退市…`, `…退`,
/// behind the day's marks `XD`, `XR`, `DR`, `N`, `C` and, on ChiNext and STAR, `U`, `W` suffixes.
fn marks(name: &str) -> Marks {
    let mut rest = name.trim();
    for prefix in ["XD", "XR", "DR"] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    const WARNED: [&str; 6] = ["*ST", "ST", "SST", "S*ST", "＊ST", "S＊ST"];
    let warned = |name: &str| WARNED.iter().any(|mark| name.starts_with(mark));
    // `N` (first day) and `G` (reformed, 2005 and 2006) before a status mark; otherwise a name may
    // begin with these letters.
    let behind = ["N", "G"].iter().find_map(|mark| rest.strip_prefix(mark));
    let rest = behind.filter(|name| warned(name)).unwrap_or(rest);
    let risk_warning = warned(rest);
    let s_share = rest.starts_with('S') && !rest.starts_with("ST");
    let delisting = rest.starts_with("退市") || rest.ends_with('退');
    Marks { risk_warning, s_share, delisting }
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
        assert!(!history.delisting_may_begin_on(on("2026-03-16")));
        let sparse = listing(&[("2026-03-02", "*ST大位"), ("2026-03-16", "退市大位")]);
        let history = StatusHistory::of(&sparse);
        for (date, may) in [("2026-03-02", false), ("2026-03-03", true), ("2026-03-16", true)] {
            assert_eq!(history.delisting_may_begin_on(on(date)), may, "{date}");
        }
        assert!(!history.delisting_may_begin_on(on("2026-03-17")));
    }

    #[test]
    fn marks_of_the_day_do_not_hide_the_status() {
        for (name, risk_warning, s_share, delisting) in [
            ("平安银行", false, false, false),
            ("XDST大位", true, false, false),
            ("S佳通", false, true, false),
            ("SST华新", true, true, false),
            ("S*ST前锋", true, true, false),
            ("退市海医", false, false, true),
            ("中程退", false, false, true),
            ("N易思", false, false, false),
            ("N*ST炎黄", true, false, false),
            ("G*ST金帝", true, false, false),
            ("DR*ST大位", true, false, false),
            ("百济神州-U", false, false, false),
            ("  ST 中珠 ", true, false, false),
            ("＊ST大位", true, false, false),
        ] {
            assert_eq!(marks(name), Marks { risk_warning, s_share, delisting }, "{name}");
        }
    }
}
