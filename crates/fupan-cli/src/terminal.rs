//! Output to the terminal, including tables aligned by display width so that Chinese names line up.
//! Control characters in text from data are escaped in cells and lines.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ContentArrangement, LineStyle, Table, TableStyle,
};
use fupan::sheet::Csv;
use fupan::{
    Basis, Error, Fact, FactSet, Finding, FindingKind, GroupId, Language, Name, SessionDate,
    Symbol, Value, Wording, fact_table, shown, shown_json, shown_lines, shown_name,
};

use crate::place;

/// Draws nothing but a rule under the header.
const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A word in the language of the interface.
pub fn word(en: &'static str, zh: &'static str) -> &'static str {
    match place::interface() {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// A message in the language of the interface.
pub fn say(en: impl Into<String>, zh: impl Into<String>) -> String {
    Wording::new(en, zh).in_language(place::interface()).to_owned()
}

/// A name in the language of the interface; the Chinese one if there is no other.
pub fn name(name: &Name) -> String {
    match (place::interface(), &name.en) {
        (Language::En, Some(en)) => en.clone(),
        _ => name.zh.clone(),
    }
}

/// The name of a security or an index, or its code if it has none.
pub fn security(facts: &FactSet, symbol: Symbol) -> String {
    facts.names.get(&symbol).map_or_else(|| symbol.to_string(), name)
}

/// How far a figure is supported, in one word.
pub fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Exact => word("exact", "精确"),
        Basis::Derived => word("derived", "推算"),
        Basis::Restated => word("restated", "追溯"),
        Basis::Estimated => word("estimated", "估算"),
        Basis::Partial => word("partial", "不完整"),
        Basis::None => word("none", "无"),
    }
}

/// An empty table with a header.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.iter().map(|name| text(name).add_attribute(Attribute::Bold)));
    table
}

/// A cell of text, escaped.
pub fn text(text: impl ToString) -> Cell {
    Cell::new(shown(&text.to_string()))
}

/// A right-aligned cell.
pub fn number(text: impl ToString) -> Cell {
    self::text(text).set_alignment(CellAlignment::Right)
}

/// Heights of the picture of the last sessions, lowest first.
const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The label of a figure, with the index, the group, the date or what else its measure names.
pub fn label(facts: &FactSet, fact: &Fact) -> String {
    let text = facts.measures.get(fact.key.measure.name());
    let label = text.map_or("", |text| match place::interface() {
        Language::Zh => &text.label_zh,
        Language::En => &text.label_en,
    });
    let Some(parameter) = fact.key.measure.parameter() else { return label.to_owned() };
    let group = parameter.parse::<GroupId>().ok().and_then(|id| facts.groups.get(&id));
    let of = match (parameter.parse::<Symbol>(), group) {
        (Ok(index), _) => security(facts, index),
        (_, Some(group)) => shown_name(&name(group)),
        _ => parameter.to_owned(),
    };
    format!("{label} · {of}")
}

/// Figures under headings, each with its value and how far it is exact. Of each heading, in both
/// languages, its figures; one without figures is left out.
pub fn figures<'f>(
    facts: &FactSet,
    headed: impl IntoIterator<Item = ((&'static str, &'static str), Vec<&'f Fact>)>,
    cell: impl Fn(&Fact) -> Cell,
) -> String {
    let header = [("figure", "指标"), ("value", "数值"), ("basis", "依据")];
    let mut table = table(&header.map(|(en, zh)| word(en, zh)));
    for ((en, zh), figures) in headed.into_iter().filter(|(_, figures)| !figures.is_empty()) {
        table.add_row([text(word(en, zh)).add_attribute(Attribute::Bold)]);
        for fact in figures {
            // What is exact needs no word.
            let basis = match fact.provenance.basis {
                Basis::Exact => "",
                basis => self::basis(basis),
            };
            // A figure is about a day if its measure or its value looks back on one.
            let since = facts.since.get(&fact.key);
            let since = since.filter(|_| fact.key.measure.parameter().is_none());
            let since = since.map(|since| format!(" · {since}")).unwrap_or_default();
            let label = format!("  {}{since}", label(facts, fact));
            table.add_row([text(label), cell(fact), text(basis)]);
        }
    }
    table.to_string()
}

/// A value as a cell, in the market's colours if it is a change.
pub fn value(value: &Value) -> Cell {
    let worded = fact_table::worded(value, place::interface());
    match value {
        Value::Return { ppb } => signed(worded, ppb.0),
        Value::Points { units } => signed(worded, *units),
        _ => number(worded),
    }
}

