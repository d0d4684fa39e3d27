//! Lists in pages, of which each says how many rows there are in all.

use std::collections::HashSet;

use fupan_market::Wording;

use super::super::answered::{Unfit, quoted};
use super::super::page::{Page, Row};

/// Most rows of a list: there are ten thousand securities of a kind at most.
const ROWS_MAX: u64 = 200_000;

/// How far a list has been read.
#[derive(Clone, Debug)]
pub(crate) struct Paging {
    /// Rows of a page: as many as are asked for, until fewer came.
    size: u64,
    /// How many rows there are, by the first page.
    total: Option<u64>,
    pages: u64,
    seen: HashSet<String>,
    capped: Option<u64>,
    /// How many rows a first page had that was shorter than it should be, which may have been a fault.
    doubted: Option<u64>,
}

impl Paging {
    /// A list of which so many rows a page are asked for.
    pub fn of(size: u64) -> Paging {
        Paging {
            size: size.max(1),
            total: None,
            pages: 0,
            seen: HashSet::new(),
            capped: None,
            doubted: None,
        }
    }

    /// The number of the next page and how many rows to ask for; `None` once all are there.
    pub fn next(&self) -> Option<(u64, u64)> {
        let done = self.total.is_some_and(|total| self.pages * self.size >= total);
        (!done).then_some((self.pages + 1, self.size))
    }

    /// Whether a page was taken in.
    pub fn has_begun(&self) -> bool {
        self.pages > 0
    }

    /// That the vendor gives fewer rows a page than are asked for.
    pub fn remark(&self) -> Option<Wording> {
        let (asked, came) = (self.capped?, self.size);
        Some(Wording::new(
            format!("the vendor gives {came} rows a page where {asked} were asked for"),
            format!("每页请求{asked}行，对方只给{came}行"),
        ))
    }

    /// Whether a page is the last, if it is taken in.
    pub fn ends_with(&self, page: &Page) -> bool {
        let came = page.rows.len() as u64;
        came > 0 && page.total.is_some_and(|total| self.pages * self.size + came >= total)
    }

    /// Takes the next page in.
    ///
    /// # Errors
    /// If it is not the next part of the same list; no row is then taken in.
    pub fn take(&mut self, page: &Page) -> Result<(), Unfit> {
        let came = page.rows.len() as u64;
        let Some(total) = page.total else {
            return Err(Unfit::again(
                "the page does not say how many rows there are in all",
                "该页没有写明总行数",
            ));
        };
        if total == 0 || total > ROWS_MAX {
            return Err(Unfit::again(
                format!("the list has {total} rows by its own count"),
                format!("列表自称共{total}行"),
            ));
        }
        if let Some(first) = self.total.filter(|first| *first != total) {
            return Err(Unfit::again(
                format!("the list changed while it was read: {first} rows, then {total}"),
                format!("列表在读取过程中变了：先是{first}行，后是{total}行"),
            ));
        }
        // A first page that is short twice shows how many rows the vendor gives.
        let short = self.total.is_none() && came < self.size.min(total);
        let size = match short && self.doubted == Some(came) {
            true => came,
            false => self.size,
        };
        self.doubted = short.then_some(came);
        let expected = size.min(total.saturating_sub(self.pages * size));
        if came != expected || came == 0 {
            let number = self.pages + 1;
            return Err(Unfit::again(
                format!("page {number} has {came} rows and not {expected}, of {total} in all"),
                format!("第{number}页有{came}行，应有{expected}行，共{total}行"),
            ));
        }
        self.hold_apart(page)?;
        if size < self.size {
            self.capped = Some(self.size);
        }
        (self.size, self.total) = (size, Some(total));
        self.pages += 1;
        self.seen.extend(page.rows.iter().map(|row| row.key.clone()));
        Ok(())
    }

    /// Refuses rows that are on an earlier page too: where the order moves between two pages, others
    /// are on none.
    fn hold_apart(&self, page: &Page) -> Result<(), Unfit> {
        let mut own: HashSet<&str> = HashSet::new();
        let mut doubled: Vec<String> = Vec::new();
        for Row { key, .. } in &page.rows {
            if self.seen.contains(key) || !own.insert(key) {
                doubled.push(quoted(key));
            }
        }
        match doubled.as_slice() {
            [] => Ok(()),
            [first, ..] => {
                let (number, count) = (self.pages + 1, doubled.len());
                Err(Unfit::again(
                    format!(
                        "{count} rows of page {number} are there already, such as {first}: the \
                         order moved, or it is an earlier page"
                    ),
                    format!(
                        "第{number}页有{count}行先前已经出现，如{first}：排序变动，或给的是先前的页"
                    ),
                ))
            }
        }
    }
}
