//! Answers kept as files: going on from them, and what does not become one.

use std::path::Path;
use std::sync::Arc;

use fupan_fetch::{
    FetchError, FetchFault, Freshness, Gathered, Manifest, NoFetchProgress, kept_bytes,
    whole_dataset,
};
use fupan_source::vendor::{Answer, Conversation, Refused, Request};

use crate::stub::{Stub, Then, answer};
use crate::world::{Pages, World, fetcher, settings};

const NO: &NoFetchProgress = &NoFetchProgress;

/// Answers with the page that is asked for.
fn pages() -> Stub {
    Stub::new(page)
}

fn page(asked: &crate::stub::Asked, stream: &mut std::net::TcpStream) -> Then {
    answer(stream, 200, &[], format!("{{\"page\":{}}}", number(&asked.target)).as_bytes())
}

fn number(target: &str) -> u64 {
    target.rsplit_once("page=").unwrap().1.parse().unwrap()
}

fn gather(
    conversation: &mut dyn Conversation,
    folder: &Path,
    freshness: Freshness,
) -> Result<Gathered, FetchError> {
    gather_in(&World::new(1, &[]), conversation, folder, freshness)
}

fn gather_in(
    world: &Arc<World>,
    conversation: &mut dyn Conversation,
    folder: &Path,
    freshness: Freshness,
) -> Result<Gathered, FetchError> {
    let fetcher = fetcher(settings(), folder, world);
    let gathered = fetcher.fetch(conversation, &folder.join("data"), freshness, NO);
    gathered.map(Option::unwrap)
}

fn whole(folder: &Path) -> Option<Manifest> {
    whole_dataset(&folder.join("data")).unwrap()
}

#[test]
fn a_dataset_is_kept_whole_with_what_is_known_of_each_answer() {
    let stub = pages();
    let folder = tempfile::tempdir().unwrap();
    let gathered =
        gather(&mut Pages::new(stub.url("/list"), 3), folder.path(), Freshness::AsKept).unwrap();
    assert_eq!((gathered.sent, gathered.confirmed, gathered.found), (3, 0, 0));
    let data = folder.path().join("data");
    assert_eq!(std::fs::read(data.join("page-2.json")).unwrap(), b"{\"page\":2}");
    let manifest = whole(folder.path()).unwrap();
    assert_eq!(manifest, gathered.manifest);
    let files: Vec<&str> = manifest.in_order().map(|kept| kept.file.as_str()).collect();
    assert_eq!(files, ["page-1.json", "page-2.json", "page-3.json"]);
    let kept = &manifest.answers["page-2"];
    assert_eq!((kept.bytes, kept.status), (10, 200));
    assert_eq!(kept.blake3, blake3::hash(b"{\"page\":2}").to_hex().to_string());
    assert_eq!(kept.request["query"], serde_json::json!([["page", "2"]]));
    assert_eq!(kept.request["method"], "GET");
    assert_eq!(kept.at, crate::world::start());
    assert_eq!(kept_bytes(&data, kept).unwrap(), b"{\"page\":2}");
    let mut files: Vec<_> = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, ["lock", "manifest.json", "page-1.json", "page-2.json", "page-3.json"]);
}

#[test]
fn the_order_is_that_of_the_conversation() {
    let stub = pages();
    let folder = tempfile::tempdir().unwrap();
    let mut pages = Pages::new(stub.url("/"), 12);
    let gathered = gather(&mut pages, folder.path(), Freshness::AsKept).unwrap();
    let files: Vec<String> = gathered.manifest.in_order().map(|kept| kept.file.clone()).collect();
    let expected: Vec<String> = (1..=12).map(|page| format!("page-{page}.json")).collect();
    assert_eq!(files, expected);
    // A manifest that lists other answers than it has is not whole.
    let path = folder.path().join("data/manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    for (from, to) in [("\"page-2\",", ""), ("\"page-2\",", "\"page-2\", \"page-2\",")] {
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        assert_eq!(whole(folder.path()), None);
    }
}

