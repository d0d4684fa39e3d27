//! Every file of the corpora holds what its target demands. `cargo fuzz` finds new ones.

#![expect(clippy::unwrap_used, reason = "a corpus that cannot be read fails its test")]

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use fupan_fuzz::ALL;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(name)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn every_file_of_the_corpora_holds() {
    let mut failed = Vec::new();
    for (target, run) in ALL {
        let corpus = folder("corpus").join(target);
        let files = names(&corpus);
        assert!(!files.is_empty(), "{target} has no corpus");
        for file in files {
            let bytes = std::fs::read(corpus.join(&file)).unwrap();
            if catch_unwind(|| run(&bytes)).is_err() {
                failed.push(format!("{target}/{file}"));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_target_is_run_by_libfuzzer_and_has_its_corpus() {
    let targets: Vec<String> = ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    let files = |name: &str| -> Vec<String> {
        names(&folder(name)).iter().map(|f| f.split('.').next().unwrap().to_owned()).collect()
    };
    assert_eq!(files("fuzz_targets"), targets);
    assert_eq!(files("corpus"), [vec!["README".to_owned()], targets.clone()].concat());
    let manifest = std::fs::read_to_string(folder("Cargo.toml")).unwrap();
    for target in &targets {
        assert!(
            manifest.contains(&format!("name = \"{target}\"")),
            "{target} is not in the manifest"
        );
    }
    for dictionary in files("dict") {
        assert!(targets.contains(&dictionary), "{dictionary} is a dictionary of nothing");
    }
}

#[test]
fn small_inputs_hold_in_every_target() {
    for (target, run) in ALL {
        for bytes in [&b""[..], b"\0", b"\n", b"PAR1", b"\xFF\xFE", b"-", b"a,b\n1,2\n"] {
            assert!(catch_unwind(|| run(bytes)).is_ok(), "{target} on {bytes:?}");
        }
    }
}
