//! One security's walk through the sessions.

use fupan_market::{
    DailyBar, DayBuilder, Exchange, Holes, Listing, Price, PriceLimit, Rulebook, Seals,
    SecurityDay, SecurityFold, SecurityHistory, SessionDate, Shares, Symbol, Traded, Turnover,
};

use crate::total::segment::Segment;

/// The version of the state carried from one session to the next. Raise it when that state changes
/// and no measure's definition does. 2: a session with lost rows counts as missing.
pub const WALK_VERSION: u32 = 2;

/// Sessions without a row after which a security that no source calls listed is ignored.
const ABSENT_SESSIONS: u32 = 20;

/// Sessions without trade after which a listed security is no longer counted as suspended.
const SUSPENDED_SESSIONS: u32 = 250;

/// A security's fold, and when the data last had a row of it. These decide whether it is listed in
/// a session, and with which day.
#[derive(Clone, Debug)]
pub(crate) struct SecurityWalk<'a> {
    symbol: Symbol,
    fold: SecurityFold<'a>,
    /// The security's board of its exchange; risk warning is ignored.
    pub(crate) segment: Segment,
    listed_on: Option<SessionDate>,
    delisted_on: Option<SessionDate>,
    last_row: Option<u32>,
    last_trade: Option<u32>,
    /// Whether its carried-over state was kept, which means that it was listed then.
    kept: bool,
}

/// A security's session before its first trade.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) day: DayBuilder,
    /// Whether its trading counts.
    pub(crate) counts: bool,
    /// Whether it is listed even if it does not trade.
    pub(crate) listed_untraded: bool,
}

impl Opened {
    /// The day with the session's trading; `None` if it is not listed, as far as the data show.
    #[inline]
    pub(crate) fn day(&self, traded: Option<Traded>) -> Option<SecurityDay> {
        let traded = traded.filter(|_| self.counts);
        (traded.is_some() || self.listed_untraded).then(|| self.day.day(traded))
    }

    /// The same, with what the quotes say about its limit-up price.
    pub(crate) fn day_with_seals(
        &self,
        traded: Option<Traded>,
        seals: impl FnOnce(Price) -> Option<Seals>,
    ) -> Option<SecurityDay> {
        let mut day = self.day(traded)?;
        if let (PriceLimit::Limited { up, .. }, Some(traded)) = (day.limit, day.traded)
            && traded.high >= up
        {
            day.seals = seals(up);
        }
        Some(day)
    }

    /// The limit-up prices whose seals the day may need.
    pub(crate) fn watched(&self) -> impl Iterator<Item = Price> + use<> {
        self.day.limits().filter_map(|limit| match limit {
            PriceLimit::Limited { up, .. } => Some(up),
            PriceLimit::Unlimited(_) | PriceLimit::Unknown(_) => None,
        })
    }
}

