//! Levels of indices out of answers about how things are now.

use fupan_market::{Fen, Price, Return, SecurityKind, Symbol, Wording};

use super::dataset::Dataset;
use super::layout::Layout;
use super::page::Page;
use crate::recipe::{Format, Recipe};
use crate::spelling::decimal::Scale;

/// An index as a vendor says it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexLevel {
    /// The index.
    pub symbol: Symbol,
    /// When it was last changed, in seconds after midnight, Shanghai time.
    pub second: u32,
    /// Its level, in ten-thousandths of a point.
    pub last: Price,
    /// Its level at the last close.
    pub prev_close: Price,
    /// The turnover of its members, if it is said.
    pub turnover: Option<Fen>,
}

impl IndexLevel {
    /// The change since the last close; `None` if it is too large to be one.
    pub fn change(&self) -> Option<Return> {
        Return::between(self.prev_close, self.last)
    }
}

/// The levels of indices in an answer of a dataset; none if it holds shares alone. Rows without a
/// level or a time are left out.
///
/// # Errors
/// If there is no such dataset, it is not about how things are now, or the bytes are no answer of it.
pub fn index_levels(dataset: &str, answer: &[u8]) -> Result<Vec<IndexLevel>, Wording> {
    let layout = Dataset::named(dataset).and_then(layout);
    let Some(layout) = layout.filter(|layout| layout.is_of_a_moment()) else {
        return Err(Wording::new(
            format!("`{dataset}` says nothing about now"),
            format!("`{dataset}`没有实时数据"),
        ));
    };
    let page = layout.page(answer).map_err(|unfit| unfit.reason)?;
    Ok((0..page.rows.len()).filter_map(|row| level(&page, row)).collect())
}

fn layout(dataset: &Dataset) -> Option<Layout> {
    match Recipe::named(dataset.recipe).ok()?.formats.first() {
        Some(Format::Answers(layout)) => Some(*layout),
        _ => None,
    }
}

fn level(page: &Page, row: usize) -> Option<IndexLevel> {
    let symbol: Symbol = page.rows[row].key.parse().ok()?;
    if symbol.kind() != SecurityKind::Index {
        return None;
    }
    let number = |name: &str, power: u32| {
        let column = page.columns.iter().position(|column| column == name)?;
        let text = page.rows[row].cells.get(column)?.as_deref()?;
        match text.strip_suffix('万') {
            Some(text) => Scale { power: power + 4, step: 1 }.text(text),
            None => Scale { power, step: 1 }.text(text),
        }
    };
    let points = |name: &str| Price::from_units(number(name, 4)?).ok();
    Some(IndexLevel {
        symbol,
        second: u32::try_from(page.rows[row].at?.second?).ok()?,
        last: points("last")?,
        prev_close: points("prev_close")?,
        turnover: number("turnover", 2).map(Fen),
    })
}
