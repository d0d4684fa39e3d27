//! EastMoney's boards as JSON: a map from boards to members or from securities to boards, lists of
//! boards with their names, and answers of the site, in one file or in several.
//!
//! | text | says |
//! |---|---|
//! | `{"光模块": ["600001"]}`, `{"BK1": {"name": "光模块", "members": [{"f12": "600001"}]}}` | members by board |
//! | `{"600001": ["BK1"]}` | boards by security |
//! | `[{"code": "BK1", "name": "光模块"}]`, with `members` or without | names of boards |
//! | `{"data": {"total": 1, "diff": [{"f12": "600001"}]}}` | members of the board that the file is named by, or names of boards if the codes are BK… |
//!
//! An answer may stand in a call (`jQuery1({…});`) or under `payload`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use fupan_market::Wording;
use serde_json::{Map, Value};

use crate::files::{Member, Payload};
use crate::finding::{Topic, as_it_is, list_topics};
use crate::frame::{FRAME_ROWS, Fault, Frame, Take};
use crate::recipe::Recipe;
use crate::vendor::answered::within_call;
use crate::{Progress, SourceError};

/// Most bytes of one file: its values take up to thirty times as much memory.
const FILE_BYTES_MAX: usize = 8 << 20;

/// Most lists within lists.
const DEPTH_MAX: usize = 6;

/// Fields that hold a code, a name and members, the likeliest first.
const CODES: [&str; 6] = ["f12", "code", "symbol", "index_code", "代码", "板块代码"];
const NAMES: [&str; 6] = ["f14", "name", "title", "index_name", "名称", "板块名称"];
const MEMBERS: [&str; 6] = ["members", "stocks", "list", "diff", "codes", "成份股"];

/// A security in a board, by the board's code or name.
type Listed = (String, String);

/// What some files say of boards.
#[derive(Default)]
struct Boards {
    /// In the order of the files.
    listed: Vec<Listed>,
    /// The names of boards' codes.
    names: BTreeMap<String, BTreeSet<String>>,
    /// By the board that answers of the site are of: how many members there are by them, and how many
    /// came.
    answered: BTreeMap<String, (u64, u64)>,
    /// Whether there are several files.
    several: bool,
    /// What is wrong, with the number of rows and an example.
    faults: Vec<(Topic, u64, String)>,
}

pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<Wording, SourceError> {
    let mut boards = Boards { several: payload.is_folder(), ..Boards::default() };
    let mut layout = Wording::none();
    for member in payload.members() {
        let (value, encoded) = open(recipe, &member)?;
        if layout.is_empty() {
            layout = encoded;
        }
        boards
            .add(&value, board_of(&member.subject))
            .map_err(|reason| member.wrong_format(recipe, reason))?;
    }
    if boards.listed.is_empty() {
        let reason = Wording::new(
            "it names boards and none of their members",
            "其中只有板块，没有板块的成份",
        );
        return Err(payload.wrong_format(recipe, reason));
    }
    let names = boards.named();
    progress.expect(Some(boards.listed.len() as u64));
    let mut faults = std::mem::take(&mut boards.faults);
    for (place, rows) in boards.listed.chunks(FRAME_ROWS).enumerate() {
        let batch = batch(rows, &names).map_err(|error| SourceError::Damaged {
            path: payload.path.clone(),
            reason: Wording::of_library("Arrow库", &error),
        })?;
        let fault = |(topic, rows, example): (Topic, u64, String)| Fault {
            topic,
            rows,
            place: 1,
            day: None,
            example: as_it_is(example),
        };
        let frame = Frame {
            file: payload.shown.clone(),
            subject: payload.subject.clone(),
            rows_before: (place * FRAME_ROWS) as u64,
            batch,
            places: None,
            faults: std::mem::take(&mut faults).into_iter().map(fault).collect(),
        };
        if take(frame).is_break() {
            break;
        }
    }
    Ok(layout)
}

/// A batch of memberships; `names` are the printed names of codes.
fn batch(
    rows: &[Listed],
    names: &BTreeMap<String, String>,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let mut columns: [StringBuilder; 3] = Default::default();
    for (board, symbol) in rows {
        columns[0].append_value(symbol);
        columns[1].append_option(is_board(board).then_some(board));
        columns[2].append_value(names.get(board).unwrap_or(board));
    }
    let field = |name| Field::new(name, DataType::Utf8, true);
    let schema = Schema::new(["symbol", "code", "name"].map(field).to_vec());
    let columns = columns.map(|mut column| Arc::new(column.finish()) as ArrayRef);
    RecordBatch::try_new(Arc::new(schema), columns.into())
}

