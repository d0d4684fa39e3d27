//! The nearest known name, as a clause of a message.

use fupan_market::{Wording, nearest};

/// `; did you mean ...` as a clause, or nothing if no name is near.
pub(crate) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Wording {
    match nearest(name, known) {
        Some(candidate) => Wording::new(
            format!("; did you mean `{candidate}`?"),
            format!("（是否指`{candidate}`？）"),
        ),
        None => Wording::none(),
    }
}
