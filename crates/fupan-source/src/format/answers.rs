//! The answers of a vendor's interface, in one file or in a folder: the pages of one dataset.
//!
//! The files are one thing. A page that cannot be read, a gap in the numbers of the pages, pages of
//! two days: the whole is refused, since what is missing is not known. Every file is read twice, so
//! that only one is in memory at a time.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use fupan_market::{SessionDate, Wording};
use fupan_table::Table;

use super::columns_of;
use crate::files::{Member, Payload};
use crate::finding::{Topic, answer_topics, as_it_is};
use crate::frame::{FRAME_ROWS, Fault, Frame, Take};
use crate::recipe::{Format, Recipe};
use crate::vendor::answered::BYTES_MAX;
use crate::vendor::layout::Layout;
use crate::vendor::page::{CLOSE, Page, Row, Stale, clock};
use crate::{Progress, SourceError};

/// The layout of a file of a recipe that reads answers besides tables; `None` if it is a table.
pub(super) fn layout(recipe: &Recipe, payload: &Payload) -> Result<Option<Layout>, SourceError> {
    let Some(member) = payload.members().next() else { return Ok(None) };
    of_member(recipe, &member)
}

fn of_member(recipe: &Recipe, member: &Member) -> Result<Option<Layout>, SourceError> {
    let Some(layout) = recipe.answers else { return Ok(None) };
    let head = super::first_bytes(member)?;
    Ok((super::json::is_one(&head) || is_called(&head)).then_some(layout))
}

/// Whether a file starts like JSON in a call, `jQuery1({`.
fn is_called(head: &[u8]) -> bool {
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.');
    let head = head.trim_ascii_start();
    let rest = &head[head.iter().take_while(|byte| name(byte)).count()..];
    rest.len() < head.len()
        && rest.trim_ascii_start().strip_prefix(b"(").is_some_and(super::json::is_one)
}

/// The columns of an answer; `None` if the recipe reads tables, and this is one.
pub(super) fn fits(recipe: &Recipe, member: &Member) -> Result<Option<Vec<String>>, SourceError> {
    let layout = match recipe.formats.first() {
        Some(Format::Answers(layout)) => {
            let head = super::first_bytes(member)?;
            let starts = match layout {
                Layout::Tencent => head.trim_ascii_start().starts_with(b"v_"),
                Layout::Sina => head.trim_ascii_start().starts_with(b"var hq_str_"),
                _ => super::json::is_one(&head) || is_called(&head),
            };
            if !starts {
                let reason = Wording::new("it does not start like an answer", "开头不是应答的样子");
                return Err(member.wrong_format(recipe, reason));
            }
            Some(*layout)
        }
        _ => of_member(recipe, member)?,
    };
    let Some(layout) = layout else { return Ok(None) };
    let page = open(layout, recipe, member)?;
    columns_of(recipe, Path::new(member.shown.as_ref()), &page.columns)?;
    Ok(Some(page.columns))
}

fn open(layout: Layout, recipe: &Recipe, member: &Member) -> Result<Page, SourceError> {
    let bytes = member.content(BYTES_MAX as u64)?;
    layout.page(&bytes).map_err(|unfit| member.wrong_format(recipe, unfit.reason))
}

pub(super) fn read(
    layout: Layout,
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    let refuse = |reason| payload.wrong_format(recipe, reason);
    let mut whole = Whole::default();
    for member in payload.members() {
        // Of bars nothing holds one file to another; a file that is named itself is no series.
        let series = if payload.is_folder() { &*member.subject } else { "" };
        if layout != Layout::EmBars {
            whole.add((&member.subject, series), &open(layout, recipe, &member)?);
        }
    }
    whole.hold_together().map_err(refuse)?;
    let session = if layout.is_of_a_moment() { whole.session().map_err(refuse)? } else { None };
    let daily = fills_days(recipe);
    if let Some(day) = session.filter(|_| daily) {
        whole.hold_to_close(day).map_err(refuse)?;
    }
    progress.expect((layout != Layout::EmBars).then_some(whole.rows));
    let mut faults: Vec<Fault> = whole.missing().into_iter().collect();
    for member in payload.members() {
        let page = open(layout, recipe, &member)?;
        // A list without a row has no columns either.
        if page.columns.is_empty() {
            continue;
        }
        let wanted = columns_of(recipe, Path::new(member.shown.as_ref()), &page.columns)?;
        let sorted = sort(&page, session, daily);
        faults.extend(sorted.faults);
        let mut before = 0;
        loop {
            let rows = &sorted.rows[before..sorted.rows.len().min(before + FRAME_ROWS)];
            let batch = batch(&page, rows, &wanted, &member)?;
            let places = rows.iter().map(|row| *row as u64 + 1).collect();
            let frame = Frame {
                file: member.shown.clone(),
                subject: member.subject.clone(),
                rows_before: 0,
                batch,
                places: Some(places),
                faults: std::mem::take(&mut faults),
            };
            before += rows.len();
            if take(frame).is_break() {
                return Ok(());
            }
            if before >= sorted.rows.len() {
                break;
            }
        }
    }
    Ok(())
}