impl<'a> SecurityWalk<'a> {
    /// The state before the first of its bars; nothing before `from` is known.
    pub(crate) fn new(
        security: &SecurityHistory,
        rulebook: &'a Rulebook,
        from: SessionDate,
    ) -> SecurityWalk<'a> {
        let SecurityHistory { listing, board, shares, before, .. } = security;
        // What the codes of the BSE did before it opened is unknown here.
        let opened = listing.symbol.exchange().first_session();
        let from = opened.map_or(from, |opened| opened.max(from));
        let mut fold = SecurityFold::new(rulebook, listing, *board, from);
        fold.know_shares(shares);
        let mut last_trade = None;
        if let Some(before) = before {
            fold.know_before(before);
            last_trade = before.last_traded.map(|last| last.session_number);
        }
        SecurityWalk {
            symbol: listing.symbol,
            fold,
            segment: Segment::of(listing.symbol.exchange(), *board, false),
            listed_on: listing.listed_on,
            delisted_on: listing.delisted_on,
            last_row: last_trade,
            last_trade,
            kept: before.as_ref().is_some_and(|before| before.stood.is_some()),
        }
    }

    /// Replaces the share capital.
    pub(crate) fn know_shares(&mut self, shares: &[Shares]) {
        self.fold.know_shares(shares);
    }

    /// Arrives at a session. Marks as missing the last hole before it, if the security has not
    /// traded since, and the last lost row, if it has had no row since.
    pub(crate) fn reach(&mut self, number: u32, holes: &Holes) {
        if let Some(hole) = holes.before(self.segment.exchange(), number)
            && self.last_trade < Some(hole.number)
        {
            self.fold.miss(hole);
        }
        if let Some(lost) = holes.lost_before(self.symbol, number)
            && self.last_row < Some(lost.number)
        {
            self.fold.miss(lost);
        }
    }

    /// Advances through a session without building its day; returns its turnover, if it traded.
    pub(crate) fn pass(&mut self, bar: &DailyBar, number: u32, holes: &Holes) -> Option<Turnover> {
        if !self.counts(bar) {
            return None;
        }
        self.reach(number, holes);
        self.last_row = Some(number);
        self.fold.advance(bar, number);
        let traded = bar.traded?;
        self.last_trade = Some(number);
        Some(traded.turnover)
    }

    /// Processes one session, with or without a row; `None` if the security is not listed in it, as
    /// far as the data show.
    pub(crate) fn step(
        &mut self,
        bar: Option<&DailyBar>,
        session: SessionDate,
        number: u32,
        holes: &Holes,
    ) -> Option<SecurityDay> {
        let bar = bar.filter(|bar| self.counts(bar));
        self.reach(number, holes);
        if let Some(bar) = bar.filter(|bar| bar.traded.is_some()) {
            self.fold.open(number, bar.prev_close);
        }
        let day = self.day(bar, session, number);
        if let Some(bar) = bar {
            self.last_row = Some(number);
            if bar.traded.is_some() {
                self.last_trade = Some(number);
            } else {
                self.fold.idle();
            }
        }
        if let Some(day) = &day
            && day.traded.is_some()
        {
            self.fold.close(day);
        }
        day
    }

    /// The security's day in a session, without advancing; `None` if it is not listed in it, as far
    /// as the data show.
    pub(crate) fn day(
        &self,
        bar: Option<&DailyBar>,
        session: SessionDate,
        number: u32,
    ) -> Option<SecurityDay> {
        let bar = bar.filter(|bar| self.counts(bar));
        let absent = DailyBar { session, prev_close: None, traded: None };
        let listed = self.is_listed(bar, session, number);
        listed.then(|| SecurityDay {
            has_row: bar.is_some(),
            ..self.fold.day(bar.unwrap_or(&absent), number)
        })
    }

    /// The carried-over state, as a day without trade, of a security that has had a row before and
    /// is not listed in the session, as far as the data show. Holes must have been reached.
    pub(crate) fn away(
        &self,
        bar: Option<&DailyBar>,
        session: SessionDate,
        number: u32,
    ) -> Option<SecurityDay> {
        let bar = bar.filter(|bar| self.counts(bar));
        let absent = DailyBar { session, prev_close: None, traded: None };
        let away = self.last_row.is_some() && !self.is_listed(bar, session, number);
        away.then(|| SecurityDay { has_row: false, ..self.fold.day(&absent, number) })
    }

    /// The security's session before its first trade; `row` supplies its reference price.
    pub(crate) fn open(&self, row: &DailyBar, number: u32) -> Opened {
        let (session, untraded) = (row.session, DailyBar { traded: None, ..*row });
        let counts = self.counts(row);
        let told = Some(&untraded).filter(|_| counts);
        let prev_close = told.and_then(|row| row.prev_close);
        Opened {
            day: self.fold.day_builder(session, number, prev_close),
            counts,
            listed_untraded: self.is_listed(told, session, number),
        }
    }

    /// Whether it is listed in a session, as far as the data show; `row` is its row there, if any.
    fn is_listed(&self, row: Option<&DailyBar>, session: SessionDate, number: u32) -> bool {
        let since = |then: Option<u32>| then.map_or(u32::MAX, |then| number - then);
        let left = self.delisted_on.is_some_and(|last_day| last_day < session);
        match row {
            Some(row) if row.traded.is_some() => true,
            _ if left || since(self.last_trade) > SUSPENDED_SESSIONS => false,
            Some(_) => true,
            None => {
                self.kept || self.delisted_on.is_some() || since(self.last_row) <= ABSENT_SESSIONS
            }
        }
    }

    fn counts(&self, bar: &DailyBar) -> bool {
        counts(self.segment.exchange(), self.listed_on, bar.session)
    }
}

/// Whether a bar in a session counts. Before the BSE opened, and before their own listing, its
/// codes traded elsewhere under other rules; some vendors' bars go back that far.
fn counts(exchange: Exchange, listed_on: Option<SessionDate>, session: SessionDate) -> bool {
    let of_young = exchange.first_session().is_some();
    exchange.is_open_in(session) && (!of_young || listed_on.is_none_or(|on| on <= session))
}

/// Whether a bar of a security counts in a session.
pub(crate) fn bar_counts(listing: &Listing, session: SessionDate) -> bool {
    counts(listing.symbol.exchange(), listing.listed_on, session)
}

#[cfg(test)]
mod tests {
    use fupan_market::{Calendar, Fen, Price, Traded, Turnover, TurnoverBasis};

    use super::*;

