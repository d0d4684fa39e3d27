//! The dateline: the session and the instant.

use fupan_fact::AsOf;

use crate::document::{Inline, Inlines};
use crate::text::Args;
use crate::view::View;

/// The date of the session with its instant.
pub(super) fn dateline(view: &View<'_>) -> Inlines {
    let id = match view.as_of {
        AsOf::Close => "dateline-close",
        AsOf::Instant(_) => "dateline-instant",
    };
    let args = Args::new(view.facts)
        .run("date", vec![Inline::Date(view.facts.session)])
        .run("time", vec![Inline::Instant(view.as_of)]);
    view.text.say(id, &args)
}
