//! What happened before the session of a specification, from its tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use fupan_market::{
    Calendar, DailyBar, Fen, FundHistory, GroupDay, GroupHistory, OwnDay, OwnDays, OwnPast,
    PastDay, PastReturns, Price, Return, Symbol, Traded, Turnover, TurnoverBasis,
};
use fupan_measure::{FundView, SessionTurnover};

use crate::market::{self, session};
use crate::{Row, codes_from, said, scaled};

/// Returns in percent of earlier sessions: `back` counts them from the session, `1` or `1-4`.
pub fn past_returns(rows: &[Row]) -> PastReturns {
    let calendar = Calendar::builtin();
    let mut days = Vec::new();
    let mut farthest = 0;
    for row in rows {
        let (from, to) = row["back"].split_once('-').unwrap_or((&row["back"], &row["back"]));
        let (from, to): (u32, u32) = (from.parse().unwrap(), to.parse().unwrap());
        farthest = farthest.max(to);
        let times = said(row, "times").map_or(1, |times| times.parse().unwrap());
        let returned = said(row, "return").map(|percent| Return(scaled(percent, 7)));
        let day = returned.map_or(PastDay::Unpriced, PastDay::Returned);
        for symbol in codes_from(&row["symbol"], times) {
            let on = |back| calendar.back(session(), back).unwrap().unwrap();
            days.extend((from..=to).map(|back| (on(back), symbol, day)));
        }
    }
    let first = calendar.back(session(), farthest).unwrap().unwrap();
    let sessions = calendar.between(first, session());
    PastReturns::of(sessions[..sessions.len() - 1].to_vec(), days)
}

/// What groups did in earlier sessions: `back` counts them from the session, `1` or `2-249`; `return`
/// is that of the one member that has one, `turnover` the group's and `market` that of all shares, as
/// so many securities `traded`.
pub fn group_history(rows: &[Row]) -> (GroupHistory, Vec<SessionTurnover>) {
    let calendar = Calendar::builtin();
    let span = |row: &Row| -> (u32, u32) {
        let (from, to) = row["back"].split_once('-').unwrap_or((&row["back"], &row["back"]));
        (from.parse().unwrap(), to.parse().unwrap())
    };
    let on = |back| calendar.back(session(), back).unwrap().unwrap();
    let farthest = rows.iter().map(|row| span(row).1).max().unwrap();
    let sessions = calendar.between(on(farthest), session());
    let sessions = sessions[..sessions.len() - 1].to_vec();
    let mut past: Vec<SessionTurnover> =
        sessions.iter().map(|session| SessionTurnover::new(*session)).collect();
    let mut history = GroupHistory::new(sessions.clone());
    let symbol: Symbol = "600000.SH".parse().unwrap();
    for row in rows {
        let id = history.row(row["group"].parse().unwrap());
        let number = |name: &str, places| said(row, name).map(|text| scaled(text, places));
        let returned = number("return", 7);
        let day = GroupDay {
            returns: returned.unwrap_or_default(),
            priced: u32::from(returned.is_some()),
            unpriced: u32::from(returned.is_none()),
            turnover: number("turnover", 2).unwrap_or_default(),
            ..GroupDay::default()
        };
        for back in span(row).0..=span(row).1 {
            history.set(id, history.place(on(back)).unwrap(), day);
            let Some(fen) = number("market", 2) else { continue };
            let place = sessions.binary_search(&on(back)).unwrap();
            let turnover = Turnover { fen: Fen(fen), basis: TurnoverBasis::Reported };
            let none = Turnover { fen: Fen(0), ..turnover };
            let traded = said(row, "traded").map_or(1, |text| text.parse().unwrap());
            for n in 0..traded {
                let own = if n == 0 { turnover } else { none };
                past[place].add(symbol, symbol.board().unwrap(), own);
            }
        }
    }
    (history, past)
}

/// The same rows as the days of single securities. They traded before the first of them, unless it is
/// said to be `new`; `turnover` is in yuan.
pub fn own_past(rows: &[Row]) -> OwnPast {
    let mut past = OwnPast::default();
    let number = market::session_number();
    for row in rows {
        let (from, to) = row["back"].split_once('-').unwrap_or((&row["back"], &row["back"]));
        let (from, to): (u32, u32) = (from.parse().unwrap(), to.parse().unwrap());
        let returned = said(row, "return").map(|percent| Return(scaled(percent, 7)));
        let turnover = said(row, "turnover").map(turnover);
        let own = past
            .securities
            .entry(row["symbol"].parse().unwrap())
            .or_insert_with(|| OwnDays { traded_before: true, days: Vec::new() });
        own.traded_before &= said(row, "new").is_none();
        own.days.extend((from..=to).map(|back| OwnDay {
            number: number - back,
            returned,
            turnover,
        }));
        own.days.sort_by_key(|day| day.number);
    }
    let firsts = past.securities.values().filter_map(|own| Some(own.days.first()?.number));
    past.from = firsts.min().unwrap_or(number);
    past
}

/// Funds of the session from their bars, each row one; without a close a bar is one without trade.
pub fn funds(rows: &[Row]) -> Vec<FundView> {
    let mut funds: BTreeMap<Symbol, FundHistory> = BTreeMap::new();
    for row in rows {
        let symbol = row["fund"].parse().unwrap();
        let price = |name: &str| said(row, name).map(|text| text.parse::<Price>().unwrap());
        let traded = price("close").map(|last| Traded {
            open: price("open").unwrap_or(last),
            high: price("high").unwrap_or(last),
            low: price("low").unwrap_or(last),
            last,
            volume: said(row, "volume").map_or(100, |text| text.parse().unwrap()),
            turnover: turnover(said(row, "turnover").unwrap_or("100.00")),
        });
        let session = row["session"].parse().unwrap();
        let new = FundHistory { symbol, bars: Vec::new(), files: Arc::default() };
        let bar = DailyBar { session, prev_close: price("prev"), traded };
        funds.entry(symbol).or_insert(new).bars.push(bar);
    }
    let view = |fund| FundView::of(fund, session(), Calendar::builtin());
    funds.values().filter_map(view).collect()
}

/// Turnover in yuan; `~` before it marks an estimate.
pub fn turnover(text: &str) -> Turnover {
    let (basis, amount) = match text.strip_prefix('~') {
        Some(amount) => (TurnoverBasis::Estimated, amount),
        None => (TurnoverBasis::Reported, text),
    };
    Turnover { fen: Fen(scaled(amount, 2)), basis }
}
