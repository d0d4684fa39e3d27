//! Payload bytes to rows and findings.
//!
//! [`read`] reads one file or folder by a [`Recipe`] into the batches of one [`Import`]. A fault in
//! a single row (a bad date, a high below the close, an unknown symbol) becomes a
//! [`Finding`](fupan_market::Finding) with its place, and the row is left out. A fault in the file
//! as a whole (a missing column, a truncated file, units that do not fit) is a [`SourceError`], and
//! nothing of the file is kept.
//!
//! The path of a value: a *format* (`format/`) reads bytes into frames of columns under the file's
//! own names. A *filler* (`row/`) reads their cells as the recipe says, checks each row
//! (`row/check.rs`) and keeps the sound ones. At the end the rows are sorted by the table's key
//! (`row/order.rs`) and the units are checked (`row/units.rs`). `spelling/` knows how vendors write
//! values; `finding/` lists what can be wrong with a row.
//!
//! [`vendor`] holds what can be asked of vendors over a network, as values; their answers, kept as
//! files, are read like any other.

mod definition;
mod error;
mod files;
mod finding;
mod format;
mod frame;
mod grown;
mod nearest;
mod progress;
mod recipe;
mod recognise;
mod row;
mod spelling;
pub mod vendor;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;

use arrow::array::RecordBatch;
use fupan_market::{Calendar, Exchange, InLanguage as _, LostRows, SessionDate, Symbol, Wording};
use fupan_table::{Import, ImportId, Table};

pub use error::{Expected, SourceError};
pub use grown::{Grown, Taken, read_grown};
pub use progress::{NoProgress, Progress};
pub use recipe::Recipe;
pub use recognise::{Recognised, recognise};

use files::Payload;
use finding::Cost;
use frame::Frame;
use recipe::Format;
use row::chain::Chain;
use row::so_far::growing;
use row::units::Verdict;
use row::{Filler, Shared};

/// Most rows of one import; they are held in memory until they are sorted.
const ROWS_MAX: u64 = 60_000_000;

/// Most frames queued between the decoding thread and the checking one.
const FRAMES_WAITING: usize = 4;

/// What the caller adds to the recipe when reading a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// The date of a list or snapshot; if `None`, the date in the file's name.
    pub as_of: Option<SessionDate>,
    /// What to do with a file if more than one row in a hundred would be left out.
    pub partial: Partial,
}

/// What happens to a file that can only be read in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partial {
    /// The file is refused.
    Refused,
    /// The rows that can be read are imported.
    Accepted,
}

/// A list of groups is whole if at most one of this many of its rows names none: a terminal that has
/// not loaded its cells leaves one in six or more empty.
const WHOLE_FROM: u64 = 50;

/// A file is refused if more than one row in this many would be left out.
const ONE_IN: u64 = 100;

