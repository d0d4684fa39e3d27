//! TDX block files (`block_gn.dat`, `block_fg.dat`, `block_zs.dat`), little endian.
//!
//! | bytes | type | holds |
//! |---|---|---|
//! | 0..384 | | a header that starts with `Registry ver:` |
//! | 384..386 | u16 | the number of blocks |
//!
//! and then for each block 2,813 bytes:
//!
//! | bytes | type | holds |
//! |---|---|---|
//! | 0..9 | GBK | its name, padded with zeros |
//! | 9..11 | u16 | the number of members |
//! | 11..13 | u16 | its level |
//! | 13..2813 | 400 × 7 | six digits each and a zero |
//!
//! The exchange is not said. A block of more than 400 members does not fit.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use encoding_rs::GBK;
use fupan_market::{FindingKind, Wording};

use crate::files::{Member, Payload, content};
use crate::finding::{Cost, Said, Topic, as_it_is};
use crate::frame::{FRAME_ROWS, Fault, Frame, Take};
use crate::recipe::Recipe;
use crate::{Progress, SourceError};

const SIGNATURE: &[u8] = b"Registry ver:";
const HEADER: usize = 384;
const BLOCK: usize = 2_813;
const NAME: usize = 9;
const CODES: usize = 13;
const CODE: usize = 7;
const MEMBERS_MAX: usize = 400;

/// Most bytes of one file: terminals have some 200 blocks, 0.6 MB.
const FILE_BYTES_MAX: u64 = 16 << 20;

const FULL: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Blocks have 400 members, the most that the file holds; further ones may be missing",
        zh: "板块有400个成份，已是该文件所能容纳的上限，可能还有成份未列出",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

/// Whether a file starts like one of blocks.
pub(crate) fn is_one(member: &Member) -> bool {
    super::first_bytes(member).is_ok_and(|head| head.starts_with(SIGNATURE))
}

pub(super) fn read(
    recipe: &Recipe,
    payload: &Payload,
    progress: &dyn Progress,
    take: &mut Take<'_>,
) -> Result<(), SourceError> {
    for member in payload.members() {
        let bytes = content(&member.path, FILE_BYTES_MAX)?;
        let shown = || Path::new(member.shown.as_ref()).to_owned();
        let damaged = |reason| SourceError::Damaged { path: shown(), reason };
        if !bytes.starts_with(SIGNATURE) {
            let reason = Wording::new(
                "it does not start like a file of TDX blocks",
                "开头不是通达信板块文件的样子",
            );
            return Err(member.wrong_format(recipe, reason));
        }
        let blocks = blocks(&bytes).map_err(damaged)?;
        progress.expect(Some(blocks.iter().map(|block| block.codes.len() as u64).sum()));
        let rows =
            blocks.iter().flat_map(|block| block.codes.iter().map(move |code| (block, *code)));
        let rows: Vec<(&Block, &[u8])> = rows.collect();
        let mut faults: Vec<Fault> = full(&blocks).collect();
        for (place, rows) in rows.chunks(FRAME_ROWS).enumerate() {
            let batch =
                batch(rows).map_err(|error| damaged(Wording::of_library("Arrow库", &error)))?;
            let frame = Frame {
                file: member.shown.clone(),
                subject: member.subject.clone(),
                rows_before: (place * FRAME_ROWS) as u64,
                batch,
                places: None,
                faults: std::mem::take(&mut faults),
            };
            if take(frame).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A block: its name, and the code of each member as it is in the file.
struct Block<'a> {
    name: String,
    codes: Vec<&'a [u8]>,
}

/// The blocks of a file; an error if its size is not that of as many as it claims.
fn blocks(bytes: &[u8]) -> Result<Vec<Block<'_>>, Wording> {
    let claimed = bytes.get(HEADER..).and_then(number);
    let rest = bytes.get(HEADER + 2..).unwrap_or_default();
    let claimed = claimed.filter(|count| rest.len() == count * BLOCK).ok_or_else(|| {
        let (blocks, over) = (rest.len() / BLOCK, rest.len() % BLOCK);
        let said = claimed.unwrap_or(0);
        Wording::new(
            format!("it claims {said} blocks and holds {blocks} and {over} bytes"),
            format!("文件写明有{said}个板块，实有{blocks}个又{over}字节"),
        )
    })?;
    let mut found = Vec::with_capacity(claimed);
    for block in rest.chunks_exact(BLOCK) {
        let name = text(&block[..NAME]);
        let members = number(&block[NAME..]).unwrap_or(0);
        if members > MEMBERS_MAX {
            return Err(Wording::new(
                format!("block `{name}` claims {members} members, and at most 400 fit"),
                format!("板块`{name}`写明有{members}个成份，而最多只能有400个"),
            ));
        }
        let codes = block[CODES..].chunks_exact(CODE).take(members).collect();
        found.push(Block { name, codes });
    }
    Ok(found)
}

/// The blocks that have as many members as fit.
fn full<'a>(blocks: &'a [Block<'_>]) -> impl Iterator<Item = Fault> + 'a {
    let full = blocks.iter().filter(|block| block.codes.len() == MEMBERS_MAX);
    full.map(|block| {
        let example = as_it_is(block.name.clone());
        Fault { topic: FULL, rows: 1, place: 1, day: None, example }
    })
}

fn batch(rows: &[(&Block<'_>, &[u8])]) -> Result<RecordBatch, ArrowError> {
    let [mut block, mut code]: [StringBuilder; 2] = Default::default();
    for (of, member) in rows {
        block.append_value(&of.name);
        code.append_value(text(member));
    }
    let fields = ["block", "code"].map(|name| Field::new(name, DataType::Utf8, true));
    let columns: Vec<ArrayRef> = vec![Arc::new(block.finish()), Arc::new(code.finish())];
    RecordBatch::try_new(Arc::new(Schema::new(fields.to_vec())), columns)
}

/// A text up to its first zero.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    GBK.decode_without_bom_handling(&bytes[..end]).0.into_owned()
}

fn number(bytes: &[u8]) -> Option<usize> {
    bytes.first_chunk().map(|two| usize::from(u16::from_le_bytes(*two)))
}
