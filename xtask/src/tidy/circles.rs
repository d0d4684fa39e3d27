//! No file of a crate may import itself through other files.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Arrow, Imports};
use super::ratchet;
use super::source::Source;

/// Files in a circle of imports, other than those owed.
pub(super) fn breaches(sources: &[Source], owed: &[&str]) -> Vec<String> {
    let mut crates: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.is_shipped()) {
        if let Some((folder, _)) = source.within_crate() {
            crates.entry(folder).or_default().push(source);
        }
    }
    let mut circles = BTreeMap::new();
    for sources in crates.values() {
        let arrows = Imports::of(sources).arrows();
        for source in sources {
            if let Some(circle) = shortest(&arrows, &source.file) {
                circles.insert(source.file.clone(), circle);
            }
        }
    }
    let found = circles.keys().map(|file| (file.clone(), 1)).collect();
    let owed: Vec<(&str, usize)> = owed.iter().map(|file| (*file, 1)).collect();
    ratchet::breaches("CIRCLES", &owed, &found, |file, _| {
        format!(
            "{file}: in a circle of imports ({}); no file of it can be read before the others: \
             move what both need to where neither imports the other",
            circles.get(file).cloned().unwrap_or_default()
        )
    })
}

/// The shortest circle through a file, in words; `None` if there is none.
fn shortest(arrows: &[Arrow<'_>], file: &str) -> Option<String> {
    let mut came_by: BTreeMap<&str, &Arrow<'_>> = BTreeMap::new();
    let mut row = BTreeSet::from([file]);
    while !row.is_empty() && !came_by.contains_key(file) {
        let mut next = BTreeSet::new();
        for arrow in arrows.iter().filter(|arrow| row.contains(arrow.from)) {
            if !came_by.contains_key(arrow.to) {
                came_by.insert(arrow.to, arrow);
                next.insert(arrow.to);
            }
        }
        row = next;
    }
    let mut last = came_by.get(file)?;
    let mut steps = vec![last];
    while last.from != file {
        last = came_by.get(last.from)?;
        steps.push(last);
    }
    let name = |file: &str| file.split_once("/src/").map_or(file, |(_, name)| name).to_owned();
    let steps: Vec<String> = steps
        .iter()
        .rev()
        .map(|arrow| format!("{}:{} names {}", name(arrow.from), arrow.line, name(arrow.to)))
        .collect();
    Some(steps.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)], owed: &[&str]) -> Vec<String> {
        let read = |(file, text): &(&str, &str)| {
            Source::read(&format!("crates/a/src/{file}"), text).unwrap()
        };
        breaches(&files.iter().map(read).collect::<Vec<_>>(), owed)
    }

    #[test]
    fn a_circle_is_seen_whichever_way_it_is_written() {
        for (there, back) in [
            ("use crate::c::C;", "use crate::b::B;"),
            ("fn f(c: crate::c::C) {}", "use super::b::{self, B};"),
            ("use crate::{c::C as D, e};", "fn f() { crate::b::f() }"),
            ("use crate::C;", "use super::*; fn f() { b::f() }"),
            ("use crate::everything::C;", "use crate::b::*;"),
            ("mod inner { use super::super::c::C; }", "use crate::b::inner::D;"),
            ("html! { (crate::c::f()) }", "const A: u8 = crate::b::A;"),
        ] {
            let crate_root = "mod b; mod c; mod e; mod everything; pub use c::C; pub use b::B;";
            let files = [
                ("lib.rs", crate_root),
                ("b.rs", there),
                ("c.rs", &format!("pub struct C;\n{back}")),
                ("e.rs", ""),
                ("everything.rs", "pub use crate::c::*;"),
            ];
            let told = of(&files, &[]);
            assert!(told.len() >= 2, "{there} {back}: {told:?}");
            assert!(told[0].starts_with("crates/a/src/b.rs: in a circle of imports (b.rs:1 "));
            assert!(told.iter().any(|told| told.contains("c.rs:2 names b.rs")), "{told:?}");
        }
    }

    #[test]
    fn a_longer_circle_is_told_step_by_step() {
        let files = [
            ("b.rs", "use crate::c::C;"),
            ("c.rs", "use crate::d::D;"),
            ("d.rs", "use crate::b::B;"),
        ];
        let told = of(&files, &[]);
        assert_eq!(told.len(), 3);
        let way = "(b.rs:1 names c.rs, c.rs:1 names d.rs, d.rs:1 names b.rs)";
        assert!(told[0].contains(way), "{told:?}");
    }

    #[test]
    fn one_way_is_no_circle() {
        let files = [
            ("lib.rs", "//! [`b::B`]\nmod b; mod c; pub use b::B; pub use c::C;"),
            ("b.rs", "use crate::C; use std::fmt; /// See [`crate::c`].\npub struct B;"),
            (
                "c.rs",
                "mod d; pub use d::D; pub struct C;\n#[cfg(test)]\nmod tests { use crate::B; }",
            ),
            ("c/d.rs", "use fupan_market::b::B; pub struct D { b: u8 }"),
            ("c/tests.rs", "use crate::B;"),
        ];
        assert_eq!(of(&files, &[]), [""; 0]);
    }

    #[test]
    fn parts_may_name_their_module_and_not_who_uses_it() {
        let module = ("c.rs", "mod d; pub struct C;\nfn f() -> D { d::D }");
        let part = ("c/d.rs", "use super::C;\npub struct D;");
        assert_eq!(of(&[module, part], &[]), [""; 0]);
        let user = ("b.rs", "use crate::c::C;");
        assert_eq!(of(&[module, part, user], &[]), [""; 0]);
        let told = of(&[module, user, ("c/d.rs", "use crate::b::B;")], &[]);
        let way = "(c.rs:2 names c/d.rs, c/d.rs:1 names b.rs, b.rs:1 names c.rs)";
        assert!(told[1].contains(way), "{told:?}");
    }

    #[test]
    fn what_is_owed_is_known_and_must_go_once_paid() {
        let files = [("b.rs", "use crate::c::C;"), ("c.rs", "use crate::b::B;")];
        let owed = ["crates/a/src/b.rs", "crates/a/src/c.rs"];
        assert_eq!(of(&files, &owed), [""; 0]);
        assert!(of(&files, &owed[..1])[0].starts_with("crates/a/src/c.rs: in a circle"));
        let told = of(&[files[0], ("c.rs", "")], &owed);
        assert!(told.iter().all(|told| told.contains("paid; take it out of CIRCLES")), "{told:?}");
        assert_eq!(told.len(), 2);
    }
}
