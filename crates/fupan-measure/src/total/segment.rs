//! The segments of the market, and the scopes made of them.
//!
//! A security's day lies in exactly one [`Segment`]. Every scope that is a set of A-shares is a
//! union of segments. So a day is added to one total, and a scope's total is a merge.

use fupan_fact::{BandClass, Scope};
use fupan_market::{
    Board, Exchange, RiskWarning, Rulebook, SecurityDay, SessionDate, Status, StatusBasis,
};

/// The boards of the exchanges.
const PARTS: [(Exchange, Board); 5] = [
    (Exchange::Sse, Board::Main),
    (Exchange::Sse, Board::Star),
    (Exchange::Szse, Board::Main),
    (Exchange::Szse, Board::ChiNext),
    (Exchange::Bse, Board::Bse),
];

/// A part of the market: a board of an exchange, with securities under risk warning separate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segment(u8);

impl Segment {
    /// How many there are.
    pub const COUNT: usize = 2 * PARTS.len();

    /// The segment of a security; `warned` is whether it counts as under risk warning.
    #[inline]
    pub fn of(exchange: Exchange, board: Board, warned: bool) -> Segment {
        let part = match (board, exchange) {
            (Board::Main, Exchange::Sse) => 0,
            (Board::Star, _) => 1,
            (Board::Main, _) => 2,
            (Board::ChiNext, _) => 3,
            (Board::Bse, _) => 4,
        };
        Segment(2 * part + u8::from(warned))
    }

    /// All segments.
    pub fn all() -> impl Iterator<Item = Segment> {
        (0..Segment::COUNT as u8).map(Segment)
    }

    /// Its place among all.
    #[inline]
    pub const fn place(self) -> usize {
        self.0 as usize
    }

    /// Its board's place among the boards of the exchanges.
    pub(crate) const fn part(self) -> usize {
        self.0 as usize / 2
    }

    /// Whether its securities count as under risk warning.
    #[inline]
    pub const fn warned(self) -> bool {
        self.0 % 2 == 1
    }

    pub(crate) fn exchange(self) -> Exchange {
        PARTS[self.part()].0
    }

    pub(crate) fn board(self) -> Board {
        PARTS[self.part()].1
    }
}

/// The price-limit class of each board's ordinary shares under the rules of a session. S-shares
/// count with them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bands([BandClass; PARTS.len()]);

impl Bands {
    pub(crate) fn on(session: SessionDate, rulebook: &Rulebook) -> Bands {
        const ORDINARY: Status = Status {
            risk_warning: RiskWarning::No,
            nearest_risk_warning: RiskWarning::No,
            s_share: false,
            delisting_since: None,
            basis: StatusBasis::None,
        };
        let rules = rulebook.on(session);
        Bands(PARTS.map(|(_, board)| match rules.band(board, &ORDINARY).map(|band| band.percent) {
            Some(20) => BandClass::Twenty,
            Some(30) => BandClass::Thirty,
            _ => BandClass::Ten,
        }))
    }

    /// The class of a segment's securities: risk warning first, then the board's.
    fn of(&self, segment: Segment) -> BandClass {
        if segment.warned() { BandClass::RiskWarning } else { self.0[segment.part()] }
    }
}

/// Every scope that is a set of A-shares.
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
    Scope::Band(BandClass::Ten),
    Scope::Band(BandClass::Twenty),
    Scope::Band(BandClass::Thirty),
    Scope::Band(BandClass::RiskWarning),
];

/// Which sets of shares a measure is evaluated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scopes {
    /// All A-shares, the two exchanges together, each exchange, each board.
    Market,
    /// All A-shares, each board, each price-limit class.
    LimitBoard,
    /// All A-shares only.
    AllA,
    /// Each industry and each theme.
    Groups,
}

