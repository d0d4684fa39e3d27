//! Loads one session and its past for the measures.

pub(crate) mod code_changes;
pub(crate) mod daily_bars;
pub(crate) mod definitions;
pub(crate) mod fund_bars;
pub(crate) mod groups;
pub(crate) mod index_bars;
pub(crate) mod index_quotes;
pub(crate) mod index_weights;
pub(crate) mod lists;
pub(crate) mod quotes;
pub(crate) mod securities;
pub(crate) mod source_choice;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fupan_market::{
    Calendar, Codes, DailyBar, Exchange, Finding, FindingKind, Listing, LostRows, MarketHistory,
    SecurityHistory, SessionDate, Shares, Symbol, Wording,
};
use fupan_table::Table;

use crate::delta::Tables;
use crate::delta::log::DataFile;
use crate::read::daily_bars::{Bars, Window};
use crate::read::index_bars::Indices;
use crate::read::lists::{ListCache, ListFiles, Lists};
use crate::{SourceChoice, StoreError, record};

/// A session and its past, with the origin of the rows. It does not depend on the order in which
/// imports were appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The session and its past.
    pub history: MarketHistory,
    /// Every imported file that rows were taken from, by table, source and digest.
    pub inputs: Vec<StoreInput>,
    /// What a reader must know about the rows.
    pub findings: Vec<Finding>,
    /// The origin of the daily bars of each session and exchange that has rows.
    pub reads: Vec<ExchangeRead>,
    /// The source of each exchange's bars in the session.
    pub sources_used: Vec<SourceUse>,
    /// The other sources that hold bars of the session.
    pub sources_left: Vec<SourceUse>,
}

/// An imported file that rows were taken from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoreInput {
    /// The table's name.
    pub table: String,
    /// The source's name.
    pub source: String,
    /// BLAKE3 digest of the file, in hex.
    pub digest: String,
}

/// The origin of the daily bars of one exchange and session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExchangeRead {
    /// The session.
    pub session: SessionDate,
    /// The exchange.
    pub exchange: Exchange,
    /// The imports that rows were taken from, ascending.
    pub import_ids: Vec<String>,
    /// Rows left out because another import of the same source holds other values.
    pub conflicts: u64,
}

/// What is known of a session's past without reading it again.
#[derive(Clone, Debug)]
pub struct KeptPast {
    /// The first session of the window.
    pub from: SessionDate,
    /// The origin of the bars of the window's sessions before the range.
    pub reads: Vec<ExchangeRead>,
    /// Securities that belong to the session with or without a bar, by their last codes, ascending.
    pub symbols: Vec<Symbol>,
}

/// What a source holds of an exchange in the session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceUse {
    /// The exchange.
    pub exchange: Exchange,
    /// The source's name.
    pub source: String,
    /// Its rows.
    pub rows: u64,
    /// Its rows with a reported turnover.
    pub rows_with_turnover: u64,
}

/// Loads a session, which must have rows, and the sessions before it.
pub(crate) fn load(
    tables: &Tables,
    lists: &ListCache,
    session: SessionDate,
    sessions_before: u32,
    choice: &SourceChoice,
) -> Result<Loaded, StoreError> {
    let calendar = tables.calendar();
    let back = calendar.back(session, sessions_before)?.or_else(|| calendar.session(0));
    // Before the first session of the data nothing can be missing.
    let first = tables.sessions()?.map_or(session, |(first, _)| first.min(session));
    let from = back.unwrap_or(session).max(first);
    let loaded = range(tables, lists, (from, session), calendar.first(), choice)?;
    if loaded.sources_used.is_empty() {
        return Err(no_session(tables, session, choice)?);
    }
    Ok(loaded)
}

/// Loads a range of sessions, whether or not they have rows; for indices also those from
/// `indices_from` on.
pub(crate) fn range(
    tables: &Tables,
    lists: &ListCache,
    (from, session): (SessionDate, SessionDate),
    indices_from: SessionDate,
    choice: &SourceChoice,
) -> Result<Loaded, StoreError> {
    Parts::read(tables, lists, (from, session), indices_from, choice)?.loaded(tables, session, None)
}

/// Loads a session whose past is known. That past is looked up while the session is read; inputs and
/// findings cover its whole window.
pub(crate) fn with_past<T: Send, E: From<StoreError> + Send>(
    tables: &Tables,
    lists: &ListCache,
    session: SessionDate,
    choice: &SourceChoice,
    past: impl FnOnce() -> Result<(KeptPast, T), E> + Send,
) -> Result<(Loaded, T), E> {
    let indices_from = tables.calendar().first();
    let (parts, past) =
        rayon::join(|| Parts::read(tables, lists, (session, session), indices_from, choice), past);
    let (kept, rest) = past?;
    Ok((parts?.loaded(tables, session, Some(&kept))?, rest))
}

