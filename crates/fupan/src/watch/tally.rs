//! What is wrong with the answers of a watch, counted.

use fupan_market::{Finding, FindingKind, Wording};

use crate::watch::log::Sweep;
use crate::watch::sweep::Swept;

/// What a reader must know of some sweeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Sweeps.
    pub sweeps: u64,
    /// Of them, those of which not all came.
    pub incomplete: u64,
    /// Those whose answers were refused as a whole.
    pub refused: u64,
    /// Quotes that were older than what was known.
    pub older: u64,
    /// Rows that could not be read.
    pub lost: u64,
    /// Securities that the vendor of the last whole sweep does not know.
    pub unknown: u64,
    /// Files whose end is no longer what was written.
    pub damaged: u64,
}

impl Tally {
    /// Adds a sweep; quotes that are older are for whoever knows the last ones.
    pub fn add(&mut self, sweep: &Sweep, swept: &Swept) {
        self.sweeps += 1;
        self.incomplete += u64::from(!sweep.whole);
        self.refused += u64::from(swept.refused.is_some());
        self.lost += swept.lost;
    }

    /// A finding for each kind of thing that is wrong.
    pub fn findings(&self) -> Vec<Finding> {
        let told: [(u64, &str, [&str; 2]); 6] = [
            (
                self.incomplete,
                "rounds of requests brought only some of the securities.",
                ["有", "轮请求只取得部分证券的行情。"],
            ),
            (
                self.refused,
                "rounds of requests brought answers that could not be read.",
                ["有", "轮应答无法读取。"],
            ),
            (
                self.older,
                "quotes were older than what was known, and left out.",
                ["有", "条行情比已知的更旧，未采用。"],
            ),
            (self.lost, "rows of answers could not be read.", ["应答中有", "行无法读取。"]),
            (
                self.unknown,
                "listed securities have no quote, as the vendor does not know them.",
                ["对方没有", "只已上市证券的行情。"],
            ),
            (
                self.damaged,
                "files of answers are damaged, and read up to there.",
                ["有", "个应答文件已损坏，只读到损坏处。"],
            ),
        ];
        let wrong = told.into_iter().filter(|(count, ..)| *count > 0);
        let finding = |(count, en, [before, after]): (u64, &str, [&str; 2])| Finding {
            kind: FindingKind::MissingData,
            count,
            subject: "quote".to_owned(),
            detail: Wording::new(format!("{count} {en}"), format!("{before}{count}{after}")),
            hint: Wording::new(
                "The answers are kept in the folder `watch` of the store.",
                "应答原文保存在数据目录的`watch`文件夹中。",
            ),
            place: None,
        };
        wrong.map(finding).collect()
    }
}