/// Reads a file, or a folder of them, by a recipe. For `tdx-day`, the corporate actions beside the
/// files are read too.
///
/// Batches are in the schema of their table, sorted by date and then by symbol as text, each key
/// once. The import's id is the digest of the bytes, of the recipe's content, and of the file name
/// and date if the recipe reads them.
///
/// # Errors
/// See [`SourceError`]; nothing is kept of a file that fails.
pub fn read(
    recipe: &Recipe,
    path: &Path,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Import, SourceError> {
    let payload = Payload::open(recipe, path)?;
    if let Some(kind) = recipe.defines() {
        return definition::read(recipe, kind, &payload, progress);
    }
    read_payload(recipe, payload, options, progress)
}

/// Reads the answers of a vendor that are in memory, by the names of their requests: as [`read`] reads
/// a folder of them. `name` stands for the folder.
///
/// # Errors
/// As for [`read`]; [`SourceError::WrongFormat`] of a recipe that reads no answers.
pub fn read_answers(
    recipe: &Recipe,
    name: &str,
    answers: &[(String, Arc<[u8]>)],
    options: &ReadOptions,
) -> Result<Import, SourceError> {
    let payload = Payload::in_memory(name, answers);
    if !matches!(recipe.formats.first(), Some(Format::Answers(_))) {
        let reason = Wording::new(
            "only answers of a vendor are read from memory",
            "只有行情接口的应答可以从内存读取",
        );
        return Err(payload.wrong_format(recipe, reason));
    }
    read_payload(recipe, payload, options, &NoProgress)
}

/// Reads the tables of a digested payload.
fn read_payload(
    recipe: &Recipe,
    payload: Payload,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Import, SourceError> {
    let mut shared = Shared::new(as_of(recipe, &payload, options)?, Calendar::builtin());
    let mut fillers = fillers(recipe);
    let (layout, rows) = fill(recipe, &payload, progress, &mut fillers, &mut shared)?;
    finish(recipe, payload, (layout, rows), fillers, shared, options.partial)
}

fn fillers(recipe: &Recipe) -> Vec<Filler<'_>> {
    recipe.tables.iter().map(|table| Filler::new(recipe, table)).collect()
}

/// What is wrong with the first rows of a payload; `None` if they yield rows of the recipe's first
/// table, or of funds, or of any table if it is a vendor's answer.
fn first_rows_fault(recipe: &Recipe, payload: &Payload) -> Result<Option<Wording>, SourceError> {
    // The date of a list does not affect whether its rows can be read.
    let calendar = Calendar::builtin();
    let some_session = calendar.session(0);
    let (mut shared, mut fillers) = (Shared::new(some_session, calendar), fillers(recipe));
    let (mut tally, mut outcome) = (Tally::default(), Ok(()));
    format::read(recipe, payload, calendar, &NoProgress, &mut |frame| {
        outcome = take_frame(&frame, &mut tally, payload, &mut fillers, &mut shared);
        ControlFlow::Break(())
    })?;
    outcome?;
    // Answers of an interface are of shares or of indices.
    let answers = matches!(recipe.formats.first(), Some(Format::Answers(_)));
    let mut telling =
        fillers.iter().enumerate().filter(|(place, f)| *place == 0 || answers || f.is_of_funds());
    if telling.any(|(_, filler)| filler.rows() > 0) {
        return Ok(None);
    }
    let reason = shared.findings.commonest();
    Ok(Some(reason.unwrap_or_else(|| Wording::new("it has no rows", "它没有任何行"))))
}

/// Row counts of one file: read, lost, not covered.
#[derive(Clone, Debug, Default)]
struct Tally {
    read: u64,
    lost: u64,
    not_covered: u64,
    /// Lost rows of daily bars and quotes, by day, exchange and symbol.
    belonged: BTreeMap<Belongs, u64>,
    /// Whether there were too many entries to keep each security.
    nameless: bool,
}

/// Day, exchange and symbol of a lost row, as far as they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Belongs {
    day: Option<i32>,
    exchange: Option<Exchange>,
    symbol: Option<Symbol>,
}

impl Belongs {
    fn to(day: Option<i32>, symbol: Option<Symbol>) -> Belongs {
        Belongs { day, exchange: symbol.map(Symbol::exchange), symbol }
    }
}

/// Most entries of lost rows kept by security; beyond it they are counted by exchange.
const NAMED_MAX: usize = 10_000;

impl Tally {
    fn lose(&mut self, belongs: Belongs, rows: u64) {
        let symbol = belongs.symbol.filter(|_| !self.nameless);
        *self.belonged.entry(Belongs { symbol, ..belongs }).or_default() += rows;
        if !self.nameless && self.belonged.len() > NAMED_MAX {
            self.nameless = true;
            for (belongs, rows) in std::mem::take(&mut self.belonged) {
                self.lose(belongs, rows);
            }
        }
    }

    /// Rows and values lost, and the number of rows that belong in the store.
    fn loss(&self, findings: &finding::Findings) -> (u64, u64) {
        (self.lost + findings.values_lost(), self.read - self.not_covered.min(self.read))
    }

    /// The lost rows by session, exchange and symbol. A day that is not a session becomes `None`,
    /// any session: the date itself is what is wrong.
    fn lost_rows(&self, calendar: &Calendar) -> Vec<LostRows> {
        let session = |day: i32| {
            let date = SessionDate::from_epoch_days(day)?;
            calendar.number(date).ok().map(|_| date)
        };
        let mut of: BTreeMap<_, u64> = BTreeMap::new();
        for (Belongs { day, exchange, symbol }, rows) in &self.belonged {
            *of.entry((day.and_then(session), *exchange, *symbol)).or_default() += rows;
        }
        of.into_iter()
            .map(|((session, exchange, symbol), rows)| LostRows { session, exchange, symbol, rows })
            .collect()
    }
}

