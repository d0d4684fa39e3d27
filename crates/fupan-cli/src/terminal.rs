//! Tables in a terminal, aligned by display width so that Chinese names line up.

use std::io::Write;
use std::path::{Path, PathBuf};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table};
use fupan::Error;

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

/// Writes bytes to a file, or to standard output where the path is `-`. A file is written beside
/// the target and renamed, so that a full disk leaves an older one as it was.
pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if path == Path::new("-") {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes)?;
        return Ok(out.flush()?);
    }
    let failed = |source| Error::Io { action: "write", path: path.display().to_string(), source };
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let written = std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, path));
    if written.is_err() {
        // The write has failed already and its error is what the reader gets.
        let _gone = std::fs::remove_file(&partial);
    }
    Ok(written.map_err(failed)?)
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
