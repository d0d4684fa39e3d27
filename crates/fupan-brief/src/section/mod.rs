//! The sections of a brief, one file each: its paragraphs, pictures, tables and takeaways.

pub(crate) mod breadth;
pub(crate) mod chain;
pub(crate) mod highs_and_size;
pub(crate) mod index_board;
pub(crate) mod index_industries;
pub(crate) mod indices;
pub(crate) mod industries;
pub(crate) mod kind;
pub(crate) mod lead;
pub(crate) mod limit_board;
pub(crate) mod listed;
pub(crate) mod movers;
pub(crate) mod named;
pub(crate) mod past;
pub(crate) mod ranked;
pub(crate) mod rotation;
pub(crate) mod rule;
pub(crate) mod said;
pub(crate) mod table;
pub(crate) mod temper;
pub(crate) mod themes;
pub(crate) mod tiles;
pub(crate) mod turnover;
pub(crate) mod watch;