/// Levels as a row of bars.
pub fn drawn(levels: &[f64]) -> String {
    let low = levels.iter().copied().fold(f64::INFINITY, f64::min);
    let high = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = (high - low).max(f64::MIN_POSITIVE);
    let step = |level: &f64| STEPS[(((level - low) / range * 7.0).round() as usize).min(7)];
    levels.iter().map(step).collect()
}

/// A signed number in the market's colours: red is up.
pub fn signed(text: impl ToString, sign: i64) -> Cell {
    let cell = number(text);
    match sign {
        1.. => cell.fg(Color::Red),
        0 => cell,
        _ => cell.fg(Color::Green),
    }
}

/// Writes bytes to a file, or to standard output if the path is `-`.
pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    write_with(path, |sink| Ok(sink.write_all(bytes)?))
}

/// Writes to a file, or to standard output if the path is `-`. A file is written under a temporary
/// name next to the target and renamed, so that a full disk leaves an older one as it was.
pub fn write_with(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if path == Path::new("-") {
        return Ok(Sink::over(std::io::stdout()).take(write)?);
    }
    let failed = |source| Error::Io { action: "write", path: path.display().to_string(), source };
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let file = File::create(&partial).map_err(failed)?;
    let written = Sink::over(file).take(write).map_err(|broken| match broken {
        Broken::Sink(source) => failed(source).into(),
        Broken::Writer(error) => error,
    });
    let written = written.and_then(|()| Ok(std::fs::rename(&partial, path).map_err(failed)?));
    if written.is_err() {
        // The write has failed already, and its error is returned.
        let _gone = std::fs::remove_file(&partial);
    }
    written
}

/// A writer that remembers its first I/O error, even if the code writing to it loses it.
struct Sink<W: Write> {
    to: BufWriter<W>,
    refused: Option<std::io::Error>,
}

/// Which side failed.
enum Broken {
    Sink(std::io::Error),
    Writer(anyhow::Error),
}

impl From<Broken> for anyhow::Error {
    fn from(broken: Broken) -> anyhow::Error {
        match broken {
            Broken::Sink(error) => error.into(),
            Broken::Writer(error) => error,
        }
    }
}

impl<W: Write + Send> Sink<W> {
    fn over(to: W) -> Sink<W> {
        Sink { to: BufWriter::new(to), refused: None }
    }

    fn take(
        mut self,
        write: impl FnOnce(&mut (dyn Write + Send)) -> anyhow::Result<()>,
    ) -> Result<(), Broken> {
        let written = write(&mut self).and_then(|()| Ok(self.flush()?));
        match self.refused {
            Some(refused) => Err(Broken::Sink(refused)),
            None => written.map_err(Broken::Writer),
        }
    }

    fn remember<T>(&mut self, done: std::io::Result<T>) -> std::io::Result<T> {
        done.map_err(|error| {
            let kind = error.kind();
            self.refused.get_or_insert(error);
            kind.into()
        })
    }
}

impl<W: Write + Send> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let done = self.to.write(bytes);
        self.remember(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let done = self.to.flush();
        self.remember(done)
    }
}

/// Prints to standard error if no session was asked for and the one shown is not the last of the
/// data.
pub fn name_later_session(facts: &FactSet) {
    let of_session = |finding: &&Finding| finding.subject.parse::<SessionDate>().is_ok();
    let partial = facts.findings.iter().filter(|f| f.kind == FindingKind::PartialSession);
    for finding in partial.filter(of_session) {
        eprintln!("fupan: {}", shown(finding.detail.in_language(place::interface())));
    }
}

/// Prints lines to standard output, escaped. A closed pipe is an error, which `main` ignores.
pub fn print(text: &str) -> std::io::Result<()> {
    print_as_is(&shown_lines(text))
}

/// Prints JSON to standard output.
pub fn print_json(json: &serde_json::Value) -> anyhow::Result<()> {
    Ok(print_as_is(&shown_json(&serde_json::to_string_pretty(json)?))?)
}

/// Prints a table that [`table`] made, with lines of our own around it. Its cells are already
/// escaped and its colours are ours.
pub fn print_table(text: &str) -> std::io::Result<()> {
    print_as_is(text)
}

/// Prints CSV in the given form. Raw text is for programs: on a terminal it is escaped.
pub fn print_csv(csv: &str, written: Csv) -> std::io::Result<()> {
    match written {
        Csv::Raw if !std::io::stdout().is_terminal() => print_as_is(csv),
        Csv::Raw | Csv::Sheet => print(csv),
    }
}

fn print_as_is(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}