/// The value in a file, and its encoding in words.
fn open(recipe: &Recipe, member: &Member) -> Result<(Value, Wording), SourceError> {
    let (content, encoded) = super::whole_text(recipe, member, FILE_BYTES_MAX)?;
    let content = content.trim();
    if content.starts_with('<') {
        let reason = Wording::new(
            "it is a web page, not JSON: the site refused or redirected the request; fetch it again",
            "这是网页而不是JSON：网站拒绝了请求或作了跳转；请重新获取",
        );
        return Err(member.wrong_format(recipe, reason));
    }
    serde_json::from_str(within_call(content)).map(|value| (value, encoded)).map_err(|error| {
        SourceError::Damaged {
            path: Path::new(member.shown.as_ref()).to_owned(),
            reason: Wording::of_library("JSON库", &error),
        }
    })
}

/// Whether a text is the code of a board: `BK1071`.
fn is_board(text: &str) -> bool {
    let digits = text.strip_prefix("BK").or_else(|| text.strip_prefix("bk"));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The board that a file is named by; `BK1071-0002` is the second page of one.
fn board_of(subject: &str) -> &str {
    let page = |number: &str| number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
    match subject.rsplit_once('-') {
        Some((board, number)) if is_board(board) && page(number) => board,
        _ => subject,
    }
}

/// Whether a text is six digits.
fn is_share(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The first of some fields that is a text or a number.
fn field(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| scalar(object.get(*name)?))
}

/// A text or a number.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        // A spreadsheet or a script may have cut the zeros off.
        Value::Number(number) => Some(format!("{:0>6}", number.to_string())),
        _ => None,
    }
}

/// The elements of a list, or the values of an object that stands for one (`{"0": …, "1": …}`).
fn elements(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(list) => Some(list.iter().collect()),
        Value::Object(named)
            if named
                .keys()
                .all(|key| key.parse::<u32>().is_ok_and(|n| n < 100_000) && key.len() < 6) =>
        {
            Some(named.values().collect())
        }
        _ => None,
    }
}

impl Boards {
    /// Takes in a file's value; `subject` is the file's name without its extension.
    fn add(&mut self, value: &Value, subject: &str) -> Result<(), Wording> {
        self.add_at(value, subject, 0)
    }

    fn add_at(&mut self, value: &Value, subject: &str, depth: usize) -> Result<(), Wording> {
        let Some(deeper) = (depth < DEPTH_MAX).then_some(depth + 1) else { return Ok(()) };
        match value {
            // Answers of several pages in one list, or boards.
            Value::Array(list) => {
                if list.iter().any(|one| one.get("data").is_some() || one.get("payload").is_some())
                {
                    return list.iter().try_for_each(|one| self.add_at(one, subject, deeper));
                }
                self.add_rows(list.iter().collect(), subject);
                Ok(())
            }
            Value::Object(object) => match (object.get("payload"), object.get("data")) {
                (Some(payload), _) => self.add_at(payload, subject, deeper),
                (None, Some(Value::Object(data))) => self.add_answer(data, subject),
                // A board of which the site has no members, beside others.
                (None, Some(Value::Null)) if is_board(subject) && self.several => {
                    self.faults.push((list_topics::NO_MEMBERS, 1, subject.to_owned()));
                    Ok(())
                }
                (None, Some(Value::Null)) => Err(no_data(object)),
                (None, Some(list @ Value::Array(_))) => self.add_at(list, subject, deeper),
                _ => {
                    self.add_map(object);
                    Ok(())
                }
            },
            _ => Err(Wording::new("it is neither a list nor an object", "它既不是列表也不是对象")),
        }
    }

    /// Adds an answer of the site.
    fn add_answer(&mut self, data: &Map<String, Value>, subject: &str) -> Result<(), Wording> {
        let Some(rows) = data.get("diff").and_then(elements) else {
            return Err(Wording::new("its `data` has no list `diff`", "`data`中没有`diff`列表"));
        };
        let total = data.get("total").and_then(Value::as_u64).unwrap_or(0);
        if !rows.iter().any(|row| names_board(row)) {
            // Pages of one board count together.
            let (all, came) = self.answered.entry(subject.to_owned()).or_default();
            (*all, *came) = (total.max(*all), *came + rows.len() as u64);
        }
        self.add_rows(rows, subject);
        Ok(())
    }

    /// Adds rows that are boards, with members or without, or members of the board `subject`.
    fn add_rows(&mut self, rows: Vec<&Value>, subject: &str) {
        for row in rows {
            let object = row.as_object();
            let code = object.map_or_else(|| scalar(row), |object| field(object, &CODES));
            let name = object.and_then(|object| field(object, &NAMES));
            let members = object.and_then(|object| {
                MEMBERS.iter().find_map(|name| object.get(*name).and_then(elements))
            });
            match (code, name, members) {
                (code, name, Some(members)) if code.is_some() || name.is_some() => {
                    let board = code.clone().or_else(|| name.clone()).unwrap_or_default();
                    self.name(code.as_deref(), name);
                    self.add_members(&board, members);
                }
                (Some(code), name, None) if is_board(&code) => self.name(Some(&code), name),
                (Some(code), _, None) => self.listed.push((subject.to_owned(), code)),
                _ => self.lose(subject, row),
            }
        }
    }

