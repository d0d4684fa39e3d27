//! When requests are sent: attempts and the waits between them, the budget, and sources that are
//! left alone.

use std::num::NonZeroU32;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use fupan_fetch::{AnswerFrom, Settings};
use fupan_fetch::{
    FetchError, FetchFault, FetchProgress, Fetcher, NoFetchProgress, Outside, Pace, WaitReason,
};
use jiff::Timestamp;

use crate::stub::{Stub, answer};
use crate::world::{World, fetcher, once, request, settings, start};

const NO: &NoFetchProgress = &NoFetchProgress;

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

#[test]
fn waits_are_by_chance_within_doubling_bounds_and_replay_from_a_seed() {
    let stub = Stub::new(|_, stream| answer(stream, 503, &[], b""));
    let waits = |seed| {
        let folder = tempfile::tempdir().unwrap();
        let world = World::new(seed, &[]);
        let mut settings = settings();
        settings.pace.attempts = number(6);
        settings.pace.longest_wait = seconds(5);
        let told = fetcher(settings, folder.path(), &world).send(&request(stub.url("/")), NO);
        assert!(matches!(told, Err(FetchError::Unanswered { attempts: 6, .. })), "{told:?}");
        world.sleeps()
    };
    let many: Vec<Vec<Duration>> = (0..20).map(waits).collect();
    assert_eq!(waits(3), many[3]);
    for (place, most) in [1, 2, 4, 5, 5].into_iter().enumerate() {
        let longest = many.iter().map(|waits| waits[place]).max().unwrap();
        let shortest = many.iter().map(|waits| waits[place]).min().unwrap();
        assert!(longest <= seconds(most) && longest > seconds(most) / 2, "{longest:?}");
        assert!(shortest < seconds(most) / 2, "{shortest:?}");
        assert_eq!(many[0].len(), 5);
    }
}

#[test]
fn too_many_requests_waits_as_long_as_the_vendor_says() {
    for (header, least) in [
        (Some("Retry-After: 40"), 40),
        (Some("Retry-After: Thu, 12 Feb 2026 07:06:30 GMT"), 90),
        (Some("Retry-After: soon"), 0),
        (None, 0),
    ] {
        let stub = Stub::new(move |asked, stream| match asked.before {
            0 => answer(stream, 429, &header.into_iter().collect::<Vec<_>>(), b""),
            _ => answer(stream, 200, &[], b"{}"),
        });
        let folder = tempfile::tempdir().unwrap();
        let world = World::new(7, &[]);
        fetcher(settings(), folder.path(), &world).send(&request(stub.url("/")), NO).unwrap();
        let waits = world.sleeps();
        assert_eq!(waits.len(), 1, "{header:?}");
        assert!(waits[0] >= seconds(least) && waits[0] <= seconds(least + 1), "{waits:?}");
    }
}

#[test]
fn one_that_asks_to_wait_longer_than_we_do_is_left_alone_by_all_for_so_long() {
    let stub = Stub::new(|asked, stream| match asked.before {
        0 => answer(stream, 429, &["Retry-After: 3600"], b""),
        _ => answer(stream, 200, &[], b"{}"),
    });
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let send = |world: &Arc<World>| {
        // Each time another one, as after a start of the program.
        fetcher(settings(), folder.path(), world).send(&request(stub.url("/")), NO)
    };
    let until = start() + seconds(3600);
    let told = send(&world).unwrap_err();
    let FetchError::Resting { until: at, fault: Some(FetchFault::Busy(429)), .. } = told else {
        panic!("{told:?}")
    };
    assert_eq!(at, until);
    assert!(told.to_string().contains("2026-02-12 16:05:00 +08:00"), "{told}");
    world.pass(3599);
    let told = send(&world).unwrap_err();
    assert!(matches!(told, FetchError::Resting { until: at, .. } if at == until), "{told:?}");
    assert_eq!(stub.asked().len(), 1);
    world.pass(1);
    send(&world).unwrap();
    assert_eq!((stub.asked().len(), world.sleeps().len()), (2, 0));
}

