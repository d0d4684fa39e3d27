//! Which files of a crate name which others. Paths are followed through modules, imports and
//! re-exports.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Import, Source};

/// Most steps to follow a path through imports of imports.
const STEPS: usize = 16;

/// The files of one crate, and the items and imports of their modules.
pub(super) struct Imports<'a> {
    files: BTreeMap<Vec<String>, &'a Source>,
    modules: BTreeMap<Vec<String>, Names<'a>>,
}

/// What a module (a file, or one within a file) defines and imports.
#[derive(Default)]
struct Names<'a> {
    items: BTreeSet<&'a str>,
    imports: BTreeMap<&'a str, &'a Import>,
    everything_of: Vec<&'a Import>,
}

/// One file names another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrow<'a> {
    pub from: &'a str,
    pub to: &'a str,
    /// The first line of `from` that names `to`.
    pub line: usize,
}

impl<'a> Imports<'a> {
    /// Reads the files of one crate.
    pub fn of(sources: &[&'a Source]) -> Imports<'a> {
        let mut imports = Imports { files: BTreeMap::new(), modules: BTreeMap::new() };
        let has_library = sources.iter().any(|source| source.file.ends_with("/src/lib.rs"));
        for source in sources {
            let Some(root) = module_of(source, has_library) else { continue };
            imports.files.insert(root.clone(), source);
            imports.modules.entry(root.clone()).or_default();
            for item in source.items.iter().filter(|item| item.word != "impl") {
                let module = [&*root, &*item.place.modules].concat();
                imports.modules.entry(module).or_default().items.insert(&item.name);
                if item.word == "mod" {
                    let named =
                        [&*root, &*item.place.modules, std::slice::from_ref(&item.name)].concat();
                    imports.modules.entry(named).or_default();
                }
            }
            for import in &source.imports {
                let module = [&*root, &*import.place.modules].concat();
                let names = imports.modules.entry(module).or_default();
                if import.name == "*" {
                    names.everything_of.push(import);
                } else {
                    names.imports.insert(&import.name, import);
                }
            }
        }
        imports
    }

    /// Which files name which others, outside tests. Two cases do not count: a module that
    /// re-exports what its own modules define, and a part of a module that names the module.
    pub fn arrows(&self) -> Vec<Arrow<'a>> {
        let mut arrows: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (root, source) in &self.files {
            for path in source.paths.iter().filter(|path| !path.place.is_test) {
                let module = [&**root, &*path.place.modules].concat();
                let head = &path.segments[0];
                let is_of_type = head.starts_with(char::is_uppercase);
                if path.segments.len() == 1 && !is_of_type {
                    continue;
                }
                let Some(named) = self.follow(&module, &path.segments, STEPS) else { continue };
                let Some(target) = self.file_of(&named) else { continue };
                let is_handed_on = named.starts_with(root)
                    && source.imports.iter().any(|import| {
                        import.is_handed_on
                            && import.place.line == path.place.line
                            && import.segments == path.segments
                    });
                if target.file != source.file && !is_handed_on && !self.is_part(root, target) {
                    let line = arrows.entry((&source.file, &target.file)).or_insert(usize::MAX);
                    *line = path.place.line.min(*line);
                }
            }
        }
        arrows.into_iter().map(|((from, to), line)| Arrow { from, to, line }).collect()
    }

    /// The module that defines what a path names, seen from a module; `None` outside the crate.
    fn follow(&self, from: &[String], path: &[String], steps: usize) -> Option<Vec<String>> {
        let steps = steps.checked_sub(1)?;
        let (head, rest) = path.split_first()?;
        let mut module = from.to_vec();
        match head.as_str() {
            "crate" => module.clear(),
            "self" => {}
            "super" => drop(module.pop()),
            _ => return self.find(from, path, steps),
        }
        if rest.is_empty() { Some(module) } else { self.within(&module, rest, steps) }
    }

    /// Resolves a path within a known module.
    fn within(&self, module: &[String], path: &[String], steps: usize) -> Option<Vec<String>> {
        if path.first().is_some_and(|head| head == "super") {
            return self.follow(module, path, steps);
        }
        self.find(module, path, steps).or_else(|| Some(module.to_vec()))
    }

    /// Resolves a path whose first name is in a module: a module in it, an item of its own, or an
    /// import.
    fn find(&self, module: &[String], path: &[String], steps: usize) -> Option<Vec<String>> {
        let (head, rest) = path.split_first()?;
        let inner = [module, std::slice::from_ref(head)].concat();
        if self.modules.contains_key(&inner) {
            return if rest.is_empty() { Some(inner) } else { self.within(&inner, rest, steps) };
        }
        let names = self.modules.get(module)?;
        if names.items.contains(&**head) {
            return Some(module.to_vec());
        }
        if let Some(import) = names.imports.get(&**head) {
            if import.segments == path {
                return self.outer(module, path, steps);
            }
            let whole = [&*import.segments, rest].concat();
            return self.follow(module, &whole, steps);
        }
        let everything = names.everything_of.iter();
        everything
            .filter_map(|import| self.follow(module, &import.segments, steps))
            .filter(|named| named != module)
            .find_map(|named| steps.checked_sub(1).and_then(|s| self.find(&named, path, s)))
    }

    /// `use name;` of another crate imports nothing of this one.
    fn outer(&self, module: &[String], path: &[String], steps: usize) -> Option<Vec<String>> {
        let is_own = ["crate", "self", "super"].contains(&&*path[0]);
        if is_own { self.follow(module, path, steps) } else { None }
    }

    /// Whether a module is within the module of a file.
    fn is_part(&self, module: &[String], of: &Source) -> bool {
        (0..module.len()).any(|length| {
            self.files.get(&module[..length]).is_some_and(|outer| outer.file == of.file)
        })
    }

    fn file_of(&self, module: &[String]) -> Option<&'a Source> {
        (0..=module.len()).rev().find_map(|length| self.files.get(&module[..length]).copied())
    }
}

/// The module that a file is; `None` for a binary next to a library.
fn module_of(source: &Source, has_library: bool) -> Option<Vec<String>> {
    let (_, within) = source.within_crate()?;
    let within = within.strip_suffix(".rs")?;
    match within {
        "lib" => return Some(Vec::new()),
        "main" => return (!has_library).then(Vec::new),
        _ if within.starts_with("bin/") => return None,
        _ => {}
    }
    let within = within.strip_suffix("/mod").unwrap_or(within);
    Some(within.split('/').map(str::to_owned).collect())
}
