//! Where a review's data comes from.

use fupan_fact::InputRef;
use fupan_market::{
    Calendar, Definitions, Exchange, ExchangeRows, Finding, FindingKind, GroupId, Holes,
    MarketHistory, Rulebook, SessionDate, Symbol, Wording,
};
use fupan_sim::SimulatedMarket;
use fupan_store::{SourceChoice, SourceUse, Store};

use crate::Error;
use crate::fact_table::Filter;

/// Sessions before the reviewed one that a review reads: 250 for highs and lows, and some more for
/// streaks that span a suspension.
pub(crate) const WINDOW_SESSIONS: u32 = 270;

/// Sessions before the last one from which the usual number of rows is judged.
const LATELY_SESSIONS: u32 = Holes::NEIGHBOURS;

/// The source name of simulated rows.
pub(crate) const SIMULATED: &str = "simulated";

/// Where a review's data comes from.
pub enum Market {
    /// A store on disk.
    Store {
        /// The store.
        store: Store,
        /// Which source to use if several hold the same session.
        choice: SourceChoice,
    },
    /// The simulated exchange.
    Sample(Box<SimulatedMarket>),
}

/// One session with its past, its inputs, and the store's findings about them.
pub(crate) struct Loaded {
    pub history: MarketHistory,
    pub inputs: Vec<InputRef>,
    pub findings: Vec<Finding>,
    /// The sources of the session's bars that are used, and the others that hold some.
    pub sources: SourceUses,
}

/// The sources of a session's bars, by exchange.
#[derive(Debug, Default)]
pub(crate) struct SourceUses {
    pub used: Vec<SourceUse>,
    pub left: Vec<SourceUse>,
}

