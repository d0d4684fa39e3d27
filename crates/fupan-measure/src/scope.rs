//! The scopes a security's day counts into.

use fupan_fact::{Band, Scope};
use fupan_market::{
    Board, Exchange, LimitBasis, RiskWarning, Rulebook, SecurityDay, Status, Touch,
};

/// Every scope that is a set of A-shares, in the order of totals.
pub(crate) const SCOPES: [Scope; 13] = [
    Scope::AllA,
    Scope::SseSzse,
    Scope::Exchange(Exchange::Sse),
    Scope::Exchange(Exchange::Szse),
    Scope::Exchange(Exchange::Bse),
    Scope::Board(Board::Main),
    Scope::Board(Board::ChiNext),
    Scope::Board(Board::Star),
    Scope::Board(Board::Bse),
    Scope::Band(Band::Ten),
    Scope::Band(Band::Twenty),
    Scope::Band(Band::Thirty),
    Scope::Band(Band::RiskWarning),
];

/// Which scopes a measure is evaluated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scopes {
    /// All A-shares, the two exchanges together, each exchange, each board.
    Market,
    /// All A-shares, each board, each price-limit class.
    LimitBoard,
    /// All A-shares only.
    AllA,
    /// Each index of the board of indices.
    Indices,
    /// Single securities: those that stood at, or left, a limit.
    Securities,
}

impl Scopes {
    /// The set-of-shares scopes among them, with their places in a row of totals.
    pub(crate) fn of_shares(self) -> impl Iterator<Item = (usize, &'static Scope)> {
        SCOPES.iter().enumerate().filter(move |(_, scope)| match (self, scope) {
            (Scopes::AllA, Scope::AllA) => true,
            (Scopes::AllA | Scopes::Indices | Scopes::Securities, _) => false,
            (Scopes::Market, Scope::Band(_) | Scope::Board(Board::Bse)) => false,
            (Scopes::LimitBoard, Scope::SseSzse | Scope::Exchange(_)) => false,
            _ => true,
        })
    }

    /// The scopes as text, for documentation.
    pub const fn describe(self) -> &'static str {
        match self {
            Scopes::Market => "all-a, sse-szse, sse, szse, bse, main, chinext, star",
            Scopes::LimitBoard => {
                "all-a, main, chinext, star, bse-board, band-10, band-20, band-30, band-st"
            }
            Scopes::AllA => "all-a",
            Scopes::Indices => "index",
            Scopes::Securities => "security",
        }
    }
}

/// Whether a security's day lies in a scope.
pub(crate) fn contains(scope: &Scope, day: &SecurityDay) -> bool {
    match scope {
        Scope::AllA => true,
        Scope::SseSzse => day.symbol.exchange() != Exchange::Bse,
        Scope::Exchange(exchange) => day.symbol.exchange() == *exchange,
        Scope::Board(board) => day.board == *board,
        Scope::Band(band) => band_of(day) == *band,
        Scope::Security(symbol) => day.symbol == *symbol,
    }
}

/// The price-limit class of a day, as traders group the limit board: risk warning first, then the
/// band that the rules of the date give the board's ordinary shares. An S-share counts with the
/// ordinary shares of its board.
pub fn band_of(day: &SecurityDay) -> Band {
    if risk_warned(day) {
        return Band::RiskWarning;
    }
    let ordinary = Status {
        risk_warning: RiskWarning::No,
        s_share: false,
        delisting_since: None,
        ..day.status
    };
    match Rulebook::builtin().on(day.session).band(day.board, &ordinary).map(|b| b.percent) {
        Some(20) => Band::Twenty,
        Some(30) => Band::Thirty,
        _ => Band::Ten,
    }
}

/// Whether a security counts as under risk warning. Where the status of the date is not known,
/// the nearest dated name speaks, unless the day stood at a limit that only other shares have.
pub(crate) fn risk_warned(day: &SecurityDay) -> bool {
    match day.status.risk_warning {
        RiskWarning::Yes => true,
        RiskWarning::No => false,
        RiskWarning::Unknown => {
            let touched = |touch| matches!(touch, Some(Touch::Sealed | Touch::Broken));
            let shown_plain = day.limit_basis == LimitBasis::ShownByPrices
                && day.board == Board::Main
                && (touched(day.limit_up_touch()) || touched(day.limit_down_touch()));
            !shown_plain && day.status.nearest_risk_warning == RiskWarning::Yes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_those_described() {
        for scopes in [Scopes::Market, Scopes::LimitBoard, Scopes::AllA] {
            let listed: Vec<String> = scopes.of_shares().map(|(_, s)| s.to_string()).collect();
            assert_eq!(listed.join(", "), scopes.describe());
        }
    }
}