/// What is read of a range of sessions.
struct Parts {
    digests: BTreeMap<String, String>,
    window: Window,
    list_files: ListFiles,
    bar_files: Vec<DataFile>,
    index_files: Vec<DataFile>,
    codes: Codes,
    read_bars: Bars,
    read_indices: Indices,
    lists: Arc<Lists>,
}

impl Parts {
    fn read(
        tables: &Tables,
        lists: &ListCache,
        (from, session): (SessionDate, SessionDate),
        indices_from: SessionDate,
        choice: &SourceChoice,
    ) -> Result<Parts, StoreError> {
        let digests = tables.visible()?;
        let files = |table: Table| tables.files_among(table, &digests);
        let window = Window::new(from, session);
        let index_window = Window::new(indices_from, session);
        let list_files = ListFiles::of(&files, &digests)?;
        let codes = code_changes::codes(&list_files.changes, tables.rulebook())?;
        let bar_files = files(Table::DailyBar)?;
        let index_files = files(Table::IndexBar)?;
        // Lists take longest.
        let (lists, (read_bars, read_indices)) = rayon::join(
            || lists.read(&list_files, tables.rulebook()),
            || {
                rayon::join(
                    || daily_bars::read(&bar_files, &window, choice, &codes),
                    || index_bars::read(&index_files, &index_window, choice),
                )
            },
        );
        let (lists, read_bars, read_indices) = (lists?, read_bars?, read_indices?);
        Ok(Parts {
            digests,
            window,
            list_files,
            bar_files,
            index_files,
            codes,
            read_bars,
            read_indices,
            lists,
        })
    }

    /// The range as one history.
    fn loaded(
        self,
        tables: &Tables,
        session: SessionDate,
        kept: Option<&KeptPast>,
    ) -> Result<Loaded, StoreError> {
        let Parts {
            digests,
            window,
            list_files,
            bar_files,
            index_files,
            codes,
            read_bars,
            read_indices,
            lists,
        } = self;
        let (sources_used, sources_left) = sources(&read_bars, &window);
        let reads = reads(&read_bars, &window, &bar_files);
        let earlier = kept.map_or(&[][..], |kept| &kept.reads);
        let given: Vec<&ExchangeRead> = earlier.iter().chain(&reads).collect();
        let securities =
            with_symbols(read_bars.securities, kept.map_or(&[][..], |kept| &kept.symbols));
        let symbols: Vec<Symbol> = securities.iter().map(|(symbol, _)| *symbol).collect();
        let listings = lists.securities.listings(&symbols);
        let shares = lists.capital.shares(&symbols, session);

        let mut inputs = Inputs { digests: &digests, inputs: Vec::new() };
        let gave =
            |file: &DataFile| given.iter().any(|read| read.import_ids.contains(&file.import_id));
        let bars_used: Vec<bool> = bar_files.iter().map(gave).collect();
        inputs.add(Table::DailyBar, &bar_files, &bars_used);
        inputs.add(Table::IndexBar, &index_files, &read_indices.files_used);
        inputs.add_lists(&list_files, &lists, &listings.files_used, &shares.files_used);

        let mut findings = Vec::new();
        findings.extend(other_codes(&read_bars.other_codes, session));
        findings.extend(conflicts(&given, read_indices.conflicts));
        findings.extend(lists.of_definitions.iter().cloned());
        findings.extend(lists.indices.findings(session, &lists.securities));
        let window_from = kept.map_or(window.from, |kept| kept.from);
        findings.extend(gaps(&given, window_from, session, &sources_used, tables.calendar()));
        let securities = histories(securities, listings.of, shares.of);
        let history = MarketHistory {
            indices: read_indices.indices,
            listed: lists.listed.clone(),
            lost: lost(tables, &given, &codes)?,
            groups: Arc::clone(&lists.groups),
            index_lists: Arc::clone(&lists.indices.lists),
            ..MarketHistory::of(session, window.from, securities)
        };
        let inputs = inputs.sorted();
        Ok(Loaded { history, inputs, findings, reads, sources_used, sources_left })
    }
}

/// Findings for rows that imports of one source hold with different values.
fn conflicts(given: &[&ExchangeRead], of_indices: u64) -> impl Iterator<Item = Finding> {
    let rule = Wording::new(
        "those of the import with the smallest id were used",
        "采用编号最小的一次导入",
    );
    let of_bars = given.iter().map(|read| read.conflicts).sum();
    let bars = conflict(Table::DailyBar, of_bars, &rule);
    bars.into_iter().chain(conflict(Table::IndexBar, of_indices, &rule))
}

