//! Reviews the same sessions with two builds of the program and lists what differs in their JSON.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Differences of one kind that are printed in full; the rest are counted.
const PRINTED: usize = 12;

/// Reviews the sample and each session named with both builds. Fails if a value that both have
/// differs, or if the later build lacks one. New keys are listed.
pub fn run(arguments: &[String]) -> Result<()> {
    let option = |name: &str| {
        arguments.iter().position(|a| a == name).and_then(|i| arguments.get(i + 1)).cloned()
    };
    let before = option("--before").context("--before PROGRAM: the earlier build")?;
    let after = option("--after").context("--after PROGRAM: the later build")?;
    // Each build needs its own derived tables.
    let stores = (option("--store-before"), option("--store"));
    let mut reviews = vec![vec!["--sample".to_owned()]];
    if let (was, Some(is)) = stores {
        let sessions = arguments.iter().filter(|argument| argument.starts_with(['1', '2']));
        for session in sessions {
            let store = |of: &str| vec![session.clone(), "--store".to_owned(), of.to_owned()];
            let (was, is) = (store(was.as_deref().unwrap_or(&is)), store(&is));
            reviews.push([was, is].concat());
        }
    }
    let mut failed = 0;
    for review in reviews {
        let (was, is) = match review.split_at_checked(3) {
            Some((was, is)) => (was, is),
            None => (&review[..], &review[..]),
        };
        let told = differences(&json(&before, was)?, &json(&after, is)?);
        println!("{}: {}", review[0], told.summary());
        failed += usize::from(told.is_breach());
        told.print();
    }
    if failed > 0 {
        bail!("{failed} reviews differ in what both builds say");
    }
    Ok(())
}

fn json(program: &str, review: &[String]) -> Result<Value> {
    let mut command = Command::new(Path::new(program));
    command.arg("review").args(review).args(["--format", "json", "--output", "-"]);
    let output = command.output().with_context(|| format!("{program} does not run"))?;
    if !output.status.success() {
        bail!("{program} {}: {}", review.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// What differs between two values, by path.
#[derive(Debug, Default, PartialEq, Eq)]
struct Differences {
    changed: Vec<String>,
    gone: Vec<String>,
    new: Vec<String>,
}

impl Differences {
    /// Whether a value changed or is gone.
    fn is_breach(&self) -> bool {
        !self.changed.is_empty() || !self.gone.is_empty()
    }

    fn summary(&self) -> String {
        format!("{} changed, {} gone, {} new", self.changed.len(), self.gone.len(), self.new.len())
    }

    fn print(&self) {
        for (kind, paths) in [("changed", &self.changed), ("gone", &self.gone), ("new", &self.new)]
        {
            let alike = alike(paths);
            for (path, times) in alike.iter().take(PRINTED) {
                match times {
                    1 => println!("  {kind} {path}"),
                    _ => println!("  {kind} {path} ({times} alike)"),
                }
            }
            if alike.len() > PRINTED {
                println!("  {kind} and {} others", alike.len() - PRINTED);
            }
        }
    }
}

/// Groups paths with the same ending: the first path of each group and the group's size, rarest
/// first.
fn alike(paths: &[String]) -> Vec<(&str, usize)> {
    let mut kinds: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for path in paths {
        let end = path.rsplit('/').next().unwrap_or(path);
        kinds.entry(end).or_insert((path, 0)).1 += 1;
    }
    let mut kinds: Vec<(&str, usize)> = kinds.into_values().collect();
    kinds.sort_by_key(|(path, times)| (*times, *path));
    kinds
}

fn differences(before: &Value, after: &Value) -> Differences {
    let mut found = Differences::default();
    walk("", before, after, &mut found);
    found
}

fn walk(path: &str, before: &Value, after: &Value, found: &mut Differences) {
    match (before, after) {
        (Value::Object(was), Value::Object(is)) => {
            for (key, value) in was {
                let path = format!("{path}/{key}");
                match is.get(key) {
                    Some(other) => walk(&path, value, other, found),
                    None => found.gone.push(path),
                }
            }
            let new = is.keys().filter(|key| !was.contains_key(*key));
            found.new.extend(new.map(|key| format!("{path}/{key}")));
        }
        (Value::Array(was), Value::Array(is)) => {
            let (was, is) = (by_name(was), by_name(is));
            for (name, value) in &was {
                let path = format!("{path}/{name}");
                match is.get(name) {
                    Some(other) => walk(&path, value, other, found),
                    None => found.gone.push(path),
                }
            }
            let new = is.keys().filter(|name| !was.contains_key(*name));
            found.new.extend(new.map(|name| format!("{path}/{name}")));
        }
        _ if before == after => {}
        _ => found.changed.push(format!("{path}: {before} -> {after}")),
    }
}

/// The items of a list by their key or id, else by their position.
fn by_name(items: &[Value]) -> BTreeMap<String, &Value> {
    let name = |(place, item): (usize, &Value)| {
        let named = ["key", "id"].iter().find_map(|field| item.get(field)?.as_str());
        named.map_or_else(|| place.to_string(), str::to_owned)
    };
    items.iter().enumerate().map(|item| (name(item), item.1)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_new_is_no_breach_and_the_rest_is() {
        let was =
            json!({"facts": [{"key": "a", "value": 1}, {"key": "b", "value": 2}], "n": [1, 2]});
        let more = json!({
            "facts": [{"key": "c", "value": 9}, {"key": "b", "value": 2}, {"key": "a", "value": 1}],
            "n": [1, 2],
            "more": 0,
        });
        let found = differences(&was, &more);
        assert!(!found.is_breach(), "{found:?}");
        assert_eq!(found.new, ["/facts/c", "/more"]);
        let other =
            json!({"facts": [{"key": "a", "value": 1}, {"key": "b", "value": 3}], "n": [1]});
        let found = differences(&was, &other);
        assert_eq!(found.changed, ["/facts/b/value: 2 -> 3"]);
        assert_eq!(found.gone, ["/n/1"]);
        assert!(found.is_breach());
        assert_eq!(found.summary(), "1 changed, 1 gone, 0 new");
        let paths = ["/a/x: 1 -> 2", "/b/y", "/c/x: 1 -> 2"].map(str::to_owned);
        assert_eq!(alike(&paths), [("/b/y", 1), ("/a/x: 1 -> 2", 2)]);
    }
}