    /// Whether a walk counts each session of a security, of the four from 2023-03-10 on; it is
    /// listed on the third.
    fn counted(symbol: &str, sessions: &[&str]) -> Vec<bool> {
        let symbol: Symbol = symbol.parse().unwrap();
        let listing =
            Listing { listed_on: Some("2023-03-14".parse().unwrap()), ..Listing::unknown(symbol) };
        let board = symbol.board().unwrap();
        let (shares, before, bars) = (Vec::new(), None, Vec::new());
        let security = SecurityHistory { listing, board, shares, before, bars };
        let mut walk =
            SecurityWalk::new(&security, Rulebook::builtin(), "2022-01-04".parse().unwrap());
        let price = Price::from_fen(1_000).unwrap();
        let turnover = Turnover { fen: Fen(100_000), basis: TurnoverBasis::Reported };
        let traded =
            Traded { open: price, high: price, low: price, last: price, volume: 100, turnover };
        let step = |date: &&str| {
            let session: SessionDate = date.parse().unwrap();
            let number = Calendar::builtin().number(session).unwrap();
            let bar = DailyBar { session, prev_close: Some(price), traded: Some(traded) };
            walk.step(Some(&bar), session, number, &Holes::default()).is_some()
        };
        sessions.iter().map(step).collect()
    }

    #[test]
    fn a_share_of_the_bse_counts_from_its_own_listing_on() {
        let sessions = ["2023-03-10", "2023-03-13", "2023-03-14", "2023-03-15"];
        assert_eq!(counted("920057.BJ", &sessions), [false, false, true, true]);
        // On other exchanges, a bar before the listing date disproves the date.
        assert_eq!(counted("600000.SH", &sessions), [true; 4]);
        let symbol: Symbol = "920057.BJ".parse().unwrap();
        let listing =
            Listing { listed_on: Some("2023-03-14".parse().unwrap()), ..Listing::unknown(symbol) };
        let counts = sessions.map(|session| bar_counts(&listing, session.parse().unwrap()));
        assert_eq!(counts, [false, false, true, true]);
        // Of no known listing, from the exchange's opening on.
        let listing = Listing::unknown(symbol);
        let counts =
            ["2021-11-12", "2021-11-15"].map(|on| bar_counts(&listing, on.parse().unwrap()));
        assert_eq!(counts, [false, true]);
    }

    /// The session that a share, traded on three sessions or on the first and third, misses on the
    /// third.
    fn missed(middle: bool, holes: impl Fn(&[(u32, SessionDate); 3]) -> Holes) -> Option<u32> {
        let symbol: Symbol = "600000.SH".parse().unwrap();
        let (listing, board) = (Listing::unknown(symbol), symbol.board().unwrap());
        let (shares, before, bars) = (Vec::new(), None, Vec::new());
        let security = SecurityHistory { listing, board, shares, before, bars };
        let mut walk =
            SecurityWalk::new(&security, Rulebook::builtin(), "2022-01-04".parse().unwrap());
        let sessions = ["2023-03-10", "2023-03-13", "2023-03-14"].map(|date| {
            let session: SessionDate = date.parse().unwrap();
            (Calendar::builtin().number(session).unwrap(), session)
        });
        let holes = holes(&sessions);
        let price = Price::from_fen(1_000).unwrap();
        let turnover = Turnover { fen: Fen(100_000), basis: TurnoverBasis::Reported };
        let traded =
            Traded { open: price, high: price, low: price, last: price, volume: 100, turnover };
        let rows = sessions.into_iter().enumerate().filter(|(place, _)| *place != 1 || middle);
        let days = rows.filter_map(|(_, (number, session))| {
            let bar = DailyBar { session, prev_close: Some(price), traded: Some(traded) };
            walk.step(Some(&bar), session, number, &holes)
        });
        days.last().unwrap().carried.missing.map(|missing| missing - sessions[0].0)
    }

    #[test]
    fn a_session_is_missed_where_no_row_or_trade_has_come_since() {
        let hole = |sessions: &[(u32, SessionDate); 3]| {
            let mut holes = Holes::default();
            for ((number, session), rows) in sessions.iter().zip([1, 0, 1]) {
                holes.add(*number, *session, [rows; 3]);
            }
            holes
        };
        let lost = |sessions: &[(u32, SessionDate); 3]| {
            let mut holes = Holes::default();
            let (session, symbol) = (Some(sessions[1].1), "600000.SH".parse().ok());
            let exchange = Some(fupan_market::Exchange::Sse);
            holes.lose(&[fupan_market::LostRows { session, exchange, symbol, rows: 1 }], sessions);
            holes
        };
        assert_eq!((missed(false, hole), missed(true, hole)), (Some(1), None));
        assert_eq!((missed(false, lost), missed(true, lost)), (Some(1), None));
        assert_eq!(missed(false, |_| Holes::default()), None);
    }
}