/// The rows lost by the imports that these reads used. Lost rows of unknown session may be of any
/// session and exchange that their import supplied rows for.
fn lost(
    tables: &Tables,
    reads: &[&ExchangeRead],
    codes: &Codes,
) -> Result<Vec<LostRows>, StoreError> {
    let ids: BTreeSet<&String> = reads.iter().flat_map(|read| &read.import_ids).collect();
    let records = record::read(tables, &|id| ids.contains(&id.to_owned()))?;
    let mut all = Vec::new();
    for record in records.iter().filter(|record| !record.lost.is_empty()) {
        let gave = |read: &&ExchangeRead| read.import_ids.contains(&record.id.0);
        for read in reads.iter().copied().filter(gave) {
            let of_session = record.lost.iter().filter(|lost| {
                lost.session.is_none_or(|session| session == read.session)
                    && lost.exchange.is_none_or(|exchange| exchange == read.exchange)
            });
            let (session, exchange) = (Some(read.session), Some(read.exchange));
            all.extend(of_session.map(|lost| {
                let symbol = lost.symbol.map(|symbol| codes.last(symbol));
                LostRows { session, exchange, symbol, rows: lost.rows }
            }));
        }
    }
    Ok(all)
}

/// The origin of the bars of each session and exchange.
fn reads(bars: &Bars, window: &Window, files: &[DataFile]) -> Vec<ExchangeRead> {
    bars.given(window)
        .map(|(session, exchange, gave, conflicts)| {
            let ids: BTreeSet<&String> = gave.iter().map(|file| &files[*file].import_id).collect();
            let import_ids = ids.into_iter().cloned().collect();
            ExchangeRead { session, exchange, import_ids, conflicts }
        })
        .collect()
}

/// Securities by symbol, including those of `symbols` without a bar.
fn with_symbols(
    mut securities: Vec<(Symbol, Vec<DailyBar>)>,
    symbols: &[Symbol],
) -> Vec<(Symbol, Vec<DailyBar>)> {
    let held = securities.len();
    for symbol in symbols {
        if securities[..held].binary_search_by_key(symbol, |(held, _)| *held).is_err() {
            securities.push((*symbol, Vec::new()));
        }
    }
    securities.sort_by_key(|(symbol, _)| *symbol);
    securities
}

/// Securities with their bars, listings and shares, all in the same order; without a board is none.
fn histories(
    securities: Vec<(Symbol, Vec<DailyBar>)>,
    listings: Vec<Listing>,
    shares: Vec<Vec<Shares>>,
) -> Vec<SecurityHistory> {
    let all = securities.into_iter().zip(listings).zip(shares);
    let of_boards = all.filter_map(|(((symbol, bars), listing), shares)| {
        let board = symbol.board()?;
        Some(SecurityHistory { board, listing, shares, before: None, bars })
    });
    of_boards.collect()
}

/// The sources that hold rows of the session: those used, and the others.
fn sources(bars: &Bars, window: &Window) -> (Vec<SourceUse>, Vec<SourceUse>) {
    let (mut used, mut left) = (Vec::new(), Vec::new());
    for exchange in Exchange::ALL {
        let chosen = bars.held.chosen(window, window.to, exchange);
        for (index, source) in bars.held.sources.iter().enumerate() {
            let tally = bars.held.tally(window, index, window.to, exchange);
            if tally.rows == 0 {
                continue;
            }
            let list = if chosen == Some(index) { &mut used } else { &mut left };
            list.push(SourceUse {
                exchange,
                source: source.clone(),
                rows: u64::from(tally.rows),
                rows_with_turnover: u64::from(tally.reported),
            });
        }
    }
    (used, left)
}

/// Collects the imported files that rows were taken from.
pub(crate) struct Inputs<'a> {
    pub digests: &'a BTreeMap<String, String>,
    pub inputs: Vec<StoreInput>,
}

