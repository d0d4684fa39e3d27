use fupan_check::*;
use serde_json::Value;
use std::collections::BTreeMap;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut named = Vec::new();
    for line in std::fs::read_to_string("/tmp/names.csv").unwrap().lines().skip(1) {
        let (s, n) = line.split_once(',').unwrap();
        let Ok(symbol) = s.parse() else { continue };
        let n: String = n
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| match c {
                'Ａ' => 'A',
                'Ｂ' => 'B',
                c => c,
            })
            .collect();
        named.push((n.clone(), Subject::Security(symbol)));
        if let Some(bare) = n.strip_suffix('A') {
            named.push((bare.to_owned(), Subject::Security(symbol)));
        }
    }
    for line in
        std::fs::read_to_string("crates/fupan-brief/src/company_names.tsv").unwrap().lines().skip(1)
    {
        let p: Vec<&str> = line.split('\t').collect();
        if let Ok(symbol) = p[0].parse() {
            named.push((p[2].to_owned(), Subject::Security(symbol)));
        }
    }
    for file in ["/tmp/groups.csv", "/tmp/ind.csv"] {
        for line in std::fs::read_to_string(file).unwrap().lines().skip(1) {
            let n = line.rsplit(',').next().unwrap();
            let Ok(id) = format!("ths-concept.{}", n.replace(['/', '.', ' '], "-")).parse() else {
                continue;
            };
            named.push((n.to_owned(), Subject::Group(id)));
        }
    }
    let subjects = Subjects::new(named);
    let (mut tp, mut fp, mut fne): (
        BTreeMap<String, u32>,
        BTreeMap<String, u32>,
        BTreeMap<String, u32>,
    ) = Default::default();
    let mut wrong_value = 0;
    let verbose = args.len() > 2;
    for line in std::fs::read_to_string(&args[1]).unwrap().lines() {
        let item: Value = serde_json::from_str(line).unwrap();
        let text = item["text"].as_str().unwrap();
        let report = extracted(text, &subjects);
        let expected = item["claims"].as_array().unwrap();
        let mut seen = vec![false; report.len()];
        let mut notes = Vec::new();
        for claim in expected {
            let (s, e) =
                (claim["start"].as_u64().unwrap() as u32, claim["end"].as_u64().unwrap() as u32);
            let kind = claim["kind"].as_str().unwrap().to_owned();
            let found = report.iter().enumerate().find(|(at, (r, stated))| {
                !seen[*at]
                    && r.start < e
                    && s < r.end
                    && stated.ask.kind().id() == kind
                    && (claim["value"].is_boolean()
                        == matches!(stated.value, StatedValue::Holds(_))
                        || kind.contains("crossing"))
            });
            match found {
                Some((at, (_, stated))) => {
                    seen[at] = true;
                    *tp.entry(kind.clone()).or_default() += 1;
                    if let (StatedValue::Number { value, .. }, Some(v)) =
                        (stated.value, claim["value"].as_f64())
                    {
                        let got: f64 = value.to_string().parse().unwrap();
                        if (got - v).abs() > 1e-6 * v.abs().max(1.0) && !kind.contains("crossing") {
                            wrong_value += 1;
                            notes.push(format!("   VALUE {} got {got} want {v}", claim["text"]));
                        }
                    }
                    let cmp = claim["comparator"].as_str().unwrap();
                    if stated.comparator.id() != cmp {
                        notes.push(format!(
                            "   CMP {} got {} want {cmp}",
                            claim["text"],
                            stated.comparator.id()
                        ));
                    }
                }
                None => {
                    *fne.entry(kind.clone()).or_default() += 1;
                    notes.push(format!("   MISS {kind} {} {}", claim["text"], claim["value"]));
                }
            }
        }
        for (at, (r, stated)) in report.iter().enumerate() {
            if !seen[at] {
                *fp.entry(stated.ask.kind().id().to_owned()).or_default() += 1;
                let t: String =
                    text.chars().skip(r.start as usize).take((r.end - r.start) as usize).collect();
                notes.push(format!(
                    "   EXTRA {} {t:?} {:?} {:?}",
                    stated.ask.kind().id(),
                    stated.ask,
                    stated.value
                ));
            }
        }
        if verbose && !notes.is_empty() {
            println!("{text}\n{}", notes.join("\n"));
        }
    }
    let sum = |m: &BTreeMap<String, u32>| m.values().sum::<u32>();
    for kind in ClaimKind::ALL {
        let k = kind.id();
        let g = |m: &BTreeMap<String, u32>| m.get(k).copied().unwrap_or(0);
        if g(&tp) + g(&fp) + g(&fne) > 0 {
            println!("{k:24} tp {:4} fp {:4} fn {:4}", g(&tp), g(&fp), g(&fne));
        }
    }
    let (t, f, n) = (sum(&tp), sum(&fp), sum(&fne));
    println!(
        "precision {:.3} recall {:.3} wrong values {wrong_value}",
        f64::from(t) / f64::from(t + f),
        f64::from(t) / f64::from(t + n)
    );
}
fn extracted(text: &str, subjects: &Subjects) -> Vec<(std::ops::Range<u32>, Stated)> {
    let article = Article::read(text.as_bytes(), Some("a.txt")).unwrap();
    statements(&article, subjects)
}
