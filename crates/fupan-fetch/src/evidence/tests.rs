//! Writes that fail at each step, as a full disk or a crash would.

use std::path::Path;

use fupan_market::Wording;
use jiff::Timestamp;
use serde_json::json;

use super::manifest::KeptAnswer;
use super::shelf::Shelf;
use super::{kept_bytes, whole_dataset};
use crate::disk::faults;
use crate::error::FetchError;
use crate::reply::Reply;

fn reply(body: &str) -> Reply {
    Reply {
        status: 200,
        media_type: Some("application/json".to_owned()),
        body: body.as_bytes().to_vec(),
        at: Timestamp::UNIX_EPOCH,
        etag: None,
        last_modified: None,
        repeated_a_secret: false,
        ended_by_close: false,
    }
}

fn keep(shelf: &mut Shelf, name: &str, body: &str) -> Result<(), FetchError> {
    let reply = reply(body);
    shelf.keep(name, KeptAnswer::of(name, json!({"of": body}), &reply), &reply.body)
}

/// Keeps answers one after the other, as a fetch does; how many were acknowledged, and whether the
/// dataset was.
fn run(folder: &Path, bodies: &[&str]) -> (usize, bool) {
    let Ok(mut shelf) = Shelf::open(folder, "stub") else { return (0, false) };
    for (place, body) in bodies.iter().enumerate() {
        if keep(&mut shelf, &format!("page-{place}"), body).is_err() {
            return (place, false);
        }
    }
    let order = (0..bodies.len()).map(|place| format!("page-{place}")).collect();
    (bodies.len(), shelf.finish(order).is_ok())
}

/// Whoever reads finds a whole dataset, or none.
fn whole_bodies(folder: &Path) -> Option<Vec<String>> {
    let manifest = whole_dataset(folder).unwrap()?;
    let bytes = |answer: &KeptAnswer| kept_bytes(folder, answer).unwrap();
    Some(manifest.in_order().map(|a| String::from_utf8(bytes(a)).unwrap()).collect())
}

#[test]
fn whatever_write_fails_what_was_acknowledged_is_there() {
    let bodies = ["one", "two", "three"];
    for steps in 0.. {
        let folder = tempfile::tempdir().unwrap();
        faults::after(Some(steps));
        let (acknowledged, is_whole) = run(folder.path(), &bodies);
        faults::after(None);
        let found = whole_bodies(folder.path());
        assert!(found.as_ref().is_none_or(|found| *found == bodies), "{steps}: {found:?}");
        assert!(!is_whole || found.is_some(), "{steps}");
        let shelf = Shelf::open(folder.path(), "stub").unwrap();
        for (place, body) in bodies.iter().enumerate().take(acknowledged) {
            let answer = &shelf.manifest.answers[&format!("page-{place}")];
            assert_eq!(shelf.read(answer).unwrap().unwrap(), body.as_bytes(), "{steps}");
        }
        drop(shelf);
        assert_eq!(run(folder.path(), &bodies), (3, true), "{steps}: it goes on");
        assert_eq!(whole_bodies(folder.path()).unwrap(), bodies);
        if is_whole {
            assert!(steps > 30, "{steps}");
            return;
        }
    }
}

#[test]
fn whatever_write_fails_nobody_reads_a_mixture() {
    let (before, after) = (["one", "two"], ["1", "2"]);
    for steps in 0.. {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &before);
        faults::after(Some(steps));
        let (_, is_whole) = run(folder.path(), &after);
        faults::after(None);
        match whole_bodies(folder.path()) {
            Some(found) => assert!(found == before || found == after, "{steps}: {found:?}"),
            None => assert!(!is_whole, "{steps}"),
        }
        if is_whole {
            return;
        }
    }
}

#[test]
fn a_journal_beside_a_whole_manifest_is_an_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("manifest.journal");
    let mut shelf = Shelf::open(folder.path(), "stub").unwrap();
    keep(&mut shelf, "page-0", "one").unwrap();
    keep(&mut shelf, "page-9", "of a longer one").unwrap();
    let old = std::fs::read(&journal).unwrap();
    shelf.finish(vec!["page-0".to_owned()]).unwrap();
    drop(shelf);
    // As a crash leaves it just before the end.
    std::fs::write(&journal, old).unwrap();
    assert_eq!(whole_bodies(folder.path()).unwrap(), ["one"]);
    let shelf = Shelf::open(folder.path(), "stub").unwrap();
    assert!(shelf.manifest.whole && shelf.manifest.answers.len() == 1 && !journal.exists());
}

#[test]
fn a_journal_cannot_lead_out_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("manifest.journal");
    let mut shelf = Shelf::open(folder.path(), "stub").unwrap();
    keep(&mut shelf, "page-0", "one").unwrap();
    drop(shelf);
    let text = std::fs::read_to_string(&journal).unwrap();
    for file in ["../page-0.json", "/etc/passwd", "page-0./../x"] {
        std::fs::write(&journal, text.replace("page-0.json", file)).unwrap();
        let shelf = Shelf::open(folder.path(), "stub").unwrap();
        assert!(shelf.manifest.answers.is_empty(), "{file}");
    }
}

#[test]
fn a_line_that_a_crash_cut_spoils_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("manifest.journal");
    let mut shelf = Shelf::open(folder.path(), "stub").unwrap();
    keep(&mut shelf, "page-0", "one").unwrap();
    keep(&mut shelf, "page-1", "two").unwrap();
    drop(shelf);
    let whole = std::fs::read(&journal).unwrap();
    let first = whole.iter().position(|byte| *byte == b'\n').unwrap();
    let edges = [first - 1, first, first + 1, whole.len() - 1, whole.len()];
    for cut in (0..whole.len()).step_by(41).chain(edges) {
        std::fs::write(&journal, &whole[..cut]).unwrap();
        let _ = std::fs::remove_file(folder.path().join("manifest.json"));
        let mut shelf = Shelf::open(folder.path(), "stub").unwrap();
        assert_eq!(shelf.manifest.answers.contains_key("page-0"), cut >= first, "{cut}");
        keep(&mut shelf, "page-2", "three").unwrap();
        drop(shelf);
        let shelf = Shelf::open(folder.path(), "stub").unwrap();
        assert!(shelf.manifest.answers.contains_key("page-2"), "{cut}");
        drop(shelf);
    }
}

#[test]
fn a_full_disk_is_told_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(folder.path(), "stub").unwrap();
    faults::after(Some(0));
    let told = keep(&mut shelf, "page-0", "one").unwrap_err();
    faults::after(None);
    let told = fupan_market::InLanguage::wording(&told);
    assert!(told.en.starts_with("cannot read or write"), "{}", told.en);
    assert!(told.zh.contains("空间不足"), "{}", told.zh);
}

#[test]
fn a_refused_answer_is_bounded_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::open(folder.path(), "stub").unwrap();
    let reason = Wording::new("no", "不");
    let kept = shelf.keep_refused("page-0", &json!({}), &reply("0123456789"), (&reason, 4));
    assert_eq!(std::fs::read(kept.unwrap().unwrap()).unwrap(), b"0123");
}
