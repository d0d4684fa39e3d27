//! Claims out of an article, judged against facts.
//!
//! An [`Article`] is a file as a reader sees it: blocks of readable text, each character of which
//! knows its place in the file. A [`Report`] says what the article claims and whether facts support
//! it. It is printed as one JSON object ([`Report::to_json`]), as text for a terminal
//! ([`terminal_text`]), or as a page ([`page`]).

mod article;
mod check;
mod dating;
mod extract;
mod judge;
mod lexicon;
mod numeral;
mod page;
mod report;
mod stated;
mod subjects;
mod terminal;
mod token;

pub use article::{
    Article, ArticleError, ArticleForm, BlockKind, Charset, Clause, LARGEST_BYTES,
    LONGEST_SENTENCE, MOST_BLOCKS, Remark, RemarkKind, Sentence, TextBlock,
};
pub use check::report;
pub use dating::{IndexReturns, SessionFound, dated};
pub use extract::statements;
pub use judge::{FactBook, Judged, base_of, judge};
pub use page::page;
pub use report::{
    Claim, ClaimKind, ClaimUnit, ClaimValue, Comparator, Decimal, DecimalError, Report, Summary,
    Verdict, VerdictCounts,
};
pub use stated::{
    Ask, CalendarAsk, Direction, NamedPopulation, NoFact, PriceMoment, ReturnPeriod, Since, Stated,
    StatedValue,
};
pub use subjects::{Subject, Subjects};
pub use terminal::{Ink, terminal_text};