impl Market {
    /// The rules that the data are read under.
    pub fn rulebook(&self) -> &'static Rulebook {
        match self {
            Market::Store { store, .. } => store.rulebook(),
            Market::Sample(_) => Rulebook::builtin(),
        }
    }

    /// The sessions that the rules count by.
    pub fn calendar(&self) -> &'static Calendar {
        self.rulebook().calendar()
    }

    /// First and last session of the data.
    ///
    /// # Errors
    /// [`Error::NoBars`] if there are none, [`Error::Store`] if the store cannot be read.
    pub fn sessions(&self) -> Result<(SessionDate, SessionDate), Error> {
        match self {
            Market::Store { store, .. } => store.sessions()?.ok_or(Error::NoBars),
            Market::Sample(market) => {
                let sessions = market.sessions();
                sessions.first().copied().zip(sessions.last().copied()).ok_or(Error::NoBars)
            }
        }
    }

    /// The chains, and the concepts that are no themes: the reader's own and the built-in ones.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn definitions(&self) -> Result<Definitions, Error> {
        Ok(match self {
            Market::Store { store, .. } => store.groups()?.definitions().clone(),
            Market::Sample(_) => Definitions::default(),
        })
    }

    /// Resolves groups given by name to their codes. Groups that the data do not know stay as they
    /// are.
    pub(crate) fn named_groups(&self, ids: &[GroupId]) -> Result<Vec<GroupId>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let groups = match self {
            Market::Store { store, .. } => store.groups()?,
            Market::Sample(market) => market.groups(),
        };
        let found = |id: &GroupId| groups.find(id).map_or_else(|| id.clone(), |g| g.id.clone());
        Ok(ids.iter().map(found).collect())
    }

    /// The codes that securities, given by any of their codes, have in a session.
    pub(crate) fn codes_on(
        &self,
        symbols: &[Symbol],
        session: SessionDate,
    ) -> Result<Vec<Symbol>, Error> {
        Ok(match self {
            Market::Store { store, .. } => {
                let codes = store.codes()?;
                symbols.iter().map(|symbol| codes.on(*symbol, session)).collect()
            }
            Market::Sample(_) => symbols.to_vec(),
        })
    }

    /// The filter with group names replaced by codes, for groups that the data know.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn with_group_codes(&self, filter: Filter) -> Result<Filter, Error> {
        let ids = filter.groups();
        let named = self.named_groups(&ids)?;
        let code = |scope: String| {
            let place = ids.iter().position(|id| id.to_string() == scope);
            place.map_or(scope, |place| named[place].to_string())
        };
        Ok(Filter { scopes: filter.scopes.into_iter().map(code).collect(), ..filter })
    }

    /// The filter with every code of the securities in it, and a note on each that has had several.
    /// Figures are printed under the code of their session, whichever code was asked for.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn with_every_code(&self, mut filter: Filter) -> Result<(Filter, Vec<Wording>), Error> {
        let Market::Store { store, .. } = self else { return Ok((filter, Vec::new())) };
        let (mut notes, codes) = (Vec::new(), store.codes()?);
        for asked in filter.securities() {
            let last = codes.last(asked);
            for former in codes.former(last) {
                notes.push(Wording::new(
                    format!(
                        "{last} had the code {} before {}; figures stand under the code of their \
                         session",
                        former.symbol, former.until
                    ),
                    format!(
                        "{last}在{}之前的代码是{}；各数字列在当日所用的代码之下",
                        former.until, former.symbol
                    ),
                ));
            }
            let every = codes.former(last).iter().map(|code| code.symbol).chain([last]);
            filter.scopes.extend(every.map(|code| code.to_string()));
        }
        // Each once, in the order asked for.
        let mut seen = std::collections::BTreeSet::new();
        filter.scopes.retain(|scope| seen.insert(scope.clone()));
        notes.sort();
        notes.dedup();
        Ok((filter, notes))
    }

    /// The session asked for, or the last complete session of the data.
    ///
    /// # Errors
    /// A date that is not a session, or that is outside the calendar or the data.
    pub fn session(&self, asked: Option<SessionDate>) -> Result<SessionDate, Error> {
        let calendar = self.calendar();
        if let Some(date) = asked {
            calendar.number(date)?;
        }
        let (first, last) = self.sessions()?;
        let session = match asked {
            Some(session) => session,
            None => self.last_whole(first, last)?,
        };
        if session < first || session > last {
            return Err(Error::OutsideData { session, first, last });
        }
        Ok(session)
    }

    /// The last session in which no exchange lacks most of the rows it had in the sessions before.
    /// If there is none, the last session of the data.
    fn last_whole(&self, first: SessionDate, last: SessionDate) -> Result<SessionDate, Error> {
        let Market::Store { store, choice } = self else { return Ok(last) };
        let calendar = self.calendar();
        let back = calendar.back(last, 2 * LATELY_SESSIONS)?.map_or(first, |back| back.max(first));
        let lately = store.range(back, last, last, choice)?.history;
        let sessions = calendar.between(back, last);
        let mut rows = vec![ExchangeRows::default(); sessions.len()];
        for security in &lately.securities {
            let exchange = security.listing.symbol.exchange() as usize;
            for bar in &security.bars {
                if let Ok(place) = sessions.binary_search(&bar.session) {
                    rows[place][exchange] += 1;
                }
            }
        }
        let (mut holes, mut whole) = (Holes::default(), None);
        let mut seen = [false; 3];
        for (session, rows) in sessions.iter().zip(&rows) {
            let number = calendar.number(*session)?;
            holes.add(number, *session, *rows);
            let is_hole = |exchange: Exchange| {
                let hole = holes.before(exchange, number + 1);
                seen[exchange as usize] && hole.is_some_and(|hole| hole.number == number)
            };
            if rows.iter().any(|rows| *rows > 0) && !Exchange::ALL.into_iter().any(is_hole) {
                whole = Some(*session);
            }
            seen = std::array::from_fn(|place| seen[place] || rows[place] > 0);
        }
        Ok(whole.unwrap_or(last))
    }

    /// A finding if no session was asked for and a later one than `session` is in the data in part.
    pub(crate) fn later_in_part(
        &self,
        asked: Option<SessionDate>,
        session: SessionDate,
    ) -> Result<Option<Finding>, Error> {
        let (_, last) = self.sessions()?;
        Ok((asked.is_none() && session < last).then(|| Finding {
            kind: FindingKind::PartialSession,
            count: 1,
            subject: last.to_string(),
            detail: Wording::new(
                format!(
                    "{last} is only partly in the data; this is {session}, the last complete \
                     session."
                ),
                format!("{last}的数据不完整；此处为数据完整的最近一个交易日{session}。"),
            ),
            hint: Wording::new(
                "Import the rest of the session, or name its date.",
                "请导入该日其余行情，或指定该日期。",
            ),
            place: None,
        }))
    }
}

impl From<fupan_store::Loaded> for Loaded {
    fn from(loaded: fupan_store::Loaded) -> Loaded {
        let inputs = loaded
            .inputs
            .into_iter()
            .map(|i| InputRef { table: i.table, source: i.source, digest: i.digest })
            .collect();
        let sources = SourceUses { used: loaded.sources_used, left: loaded.sources_left };
        Loaded { history: loaded.history, inputs, findings: loaded.findings, sources }
    }
}
