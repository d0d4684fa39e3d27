//! A process that is killed while it fetches.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use fupan_fetch::{
    AnswerFrom, FetchProgress, Freshness, NoFetchProgress, Outside as _, WaitReason,
};
use fupan_fetch::{kept_bytes, whole_dataset};
use jiff::Timestamp;

use crate::stub::{Stub, answer};
use crate::world::{Pages, World, fetcher, settings};

const PAGES: u64 = 600;
const KILLS: usize = 50;

const URL: &str = "FUPAN_FETCH_TEST_URL";
const FOLDER: &str = "FUPAN_FETCH_TEST_FOLDER";

/// Says on standard output what is kept, as soon as it is.
struct Aloud;

impl FetchProgress for Aloud {
    fn expect(&self, _: &str, _: Option<u64>) {}
    fn kept(&self, name: &str, from: AnswerFrom) {
        if from == AnswerFrom::Vendor {
            let mut out = std::io::stdout().lock();
            writeln!(out, "kept {name}").unwrap();
            out.flush().unwrap();
        }
    }
    fn waiting(&self, _: &str, _: WaitReason, _: Timestamp) {}
}

/// What the process does that is killed. By itself it is no test: without the variables there is
/// nothing to fetch.
#[test]
fn child() {
    let (Ok(url), Ok(folder)) = (std::env::var(URL), std::env::var(FOLDER)) else { return };
    let folder = PathBuf::from(folder);
    let fetcher = fetcher(settings(), &folder, &World::new(1, &[]));
    let mut pages = Pages::new(url, PAGES);
    fetcher.fetch(&mut pages, &folder.join("data"), Freshness::AsKept, &Aloud).unwrap();
}

/// The names of the answers that a child has said to be kept.
fn read_kept(said: &std::path::Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(said).unwrap();
    // The test runner's own words stand before the first; the last line may not be whole.
    let lines = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    lines.filter_map(|line| line.split_once("kept ")).map(|(_, name)| name.to_owned()).collect()
}

#[test]
fn killed_at_any_moment_nothing_that_was_acknowledged_is_lost_or_asked_for_again() {
    let stub = Stub::new(|asked, stream| {
        let page = asked.target.rsplit_once("page=").unwrap().1;
        answer(stream, 200, &[], format!("{{\"page\":{page}}}").as_bytes())
    });
    let folder = tempfile::tempdir().unwrap();
    let said = folder.path().join("said");
    let chance = World::new(11, &[]);
    let mut kept: BTreeSet<String> = BTreeSet::new();
    let (mut midway, mut least) = (0, 0);
    for kill in 0..KILLS {
        let before = stub.asked().len();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::child", "--nocapture"])
            .env(URL, stub.url("/"))
            .env(FOLDER, folder.path())
            .stdout(std::fs::File::create(&said).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // After so many answers, and a moment by chance into what it does then.
        let answers = chance.draw() % 4;
        least += answers;
        let enough = || read_kept(&said).len() as u64 >= answers;
        while !enough() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_micros(chance.draw() % 5_000));
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        midway += usize::from(!ended.success());
        for asked in &stub.asked()[before..] {
            let name = format!("page-{}", asked.target.rsplit_once("page=").unwrap().1);
            assert!(!kept.contains(&name), "kill {kill}: {name} is asked for again");
        }
        kept.extend(read_kept(&said));
        let dataset = whole_dataset(&folder.path().join("data")).unwrap();
        assert!(dataset.is_none_or(|dataset| dataset.answers.len() as u64 == PAGES));
    }
    assert_eq!(midway, KILLS, "each was killed before its end");
    assert!(kept.len() as u64 >= least);

    let fetcher = fetcher(settings(), folder.path(), &World::new(1, &[]));
    let data = folder.path().join("data");
    let before = stub.asked().len();
    let mut pages = Pages::new(stub.url("/"), PAGES);
    let gathered = fetcher.fetch(&mut pages, &data, Freshness::AsKept, &NoFetchProgress);
    let gathered = gathered.unwrap().unwrap();
    assert!(gathered.found >= kept.len() as u64);
    assert_eq!(gathered.sent, (stub.asked().len() - before) as u64);
    assert_eq!(gathered.sent + gathered.found, PAGES);
    for (name, answer) in &gathered.manifest.answers {
        let expected = format!("{{\"page\":{}}}", name.trim_start_matches("page-"));
        assert_eq!(kept_bytes(&data, answer).unwrap(), expected.as_bytes());
    }
}

const OWN_PACE: &str = "FUPAN_FETCH_TEST_OWN_PACE";

fn slow() -> fupan_fetch::Settings {
    let mut settings = settings();
    settings.pace.per_minute = std::num::NonZeroU32::new(10).unwrap();
    settings
}

/// What each of the processes does that share a budget.
#[test]
fn sharing_child() {
    let (Ok(url), Ok(folder)) = (std::env::var(OWN_PACE), std::env::var(FOLDER)) else { return };
    let world = World::new(1, &[]);
    let fetcher = fetcher(slow(), &PathBuf::from(folder), &world);
    for _ in 0..20 {
        fetcher.send(&crate::world::request(url.clone()), &NoFetchProgress).unwrap();
        println!("sent at {}", world.now());
    }
}

#[test]
fn processes_of_one_store_share_a_budget() {
    let stub = Stub::good("{}");
    let folder = tempfile::tempdir().unwrap();
    let children: Vec<_> = (0..3)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "killed::sharing_child", "--nocapture"])
                .env(OWN_PACE, stub.url("/"))
                .env(FOLDER, folder.path())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut moments: Vec<Timestamp> = Vec::new();
    for child in children {
        let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        let sent = said.lines().filter_map(|line| line.split_once("sent at "));
        moments.extend(sent.map(|(_, moment)| moment.parse::<Timestamp>().unwrap()));
    }
    moments.sort();
    assert_eq!((moments.len(), stub.asked().len()), (60, 60));
    for window in moments.windows(11) {
        assert!(window[10] >= window[0] + Duration::from_secs(60), "{window:?}");
    }
}
