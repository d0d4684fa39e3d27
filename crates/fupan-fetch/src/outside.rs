//! The clock, waiting, chance and the environment.

use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::Duration;

use jiff::Timestamp;

/// What comes in from outside besides the network. Tests bring their own, and so never wait.
pub trait Outside: Send + Sync {
    /// The time on the wall. Processes that share a store share it.
    fn now(&self) -> Timestamp;
    /// Waits.
    fn sleep(&self, how_long: Duration);
    /// A number by chance, each of the 2⁶⁴ as likely as any other.
    fn draw(&self) -> u64;
    /// A variable of the environment. It may hold a secret.
    fn variable(&self, name: &str) -> Option<OsString>;
}

/// The computer that the program runs on.
#[derive(Clone, Copy, Debug)]
pub struct Machine;

impl Outside for Machine {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, how_long: Duration) {
        std::thread::sleep(how_long);
    }

    fn draw(&self) -> u64 {
        // The standard library seeds its hashers by chance; how long to wait needs nothing better.
        RandomState::new().build_hasher().finish()
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ_and_reach_both_halves() {
        let draws: Vec<u64> = (0..64).map(|_| Machine.draw()).collect();
        assert!(draws.iter().any(|draw| draw >> 63 == 0) && draws.iter().any(|d| d >> 63 == 1));
        assert!(draws.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