/// Whether a recipe fills tables of whole days.
fn fills_days(recipe: &Recipe) -> bool {
    let days = |table| matches!(table, Table::DailyBar | Table::IndexBar | Table::FundBar);
    recipe.tables.iter().any(|recipe| days(recipe.table))
}

fn batch(
    page: &Page,
    rows: &[usize],
    wanted: &[&str],
    member: &Member,
) -> Result<RecordBatch, SourceError> {
    let column = |name: &&str| {
        let place = page.columns.iter().position(|column| column == name);
        let mut column = StringBuilder::new();
        for row in rows {
            column.append_option(place.and_then(|place| page.rows[*row].cells[place].as_deref()));
        }
        Arc::new(column.finish()) as ArrayRef
    };
    let fields = wanted.iter().map(|name| Field::new(*name, DataType::Utf8, true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    RecordBatch::try_new(schema, wanted.iter().map(column).collect()).map_err(|error| {
        let reason = Wording::of_library("Arrow库", &error);
        SourceError::Damaged { path: member.shown.as_ref().into(), reason }
    })
}

/// What the answers say together.
#[derive(Debug, Default)]
struct Whole {
    rows: u64,
    /// How many rows there are by the vendor, and which came.
    total: Option<u64>,
    keys: HashSet<String>,
    /// Of each numbered series of files: the numbers, and whether the last says that there are more.
    series: BTreeMap<String, (Vec<u32>, bool)>,
    /// Of each answer with trade: its file, its day, and when its last row with trade was changed.
    moments: Vec<(String, Option<i32>, Option<i64>)>,
    /// The last day that any row names.
    day: Option<i32>,
}

impl Whole {
    /// Takes an answer in, by the name of its file and by the name that has its place in a series.
    fn add(&mut self, (name, place): (&str, &str), page: &Page) {
        self.rows += page.rows.len() as u64;
        self.total = self.total.max(page.total);
        if page.total.is_some() {
            self.keys.extend(page.rows.iter().map(|row| row.key.clone()));
        }
        let (series, number) = numbered(place).unwrap_or_default();
        let (numbers, more) = self.series.entry(series.to_owned()).or_default();
        numbers.extend(number);
        *more = page.more == Some(true);
        let day = page.day();
        self.day = self.day.max(day);
        if page.trades() {
            self.moments.push((name.to_owned(), day, day.and_then(|day| page.latest(day))));
        }
    }

    /// Refuses answers of which one is missing by their names or by their own word.
    fn hold_together(&self) -> Result<(), Wording> {
        for (series, (numbers, more)) in &self.series {
            let gap = (1..).zip(numbers).find(|(expected, number)| expected != *number);
            if let Some((missing, _)) = gap {
                return Err(Wording::new(
                    format!("the page {series}-{missing:04} is missing among its files"),
                    format!("文件中缺少`{series}-{missing:04}`这一页"),
                ));
            }
            if *more {
                return Err(Wording::new(
                    "the last answer says that there are more rows: fetch the rest",
                    "最后一个应答写明后面还有：请取全其余各页",
                ));
            }
        }
        Ok(())
    }

    /// The day that the answers are of.
    fn session(&self) -> Result<Option<i32>, Wording> {
        let Some(day) = self.day else {
            return Err(Wording::new(
                "no row says of which day it is, and none is assumed",
                "没有任何一行写明属于哪一天，也不作假定",
            ));
        };
        match self.moments.iter().find(|(_, of_page, _)| *of_page != Some(day)) {
            None => Ok(Some(day)),
            Some((file, of_page, _)) => {
                let [day, other] = [Some(day), *of_page].map(date);
                Err(Wording::new(
                    format!("the answers are of two days: {day}, and {other} in {file}"),
                    format!("应答属于两个日期：{day}，而`{file}`是{other}"),
                ))
            }
        }
    }

    /// Refuses answers that are not of a whole session.
    fn hold_to_close(&self, day: i32) -> Result<(), Wording> {
        let session = date(Some(day));
        if self.moments.is_empty() {
            return Err(Wording::new(
                format!("no row has trade on {session}"),
                format!("没有任何一行在{session}有成交"),
            ));
        }
        for (file, _, latest) in &self.moments {
            match latest {
                Some(second) if *second >= CLOSE => {}
                Some(second) => {
                    let time = clock(*second);
                    return Err(Wording::new(
                        format!(
                            "at {time} the session of {session} was still running ({file}): these \
                             are no whole days; fetch them after 15:00, or import them as quotes"
                        ),
                        format!(
                            "截至{time}，{session}的交易尚未结束（`{file}`），不是全天行情：请在15:00\
                             之后重新获取，或作为盘中行情导入"
                        ),
                    ));
                }
                None => {
                    return Err(Wording::new(
                        format!("no row of {file} says at what time it was changed"),
                        format!("`{file}`没有任何一行写明更新时间"),
                    ));
                }
            }
        }
        Ok(())
    }

    /// Rows that the vendor counts and that did not come.
    fn missing(&self) -> Option<Fault> {
        let (total, came) = (self.total?, self.keys.len() as u64);
        let missing = total.saturating_sub(came);
        let example = as_it_is(format!("{came} / {total}"));
        (missing > 0).then(|| fault(answer_topics::PAGES_MISSING, missing, 1, self.day, example))
    }
}

fn fault(topic: Topic, rows: u64, place: u64, day: Option<i32>, example: Wording) -> Fault {
    Fault { topic, rows, place, day, example }
}

fn date(day: Option<i32>) -> String {
    let date = day.and_then(SessionDate::from_epoch_days);
    date.map_or_else(|| "?".to_owned(), |date| date.to_string())
}

/// The series and the number of a file such as `spot-0003`.
fn numbered(name: &str) -> Option<(&str, Option<u32>)> {
    let (series, number) = name.rsplit_once('-')?;
    let digits = number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| (series, number.parse().ok()))
}

/// The rows of a page that can be read, and what is wrong with the others.
struct Sorted {
    rows: Vec<usize>,
    faults: Vec<Fault>,
}

fn sort(page: &Page, session: Option<i32>, daily: bool) -> Sorted {
    let Some(day) = session else {
        return Sorted { rows: (0..page.rows.len()).collect(), faults: Vec::new() };
    };
    let (mut rows, mut faults): (Vec<usize>, Vec<Fault>) = (Vec::new(), Vec::new());
    for (place, row) in page.rows.iter().enumerate() {
        let topic = match row.stale(day) {
            Some(Stale::OldCode) => Some(answer_topics::OLD_CODE),
            Some(_) if row.traded => Some(answer_topics::OTHER_DAY),
            Some(_) => Some(answer_topics::STILL),
            // From before the opening auction a row is no quote of the session.
            None if !daily && !row.traded && is_before(row, OPENING) => Some(answer_topics::STILL),
            None => {
                rows.push(place);
                (daily && row.traded && is_before(row, CLOSE))
                    .then_some(answer_topics::BEFORE_CLOSE)
            }
        };
        let Some(topic) = topic else { continue };
        match faults.iter_mut().find(|fault| fault.topic == topic) {
            Some(fault) => fault.rows += 1,
            None => {
                let example = as_it_is(row.key.clone());
                faults.push(fault(topic, 1, place as u64 + 1, Some(day), example));
            }
        }
    }
    Sorted { rows, faults }
}

/// When the opening auction begins, in seconds after midnight.
const OPENING: i64 = 9 * 3_600 + 15 * 60;

/// Whether a row was last changed before a time of day.
fn is_before(row: &Row, time: i64) -> bool {
    row.at.and_then(|at| at.second).is_some_and(|second| second < time)
}
