//! How long to wait, how much to take, how often to ask.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

/// Settings of a [`Fetcher`](crate::Fetcher).
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the program calls itself to a vendor.
    pub user_agent: String,
    /// How long an attempt may take.
    pub timeouts: Timeouts,
    /// How much is taken.
    pub bounds: Bounds,
    /// The pace of every source that is not in `paces`.
    pub pace: Pace,
    /// The pace of sources by name.
    pub paces: BTreeMap<String, Pace>,
    /// Where sources are asked by name, in place of their own hosts: a scheme, a host and a port, as
    /// `http://127.0.0.1:8080`. Paths and queries stay as they are.
    pub mirrors: BTreeMap<String, String>,
}

/// How long one attempt may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until there is a connection, encrypted if it is to be.
    pub connect: Duration,
    /// Without a byte of the answer.
    pub idle: Duration,
    /// From looking up the host to the last byte of the answer.
    pub whole: Duration,
}

/// How much is taken.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of an answer as they are sent.
    pub sent: u64,
    /// Bytes of an answer once its compression is undone.
    pub unpacked: u64,
    /// Bytes of an answer's status line and headers.
    pub head: usize,
    /// Redirects that are followed, one after the other.
    pub redirects: u32,
    /// Requests of one conversation.
    pub requests: u64,
    /// Bytes of a refused answer that are kept for looking into.
    pub refused: usize,
}

/// How often a source is asked, and when it is left alone.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Requests in any minute, from all threads and processes that share the folder of states.
    pub per_minute: NonZeroU32,
    /// Between two requests, at least.
    pub gap: Duration,
    /// How often one request is tried. A source that must not hear a message twice has 1.
    pub attempts: NonZeroU32,
    /// The most to wait before the second attempt; it doubles from attempt to attempt.
    pub first_wait: Duration,
    /// The most to wait before any attempt by our own choice.
    pub longest_wait: Duration,
    /// What one request's attempts and the waits between them may take together. Waiting for the
    /// budget does not count.
    pub patience: Duration,
    /// After how many failures in a row the source is left alone.
    pub failures: NonZeroU32,
    /// For how long at first; it doubles each time that the trial afterwards fails.
    pub rest: Duration,
    /// For how long at most.
    pub longest_rest: Duration,
}

const fn count(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(count) => count,
        None => NonZeroU32::MIN,
    }
}

impl Settings {
    /// The settings where the reader has said nothing else.
    pub fn usual() -> Settings {
        Settings {
            user_agent: concat!("fupan/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeouts: Timeouts {
                connect: Duration::from_secs(10),
                idle: Duration::from_secs(20),
                whole: Duration::from_secs(120),
            },
            bounds: Bounds {
                sent: 64 << 20,
                unpacked: 256 << 20,
                head: 32 << 10,
                redirects: 3,
                requests: 100_000,
                refused: 1 << 20,
            },
            pace: Pace::usual(),
            paces: BTreeMap::new(),
            mirrors: BTreeMap::new(),
        }
    }

    /// The pace of a source.
    pub fn pace(&self, source: &str) -> Pace {
        self.paces.get(source).copied().unwrap_or(self.pace)
    }
}

impl Pace {
    /// The pace of a source of which nothing else is known: one request a second.
    pub fn usual() -> Pace {
        Pace {
            per_minute: count(60),
            gap: Duration::from_millis(250),
            attempts: count(4),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(30),
            patience: Duration::from_secs(300),
            failures: count(5),
            rest: Duration::from_secs(60),
            longest_rest: Duration::from_secs(3600),
        }
    }
}
