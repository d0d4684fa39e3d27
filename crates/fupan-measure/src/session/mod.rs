//! A session as measures see it: from the bars of a window, from a walk through all of history, or
//! at an instant inside it.

pub(crate) mod fund;
pub(crate) mod held;
pub(crate) mod history;
pub(crate) mod index;
pub(crate) mod own_past;
pub(crate) mod pre_open;
pub(crate) mod share_dates;
pub(crate) mod turnover;
pub(crate) mod walk;
pub(crate) mod walked;
pub(crate) mod window;