#[test]
fn asked_again_it_asks_nothing_and_changes_nothing() {
    let stub = pages();
    let folder = tempfile::tempdir().unwrap();
    let run = || gather(&mut Pages::new(stub.url("/"), 3), folder.path(), Freshness::AsKept);
    run().unwrap();
    let manifest = folder.path().join("data/manifest.json");
    let before = (std::fs::read(&manifest).unwrap(), manifest.metadata().unwrap().modified());
    let again = run().unwrap();
    assert_eq!((again.sent, again.found), (0, 3));
    assert_eq!(stub.asked().len(), 3);
    let after = (std::fs::read(&manifest).unwrap(), manifest.metadata().unwrap().modified());
    assert_eq!(before.0, after.0);
    assert_eq!(before.1.unwrap(), after.1.unwrap());
}

#[test]
fn a_long_history_goes_on_where_it_stopped() {
    let stub = Stub::new(|asked, stream| match (number(&asked.target), asked.before) {
        (4, 3..7) => answer(stream, 503, &[], b""),
        _ => page(asked, stream),
    });
    let folder = tempfile::tempdir().unwrap();
    let run = || gather(&mut Pages::new(stub.url("/"), 6), folder.path(), Freshness::AsKept);
    let told = run().unwrap_err();
    assert!(matches!(told, FetchError::Unanswered { ref name, .. } if name == "page-4"));
    assert_eq!(whole(folder.path()), None, "a part is no dataset");
    let gathered = run().unwrap();
    assert_eq!((gathered.sent, gathered.found), (3, 3));
    let asked: Vec<u64> = stub.asked().iter().map(|asked| number(&asked.target)).collect();
    assert_eq!(asked, [1, 2, 3, 4, 4, 4, 4, 4, 5, 6]);
    assert!(whole(folder.path()).is_some());
}

#[test]
fn what_is_damaged_is_asked_for_again_and_nothing_else() {
    let said = |page: u64| format!("{{\"page\":{page},\"close\":1234}}");
    let stub = Stub::new(move |asked, stream| {
        answer(stream, 200, &[], said(number(&asked.target)).as_bytes())
    });
    let folder = tempfile::tempdir().unwrap();
    let run = || gather(&mut Pages::new(stub.url("/"), 5), folder.path(), Freshness::AsKept);
    run().unwrap();
    let data = folder.path().join("data");
    // One that the conversation would take.
    std::fs::write(data.join("page-2.json"), said(2).replace("1234", "1284")).unwrap();
    std::fs::write(data.join("page-3.json"), said(3) + " ").unwrap();
    std::fs::write(data.join("page-4.json"), b"").unwrap();
    std::fs::remove_file(data.join("page-5.json")).unwrap();
    let manifest = whole(folder.path()).unwrap();
    for page in 2..=5 {
        let told = kept_bytes(&data, &manifest.answers[&format!("page-{page}")]);
        assert!(matches!(told, Err(FetchError::Disk { .. })), "{page}");
    }
    assert_eq!((run().unwrap().sent, stub.asked().len()), (4, 9));
    assert_eq!(std::fs::read_to_string(data.join("page-2.json")).unwrap(), said(2));
    // Without a manifest nothing is known of the files.
    let other_form = std::fs::read_to_string(data.join("manifest.json")).unwrap();
    let other_form = other_form.replace("\"format\": 1", "\"format\": 2");
    for damaged in ["", "{", "[]", "{\"format\":1}", &other_form] {
        std::fs::write(data.join("manifest.json"), damaged).unwrap();
        assert_eq!(whole(folder.path()), None);
        assert_eq!(run().unwrap().sent, 5, "{damaged}");
    }
}

#[test]
fn an_answer_to_another_request_of_that_name_is_none() {
    let stub = pages();
    let folder = tempfile::tempdir().unwrap();
    let run = |path: &str, header: &str| {
        let mut pages = Pages::new(stub.url(path), 2);
        pages.base.headers = vec![("X-Session", header.to_owned())];
        gather(&mut pages, folder.path(), Freshness::AsKept).unwrap().sent
    };
    assert_eq!([run("/a", "1"), run("/a", "1"), run("/b", "1"), run("/b", "2")], [2, 0, 2, 2]);
}