/// The date that the recipe takes from outside the file, if it takes one.
fn as_of(
    recipe: &Recipe,
    payload: &Payload,
    options: &ReadOptions,
) -> Result<Option<SessionDate>, SourceError> {
    if !recipe.reads_date_outside() {
        return Ok(None);
    }
    match options.as_of.or_else(|| files::date_in_name(&payload.name())) {
        Some(date) => Ok(Some(date)),
        None => Err(SourceError::AsOfNeeded { path: payload.path.clone() }),
    }
}

/// The name of the thread that decodes a file. A panic there means that the format's library cannot
/// read the file, and becomes [`SourceError::Damaged`]; a program may silence the panic's message.
pub const DECODER: &str = "fupan-decoder";

/// Decodes on one thread and checks on this one; returns the file's layout and its row counts.
fn fill(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    fillers: &mut [Filler<'_>],
    shared: &mut Shared,
) -> Result<(Wording, Tally), SourceError> {
    let calendar = shared.sessions.calendar;
    thread::scope(|scope| {
        let (send, frames) = mpsc::sync_channel::<Frame>(FRAMES_WAITING);
        let decode = move || {
            format::read(recipe, payload, calendar, progress, &mut |frame| match send.send(frame) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            })
        };
        let decoder =
            thread::Builder::new()
                .name(DECODER.to_owned())
                .spawn_scoped(scope, decode)
                .map_err(|reason| SourceError::Unreadable { path: payload.path.clone(), reason })?;
        let mut tally = Tally::default();
        let mut outcome = Ok(());
        for frame in &frames {
            outcome = take_frame(&frame, &mut tally, payload, fillers, shared);
            if outcome.is_err() {
                break;
            }
            progress.advance(frame.batch.num_rows() as u64);
        }
        // Without a receiver the decoder stops at its next frame.
        drop(frames);
        match decoder.join() {
            Ok(decoded) => outcome.and(decoded).map(|layout| (layout, tally)),
            // The decoder panicked on bytes that its library does not handle.
            Err(_) => Err(SourceError::Damaged {
                path: payload.path.clone(),
                reason: Wording::new("its content cannot be decoded", "内容无法解码"),
            }),
        }
    })
}

