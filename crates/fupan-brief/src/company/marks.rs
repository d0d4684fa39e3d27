//! What exchanges put before and after a company's name.

use super::is_han;

/// Marks before a name and how they are printed before an English one. Those of a day, such as
/// the first one without the dividend, say nothing of the company and are left out.
const BEFORE: [(&str, &str, Kind); 12] = [
    ("S*ST", "S*ST ", Kind::Status),
    ("*ST", "*ST ", Kind::Status),
    ("SST", "SST ", Kind::Status),
    ("ST", "ST ", Kind::Status),
    ("退市", "Delisting ", Kind::Status),
    ("XD", "", Kind::Day),
    ("XR", "", Kind::Day),
    ("DR", "", Kind::Day),
    ("N", "", Kind::Day),
    ("C", "", Kind::Day),
    ("S", "", Kind::Status),
    ("G", "", Kind::Status),
];

/// Whether a mark is of a company or of a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Status,
    Day,
}

/// A name without its marks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marked<'a> {
    /// The mark of the company's status as it is printed before the name; may be empty.
    pub(super) status: &'static str,
    /// Whether a mark of the day was there, for which the exchange cuts the name short.
    pub(super) of_day: bool,
    /// The name itself.
    pub(super) name: &'a str,
}

/// Takes the marks off a name that `shown_name` has made plain.
pub(super) fn split(name: &str) -> Marked<'_> {
    let mut marked = before(name).unwrap_or(Marked { status: "", of_day: false, name });
    marked.name = without_shares(marked.name);
    if let Some(rest) = marked.name.strip_suffix('退').filter(|rest| ends_in_han(rest)) {
        (marked.name, marked.status) = (rest, "Delisting ");
    }
    marked
}

/// The name after its marks, if there are some: what follows a mark is Chinese or a mark.
fn before(name: &str) -> Option<Marked<'_>> {
    BEFORE.iter().find_map(|(mark, printed, kind)| {
        let (head, rest) = name.split_at_checked(mark.len())?;
        if !head.eq_ignore_ascii_case(mark) {
            return None;
        }
        let of_name = || Marked { status: "", of_day: false, name: rest };
        let more = before(rest).or_else(|| rest.starts_with(is_han).then(of_name))?;
        let status = if more.status.is_empty() { printed } else { more.status };
        Some(Marked { status, of_day: more.of_day || *kind == Kind::Day, name: more.name })
    })
}

/// A name without what says which shares of the company these are: `-U`, `-W`, `A`.
fn without_shares(name: &str) -> &str {
    let of_rights = |letters: &str| {
        (1..=3).contains(&letters.len()) && letters.chars().all(|c| "DSUVW".contains(c))
    };
    let name = match name.rsplit_once('-') {
        Some((rest, letters)) if of_rights(letters) && !rest.is_empty() => rest,
        _ => name,
    };
    name.strip_suffix('A').filter(|rest| ends_in_han(rest)).unwrap_or(name)
}

fn ends_in_han(name: &str) -> bool {
    name.ends_with(is_han)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_from_names() {
        for (text, status, of_day, name) in [
            ("大位科技", "", false, "大位科技"),
            ("ST亚振", "ST ", false, "亚振"),
            ("*ST亚振", "*ST ", false, "亚振"),
            ("*st亚振", "*ST ", false, "亚振"),
            ("S*ST佳通", "S*ST ", false, "佳通"),
            ("SST佳通", "SST ", false, "佳通"),
            ("S佳通", "", false, "佳通"),
            ("G佳通", "", false, "佳通"),
            ("N新股", "", true, "新股"),
            ("C新股", "", true, "新股"),
            ("XD铁大科", "", true, "铁大科"),
            ("XR铁大科", "", true, "铁大科"),
            ("DR铁大科", "", true, "铁大科"),
            ("XD*ST铁", "*ST ", true, "铁"),
            ("C新股-U", "", true, "新股"),
            ("优刻得-W", "", false, "优刻得"),
            ("某某-U", "", false, "某某"),
            ("某某-UW", "", false, "某某"),
            ("某某-SW", "", false, "某某"),
            ("九号公司-WD", "", false, "九号公司"),
            ("某某-X", "", false, "某某-X"),
            ("-U", "", false, "-U"),
            ("万科A", "", false, "万科"),
            ("深物业B", "", false, "深物业B"),
            ("退市海医", "Delisting ", false, "海医"),
            ("海医退", "Delisting ", false, "海医"),
            // Latin names that begin or end like a mark.
            ("TCL科技", "", false, "TCL科技"),
            ("STAR", "", false, "STAR"),
            ("ST", "", false, "ST"),
            ("NCA", "", false, "NCA"),
            ("退", "", false, "退"),
            ("", "", false, ""),
        ] {
            assert_eq!(split(text), Marked { status, of_day, name }, "{text}");
        }
    }
}
