//! A simulated exchange that obeys the rulebook, seeded.
