//! Securities' days for tests: single ones, and arbitrary ones.

use fupan_market::{
    DailyBar, Fen, Listing, NameOn, Price, Rulebook, SecurityDay, SecurityFold, SessionDate,
    Symbol, Traded, Turnover, TurnoverBasis,
};

pub const SESSION: &str = "2026-02-12";

pub fn session() -> SessionDate {
    SESSION.parse().unwrap()
}

pub fn session_number() -> u32 {
    fupan_market::Calendar::builtin().number(session()).unwrap()
}

pub fn fen(fen: i64) -> Price {
    Price::from_fen(fen).unwrap()
}

/// A security's day from open, high, low, last in fen.
pub fn bar_day(
    symbol: &str,
    name: &str,
    prev_fen: Option<i64>,
    prices: Option<[i64; 4]>,
) -> SecurityDay {
    let listing = listing(symbol, name);
    let board = listing.symbol.board().unwrap();
    let fold = SecurityFold::new(Rulebook::builtin(), &listing, board, session());
    let bar =
        DailyBar { session: session(), prev_close: prev_fen.map(fen), traded: prices.map(traded) };
    fold.day(&bar, session_number())
}

/// A security long listed, with a name of the session.
pub fn listing(symbol: &str, name: &str) -> Listing {
    let symbol: Symbol = symbol.parse().unwrap();
    Listing {
        listed_on: Some("2015-01-05".parse().unwrap()),
        names: vec![NameOn { on: session(), name: name.to_owned() }],
        ..Listing::unknown(symbol)
    }
}

/// Trading of a thousand shares.
pub fn traded([open, high, low, last]: [i64; 4]) -> Traded {
    Traded {
        open: fen(open),
        high: fen(high),
        low: fen(low),
        last: fen(last),
        volume: 1000,
        turnover: Turnover { fen: Fen(last * 1000), basis: TurnoverBasis::Reported },
    }
}
