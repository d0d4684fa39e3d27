//! The fupan command.
fn main() {}