#[test]
fn patience_ends_before_the_attempts_do() {
    let stub = Stub::new(|_, stream| answer(stream, 500, &["Retry-After: 100"], b""));
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let mut settings = settings();
    settings.pace.attempts = number(50);
    settings.pace.patience = seconds(250);
    let told = fetcher(settings, folder.path(), &world).send(&request(stub.url("/")), NO);
    assert!(matches!(told, Err(FetchError::Resting { .. })), "{told:?}");
    assert_eq!(stub.asked().len(), 3);
}

#[test]
fn what_attempts_take_counts_on_patience_and_waiting_for_the_budget_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let slow = world.clone();
    let stub = Stub::new(move |_, stream| {
        slow.pass(100);
        answer(stream, 500, &[], b"")
    });
    let mut settings = settings();
    settings.pace.attempts = number(50);
    settings.pace.patience = seconds(350);
    settings.pace.gap = seconds(500);
    let told = fetcher(settings, folder.path(), &world).send(&request(stub.url("/")), NO);
    assert!(matches!(told, Err(FetchError::Unanswered { attempts: 4, .. })), "{told:?}");
}

#[test]
fn a_source_that_always_fails_is_left_alone_then_tried_once_longer_each_time() {
    let stub = Stub::new(|_, stream| answer(stream, 503, &[], b""));
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let mut settings = once();
    settings.pace.failures = number(3);
    settings.pace.rest = seconds(100);
    settings.pace.longest_rest = seconds(300);
    let send = || {
        let fetcher = fetcher(settings.clone(), folder.path(), &world);
        fetcher.send(&request(stub.url("/")), NO).unwrap_err()
    };
    for _ in 0..3 {
        assert!(matches!(send(), FetchError::Unanswered { .. }));
    }
    let mut asked = 3;
    for rest in [100, 200, 300, 300] {
        let until = world.now() + seconds(rest);
        for passed in [0, rest - 1] {
            world.pass(passed);
            let told = send();
            assert!(matches!(told, FetchError::Resting { until: at, .. } if at == until));
            assert_eq!(stub.asked().len(), asked, "nothing is sent");
        }
        world.pass(1);
        assert!(matches!(send(), FetchError::Unanswered { .. }), "one is let through");
        asked += 1;
        assert_eq!(stub.asked().len(), asked);
    }
    // Another source is not concerned.
    let mut other = request(stub.url("/"));
    other.source = "other";
    let told = fetcher(settings.clone(), folder.path(), &world).send(&other, NO).unwrap_err();
    assert!(matches!(told, FetchError::Unanswered { .. }), "{told:?}");
}

#[test]
fn a_source_that_is_well_again_is_asked_as_before() {
    let stub = Stub::new(|asked, stream| {
        answer(stream, if asked.before < 2 { 503 } else { 200 }, &[], b"{}")
    });
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let mut settings = once();
    settings.pace.failures = number(2);
    let fetcher = fetcher(settings, folder.path(), &world);
    let send = || fetcher.send(&request(stub.url("/")), NO);
    assert!(send().is_err() && send().is_err());
    assert!(matches!(send(), Err(FetchError::Resting { .. })));
    world.pass(60);
    for _ in 0..5 {
        send().unwrap();
    }
}

#[test]
fn the_one_that_tries_follows_its_redirects() {
    let stub = Stub::new(|asked, stream| match asked.target.as_str() {
        _ if asked.before == 0 => answer(stream, 503, &[], b""),
        "/" => answer(stream, 302, &["Location: /there"], b""),
        _ => answer(stream, 200, &[], b"{}"),
    });
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let mut settings = once();
    settings.pace.failures = number(1);
    let fetcher = fetcher(settings, folder.path(), &world);
    assert!(fetcher.send(&request(stub.url("/")), NO).is_err());
    world.pass(60);
    fetcher.send(&request(stub.url("/")), NO).unwrap();
    assert_eq!(world.sleeps().len(), 0, "it does not wait for itself");
}

#[test]
fn attempts_at_one_request_end_when_the_source_is_left_alone() {
    let stub = Stub::new(|_, stream| answer(stream, 503, &[], b""));
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let mut settings = settings();
    settings.pace.failures = number(2);
    let told = fetcher(settings, folder.path(), &world).send(&request(stub.url("/")), NO);
    let told = told.unwrap_err();
    assert!(
        matches!(told, FetchError::Resting { fault: Some(FetchFault::Busy(503)), .. }),
        "{told:?}"
    );
    assert_eq!(stub.asked().len(), 2);
}

