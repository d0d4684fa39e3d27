//! Turnover of earlier sessions, by segment.

use fupan_fact::Scope;
use fupan_market::{Board, Exchange, SecurityDay, SessionDate, Symbol, Turnover, TurnoverBasis};

use crate::total::cell::{Mark, Sum};
use crate::total::segment::{Segment, lies_on};
use crate::total::totals::Totals;

/// The turnover of one segment of the market in a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SegmentTurnover {
    /// The turnover, in fen.
    pub fen: i128,
    /// Securities that traded.
    pub traded: u32,
    /// How many of them have estimated turnover.
    pub estimated: u32,
}

impl SegmentTurnover {
    pub(crate) fn add(&mut self, turnover: Turnover) {
        self.fen += i128::from(turnover.fen.0);
        self.traded += 1;
        self.estimated += u32::from(turnover.basis == TurnoverBasis::Estimated);
    }

    pub(crate) fn merge(&mut self, other: &SegmentTurnover) {
        self.fen += other.fen;
        self.traded += other.traded;
        self.estimated += other.estimated;
    }
}

/// The turnover of the market in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTurnover {
    /// The session.
    pub session: SessionDate,
    segments: [SegmentTurnover; Segment::COUNT],
}

impl SessionTurnover {
    /// A session without trade.
    pub fn new(session: SessionDate) -> SessionTurnover {
        SessionTurnover { session, segments: Default::default() }
    }

    /// Adds one security's turnover.
    pub fn add(&mut self, symbol: Symbol, board: Board, turnover: Turnover) {
        self.segment_mut(Segment::of(symbol.exchange(), board, false)).add(turnover);
    }

    /// The turnover of each board of the exchanges.
    pub fn boards(&self) -> impl Iterator<Item = (Exchange, Board, SegmentTurnover)> + '_ {
        Segment::all()
            .filter(|segment| !segment.warned())
            .map(|segment| (segment.exchange(), segment.board(), self.segments[segment.place()]))
    }

    /// Adds the turnover of a board of an exchange.
    pub fn add_board(&mut self, exchange: Exchange, board: Board, of: &SegmentTurnover) {
        self.segment_mut(Segment::of(exchange, board, false)).merge(of);
    }

    /// The turnover of some securities' days.
    pub fn of_days(session: SessionDate, days: &[SecurityDay]) -> SessionTurnover {
        let mut turnover = SessionTurnover::new(session);
        for day in days {
            if let Some(traded) = day.traded {
                turnover.add(day.symbol, day.board, traded.turnover);
            }
        }
        turnover
    }

    /// The turnover in a session's totals.
    pub fn of_totals(session: SessionDate, totals: &Totals) -> SessionTurnover {
        let mut turnover = SessionTurnover::new(session);
        for segment in Segment::all() {
            let part = totals.part(segment);
            let of = SegmentTurnover {
                fen: part.sum(Sum::Turnover),
                traded: part.count(Mark::Traded) as u32,
                estimated: part.count(Mark::Estimated) as u32,
            };
            turnover.add_board(segment.exchange(), segment.board(), &of);
        }
        turnover
    }

    pub(crate) fn segment_mut(&mut self, segment: Segment) -> &mut SegmentTurnover {
        &mut self.segments[segment.place()]
    }

    pub(crate) fn merge(&mut self, other: &SessionTurnover) {
        for (segment, other) in self.segments.iter_mut().zip(&other.segments) {
            segment.merge(other);
        }
    }

    /// The turnover of a scope: an exchange, a board, or several. Securities under risk warning are
    /// not separated.
    pub fn of(&self, scope: &Scope) -> SegmentTurnover {
        let mut sum = SegmentTurnover::default();
        for segment in Segment::all().filter(|segment| lies_on(scope, *segment)) {
            sum.merge(&self.segments[segment.place()]);
        }
        sum
    }

    /// By exchange: how many securities traded, for the exchanges that have trades in a scope.
    pub(crate) fn exchanges(&self, scope: &Scope) -> [u32; 3] {
        let mut seen = [false; 3];
        let mut traded = [0; 3];
        for segment in Segment::all() {
            let of = self.segments[segment.place()].traded;
            traded[segment.exchange() as usize] += of;
            seen[segment.exchange() as usize] |= of > 0 && lies_on(scope, segment);
        }
        std::array::from_fn(|place| if seen[place] { traded[place] } else { 0 })
    }
}
