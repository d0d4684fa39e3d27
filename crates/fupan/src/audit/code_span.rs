//! The codes that securities had, as rows for the SQL cross-check.

use std::collections::BTreeSet;

use fupan_market::Codes;

/// The codes that securities had. Each row has the code, its security's last code, the sessions in
/// which the code was in use (the end excluded), and the day of the first change.
pub(crate) fn of(codes: &Codes) -> String {
    const EVER: [&str; 2] = ["1900-01-01", "9999-12-31"];
    let mut rows = Vec::new();
    let lasts: BTreeSet<_> = codes.changes().iter().map(|c| codes.last(c.new)).collect();
    for last in lasts {
        let former = codes.former(last);
        let changed = former.first().map_or(EVER[1].to_owned(), |code| code.until.to_string());
        let mut since = EVER[0].to_owned();
        let spans = former.iter().map(|code| (code.symbol, code.until.to_string()));
        for (code, until) in spans.chain([(last, EVER[1].to_owned())]) {
            rows.push(format!(
                "('{code}', '{last}', DATE '{since}', DATE '{until}', DATE '{changed}')"
            ));
            since = until;
        }
    }
    let columns = "code, last_code, since, until, changed";
    match rows.is_empty() {
        true => format!(
            "SELECT {columns} FROM (VALUES ('', '', DATE '{0}', DATE '{0}', DATE '{0}')) \
             v({columns}) WHERE false",
            EVER[0]
        ),
        false => format!("SELECT {columns} FROM (VALUES {}) v({columns})", rows.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use fupan_market::Renamed;

    use super::*;

    #[test]
    fn a_code_reaches_to_the_next() {
        let change = |old: &str, new: &str, on: &str| Renamed {
            on: on.parse().unwrap(),
            old: old.parse().unwrap(),
            new: new.parse().unwrap(),
        };
        let changes = [
            change("600001.SH", "600002.SH", "2024-01-02"),
            change("600002.SH", "600003.SH", "2025-01-02"),
        ];
        let rows = of(&Codes::of(&changes, &[]));
        for row in [
            "('600001.SH', '600003.SH', DATE '1900-01-01', DATE '2024-01-02', DATE '2024-01-02')",
            "('600002.SH', '600003.SH', DATE '2024-01-02', DATE '2025-01-02', DATE '2024-01-02')",
            "('600003.SH', '600003.SH', DATE '2025-01-02', DATE '9999-12-31', DATE '2024-01-02')",
        ] {
            assert!(rows.contains(row), "{row} in {rows}");
        }
        assert!(of(&Codes::default()).ends_with("WHERE false"));
    }
}
