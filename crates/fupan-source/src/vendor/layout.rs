//! How vendors lay out their answers: each layout turns the bytes of one answer into a page of rows.

use super::answered::Unfit;
use super::page::Page;
use super::{eastmoney, objects, sina, tencent, tushare};

/// A layout of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// EastMoney's lists of securities as they are now.
    EmList,
    /// EastMoney's bars of one security.
    EmBars,
    /// Tencent's quotes.
    Tencent,
    /// Sina's quotes.
    Sina,
    /// Tushare's tables.
    Tushare,
    /// Lists of objects, as AKTools answers.
    Objects,
}

impl Layout {
    /// The layout that a recipe names as its `format`.
    pub fn of_format(name: &str) -> Option<Layout> {
        match name {
            "em-list" => Some(Layout::EmList),
            "em-bars" => Some(Layout::EmBars),
            "tencent-quotes" => Some(Layout::Tencent),
            "sina-quotes" => Some(Layout::Sina),
            "tushare" => Some(Layout::Tushare),
            _ => None,
        }
    }

    /// The layout that a recipe of tables names as its `answers`.
    pub fn of_answers(name: &str) -> Option<Layout> {
        match name {
            "tushare" => Some(Layout::Tushare),
            "objects" => Some(Layout::Objects),
            _ => None,
        }
    }

    /// The rows of one answer.
    pub fn page(self, bytes: &[u8]) -> Result<Page, Unfit> {
        match self {
            Layout::EmList => eastmoney::list::page(bytes),
            Layout::EmBars => eastmoney::bars::page(bytes),
            Layout::Tencent => tencent::page(bytes),
            Layout::Sina => sina::page(bytes),
            Layout::Tushare => tushare::answer::page(bytes),
            Layout::Objects => objects::page(bytes),
        }
    }

    /// Whether its rows say when they were changed: they are of one session, which may be running.
    pub fn is_of_a_moment(self) -> bool {
        matches!(self, Layout::EmList | Layout::Tencent | Layout::Sina)
    }
}
