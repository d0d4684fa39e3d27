//! Tables in a terminal, aligned by display width so that Chinese names line up.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table};
use fupan::{Error, FactSet, Finding, FindingKind, SessionDate};

/// An empty table with a header.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.iter().map(|text| Cell::new(text).add_attribute(Attribute::Bold)));
    table
}

/// A cell of text.
pub fn text(text: impl ToString) -> Cell {
    Cell::new(text.to_string())
}

/// A cell of a number, to the right.
pub fn number(text: impl ToString) -> Cell {
    Cell::new(text.to_string()).set_alignment(CellAlignment::Right)
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

/// Writes bytes to a file, or to standard output where the path is `-`.
pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    write_with(path, |sink| Ok(sink.write_all(bytes)?))
}

/// Writes to a file, or to standard output where the path is `-`. A file is written beside the
/// target and renamed, so that a full disk leaves an older one as it was.
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
        // The write has failed already and its error is what the reader gets.
        let _gone = std::fs::remove_file(&partial);
    }
    written
}

/// Something to write to that remembers why it refused, whatever the writer makes of that.
struct Sink<W: Write> {
    to: BufWriter<W>,
    refused: Option<std::io::Error>,
}

/// What failed.
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

/// Says on the error stream where a session that was not asked for is not the last of the data.
pub fn name_later_session(facts: &FactSet) {
    let of_session = |finding: &&Finding| finding.subject.parse::<SessionDate>().is_ok();
    let partial = facts.findings.iter().filter(|f| f.kind == FindingKind::PartialSession);
    for finding in partial.filter(of_session) {
        eprintln!("fupan: {}", finding.detail.en);
    }
}

/// Prints to standard output; a closed pipe is reported as an error for `main` to forgive.
pub fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}
