//! Trading phases of a session.

/// A trading phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {}

/// The phase at an instant.
pub fn phase_at() -> Phase {
    unimplemented!()
}
