//! Checks the shape of a file: its length and name, its functions, and attributes that hide
//! something.

use super::source::Source;

const LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;
const NAMES_OF_NOTHING: [&str; 7] =
    ["util", "utils", "helper", "helpers", "common", "misc", "manager"];

/// Breaches of one file.
pub(super) fn breaches(source: &Source) -> Vec<String> {
    let mut breaches = Vec::new();
    let file = &source.file;
    if source.lines > LINES_MAX {
        breaches.push(format!(
            "{file}: {} lines; a file is one sitting long, at most {LINES_MAX}: split it by what \
             it speaks of",
            source.lines
        ));
    }
    let name = file.rsplit('/').next().and_then(|name| name.strip_suffix(".rs"));
    if name.is_some_and(|name| NAMES_OF_NOTHING.contains(&name)) {
        breaches.push(format!("{file}: a file is named by what it speaks of"));
    }
    for attribute in &source.attributes {
        let at = source.at(attribute.line);
        match attribute.words.first().map(String::as_str) {
            Some("ignore") => {
                breaches.push(format!("{at}: an ignored test proves nothing; delete or mend it"))
            }
            Some("allow") => breaches.push(format!(
                "{at}: write #[expect(…, reason = \"…\")], which tells when it is no longer needed"
            )),
            _ => {}
        }
    }
    for function in source.items.iter().filter(|item| item.word == "fn") {
        if function.lines > FUNCTION_LINES_MAX {
            breaches.push(format!(
                "{}: a function of {} lines; a function fits a screen, at most \
                 {FUNCTION_LINES_MAX}",
                source.at(function.place.line),
                function.lines
            ));
        }
    }
    breaches
}

/// Digits in a template: every number of a brief must be a fact.
pub(super) fn template_breaches(file: &str, text: &str) -> Vec<String> {
    let holds_digit = |line: &str| {
        let told = line.split_once('=').map_or(line, |(_, told)| told);
        !line.trim_start().starts_with('#') && told.contains(|c: char| c.is_ascii_digit())
    };
    let lines = text.lines().enumerate().filter(|(_, line)| holds_digit(line));
    lines
        .map(|(number, _)| {
            format!(
                "{file}:{}: a digit in a template; every number of a brief is a fact",
                number + 1
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(file: &str, text: &str) -> Vec<String> {
        breaches(&Source::read(file, text).unwrap())
    }

    #[test]
    fn a_file_has_at_most_so_many_lines() {
        assert_eq!(of("a.rs", &"\n".repeat(LINES_MAX)), [""; 0]);
        assert!(of("a.rs", &"\n".repeat(LINES_MAX + 1))[0].contains("601 lines"));
    }

    #[test]
    fn a_file_says_what_it_speaks_of() {
        assert!(of("crates/fupan/src/utils.rs", "")[0].contains("named by what it speaks of"));
        assert_eq!(of("crates/fupan/src/utilisation.rs", ""), [""; 0]);
    }

    #[test]
    fn a_function_has_at_most_so_many_lines() {
        let function = |statements: usize| {
            format!(
                "impl A {{\n    pub(super) const fn f() -> u8 {{\n{}        1\n    }}\n}}\n",
                "        step();\n".repeat(statements)
            )
        };
        assert_eq!(of("a.rs", &function(FUNCTION_LINES_MAX - 3)), [""; 0]);
        let told = of("a.rs", &function(FUNCTION_LINES_MAX - 2));
        assert!(told[0].starts_with("a.rs:2: a function of 71 lines"), "{told:?}");
    }

    #[test]
    fn attributes_that_hide_are_seen_and_words_in_texts_are_not() {
        let told = of("a.rs", "#![allow(dead_code)]\n#[test]\n#[ignore]\nfn a() {}\n");
        assert!(told[0].starts_with("a.rs:1: write #[expect"), "{told:?}");
        assert!(told[1].starts_with("a.rs:3: an ignored test"), "{told:?}");
        let near =
            "/// `#[allow(dead_code)]`\n#[expect(dead_code)]\nconst A: &str = \"#[ignore]\";";
        assert_eq!(of("a.rs", near), [""; 0]);
    }

    #[test]
    fn a_digit_in_a_template_is_seen() {
        let told = template_breaches("a.ftl", "# 3 kinds\nupper-10 = of { $count }\nb = 10 %\n");
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("a.ftl:3: a digit"), "{told:?}");
    }
}