impl Inputs<'_> {
    pub(crate) fn add(&mut self, table: Table, files: &[DataFile], used: &[bool]) {
        for (file, _) in files.iter().zip(used).filter(|(_, used)| **used) {
            self.inputs.push(StoreInput {
                table: table.name().to_owned(),
                source: file.source.clone(),
                digest: self.digests.get(&file.import_id).cloned().unwrap_or_default(),
            });
        }
    }

    fn add_lists(&mut self, files: &ListFiles, lists: &Lists, listings: &[bool], shares: &[bool]) {
        let either = listings.iter().zip(&lists.securities_used);
        let securities: Vec<bool> = either.map(|(listing, group)| *listing || *group).collect();
        self.add(Table::Security, &files.securities, &securities);
        self.add(Table::Industry, &files.industries, &lists.industries_used);
        self.add(Table::GroupMember, &files.members, &lists.members_used);
        self.add(Table::IndexWeight, &files.index_weights, &lists.indices.files_used);
        self.add(Table::Definition, &files.definitions, &lists.definitions_used);
        self.add(Table::ShareCapital, &files.capital, shares);
        self.add(Table::CodeChange, &files.changes, &vec![true; files.changes.len()]);
    }

    pub(crate) fn sorted(mut self) -> Vec<StoreInput> {
        self.inputs.sort();
        self.inputs.dedup();
        self.inputs
    }
}

pub(crate) fn conflict(table: Table, count: u64, rule: &Wording) -> Option<Finding> {
    (count > 0).then(|| Finding {
        kind: FindingKind::SourceConflict,
        count,
        subject: table.name().to_owned(),
        detail: Wording::new(
            format!(
                "{count} rows of `{0}` were imported more than once from one source, with \
                 different values; {1}.",
                table.name(),
                rule.en
            ),
            format!("表`{0}`有{count}行从同一来源重复导入，数值不同；{1}。", table.name(), rule.zh),
        ),
        hint: Wording::new(
            "`fupan doctor` shows which imports.",
            "运行`fupan doctor`可看到是哪几次导入。",
        ),
        place: None,
    })
}

/// A finding for rows of a session that disagree under two codes of one security.
fn other_codes(found: &[(Symbol, SessionDate)], session: SessionDate) -> Option<Finding> {
    let named: Vec<String> =
        found.iter().filter(|(_, on)| *on == session).map(|(who, _)| who.to_string()).collect();
    (!named.is_empty()).then(|| Finding {
        kind: FindingKind::SourceConflict,
        count: named.len() as u64,
        subject: Table::CodeChange.name().to_owned(),
        detail: Wording::new(
            format!(
                "{} securities have different rows under their old and new codes ({}); the row \
                 under the session's code was used.",
                named.len(),
                named.join(", ")
            ),
            format!(
                "{}只证券在新旧代码下各有一行且数值不同（{}）；采用当日所用代码下的一行。",
                named.len(),
                named.join("、")
            ),
        ),
        hint: Wording::new("Compare the rows with another source.", "请与另一来源核对。"),
        place: None,
    })
}

/// Findings for sessions of the window without rows, for the exchanges that have rows in the
/// session.
fn gaps(
    given: &[&ExchangeRead],
    from: SessionDate,
    to: SessionDate,
    used: &[SourceUse],
    calendar: &Calendar,
) -> Vec<Finding> {
    let (Ok(first), Ok(last)) = (calendar.number(from), calendar.number(to)) else {
        return Vec::new();
    };
    let held: BTreeSet<(SessionDate, Exchange)> =
        given.iter().map(|read| (read.session, read.exchange)).collect();
    let sessions: Vec<SessionDate> = (first..last).filter_map(|n| calendar.session(n)).collect();
    used.iter()
        .filter_map(|source| {
            let exchange = source.exchange;
            let missing: Vec<SessionDate> = sessions
                .iter()
                .copied()
                .filter(|date| !held.contains(&(*date, exchange)))
                .filter(|date| exchange.is_open_in(*date))
                .collect();
            let (earliest, latest) = (missing.first()?, missing.last()?);
            Some(Finding {
                kind: FindingKind::MissingData,
                count: missing.len() as u64,
                subject: exchange.mic().to_owned(),
                detail: Wording::new(
                    format!(
                        "{} sessions of {} between {earliest} and {latest} are not in the store; \
                         figures that span any of them are unknown.",
                        missing.len(),
                        exchange.label().en
                    ),
                    format!(
                        "{earliest}至{latest}之间，{}有{}个交易日不在库中；跨越其中任何一日的\
                         数字不予给出。",
                        exchange.label().zh,
                        missing.len()
                    ),
                ),
                hint: Wording::new("Import the missing sessions.", "请导入缺少的交易日。"),
                place: None,
            })
        })
        .collect()
}

fn no_session(
    tables: &Tables,
    session: SessionDate,
    choice: &SourceChoice,
) -> Result<StoreError, StoreError> {
    let Some((first, last)) = tables.sessions()? else {
        return Ok(StoreError::Empty(tables.dir().to_path_buf()));
    };
    let source_name = match choice {
        SourceChoice::Best => None,
        SourceChoice::Named(name) => Some(name.clone()),
    };
    Ok(StoreError::NoSession { session, source_name, first, last })
}
