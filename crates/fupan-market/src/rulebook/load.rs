//! Reading `rules.toml`.

use serde::Deserialize;

use super::{
    Band, BoardRules, Dated, EntersAfter, FirstSessions, Membership, Rounding, Rulebook, Treatment,
};
use crate::{Board, Calendar, Codes, Renamed, SessionDate, Symbol};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    band: Vec<BandRow>,
    unlimited: Vec<Span>,
    first_sessions: Vec<FirstSessionsRow>,
    delisting_first_session: Vec<Span>,
    renamed: Vec<RenamedRow>,
    #[serde(default)]
    recoded: Vec<RecodedRow>,
    #[serde(default)]
    sse_composite: Vec<CompositeRow>,
}

/// How well a row is known. It must be stated; nothing is computed from it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Confidence {
    Verified,
    High,
    Medium,
}

#[derive(Deserialize)]
struct Span {
    boards: Vec<Board>,
    from: SessionDate,
    until: Option<SessionDate>,
    #[serde(rename = "document")]
    _document: String,
    #[serde(rename = "confidence")]
    _confidence: Confidence,
}

#[derive(Deserialize)]
struct BandRow {
    #[serde(flatten)]
    span: Span,
    statuses: Vec<Treatment>,
    percent: u8,
    rounding: Rounding,
}

#[derive(Deserialize)]
struct FirstSessionsRow {
    #[serde(flatten)]
    span: Span,
    sessions: u32,
    issue_price: Option<IssuePricePercent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuePricePercent {
    up: u8,
    down: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RenamedRow {
    old: Symbol,
    new: Symbol,
    on: SessionDate,
    #[serde(rename = "confidence")]
    _confidence: Confidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecodedRow {
    boards: Vec<Board>,
    on: SessionDate,
    #[serde(rename = "document")]
    _document: String,
    #[serde(rename = "confidence")]
    _confidence: Confidence,
}

#[derive(Deserialize)]
struct CompositeRow {
    #[serde(flatten)]
    span: Span,
    risk_warning: bool,
    enters_after: EntersAfter,
}

/// The rulebook a text describes; `Err` says which rows contradict each other.
pub(super) fn rulebook(text: &str) -> Result<Rulebook, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut boards: [BoardRules; 4] = Default::default();
    for row in &file.band {
        if !(1..100).contains(&row.percent) {
            return Err(format!("a band of {} % is none", row.percent));
        }
        let band = Band { percent: row.percent, rounding: row.rounding };
        for board in &row.span.boards {
            for treatment in &row.statuses {
                let rows = &mut boards[*board as usize].bands[*treatment as usize];
                rows.push(row.span.dated(band));
            }
        }
    }
    for row in &file.first_sessions {
        let issue_price_percent =
            row.issue_price.as_ref().map(|p| (i64::from(p.up), i64::from(p.down)));
        let rule = FirstSessions { sessions: row.sessions, issue_price_percent };
        for board in &row.span.boards {
            boards[*board as usize].first_sessions.push(row.span.dated(rule));
        }
    }
    for row in &file.unlimited {
        for board in &row.boards {
            boards[*board as usize].unlimited.push(row.dated(()));
        }
    }
    for row in &file.delisting_first_session {
        for board in &row.boards {
            boards[*board as usize].delisting_first_session.push(row.dated(()));
        }
    }
    for row in &file.sse_composite {
        let rule = Membership { risk_warning: row.risk_warning, enters_after: row.enters_after };
        for board in &row.span.boards {
            boards[*board as usize].sse_composite.push(row.span.dated(rule));
        }
    }
    for row in &file.recoded {
        for board in &row.boards {
            boards[*board as usize].recoded.push(row.on);
        }
    }
    for board in &mut boards {
        board.bands.iter_mut().try_for_each(|rows| order(rows))?;
        order(&mut board.unlimited)?;
        order(&mut board.first_sessions)?;
        order(&mut board.delisting_first_session)?;
        order(&mut board.sse_composite)?;
    }
    let renamed: Vec<Renamed> = file.renamed.iter().map(RenamedRow::rule).collect();
    let codes = Codes::of(&renamed, &[]);
    let version = format!("{}-{:08x}", file.version, digest(text));
    Ok(Rulebook { boards, codes, version: version.into(), calendar: Calendar::builtin() })
}

impl Span {
    fn dated<T>(&self, rule: T) -> Dated<T> {
        Dated { from: self.from, until: self.until, rule }
    }
}

impl RenamedRow {
    fn rule(&self) -> Renamed {
        Renamed { old: self.old, new: self.new, on: self.on }
    }
}

/// Orders rows latest first and refuses any two that hold on one date.
fn order<T>(rows: &mut [Dated<T>]) -> Result<(), String> {
    rows.sort_by_key(|row| std::cmp::Reverse(row.from));
    for pair in rows.windows(2) {
        let (later, earlier) = (&pair[0], &pair[1]);
        if earlier.until.is_none_or(|until| until >= later.from) {
            return Err(format!("the rows from {} and {} overlap", earlier.from, later.from));
        }
    }
    match rows.iter().find(|row| row.until.is_some_and(|until| until < row.from)) {
        Some(row) => Err(format!("the row from {} ends before it begins", row.from)),
        None => Ok(()),
    }
}

/// FNV-1a of the text, folded to 32 bits: enough to distinguish revisions.
fn digest(text: &str) -> u32 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash >> 32) as u32 ^ hash as u32
}
