//! Whatever bytes a vendor sends, there is an answer or an error, and no panic.

use std::io::Write as _;

use fupan_fetch::{FetchError, Freshness, NoFetchProgress, Outside as _};

use crate::stub::{Stub, Then, send};
use crate::world::{Pages, World, fetcher, once, request};

/// Sound answers, to be damaged.
fn sound() -> Vec<Vec<u8>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(b"{\"page\":1}").unwrap();
    let gzip = gzip.finish().unwrap();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        gzip.len()
    );
    vec![
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"page\":1}"
            .to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"p\r\n7\r\nage\":1}\r\n0\r\n\r\n"
            .to_vec(),
        [head.as_bytes(), &gzip].concat(),
        b"HTTP/1.1 302 Found\r\nLocation: /elsewhere?page=1\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 429 Slow\r\nRetry-After: Thu, 12 Feb 2026 07:06:30 GMT\r\n\r\n".to_vec(),
        b"HTTP/1.1 304 Same\r\nETag: \"a\"\r\nLast-Modified: x\r\n\r\n".to_vec(),
    ]
}

/// Some of its bytes are changed, lost or doubled.
fn damaged(sound: &[u8], chance: &World) -> Vec<u8> {
    let mut bytes = sound.to_vec();
    for _ in 0..=chance.draw() % 3 {
        let at = (chance.draw() % bytes.len() as u64) as usize;
        match chance.draw() % 4 {
            0 => bytes[at] = chance.draw() as u8,
            1 => bytes[at] ^= 1 << (chance.draw() % 8),
            2 => {
                bytes.remove(at);
            }
            _ => {
                let until = (at + 1 + (chance.draw() % 20) as usize).min(bytes.len());
                let piece = bytes[at..until].to_vec();
                bytes.splice(at..at, piece);
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
    bytes
}

#[test]
fn damaged_answers_are_answers_or_errors() {
    let chance = World::new(5, &[]);
    let damage = World::new(6, &[]);
    let sound = sound();
    let stub = Stub::new(move |_, stream| {
        let one = &sound[(damage.draw() % sound.len() as u64) as usize];
        send(stream, &damaged(one, &damage));
        Then::Close
    });
    let folder = tempfile::tempdir().unwrap();
    let mut counts = [0, 0];
    for _ in 0..400 {
        let fetcher = fetcher(once(), folder.path(), &chance);
        chance.pass(5000);
        let told = fetcher.send(&request(stub.url("/")), &NoFetchProgress);
        match told {
            Ok(_) => counts[0] += 1,
            Err(FetchError::Unanswered { .. } | FetchError::Resting { .. }) => counts[1] += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(counts.iter().all(|count| *count > 40), "{counts:?}");
}

#[test]
fn damaged_folders_are_taken_for_less_and_never_for_more() {
    let stub = Stub::new(|asked, stream| {
        let page = asked.target.rsplit_once("page=").unwrap().1;
        crate::stub::answer(stream, 200, &[], format!("{{\"page\":{page}}}").as_bytes())
    });
    let chance = World::new(9, &[]);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = || {
        let fetcher = fetcher(once(), folder.path(), &World::new(1, &[]));
        let mut pages = Pages::new(stub.url("/"), 3);
        fetcher.fetch(&mut pages, &data, Freshness::AsKept, &NoFetchProgress)
    };
    run().unwrap();
    for _ in 0..60 {
        for file in ["data/manifest.json", "data/page-2.json", "sources/stub.json"] {
            let path = folder.path().join(file);
            let bytes = std::fs::read(&path).unwrap();
            std::fs::write(&path, damaged(&bytes, &chance)).unwrap();
        }
        // A source whose name was damaged is another one; nothing else may stop it.
        match run() {
            Ok(gathered) => {
                let manifest = gathered.unwrap().manifest;
                for (name, answer) in &manifest.answers {
                    let bytes = fupan_fetch::kept_bytes(&data, answer).unwrap();
                    let expected = format!("{{\"page\":{}}}", name.trim_start_matches("page-"));
                    assert_eq!(bytes, expected.as_bytes());
                }
                assert_eq!(manifest.answers.len(), 3);
            }
            Err(FetchError::OtherSource { .. }) => std::fs::remove_dir_all(&data).unwrap(),
            Err(other) => panic!("{other:?}"),
        }
        if !data.exists() {
            run().unwrap();
        }
    }
}