#[test]
fn a_kept_answer_that_is_refused_now_is_asked_for_again() {
    let stub = pages();
    let folder = tempfile::tempdir().unwrap();
    gather(&mut Pages::new(stub.url("/"), 2), folder.path(), Freshness::AsKept).unwrap();
    let mut doubting = Pages::new(stub.url("/"), 2);
    doubting.refuses = Some(2);
    let told = gather(&mut doubting, folder.path(), Freshness::AsKept).unwrap_err();
    let FetchError::Unanswered { attempts: 4, fault: FetchFault::NotKept(_), kept, .. } = told
    else {
        panic!("{told:?}")
    };
    assert_eq!(std::fs::read(kept.unwrap()).unwrap(), b"{\"page\":2}");
}

#[test]
fn a_shorter_dataset_has_no_answers_of_the_longer_one() {
    let stub = pages();
    let folder = tempfile::tempdir().unwrap();
    let run = |pages| {
        gather(&mut Pages::new(stub.url("/"), pages), folder.path(), Freshness::AsKept).unwrap()
    };
    run(4);
    let shorter = run(2);
    assert_eq!((shorter.sent, shorter.manifest.answers.len()), (0, 2));
    let data = folder.path().join("data");
    assert!(!data.join("page-3.json").exists() && !data.join("page-4.json").exists());
    assert_eq!(whole(folder.path()).unwrap(), shorter.manifest);
    assert_eq!(run(4).sent, 2);
}

#[test]
fn another_media_type_takes_the_place_of_the_file() {
    let stub = Stub::new(|asked, stream| {
        let media_type = if asked.before == 0 { "text/plain" } else { "text/csv; charset=utf-8" };
        let header = format!("Content-Type: {media_type}");
        answer(stream, 200, &[&header], b"{\"page\":1}")
    });
    let folder = tempfile::tempdir().unwrap();
    for file in ["page-1.txt", "page-1.csv"] {
        let mut pages = Pages::new(stub.url("/"), 1);
        let gathered = gather(&mut pages, folder.path(), Freshness::Checked).unwrap();
        assert_eq!(gathered.manifest.answers["page-1"].file, file);
    }
    assert!(!folder.path().join("data/page-1.txt").exists());
}