    /// Adds an object whose keys are boards or securities.
    fn add_map(&mut self, object: &Map<String, Value>) {
        for (key, value) in object {
            let key = key.trim();
            match value {
                // A dictionary of names.
                Value::String(name) if is_board(key) => self.name(Some(key), Some(name.clone())),
                Value::Object(board) if elements(value).is_none() || board.is_empty() => {
                    let members =
                        MEMBERS.iter().find_map(|name| board.get(*name).and_then(elements));
                    self.name(Some(key), field(board, &NAMES));
                    match members {
                        Some(members) => self.add_members(key, members),
                        // Boards by a word such as `names`, one level down.
                        None if !is_board(key) => self.add_map(board),
                        None => {}
                    }
                }
                _ => match elements(value) {
                    Some(values) if is_share(key) => {
                        for value in values {
                            match scalar_or_code(value) {
                                Some(board) => self.listed.push((board, key.to_owned())),
                                None => self.lose(key, value),
                            }
                        }
                    }
                    Some(rows) if rows.iter().any(|row| names_board(row)) => {
                        self.add_rows(rows, key);
                    }
                    Some(members) => self.add_members(key, members),
                    None => {}
                },
            }
        }
    }

    fn add_members(&mut self, board: &str, members: Vec<&Value>) {
        for member in members {
            match scalar_or_code(member) {
                Some(symbol) => self.listed.push((board.to_owned(), symbol)),
                None => self.lose(board, member),
            }
        }
    }

    /// Notes the name of a board's code.
    fn name(&mut self, code: Option<&str>, name: Option<String>) {
        if let (Some(code), Some(name)) = (code, name.filter(|name| Some(&**name) != code)) {
            self.names.entry(code.to_owned()).or_default().insert(name.trim().to_owned());
        }
    }

    fn lose(&mut self, board: &str, entry: &Value) {
        let entry: String = entry.to_string().chars().take(40).collect();
        self.faults.push((list_topics::NO_MEMBER, 1, format!("{board}: {entry}")));
    }

    /// The printed names of the listed boards' codes; notes boards without a name and names that are
    /// not one board's.
    fn named(&mut self) -> BTreeMap<String, String> {
        let listed: BTreeSet<&String> = self.listed.iter().map(|(board, _)| board).collect();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut codes: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
        for (board, (total, came)) in &self.answered {
            let missing = total.saturating_sub(*came);
            if missing > 0 {
                let example = format!("{board}: {came} / {total}");
                self.faults.push((list_topics::CUT_SHORT, missing, example));
            }
        }
        for board in &listed {
            match self.names.get(*board).and_then(|names| names.first()) {
                Some(name) => {
                    let own = &self.names[*board];
                    if own.len() > 1 {
                        let all: Vec<&str> = own.iter().map(String::as_str).collect();
                        let example = format!("{board}: {}", all.join(" / "));
                        self.faults.push((list_topics::BOARD_OF_TWO_NAMES, 1, example));
                    }
                    codes.entry(name).or_default().push(board);
                    names.insert((*board).clone(), name.clone());
                }
                None if is_board(board) => {
                    self.faults.push((list_topics::NO_BOARD_NAME, 1, (*board).clone()));
                }
                // It is a name itself.
                None => codes.entry(board).or_default().push(board),
            }
        }
        for (name, boards) in codes.into_iter().filter(|(_, boards)| boards.len() > 1) {
            let all: Vec<&str> = boards.iter().map(|board| board.as_str()).collect();
            let example = format!("{name}: {}", all.join(", "));
            self.faults.push((list_topics::NAME_OF_TWO_BOARDS, 1, example));
            for board in boards {
                names.insert(board.clone(), format!("{name} {board}"));
            }
        }
        names
    }
}

/// A member or a board: itself a text or a number, or an object with a code.
fn scalar_or_code(value: &Value) -> Option<String> {
    value.as_object().map_or_else(|| scalar(value), |object| field(object, &CODES))
}

/// Whether an element is an object with a board's code, or with members.
fn names_board(row: &Value) -> bool {
    row.as_object().is_some_and(|object| {
        field(object, &CODES).is_some_and(|code| is_board(&code))
            || MEMBERS.iter().any(|name| object.get(*name).and_then(elements).is_some())
    })
}

fn no_data(answer: &Map<String, Value>) -> Wording {
    let rc = answer.get("rc").map(ToString::to_string).unwrap_or_default();
    Wording::new(
        format!("the site's answer has no data (rc {rc}); fetch it again"),
        format!("网站的应答没有数据（rc {rc}）；请重新获取"),
    )
}
