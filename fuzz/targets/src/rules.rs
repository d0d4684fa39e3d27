//! The rulebook's and the calendar's own files.

use fupan_market::{
    Board, Calendar, Price, PriceLimit, RiskWarning, Rulebook, SessionDate, Status, StatusBasis,
};

/// Any text is a rulebook or is refused; a rulebook answers for every board, status, date and
/// price, and its limits enclose the reference price.
pub fn rules(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(rules) = Rulebook::from_toml(text) else { return };
    let dates =
        ["1990-12-19", "1996-12-16", "2015-06-12", "2021-11-15", "2026-02-12", "9999-12-31"];
    let prices = [0, 1, 99, 100, 101, 10_050, 214_748_364, i64::from(i32::MAX)];
    for board in Board::ALL {
        for date in dates {
            let date: SessionDate = date.parse().expect("a date");
            for risk_warning in [RiskWarning::Yes, RiskWarning::No, RiskWarning::Unknown] {
                let status = Status {
                    risk_warning,
                    nearest_risk_warning: RiskWarning::No,
                    s_share: risk_warning == RiskWarning::Yes,
                    delisting_since: Some(date),
                    basis: StatusBasis::Observed,
                };
                for units in prices {
                    let prev = Price::from_units(units).expect("in range");
                    for listed_on in [None, Some(date)] {
                        let _ =
                            rules.price_limit(None, board, listed_on, &status, date, Some(prev));
                    }
                    let limit = rules.on(date).ordinary_limit(board, &status, prev);
                    if let PriceLimit::Limited { up, down } = limit
                        && units >= 200
                    {
                        assert!(down <= prev && prev <= up, "{prev}: {down} to {up}");
                    }
                }
            }
        }
    }
    for change in rules.codes().changes() {
        let _ = rules.symbol_on(change.old, change.on);
        let _ = rules.symbol_on(change.new, change.on);
    }
    assert_eq!(rules.version(), Rulebook::from_toml(text).expect("read before").version());
}

/// Any text is a list of closures or is refused; a calendar counts its sessions without a gap.
pub fn closures(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(calendar) = Calendar::from_closures(text) else { return };
    for (number, session) in (0..).zip(calendar.iter()) {
        assert_eq!(calendar.number(session), Ok(number));
        assert!(calendar.year_before(number) <= number);
    }
    assert_eq!(calendar.between(calendar.first(), calendar.last()).len(), calendar.iter().len());
    for date in ["0000-01-01", "1990-12-18", "2026-02-14", "9999-12-31"] {
        let date: SessionDate = date.parse().expect("a date");
        let _ = (calendar.number(date), calendar.on_or_after(date), calendar.back(date, 3));
    }
}