#[test]
fn being_offline_is_held_against_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let mut settings = once();
    settings.pace.failures = number(2);
    let fetcher = fetcher(settings, folder.path(), &world);
    for _ in 0..5 {
        let nowhere = request(format!("http://{}.invalid/", "a".repeat(70)));
        let told = fetcher.send(&nowhere, NO).unwrap_err();
        assert!(matches!(told, FetchError::Unanswered { fault: FetchFault::NoHost, .. }));
    }
}

#[test]
fn others_wait_for_the_one_that_tries_and_then_go_on() {
    let stub = Stub::new(|asked, stream| {
        answer(stream, if asked.before < 2 { 503 } else { 200 }, &[], b"{}")
    });
    let folder = tempfile::tempdir().unwrap();
    let together = Together::new(3);
    let mut settings = once();
    settings.pace.failures = number(2);
    let fetcher = Fetcher::new(settings, folder.path(), together.clone()).unwrap();
    for _ in 0..2 {
        assert!(fetcher.send(&request(stub.url("/")), NO).is_err());
    }
    let trials = std::thread::scope(|scope| {
        let send = || {
            together.sleep(seconds(60));
            let told = Told::default();
            let sent = fetcher.send(&request(stub.url("/")), &told);
            together.done();
            sent.unwrap();
            told.0.into_inner().unwrap().len()
        };
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(stub.asked().len(), 5);
    assert!(trials.iter().all(|waits| *waits < 60), "{trials:?}");
}

/// A world in which something happens during the first wait.
struct Meanwhile {
    world: Arc<World>,
    happens: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Outside for Meanwhile {
    fn now(&self) -> Timestamp {
        self.world.now()
    }
    fn sleep(&self, how_long: Duration) {
        if let Some(happens) = self.happens.lock().unwrap().take() {
            happens();
        }
        self.world.sleep(how_long);
    }
    fn draw(&self) -> u64 {
        self.world.draw()
    }
    fn variable(&self, name: &str) -> Option<std::ffi::OsString> {
        self.world.variable(name)
    }
}

#[test]
fn who_waited_for_the_budget_does_not_ask_a_source_that_failed_meanwhile() {
    let stub = Stub::new(|asked, stream| {
        answer(stream, if asked.before == 0 { 200 } else { 503 }, &[], b"{}")
    });
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let mut others = once();
    others.pace.failures = number(2);
    others.pace.rest = seconds(1000);
    let mut ours = others.clone();
    ours.pace.gap = seconds(100);
    let other = fetcher(others, folder.path(), &world);
    let url = stub.url("/");
    let happens: Box<dyn FnOnce() + Send> = Box::new(move || {
        for _ in 0..2 {
            assert!(other.send(&request(url.clone()), NO).is_err());
        }
    });
    let meanwhile = Meanwhile { world, happens: Mutex::new(Some(happens)) };
    let states = folder.path().join("sources");
    let fetcher = Fetcher::new(ours, &states, Arc::new(meanwhile)).unwrap();
    fetcher.send(&request(stub.url("/")), NO).unwrap();
    let told = fetcher.send(&request(stub.url("/")), NO).unwrap_err();
    assert!(matches!(told, FetchError::Resting { .. }), "{told:?}");
    assert_eq!(stub.asked().len(), 3);
}

/// A clock for several threads: time goes on only while all of them sleep, so that every request
/// comes to the stub at the moment at which it may be sent.
struct Together {
    state: Mutex<Sleepers>,
    woken: Condvar,
}

struct Sleepers {
    now: Timestamp,
    awake: usize,
    until: Vec<Timestamp>,
}

impl Together {
    fn new(threads: usize) -> Arc<Together> {
        let state = Sleepers { now: start(), awake: threads, until: Vec::new() };
        Arc::new(Together { state: Mutex::new(state), woken: Condvar::new() })
    }

    fn go_on(&self, state: &mut Sleepers) {
        state.awake -= 1;
        if state.awake == 0
            && let Some(next) = state.until.iter().min()
        {
            state.now = *next;
            self.woken.notify_all();
        }
    }

    fn done(&self) {
        self.go_on(&mut self.state.lock().unwrap());
    }
}

impl Outside for Together {
    fn now(&self) -> Timestamp {
        self.state.lock().unwrap().now
    }

    fn sleep(&self, how_long: Duration) {
        let mut state = self.state.lock().unwrap();
        let until = state.now + how_long;
        state.until.push(until);
        self.go_on(&mut state);
        while state.now < until {
            state = self.woken.wait(state).unwrap();
        }
        let place = state.until.iter().position(|at| *at == until).unwrap();
        state.until.swap_remove(place);
        state.awake += 1;
    }

    fn draw(&self) -> u64 {
        0
    }

    fn variable(&self, _: &str) -> Option<std::ffi::OsString> {
        None
    }
}

#[test]
fn no_minute_has_more_requests_than_the_budget_from_four_threads_and_two_fetchers() {
    let together = Together::new(4);
    let clock = together.clone();
    let moments = Arc::new(Mutex::new(Vec::new()));
    let noted = moments.clone();
    let stub = Stub::new(move |asked, stream| {
        noted.lock().unwrap().push(clock.now());
        // Attempts that fail count too.
        let status = if asked.before % 5 == 0 { 503 } else { 200 };
        answer(stream, status, &[], b"{}")
    });
    let mut settings = settings();
    let pace = Pace { per_minute: number(12), gap: seconds(2), ..settings.pace };
    settings.paces.insert("stub".to_owned(), pace);
    let folder = tempfile::tempdir().unwrap();
    let fetcher = |settings: &Settings| {
        // Two, each with its own files: as two processes of one store have.
        Fetcher::new(settings.clone(), folder.path(), together.clone()).unwrap()
    };
    let fetchers = [fetcher(&settings), fetcher(&settings)];
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (fetcher, together) = (&fetchers[thread % 2], together.clone());
            let url = stub.url("/");
            scope.spawn(move || {
                for _ in 0..20 {
                    fetcher.send(&request(url.clone()), NO).unwrap();
                }
                together.done();
            });
        }
    });
    let mut moments = moments.lock().unwrap().clone();
    moments.sort();
    assert!(moments.len() > 80, "{}", moments.len());
    for window in moments.windows(13) {
        assert!(window[12] >= window[0] + seconds(60), "{window:?}");
    }
    for pair in moments.windows(2) {
        assert!(pair[1] >= pair[0] + seconds(2), "{pair:?}");
    }
    // The budget is used: 13 in 61 seconds, over and over.
    let took = moments[moments.len() - 1].duration_since(moments[0]).as_secs();
    let least = 61 * ((moments.len() as i64 - 1) / 12);
    assert!(took >= least && took <= least + 61, "{took} {least}");
}

