//! Which codes belong to one security.

use std::collections::BTreeMap;

use crate::{SessionDate, Symbol};

/// A change of a security's code; its history continues under the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Renamed {
    /// First session under the new code.
    pub on: SessionDate,
    /// The code before.
    pub old: Symbol,
    /// The code from `on`.
    pub new: Symbol,
}

/// A code that a security had before a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FormerCode {
    /// The code.
    pub symbol: Symbol,
    /// The first session under the next one.
    pub until: SessionDate,
}

/// Changes of codes, and the chains they form. A security is identified by its last code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// By date.
    changes: Vec<Renamed>,
    /// The last code, by every code that changed.
    last: BTreeMap<Symbol, Symbol>,
    /// The earlier codes, earliest first, by the last code.
    former: BTreeMap<Symbol, Vec<FormerCode>>,
}

impl Codes {
    /// Combines known changes with changes from lists, which may repeat them.
    ///
    /// A change between boards is ignored: it is another listing. A known change overrides every
    /// list. If lists disagree about a code, none of their changes is used, unless they differ only
    /// in the date: then the earliest date is used.
    pub fn of(known: &[Renamed], listed: &[Renamed]) -> Codes {
        let is_change = |change: &&Renamed| {
            let (old, new) = (change.old, change.new);
            old != new && old.board().is_some() && old.board() == new.board()
        };
        let taken = |code: Symbol| known.iter().any(|c| c.old == code || c.new == code);
        let mut changes: Vec<Renamed> = known.iter().filter(is_change).copied().collect();
        let listed: Vec<Renamed> = listed.iter().filter(is_change).copied().collect();
        let agree = |change: &Renamed| {
            let others = listed.iter().filter(|c| c.old == change.old || c.new == change.new);
            others.clone().all(|c| (c.old, c.new) == (change.old, change.new))
                && others.map(|c| c.on).min() == Some(change.on)
        };
        let news = listed.iter().filter(|c| !taken(c.old) && !taken(c.new) && agree(c));
        changes.extend(news.copied());
        changes.sort_unstable();
        changes.dedup();
        let mut codes = Codes { changes, ..Codes::default() };
        codes.link();
        codes
    }

    /// Links each code to the next, in order of date.
    fn link(&mut self) {
        for change in &self.changes {
            let mut earlier = self.former.remove(&change.old).unwrap_or_default();
            earlier.push(FormerCode { symbol: change.old, until: change.on });
            for code in &earlier {
                self.last.insert(code.symbol, change.new);
            }
            self.last.insert(change.new, change.new);
            self.former.entry(change.new).or_default().extend(earlier);
        }
    }

    /// The changes of some lists that are not used.
    pub fn refused(&self, listed: &[Renamed]) -> Vec<Renamed> {
        let made = |change: &Renamed| {
            self.changes.iter().any(|own| (own.old, own.new) == (change.old, change.new))
        };
        let mut refused: Vec<Renamed> =
            listed.iter().filter(|change| !made(change)).copied().collect();
        refused.sort_unstable();
        refused.dedup();
        refused
    }

    /// Every change, by date.
    pub fn changes(&self) -> &[Renamed] {
        &self.changes
    }

    /// The code that identifies a security, given any of its codes.
    #[inline]
    pub fn last(&self, symbol: Symbol) -> Symbol {
        self.last.get(&symbol).copied().unwrap_or(symbol)
    }

    /// The former codes of a security, given its last one, earliest first.
    pub fn former(&self, last: Symbol) -> &[FormerCode] {
        self.former.get(&last).map_or(&[], Vec::as_slice)
    }

    /// The code a security trades under on a date, given any of its codes.
    pub fn on(&self, symbol: Symbol, date: SessionDate) -> Symbol {
        let last = self.last(symbol);
        code_on(last, self.former(last), date)
    }
}

/// The code in use on a date, from a security's last code and its former ones.
pub(crate) fn code_on(last: Symbol, former: &[FormerCode], date: SessionDate) -> Symbol {
    former.iter().find(|code| date < code.until).map_or(last, |code| code.symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(text: &str) -> Symbol {
        text.parse().unwrap()
    }

    fn on(text: &str) -> SessionDate {
        text.parse().unwrap()
    }

    fn change(old: &str, new: &str, date: &str) -> Renamed {
        Renamed { old: symbol(old), new: symbol(new), on: on(date) }
    }

    #[test]
    fn codes_change_one_after_the_other() {
        let second = change("600002.SH", "600003.SH", "2025-03-03");
        let codes = Codes::of(&[second], &[change("600001.SH", "600002.SH", "2024-01-02")]);
        // A list may not continue from a code that is already known.
        assert_eq!(codes.changes(), [second]);
        let both = [second, change("600001.SH", "600002.SH", "2024-01-02")];
        let codes = Codes::of(&both, &[]);
        for code in ["600001.SH", "600002.SH", "600003.SH"] {
            assert_eq!(codes.last(symbol(code)), symbol("600003.SH"));
            for (date, expected) in [
                ("2023-12-29", "600001.SH"),
                ("2024-01-02", "600002.SH"),
                ("2025-02-28", "600002.SH"),
                ("2025-03-03", "600003.SH"),
            ] {
                assert_eq!(codes.on(symbol(code), on(date)), symbol(expected), "{code} {date}");
            }
        }
        assert_eq!(codes.last(symbol("600004.SH")), symbol("600004.SH"));
        assert_eq!(codes.former(symbol("600004.SH")), []);
    }

    #[test]
    fn a_code_changes_in_the_session_that_a_change_names() {
        let change = change("600001.SH", "600002.SH", "2024-01-02");
        let former = [FormerCode { symbol: change.old, until: change.on }];
        for (date, expected) in [("2024-01-01", change.old), ("2024-01-02", change.new)] {
            assert_eq!(code_on(change.new, &former, on(date)), expected, "{date}");
        }
        let codes = Codes::of(&[change], &[]);
        assert_eq!(codes.former(change.new), former);
        assert_eq!(codes.refused(&[change, change]), []);
        let other = Renamed { new: symbol("600003.SH"), ..change };
        assert_eq!(codes.refused(&[other, change, other]), [other]);
    }

    #[test]
    fn lists_are_believed_where_they_agree() {
        let known = change("300114.SZ", "302132.SZ", "2025-02-17");
        let right = change("830001.BJ", "920001.BJ", "2025-10-09");
        let listed = [
            change("830001.BJ", "920001.BJ", "2025-12-01"),
            right,
            // Two new codes of one old one, and the reverse.
            change("830002.BJ", "920002.BJ", "2025-10-09"),
            change("830002.BJ", "920003.BJ", "2025-10-09"),
            change("830004.BJ", "920005.BJ", "2025-10-09"),
            change("830005.BJ", "920005.BJ", "2025-10-09"),
            // A change of board, and an unchanged code.
            change("830006.BJ", "688006.SH", "2025-10-09"),
            change("830007.BJ", "830007.BJ", "2025-10-09"),
            // The known change wins.
            change("300114.SZ", "302133.SZ", "2025-02-17"),
            change("300114.SZ", "302132.SZ", "2025-02-10"),
        ];
        let codes = Codes::of(&[known], &listed);
        assert_eq!(codes.changes(), [known, right]);
        let refused = codes.refused(&listed);
        assert_eq!(refused.len(), 7, "{refused:?}");
        assert!(!refused.contains(&listed[0]) && !refused.contains(&listed[9]));
        // Also where lists agree on another.
        assert_eq!(Codes::of(&[known], &listed[8..9]).changes(), [known]);
    }
}
