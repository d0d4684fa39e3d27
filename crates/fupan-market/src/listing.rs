//! Who a security is on a date: its listing, its names, its status.

use serde::{Deserialize, Serialize};

use crate::{SessionDate, Symbol};

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

/// The status marks that a name carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Marks {
    risk_warning: bool,
    s_share: bool,
    delisting: bool,
}

impl Listing {
    /// A listing of which only the symbol is known.
    pub fn unknown(symbol: Symbol) -> Listing {
        Listing { symbol, listed_on: None, delisted_on: None, issue_price: None, names: Vec::new() }
    }

    /// The name nearest to a date: of that date, else the last before it, else the first after.
    /// Marks of the day (`XD`, `N`) are left as the source showed them.
    pub fn name_on(&self, date: SessionDate) -> Option<&str> {
        let (before, after) = self.around(date);
        before.or(after).map(|name| name.name.as_str())
    }

    /// The status on a date, with how it is known.
    pub fn status_on(&self, date: SessionDate) -> Status {
        let (before, after) = self.around(date);
        let basis = match (before, after) {
            (None, None) => StatusBasis::None,
            (Some(name), _) if name.on == date => StatusBasis::Observed,
            (Some(b), Some(a)) if marks(&b.name) == marks(&a.name) => StatusBasis::Bracketed,
            _ => StatusBasis::NearestName,
        };
        let nearest = before.or(after).map(|name| marks(&name.name));
        let said = match nearest {
            None => RiskWarning::Unknown,
            Some(Marks { risk_warning: true, .. }) => RiskWarning::Yes,
            Some(_) => RiskWarning::No,
        };
        let known = matches!(basis, StatusBasis::Observed | StatusBasis::Bracketed);
        Status {
            risk_warning: if known { said } else { RiskWarning::Unknown },
            nearest_risk_warning: said,
            s_share: known && nearest.is_some_and(|m| m.s_share),
            delisting_since: self.delisting_since(date),
            basis,
        }
    }

    /// The last name on or before `date`, and the first on or after it.
    fn around(&self, date: SessionDate) -> (Option<&NameOn>, Option<&NameOn>) {
        let after = self.names.partition_point(|name| name.on <= date);
        let before = after.checked_sub(1).map(|i| &self.names[i]);
        match before {
            Some(name) if name.on == date => (before, before),
            _ => (before, self.names.get(after)),
        }
    }

    /// The first dated name with a delisting mark, where one stands on or before `date`.
    fn delisting_since(&self, date: SessionDate) -> Option<SessionDate> {
        let first = self.names.iter().find(|name| marks(&name.name).delisting)?;
        (first.on <= date).then_some(first.on)
    }
}

/// Reads the exchange's marks out of a name: `*ST`, `ST`, `SST`, `S*ST`, `S`, `退市…`, `…退`,
/// behind the day's marks `XD`, `XR`, `DR`, `N`, `C` and, on ChiNext and STAR, `U`, `W` suffixes.
fn marks(name: &str) -> Marks {
    let mut rest = name.trim();
    for prefix in ["XD", "XR", "DR"] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    let risk_warning =
        ["*ST", "ST", "SST", "S*ST", "＊ST"].iter().any(|mark| rest.starts_with(mark));
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
        ] {
            assert_eq!(marks(name), Marks { risk_warning, s_share, delisting }, "{name}");
        }
    }
}
