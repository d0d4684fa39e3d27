//! A session at an instant inside it: every security's past, and its quotes so far.

use std::collections::BTreeMap;

use fupan_market::{
    DailyBar, Fen, IndexQuote, MarketHistory, Quote, QuoteWalk, Rulebook, SecurityDay, SessionDate,
    SessionFold, Symbol, TrackedIndex, Turnover, TurnoverBasis,
};

use rayon::prelude::*;

use crate::session::index::{IndexFold, IndexView};
use crate::session::walk::{Opened, SecurityWalk};
use crate::session::window::Window;

/// An instant of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instant {
    /// Seconds after midnight, Shanghai time.
    pub second: u32,
    /// How much of the market the quotes cover.
    pub coverage: QuoteCoverage,
}

/// How much of the market the quotes cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteCoverage {
    /// Securities with quotes.
    pub securities: u64,
    /// Those, plus the others that traded in the session by its daily bars; `None` if there are no
    /// daily bars of the session.
    pub of: Option<u64>,
    /// The session's turnover in fen, by its daily bars: of the securities with quotes, and of all.
    pub turnover: Option<[i128; 2]>,
    /// Whether some of that turnover is estimated.
    pub estimated: bool,
}

/// The indices at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexMoment {
    /// Each as it last was.
    pub quotes: Vec<(Symbol, IndexQuote)>,
    /// Their turnover at the same time of the previous session, as far as it is known.
    pub turnover_before: BTreeMap<Symbol, Fen>,
}

/// A session before its first trade: every security's and every tracked index's past, ready for its
/// quotes.
#[derive(Clone, Debug)]
pub struct PreOpen {
    pub(crate) rulebook: &'static Rulebook,
    pub(crate) session: SessionDate,
    number: u32,
    securities: BTreeMap<Symbol, Security>,
    indices: Vec<IndexFold>,
}

#[derive(Clone, Debug)]
struct Security {
    opened: Opened,
    /// Turnover of the whole session, if there is a daily bar and it traded.
    whole: Option<Turnover>,
}

impl PreOpen {
    /// Builds the state from a history. Of its last session only the reference prices are used, and
    /// the turnover for [`PreOpen::coverage`]. `None` if that session is not in the calendar.
    pub fn of(history: &MarketHistory, rulebook: &'static Rulebook) -> Option<PreOpen> {
        let window = Window::of(history, rulebook.calendar())?;
        let number = window.session_number();
        let holes = window.holes(history);
        let securities = history
            .securities
            .par_iter()
            .with_min_len(64)
            .filter(|security| window.knows(security.listing.symbol.exchange()))
            .map(|security| {
                let mut walk = SecurityWalk::new(security, rulebook, window.from);
                let mut today = None;
                for (place, bar) in window.places(&security.bars, |bar| bar.session) {
                    if bar.session == history.session {
                        today = Some(bar);
                        break;
                    }
                    walk.pass(bar, window.first_number + place as u32, &holes);
                }
                walk.reach(number, &holes);
                let absent = DailyBar { session: history.session, prev_close: None, traded: None };
                let opened = walk.open(today.unwrap_or(&absent), number);
                let whole = today.and_then(|bar| bar.traded).map(|traded| traded.turnover);
                (security.listing.symbol, Security { opened, whole })
            })
            .collect();
        let (session, calendar) = (history.session, rulebook.calendar());
        let tracked = history.indices.iter().filter(|i| TrackedIndex::of(i.symbol).is_some());
        let indices = tracked.map(|index| IndexFold::before(index, session, calendar)).collect();
        Some(PreOpen { rulebook, session, number, securities, indices })
    }

    /// The tracked indices that have a level by an instant. One without a past has no return.
    pub(crate) fn indices_at(&self, moment: &IndexMoment) -> Vec<IndexView> {
        let view = |(symbol, quote): &(Symbol, IndexQuote)| {
            TrackedIndex::of(*symbol)?;
            let view = match self.indices.iter().find(|index| index.symbol() == *symbol) {
                Some(past) => past.inside(self.number, self.session, quote),
                None => IndexFold::new(*symbol).inside(self.number, self.session, quote),
            };
            Some(IndexView { prev_turnover: moment.turnover_before.get(symbol).copied(), ..view })
        };
        moment.quotes.iter().filter_map(view).collect()
    }

    /// The session.
    pub fn session(&self) -> SessionDate {
        self.session
    }

    /// Whether a security has a past here. One without enters no figure.
    pub fn knows(&self, symbol: Symbol) -> bool {
        self.securities.contains_key(&symbol)
    }

    /// An empty walk over a security's quotes, with the limit-up prices to watch; `None` if it has
    /// no past here.
    pub fn walk(&self, symbol: Symbol) -> Option<QuoteWalk> {
        let Security { opened, .. } = self.securities.get(&symbol)?;
        Some(QuoteWalk::watching(opened.watched()))
    }

    /// A security's day so far, from a walk over its quotes; `None` as for [`PreOpen::day`].
    pub fn day_of(&self, symbol: Symbol, walk: &QuoteWalk) -> Option<SecurityDay> {
        let Security { opened, .. } = self.securities.get(&symbol)?;
        opened.day_with_seals(walk.traded(), |up| walk.seals(up))
    }

    /// A security's day so far; `None` if it has no past here or is no longer listed.
    pub fn day(&self, symbol: Symbol, quotes: &mut SessionFold) -> Option<SecurityDay> {
        let Security { opened, .. } = self.securities.get(&symbol)?;
        opened.day_with_seals(quotes.traded(), |up| quotes.seals(up))
    }

    /// The securities before their first trade, by symbol.
    pub(crate) fn opened(&self) -> impl Iterator<Item = (Symbol, &Opened)> {
        self.securities.iter().map(|(symbol, security)| (*symbol, &security.opened))
    }

    /// The days of the securities with quotes, by symbol.
    pub fn days(&self, quotes: &[(Symbol, Vec<Quote>)]) -> Vec<SecurityDay> {
        let mut days: Vec<SecurityDay> = quotes
            .par_iter()
            .with_min_len(16)
            .filter_map(|(symbol, quotes)| self.day(*symbol, &mut SessionFold::of(quotes.clone())))
            .collect();
        days.sort_unstable_by_key(|day| day.symbol);
        days
    }

    /// How much of the market these days cover.
    pub fn coverage(&self, days: &[SecurityDay]) -> QuoteCoverage {
        let mut covered = QuoteCoverage {
            securities: days.len() as u64,
            of: None,
            turnover: None,
            estimated: false,
        };
        let quoted: std::collections::BTreeSet<Symbol> =
            days.iter().map(|day| day.symbol).collect();
        let (mut of, mut turnover) = (covered.securities, [0_i128; 2]);
        for security in self.securities.values() {
            let Some(whole) = security.whole else { continue };
            let fen = i128::from(whole.fen.0);
            turnover[1] += fen;
            if quoted.contains(&security.opened.day.untraded().symbol) {
                turnover[0] += fen;
            } else {
                of += 1;
            }
            covered.estimated |= whole.basis == TurnoverBasis::Estimated;
        }
        if self.securities.values().any(|security| security.whole.is_some()) {
            (covered.of, covered.turnover) = (Some(of), Some(turnover));
        }
        covered
    }
}