fn take_frame(
    frame: &Frame,
    tally: &mut Tally,
    payload: &Payload,
    fillers: &mut [Filler<'_>],
    shared: &mut Shared,
) -> Result<(), SourceError> {
    let rows = frame.batch.num_rows();
    tally.read += rows as u64;
    if tally.read > ROWS_MAX {
        return Err(SourceError::TooLarge {
            path: payload.path.clone(),
            found: Box::new(Wording::new(
                format!("more than {ROWS_MAX} rows"),
                format!("超过{ROWS_MAX}行"),
            )),
            limit: Box::new(Wording::new(format!("{ROWS_MAX} rows"), format!("{ROWS_MAX}行"))),
        });
    }
    for fault in &frame.faults {
        let row = frame.rows_before + fault.place;
        let at = finding::At { file: &frame.file, row, column: None };
        shared.findings.note_rows(fault.topic, "", fault.rows, at, || fault.example.clone());
        if fault.topic.cost == Cost::Lost {
            tally.read += fault.rows;
            tally.lost += fault.rows;
            tally.lose(Belongs::to(fault.day, None), fault.rows);
        }
    }
    for rows_marked in [&mut shared.lost, &mut shared.not_covered] {
        rows_marked.clear();
        rows_marked.resize(rows, false);
    }
    for filler in fillers.iter_mut() {
        filler.push(frame, shared)?;
    }
    for (row, (lost, not_covered)) in shared.lost.iter().zip(&shared.not_covered).enumerate() {
        tally.lost += u64::from(*lost);
        tally.not_covered += u64::from(*not_covered && !*lost);
        // A fund's row cannot be one that an A-share lacks.
        if *lost
            && !fillers.iter().any(|filler| filler.holds_fund(row))
            && let Some((day, symbol)) = fillers.iter().find_map(|f| f.belongs_to(row, shared))
        {
            tally.lose(Belongs::to(day, symbol), 1);
        }
    }
    Ok(())
}

/// Checks the units, sorts the rows and gathers the findings.
fn finish(
    recipe: &Recipe,
    payload: Payload,
    (layout, mut tally): (Wording, Tally),
    fillers: Vec<Filler<'_>>,
    mut shared: Shared,
    partial: Partial,
) -> Result<Import, SourceError> {
    if let Some(why) = shared.sessions.unannounced() {
        return Err(SourceError::Unannounced { path: payload.path, why });
    }
    check_prices(recipe, &payload, &mut shared)?;
    let mut batches = Vec::new();
    for filler in fillers.into_iter().filter(|filler| filler.rows() > 0) {
        let (table, batch, lost) = ordered(filler, &payload, &mut tally, &mut shared)?;
        if batch.num_rows() == 0 {
            continue;
        }
        let of_bars = matches!(table, Table::DailyBar | Table::Quote);
        for (day, who) in lost.into_iter().filter(|_| of_bars) {
            // When rows of one code and day differ, one of them may be another security's.
            let exchange = Some(shared.symbols.symbol(who).exchange());
            tally.lose(Belongs { day: Some(day), exchange, symbol: None }, 1);
        }
        match table {
            // The reference prices of TDX are computed from its closes, for ex-rights days alone.
            Table::DailyBar if recipe.formats.contains(&Format::TdxDay) => {}
            Table::DailyBar | Table::FundBar => {
                hold_together(&batch, &payload, shared.sessions.calendar)?
            }
            Table::IndexWeight | Table::GroupMember => {
                weigh(recipe, table, &batch, &payload, &mut shared.findings)?;
            }
            _ => {}
        }
        batches.push((table, batch));
    }
    if batches.is_empty() {
        let reason = shared.findings.commonest();
        let reason =
            reason.unwrap_or_else(|| Wording::new("the file has no rows", "文件里没有任何行"));
        let (path, recipe) = (payload.path, recipe.name.clone());
        return Err(SourceError::Nothing { path, recipe, reason });
    }
    let (lost, of) = tally.loss(&shared.findings);
    if partial == Partial::Refused && lost * ONE_IN > of {
        let findings = shared.findings.gravest(3);
        return Err(SourceError::TooMuchLost { path: payload.path, lost, of, findings });
    }
    let (digest, id) = identify(recipe, &payload, shared.as_of);
    Ok(Import {
        id,
        source: recipe.source.clone(),
        recipe: recipe.name.clone(),
        file: payload.name(),
        digest,
        batches,
        rows_read: tally.read,
        rows_left_out: tally.lost,
        lost: tally.lost_rows(shared.sessions.calendar),
        rows_not_covered: tally.not_covered,
        layout,
        findings: shared.findings.finish(),
    })
}

/// Checks the units of the prices, of shares and of funds, and notes the values that they lack.
fn check_prices(
    recipe: &Recipe,
    payload: &Payload,
    shared: &mut Shared,
) -> Result<(), SourceError> {
    let (of_shares, of_funds) = (&[Table::DailyBar, Table::Quote][..], &[Table::FundBar][..]);
    let verdicts = [(&shared.units, of_shares), (&shared.fund_units, of_funds)]
        .map(|(units, tables)| units.verdict(recipe, tables, &payload.shown));
    for verdict in verdicts {
        admit(verdict, recipe, payload, &mut shared.findings)?;
    }
    for (table, lacking) in
        [(Table::DailyBar, &shared.lacking), (Table::FundBar, &shared.fund_lacking)]
    {
        row::check::note_lacking(table, lacking, &payload.shown, &mut shared.findings);
    }
    Ok(())
}

/// A table, its rows in order, and those that were lost as they contradict each other.
type OrderedRows = (Table, RecordBatch, Vec<(i32, u32)>);

/// A table's rows in order. Rows that contradict each other are counted as lost.
fn ordered(
    filler: Filler<'_>,
    payload: &Payload,
    tally: &mut Tally,
    shared: &mut Shared,
) -> Result<OrderedRows, SourceError> {
    let unordered = filler.finish(shared);
    let table = unordered.table;
    let ordered = unordered.order(&shared.texts, &payload.shown, &mut shared.findings);
    let (batch, lost) = ordered.map_err(|error| SourceError::Damaged {
        path: payload.path.clone(),
        reason: Wording::of_library("Arrow库", &error),
    })?;
    tally.lost += lost.len() as u64;
    let batch = match table {
        Table::GroupMember => nowhere(batch, tally.read, &mut shared.findings),
        Table::IndexQuote => {
            let whole = batch.num_rows();
            let batch = growing(batch, &payload.shown, &mut shared.findings);
            tally.lost += (whole - batch.num_rows()) as u64;
            batch
        }
        _ => batch,
    };
    Ok((table, batch, lost))
}

/// Rows of `group_member` without those that name no group, unless the file is evidently whole: then
/// they say that their securities are in none.
fn nowhere(batch: RecordBatch, rows: u64, findings: &mut finding::Findings) -> RecordBatch {
    use arrow::array::{AsArray as _, BooleanArray};
    let Some(names) = batch.column_by_name("name").and_then(|names| names.as_string_opt::<i32>())
    else {
        return batch;
    };
    let named: BooleanArray = names.iter().map(|name| Some(name != Some(""))).collect();
    let nameless = named.false_count() as u64;
    if nameless == 0 {
        return batch;
    }
    if nameless * WHOLE_FROM <= rows {
        findings.retopic(finding::topics::NO_GROUP, finding::list_topics::IN_NO_GROUP);
        return batch;
    }
    arrow::compute::filter_record_batch(&batch, &named).unwrap_or(batch)
}

/// Checks that the weights of each list of an index or a group add up.
fn weigh(
    recipe: &Recipe,
    table: Table,
    batch: &RecordBatch,
    payload: &Payload,
    findings: &mut finding::Findings,
) -> Result<(), SourceError> {
    use row::weighted_lists::{of_groups, of_indices, verdict};
    let lists = match table {
        Table::IndexWeight => fupan_table::index_weight_rows(batch).map(|rows| of_indices(&rows)),
        _ => fupan_table::group_member_rows(batch).map(|rows| of_groups(&rows)),
    };
    let lists = lists.map_err(|error| SourceError::Damaged {
        path: payload.path.clone(),
        reason: error.wording(),
    })?;
    admit(verdict(table, &lists, &payload.shown), recipe, payload, findings)
}

/// Adds the findings of a verdict on units; an error if they are wrong.
fn admit(
    verdict: Verdict,
    recipe: &Recipe,
    payload: &Payload,
    findings: &mut finding::Findings,
) -> Result<(), SourceError> {
    match verdict {
        Verdict::Fit(found) => found.into_iter().for_each(|finding| findings.add(finding)),
        Verdict::Wrong { evidence, remedy } => {
            let (path, recipe) = (payload.path.clone(), recipe.name.clone());
            let (evidence, remedy) = (Box::new(evidence), Box::new(remedy));
            return Err(SourceError::WrongUnits { path, recipe, evidence, remedy });
        }
    }
    Ok(())
}

/// Refuses daily bars whose previous close too often differs from the close of the session before.
fn hold_together(
    bars: &RecordBatch,
    payload: &Payload,
    calendar: &Calendar,
) -> Result<(), SourceError> {
    let Some(chain) = Chain::of(bars, calendar).filter(|chain| chain.is_broken()) else {
        return Ok(());
    };
    let Chain { pairs, breaks } = chain;
    Err(SourceError::Contradiction {
        path: payload.path.clone(),
        evidence: Box::new(Wording::new(
            format!(
                "the previous close is not the previous session's close in {breaks} of {pairs} rows"
            ),
            format!("{pairs}行中有{breaks}行的前收盘价不是上一交易日的收盘价"),
        )),
        remedy: Box::new(Wording::new(
            "check that no two columns are swapped, and that the prices are not adjusted",
            "请检查是否有两列弄反了，以及价格是否经过复权",
        )),
    })
}

/// The digest of the bytes, and the digest of the bytes with how they were read.
fn identify(recipe: &Recipe, payload: &Payload, as_of: Option<SessionDate>) -> (String, ImportId) {
    let digest = payload.hasher.finalize().to_hex().to_string();
    let mut hasher = payload.hasher.clone();
    hasher.update(b"\0recipe\0");
    hasher.update(recipe.name.as_bytes());
    hasher.update(b"\0");
    hasher.update(recipe.canonical.as_bytes());
    if let Some(date) = as_of {
        hasher.update(format!("\0as of\0{date}").as_bytes());
    }
    if recipe.reads_word_in_name() {
        hasher.update(format!("\0name\0{}", payload.subject).as_bytes());
    }
    (digest, ImportId(hasher.finalize().to_hex().to_string()))
}

#[cfg(test)]
mod tests;
