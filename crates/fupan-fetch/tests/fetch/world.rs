//! A clock that does not wait, an environment without secrets of anybody, and a conversation.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fupan_fetch::{Fetcher, Outside, Pace, Settings, Timeouts};
use fupan_market::Wording;
use fupan_source::vendor::{Answer, Body, Conversation, Refused, Request};
use jiff::Timestamp;

/// The outside of a test.
pub struct World {
    now: Mutex<Timestamp>,
    sleeps: Mutex<Vec<Duration>>,
    chance: Mutex<u64>,
    variables: BTreeMap<&'static str, String>,
}

pub fn start() -> Timestamp {
    "2026-02-12T07:05:00Z".parse().unwrap()
}

impl World {
    pub fn new(seed: u64, variables: &[(&'static str, &str)]) -> Arc<World> {
        let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Arc::new(World {
            now: Mutex::new(start()),
            sleeps: Mutex::default(),
            chance: Mutex::new(seed),
            variables: variables.collect(),
        })
    }

    pub fn sleeps(&self) -> Vec<Duration> {
        self.sleeps.lock().unwrap().clone()
    }

    pub fn pass(&self, seconds: u64) {
        *self.now.lock().unwrap() += Duration::from_secs(seconds);
    }
}

impl Outside for World {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, how_long: Duration) {
        self.sleeps.lock().unwrap().push(how_long);
        *self.now.lock().unwrap() += how_long;
    }

    fn draw(&self) -> u64 {
        let mut chance = self.chance.lock().unwrap();
        // SplitMix64.
        *chance = chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (*chance ^ (*chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).map(OsString::from)
    }
}

/// Settings with which nothing waits, and nothing is too slow on a busy computer either.
pub fn settings() -> Settings {
    Settings {
        timeouts: Timeouts {
            connect: Duration::from_secs(30),
            idle: Duration::from_secs(30),
            whole: Duration::from_secs(60),
        },
        pace: Pace {
            per_minute: NonZeroU32::new(1000).unwrap(),
            gap: Duration::ZERO,
            failures: NonZeroU32::new(100).unwrap(),
            ..Pace::usual()
        },
        ..Settings::usual()
    }
}

/// The same with one attempt.
pub fn once() -> Settings {
    let mut settings = settings();
    settings.pace.attempts = NonZeroU32::MIN;
    settings
}

pub fn fetcher(settings: Settings, folder: &Path, world: &Arc<World>) -> Fetcher {
    Fetcher::new(settings, &folder.join("sources"), world.clone()).unwrap()
}

pub fn request(url: String) -> Request {
    Request {
        source: "stub",
        name: "page-1".to_owned(),
        url,
        query: Vec::new(),
        headers: Vec::new(),
        body: Body::None,
        secrets: Vec::new(),
    }
}

/// Pages of a dataset, `{"page":1}` to `{"page":n}`; `{"never":…}` and `{"again":…}` are refused.
pub struct Pages {
    pub base: Request,
    pub pages: u64,
    pub taken: Vec<u64>,
    /// Whether an answer that was taken before is refused when it is offered again.
    pub refuses: Option<u64>,
}

impl Pages {
    pub fn new(url: String, pages: u64) -> Pages {
        Pages { base: request(url), pages, taken: Vec::new(), refuses: None }
    }
}

impl Conversation for Pages {
    fn next(&self) -> Option<Request> {
        let page = self.taken.len() as u64 + 1;
        let mut request = self.base.clone();
        request.name = format!("page-{page}");
        request.query.push(("page".to_owned(), page.to_string()));
        (page <= self.pages).then_some(request)
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        let again =
            |en: &str, zh: &str| Refused::Again { reason: Wording::new(en, zh), after: None };
        let read: Result<serde_json::Value, _> = serde_json::from_slice(answer.body);
        let Ok(read) = read else {
            return Err(again("it is a page and no JSON", "它是网页，不是JSON"));
        };
        if let Some(said) = read["never"].as_str() {
            let reason = Wording::new(format!("it says {said}"), format!("它说“{said}”"));
            return Err(Refused::Never { reason });
        }
        if let Some(seconds) = read["again"].as_u64() {
            return Err(Refused::Again {
                reason: Wording::new("it is busy", "它很忙"),
                after: Some(Duration::from_secs(seconds)),
            });
        }
        let page = self.taken.len() as u64 + 1;
        if read["page"].as_u64() != Some(page) || self.refuses == Some(page) {
            return Err(again("it is another page", "这是另一页"));
        }
        self.taken.push(page);
        Ok(())
    }

    fn requests(&self) -> Option<u64> {
        (!self.taken.is_empty()).then_some(self.pages)
    }
}