#[derive(Default)]
struct Told(Mutex<Vec<(WaitReason, Timestamp)>>);

impl FetchProgress for Told {
    fn expect(&self, _: &str, _: Option<u64>) {}
    fn kept(&self, _: &str, _: AnswerFrom) {}
    fn waiting(&self, source: &str, reason: WaitReason, until: Timestamp) {
        assert_eq!(source, "stub");
        self.0.lock().unwrap().push((reason, until));
    }
}

#[test]
fn each_wait_is_told_with_its_end() {
    let stub = Stub::new(|asked, stream| {
        answer(stream, if asked.before == 1 { 500 } else { 200 }, &["Retry-After: 10"], b"{}")
    });
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(7, &[]);
    let mut settings = settings();
    settings.pace.gap = seconds(30);
    let fetcher = fetcher(settings, folder.path(), &world);
    let told = Told::default();
    for _ in 0..2 {
        fetcher.send(&request(stub.url("/")), &told).unwrap();
    }
    let told = told.0.into_inner().unwrap();
    let reasons: Vec<WaitReason> = told.iter().map(|(reason, _)| *reason).collect();
    assert_eq!(reasons, [WaitReason::Budget, WaitReason::Backoff, WaitReason::Budget]);
    assert_eq!(told[0].1, start() + seconds(30));
    assert!(told[1].1 >= start() + seconds(40) && told[1].1 < start() + seconds(42));
    assert_eq!(told[2].1, start() + seconds(60));
}