#[test]
fn what_may_have_changed_is_asked_for_only_if_it_has() {
    let stub = Stub::new(|asked, stream| {
        let page = number(&asked.target);
        let changed = page == 2 && asked.before >= 3;
        let tag = format!("\"{page}-{changed}\"");
        let date = "Wed, 11 Feb 2026 07:00:00 GMT";
        let mark = match page {
            3 => format!("Last-Modified: {date}"),
            _ => format!("ETag: {tag}"),
        };
        let holds = asked.header("if-none-match") == Some(&*tag)
            || asked.header("if-modified-since") == Some(date);
        match holds {
            true => answer(stream, 304, &[&mark], b""),
            false => answer(stream, 200, &[&mark], format!("{{\"page\":{page}}}").as_bytes()),
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(1, &[]);
    let run = |freshness| {
        gather_in(&world, &mut Pages::new(stub.url("/"), 3), folder.path(), freshness).unwrap()
    };
    run(Freshness::AsKept);
    world.pass(60);
    let checked = run(Freshness::Checked);
    assert_eq!((checked.sent, checked.confirmed, checked.found), (1, 2, 0));
    let kept = &checked.manifest.answers["page-1"];
    assert_eq!(kept.at, crate::world::start());
    assert_eq!(kept.confirmed, Some(crate::world::start() + std::time::Duration::from_secs(60)));
    assert_eq!(checked.manifest.answers["page-2"].confirmed, None);
    assert_eq!(whole(folder.path()).unwrap(), checked.manifest);
    // What is damaged here is asked for without a condition.
    std::fs::write(folder.path().join("data/page-1.json"), b"?").unwrap();
    let checked = run(Freshness::Checked);
    assert_eq!((checked.sent, checked.confirmed), (1, 2));
}

#[test]
fn what_is_posted_is_always_answered_in_full() {
    let stub = Stub::new(|asked, stream| match asked.header("if-none-match") {
        Some(_) => answer(stream, 304, &[], b""),
        None => answer(stream, 200, &["ETag: \"a\""], b"{\"page\":1}"),
    });
    let folder = tempfile::tempdir().unwrap();
    let run = |body| {
        let mut pages = Pages::new(stub.url("/"), 1);
        pages.base.body = body;
        gather(&mut pages, folder.path(), Freshness::Checked).unwrap()
    };
    let json = fupan_source::vendor::Body::Json(serde_json::json!({}));
    for _ in 0..2 {
        assert_eq!(run(json.clone()).sent, 1);
    }
    let none = fupan_source::vendor::Body::None;
    assert_eq!([run(none.clone()).sent, run(none).confirmed], [1, 1]);
}

#[test]
fn a_page_in_place_of_json_is_refused_and_kept_apart() {
    let stub = Stub::new(|_, stream| {
        let body = format!("<html>blocked</html>{}", " ".repeat(3 << 20));
        answer(stream, 200, &["Content-Type: text/html"], body.as_bytes())
    });
    let folder = tempfile::tempdir().unwrap();
    let told = gather(&mut Pages::new(stub.url("/"), 2), folder.path(), Freshness::AsKept);
    let told = told.unwrap_err();
    assert_eq!(stub.asked().len(), 4, "it may be another one when asked again");
    assert!(told.to_string().contains("it is a page and no JSON"), "{told}");
    let FetchError::Unanswered { kept: Some(kept), .. } = told else { panic!("{told:?}") };
    assert_eq!(*kept, *folder.path().join("data/refused/page-1.html"));
    assert_eq!(kept.metadata().unwrap().len(), 1 << 20, "bounded");
    let why = std::fs::read(folder.path().join("data/refused/page-1.refusal.json")).unwrap();
    let why: serde_json::Value = serde_json::from_slice(&why).unwrap();
    assert_eq!(why["reason"]["en"], "it is a page and no JSON");
    assert_eq!(why["bytes"], (3 << 20) + 20);
    assert_eq!(whole(folder.path()), None);
}

#[test]
fn what_asking_again_does_not_change_is_asked_once() {
    let stub = Stub::new(|_, stream| answer(stream, 200, &[], b"{\"never\":\"no rights\"}"));
    let folder = tempfile::tempdir().unwrap();
    let told = gather(&mut Pages::new(stub.url("/"), 2), folder.path(), Freshness::AsKept);
    let FetchError::Never { kept: Some(kept), reason, .. } = told.unwrap_err() else { panic!() };
    assert_eq!(reason.en, "it says no rights");
    assert_eq!(std::fs::read(kept).unwrap(), b"{\"never\":\"no rights\"}");
    assert_eq!(stub.asked().len(), 1);
}

#[test]
fn a_conversation_says_how_long_to_wait() {
    let stub = Stub::new(|asked, stream| match asked.before {
        0 => answer(stream, 200, &[], b"{\"again\":120}"),
        _ => page(asked, stream),
    });
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(1, &[]);
    let mut pages = Pages::new(stub.url("/"), 1);
    gather_in(&world, &mut pages, folder.path(), Freshness::AsKept).unwrap();
    assert_eq!(world.sleeps().len(), 1);
    assert_eq!(world.sleeps()[0].as_secs(), 120);
}

#[test]
fn a_refused_answer_may_say_in_its_headers_how_long_to_wait() {
    let stub = Stub::new(|asked, stream| match asked.before {
        0 => answer(stream, 200, &["Retry-After: 90"], b"<html>"),
        _ => page(asked, stream),
    });
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(1, &[]);
    gather_in(&world, &mut Pages::new(stub.url("/"), 1), folder.path(), Freshness::AsKept).unwrap();
    assert_eq!(world.sleeps().len(), 1);
    assert_eq!(world.sleeps()[0].as_secs(), 90);
}

#[test]
fn refused_answers_do_not_fill_the_disk() {
    let stub = Stub::new(|_, stream| answer(stream, 200, &[], b"{\"never\":\"no\"}"));
    let folder = tempfile::tempdir().unwrap();
    for run in 0..40 {
        let mut pages = Pages::new(stub.url("/"), 100);
        pages.taken = (0..run).collect();
        let told = gather(&mut pages, folder.path(), Freshness::AsKept).unwrap_err();
        let FetchError::Never { kept, .. } = told else { panic!("{told:?}") };
        assert_eq!(kept.is_some(), run < 32, "{run}");
    }
    let refused = std::fs::read_dir(folder.path().join("data/refused")).unwrap().count();
    assert_eq!(refused, 64);
}

#[test]
fn two_at_once_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let lock = std::fs::File::create(data.join("lock")).unwrap();
    lock.lock().unwrap();
    let stub = pages();
    let run = || gather(&mut Pages::new(stub.url("/"), 1), folder.path(), Freshness::AsKept);
    let told = run().unwrap_err();
    assert!(matches!(&told, FetchError::InUse { folder } if *folder == data), "{told:?}");
    assert!(told.to_string().contains(&*data.to_string_lossy()), "{told}");
    assert_eq!(stub.asked().len(), 0);
    drop(lock);
    run().unwrap();
}

#[test]
fn a_folder_is_of_one_source() {
    let stub = pages();
    let folder = tempfile::tempdir().unwrap();
    let run = |source| {
        let mut pages = Pages::new(stub.url("/"), 1);
        pages.base.source = source;
        gather(&mut pages, folder.path(), Freshness::AsKept)
    };
    run("stub").unwrap();
    let told = run("other").unwrap_err();
    assert!(matches!(&told, FetchError::OtherSource { held, .. } if held == "stub"), "{told:?}");
}

#[test]
fn a_conversation_without_end_ends() {
    struct Same(Pages);
    impl Conversation for Same {
        fn next(&self) -> Option<fupan_source::vendor::Request> {
            let mut request = Pages::new(self.0.base.url.clone(), 1).next()?;
            request.name = "same".to_owned();
            Some(request)
        }
        fn take(
            &mut self,
            _: &fupan_source::vendor::Answer<'_>,
        ) -> Result<(), fupan_source::vendor::Refused> {
            Ok(())
        }
    }
    let stub = pages();
    let folder = tempfile::tempdir().unwrap();
    let mut same = Same(Pages::new(stub.url("/"), 1));
    let told = gather(&mut same, folder.path(), Freshness::AsKept).unwrap_err();
    assert!(matches!(&told, FetchError::Endless { name, .. } if name == "same"), "{told:?}");
    let mut settings = settings();
    settings.bounds.requests = 5;
    let fetcher = fetcher(settings, folder.path(), &World::new(1, &[]));
    let mut many = Pages::new(stub.url("/"), u64::MAX);
    let told = fetcher.fetch(&mut many, &folder.path().join("many"), Freshness::AsKept, NO);
    assert!(matches!(told, Err(FetchError::Endless { ref name, .. }) if name == "page-6"));
}

#[test]
fn a_manifest_cannot_lead_out_of_its_folder() {
    let stub = pages();
    let folder = tempfile::tempdir().unwrap();
    let run = || gather(&mut Pages::new(stub.url("/"), 1), folder.path(), Freshness::AsKept);
    run().unwrap();
    let secret = folder.path().join("elsewhere.json");
    std::fs::write(&secret, b"{\"page\":1}").unwrap();
    let path = folder.path().join("data/manifest.json");
    let text = std::fs::read_to_string(&path).unwrap();
    for file in ["../elsewhere.json", secret.to_str().unwrap(), "page-1./../x"] {
        std::fs::write(&path, text.replace("page-1.json", file)).unwrap();
        assert_eq!(whole(folder.path()), None, "{file}");
        assert_eq!(run().unwrap().sent, 1, "{file}");
    }
    assert!(secret.exists());
}

#[test]
fn bytes_of_another_encoding_are_refused_by_who_knows_the_source() {
    let stub = Stub::new(|_, stream| answer(stream, 200, &[], b"{\"page\":1,\"n\":\"\xd5\xc7\"}"));
    let folder = tempfile::tempdir().unwrap();
    let told = gather(&mut Pages::new(stub.url("/"), 1), folder.path(), Freshness::AsKept);
    let FetchError::Unanswered { kept: Some(kept), .. } = told.unwrap_err() else { panic!() };
    assert_eq!(std::fs::read(kept).unwrap(), b"{\"page\":1,\"n\":\"\xd5\xc7\"}");
}

#[test]
fn a_doubled_page_is_refused_and_no_page_is_missing_in_the_middle() {
    let stub = Stub::new(|asked, stream| {
        let page = if asked.before == 1 { 1 } else { number(&asked.target) };
        answer(stream, 200, &[], format!("{{\"page\":{page}}}").as_bytes())
    });
    let folder = tempfile::tempdir().unwrap();
    let gathered = gather(&mut Pages::new(stub.url("/"), 3), folder.path(), Freshness::AsKept);
    assert_eq!(gathered.unwrap().sent, 3);
    let asked: Vec<u64> = stub.asked().iter().map(|asked| number(&asked.target)).collect();
    assert_eq!(asked, [1, 2, 2, 3]);
}

#[derive(Default)]
struct Told(std::sync::Mutex<Vec<String>>);

impl fupan_fetch::FetchProgress for Told {
    fn expect(&self, source: &str, requests: Option<u64>) {
        self.0.lock().unwrap().push(format!("{source} {requests:?}"));
    }
    fn kept(&self, name: &str, from: fupan_fetch::AnswerFrom) {
        self.0.lock().unwrap().push(format!("{name} {from:?}"));
    }
    fn waiting(&self, source: &str, reason: fupan_fetch::WaitReason, _: jiff::Timestamp) {
        self.0.lock().unwrap().push(format!("{source} {reason:?}"));
    }
}

#[test]
fn progress_says_how_many_there_are_and_where_each_is_from() {
    let stub = Stub::new(|asked, stream| match asked.before {
        1 => answer(stream, 503, &[], b""),
        _ => page(asked, stream),
    });
    let folder = tempfile::tempdir().unwrap();
    let fetcher = fetcher(settings(), folder.path(), &World::new(1, &[]));
    let told = Told::default();
    for pages in [1, 2] {
        let mut pages = Pages::new(stub.url("/"), pages);
        let data = folder.path().join("data");
        fetcher.fetch(&mut pages, &data, Freshness::AsKept, &told).unwrap();
    }
    let told = told.0.into_inner().unwrap();
    assert_eq!(
        told,
        [
            "stub None",
            "page-1 Vendor",
            "stub Some(1)",
            "stub None",
            "page-1 Folder",
            "stub Some(2)",
            "stub Backoff",
            "page-2 Vendor",
        ]
    );
}

/// Pages of which the one that is refused shows that the others were no good.
struct Fickle(Pages);

impl Conversation for Fickle {
    fn next(&self) -> Option<Request> {
        self.0.next()
    }

    fn take(&mut self, answer: &Answer<'_>) -> Result<(), Refused> {
        self.0.take(answer)
    }

    fn contradicts(&self) -> bool {
        true
    }
}

#[test]
fn what_a_refused_answer_contradicts_is_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::new(|asked, stream| match asked.before {
        2 | 6 => answer(stream, 200, &[], b"{\"never\":\"it is another list\"}"),
        _ => page(asked, stream),
    });
    let pages = || Pages::new(stub.url("/"), 3);
    let kept = |gathered: Gathered| (gathered.sent, gathered.found);
    gather(&mut pages(), folder.path(), Freshness::AsKept).unwrap_err();
    let went_on = gather(&mut pages(), folder.path(), Freshness::AsKept).unwrap();
    assert_eq!(kept(went_on), (1, 2));

    let folder = tempfile::tempdir().unwrap();
    gather(&mut Fickle(pages()), folder.path(), Freshness::AsKept).unwrap_err();
    assert!(folder.path().join("data/page-1.json").exists(), "it can be looked into");
    let anew = gather(&mut Fickle(pages()), folder.path(), Freshness::AsKept).unwrap();
    assert_eq!(kept(anew), (3, 0));
    assert!(whole(folder.path()).is_some());
}

#[test]
fn what_is_distrusted_is_asked_for_again() {
    let (stub, folder, world) = (pages(), tempfile::tempdir().unwrap(), World::new(1, &[]));
    let data = folder.path().join("data");
    let of =
        |pages| gather(&mut Pages::new(stub.url("/"), pages), folder.path(), Freshness::AsKept);
    of(3).unwrap();
    let fetcher = fetcher(settings(), folder.path(), &world);
    fetcher.distrust(&data, "stub").unwrap();
    assert_eq!(whole(folder.path()), None);
    assert!(data.join("page-3.json").exists(), "it can be looked into");
    // Of what is not asked for any more nothing stays.
    let anew = of(2).unwrap();
    assert_eq!((anew.sent, anew.found), (2, 0));
    assert!(!data.join("page-3.json").exists());
    // Where nothing is kept, nothing is distrusted.
    fetcher.distrust(&folder.path().join("other"), "stub").unwrap();
}