impl Scopes {
    /// The scopes among them that are sets of shares, with their places in [`SCOPES`].
    pub(crate) fn of_shares(self) -> impl Iterator<Item = (usize, &'static Scope)> {
        SCOPES.iter().enumerate().filter(move |(_, scope)| match (self, scope) {
            (Scopes::AllA, Scope::AllA) => true,
            (Scopes::AllA | Scopes::Groups, _) => false,
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
            Scopes::Groups => "industry, theme",
        }
    }
}

/// Whether a segment's securities lie in a scope, in a session of these price-limit classes.
pub(crate) fn contains(scope: &Scope, segment: Segment, bands: &Bands) -> bool {
    match scope {
        Scope::Band(band) => bands.of(segment) == *band,
        _ => lies_on(scope, segment),
    }
}

/// Whether a segment's board lies in a scope. No board does in a price-limit class: it holds some
/// of a board's securities.
pub(crate) fn lies_on(scope: &Scope, segment: Segment) -> bool {
    match scope {
        Scope::AllA => true,
        Scope::SseSzse => segment.exchange() != Exchange::Bse,
        Scope::Exchange(exchange) => segment.exchange() == *exchange,
        Scope::Board(board) => segment.board() == *board,
        Scope::Band(_) | Scope::Group(_) | Scope::Security(_) => false,
    }
}

/// Whether a security counts as under risk warning. If the status on the date is unknown, the
/// nearest dated name decides.
#[inline]
pub fn risk_warned(day: &SecurityDay) -> bool {
    match day.status.risk_warning {
        RiskWarning::Yes => true,
        RiskWarning::No => false,
        RiskWarning::Unknown => day.status.nearest_risk_warning == RiskWarning::Yes,
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

    #[test]
    fn segments_are_the_boards_of_the_exchanges() {
        for (place, (exchange, board)) in PARTS.into_iter().enumerate() {
            for warned in [false, true] {
                let segment = Segment::of(exchange, board, warned);
                assert_eq!(segment.place(), 2 * place + usize::from(warned));
                assert_eq!((segment.exchange(), segment.board()), (exchange, board));
            }
        }
    }

    /// Exchanges, boards and bands each cut the market into disjoint parts.
    #[test]
    fn every_segment_lies_in_one_scope_of_each_kind() {
        for date in ["2013-01-04", "2020-08-21", "2020-08-24", "2026-02-12"] {
            let bands = Bands::on(date.parse().unwrap(), Rulebook::builtin());
            for segment in Segment::all() {
                let holding = |kind: fn(&Scope) -> bool| {
                    let of_kind = SCOPES.iter().filter(|scope| kind(scope));
                    of_kind.filter(|scope| contains(scope, segment, &bands)).count()
                };
                assert_eq!(holding(|scope| matches!(scope, Scope::Exchange(_))), 1);
                assert_eq!(holding(|scope| matches!(scope, Scope::Board(_))), 1);
                assert_eq!(holding(|scope| matches!(scope, Scope::Band(_))), 1);
            }
        }
    }

    /// ChiNext has the wide band since 2020-08-24, and a risk warning is a class of its own.
    #[test]
    fn a_board_has_the_band_of_the_date() {
        let of = |date: &str, exchange, board, warned| {
            let bands = Bands::on(date.parse().unwrap(), Rulebook::builtin());
            bands.of(Segment::of(exchange, board, warned))
        };
        use Exchange::{Bse, Sse, Szse};
        let (before, since) = ("2020-08-21", "2020-08-24");
        for (exchange, board, bands) in [
            (Sse, Board::Main, [BandClass::Ten, BandClass::Ten]),
            (Szse, Board::Main, [BandClass::Ten, BandClass::Ten]),
            (Sse, Board::Star, [BandClass::Twenty, BandClass::Twenty]),
            (Szse, Board::ChiNext, [BandClass::Ten, BandClass::Twenty]),
        ] {
            assert_eq!([before, since].map(|date| of(date, exchange, board, false)), bands);
            assert_eq!(of(since, exchange, board, true), BandClass::RiskWarning);
        }
        assert_eq!(of("2022-01-04", Bse, Board::Bse, false), BandClass::Thirty);
    }
}
