//! Every reason for an unknown figure has words in both languages.
use std::path::Path;

/// The identifiers that a text gives to `unknown(..)`.
fn reasons(text: &str) -> impl Iterator<Item = &str> {
    let calls = text.split("unknown(\"").skip(1);
    calls.filter_map(|rest| rest.split('"').next())
}

#[test]
fn no_reason_is_told_by_its_identifier() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![sources];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for id in reasons(&text) {
                assert!(fupan_fact::is_worded(id), "{}: `{id}` has no words", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 15, "only {seen} reasons found");
}
