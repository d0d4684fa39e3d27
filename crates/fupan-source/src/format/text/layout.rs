//! The layout of a text file: its encoding, its header line, and its field delimiter.
//!
//! The layout is recognised by looking for the columns that the recipe reads. A guess from the
//! frequency of characters would sometimes be wrong; the names of columns are not. If the recipe
//! contradicts the bytes, the error says what to write.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use fupan_market::Wording;

use super::records::Records;
use crate::format::columns_of;
use crate::recipe::{Cut, Delimiters, Presence, Recipe};
use crate::{SourceError, recipe};

/// The layout of one file.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub encoding: &'static Encoding,
    /// Lines before the header.
    pub title: Vec<String>,
    /// The header's names.
    pub names: Vec<String>,
    /// How the rows are cut; the header may be cut differently.
    pub cut: Cut,
}

/// Bytes at the start of a file that must contain the header.
const HEAD_BYTES: u64 = 256 << 10;

/// Most lines searched for the header.
const TITLE_LINES_MAX: usize = 30;

/// Most lines after the header used to find the rows' delimiter.
const SAMPLE_LINES: usize = 20;

/// Possible delimiters, likeliest first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Opens a text file for reading as UTF-8.
pub(super) fn open(
    path: &Path,
    encoding: &'static Encoding,
) -> std::io::Result<DecodeReaderBytes<File, Vec<u8>>> {
    let decoded = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .build(File::open(path)?);
    Ok(decoded)
}

impl Layout {
    /// Recognises the layout of a file.
    ///
    /// # Errors
    /// If the encoding is not supported, the recipe contradicts the bytes, or no line is a header
    /// with the recipe's columns.
    pub fn of(recipe: &Recipe, path: &Path, shown: &Path) -> Result<Layout, SourceError> {
        let unreadable = |reason| SourceError::Unreadable { path: shown.to_owned(), reason };
        let wrong = |reason: Wording| SourceError::WrongFormat {
            path: shown.to_owned(),
            recipe: recipe.name.clone(),
            reason,
        };
        let encoding = encoding(recipe, path).map_err(unreadable)?.map_err(wrong)?;
        let mut head = Vec::new();
        let decoded = open(path, encoding).map_err(unreadable)?;
        decoded.take(HEAD_BYTES).read_to_end(&mut head).map_err(unreadable)?;
        let head = String::from_utf8_lossy(&head);
        let lines: Vec<&str> = lines(&head).take(TITLE_LINES_MAX + SAMPLE_LINES).collect();
        let Some((place, header_cut)) = header(recipe, &lines) else {
            let (names, _) = likeliest_header(recipe, &lines);
            if names.iter().all(String::is_empty) {
                return Err(wrong(Wording::new("the file has no header", "文件没有表头")));
            }
            columns_of(recipe, shown, &names)?;
            return Err(wrong(Wording::new("none of its lines is a header", "没有一行是表头")));
        };
        let names = trimmed(Cutter::new(header_cut).fields(lines[place]));
        if let Some(twice) = read_twice(recipe, &names) {
            return Err(wrong(Wording::new(
                format!("its header names `{twice}` twice"),
                format!("表头中有两列都叫`{twice}`"),
            )));
        }
        let cut = rows_cut(recipe, &lines[place + 1..], names.len(), header_cut);
        if let Some(said) = recipe.text.cut()
            && said != cut
        {
            return Err(wrong(otherwise_cut(said, cut)));
        }
        let title = lines[..place].iter().map(|line| (*line).to_owned()).collect();
        Ok(Layout { encoding, title, names, cut })
    }

    /// The recognised layout in words; empty for a plain file.
    pub fn wording(&self) -> Wording {
        let (mut en, mut zh) = (Vec::new(), Vec::new());
        if self.encoding != UTF_8 {
            let told = encoded(self.encoding);
            en.push(told.en);
            zh.push(told.zh);
        }
        if self.cut.delimiter != b',' {
            let name = named(self.cut.delimiter);
            en.push(format!("fields separated by {}", name.en));
            zh.push(format!("以{}分隔", name.zh));
        }
        if !self.title.is_empty() {
            let place = self.title.len() + 1;
            en.push(format!("header in line {place}"));
            zh.push(format!("表头在第{place}行"));
        }
        Wording::new(en.join(", "), zh.join("，"))
    }
}

/// An encoding in words; empty for UTF-8.
pub(super) fn encoded(encoding: &'static Encoding) -> Wording {
    let name = if encoding == GB18030 { "GBK" } else { encoding.name() };
    match encoding == UTF_8 {
        true => Wording::none(),
        false => Wording::new(format!("{name} text"), format!("{name}文本")),
    }
}

/// The message that fields are separated differently than the recipe says.
fn otherwise_cut(said: Cut, found: Cut) -> Wording {
    let (delimiter, written) = (named(found.delimiter), written(found.delimiter));
    let (en, zh) = match said.delimiters {
        Delimiters::Runs => (" without `merge_delimiters`", "并去掉`merge_delimiters`"),
        Delimiters::Each => ("", ""),
    };
    Wording::new(
        format!(
            "its fields are separated by {}: write `delimiter = {written}`{en} in the recipe, or \
             leave `delimiter` out",
            delimiter.en
        ),
        format!(
            "字段以{}分隔：请在配方中写`delimiter = {written}`{zh}，或不写`delimiter`",
            delimiter.zh
        ),
    )
}

/// The encoding of a file, or why it cannot be read.
pub(super) fn encoding(
    recipe: &Recipe,
    path: &Path,
) -> std::io::Result<Result<&'static Encoding, Wording>> {
    let sample = match sample(path)? {
        Sample::Marked(encoding) => return Ok(Ok(encoding)),
        // Every supported encoding contains ASCII.
        Sample::Ascii => return Ok(Ok(UTF_8)),
        Sample::Text(sample) => sample,
    };
    let found = match recognised(&sample) {
        Ok(found) => found,
        Err(like) => {
            return Ok(Err(Wording::new(
                format!(
                    "its text is neither UTF-8 nor GBK (it looks like {like}); save it as UTF-8"
                ),
                format!("文本既不是UTF-8也不是GBK（看起来像{like}）；请另存为UTF-8"),
            )));
        }
    };
    let said = recipe.text.encoding.map(|said| match said {
        recipe::Encoding::Utf8 => UTF_8,
        recipe::Encoding::Gbk => GB18030,
    });
    Ok(match said {
        Some(said) if said != found => {
            let (name, written) = if found == UTF_8 { ("UTF-8", "utf-8") } else { ("GBK", "gbk") };
            Err(Wording::new(
                format!(
                    "its encoding is {name}: write `encoding = \"{written}\"` in the recipe, or \
                     leave `encoding` out"
                ),
                format!(
                    "内容是{name}编码：请在配方中写`encoding = \"{written}\"`，或不写`encoding`"
                ),
            ))
        }
        _ => Ok(found),
    })
}

/// What the bytes of a file show about its encoding.
enum Sample {
    /// A byte order mark names the encoding.
    Marked(&'static Encoding),
    /// There is no byte beyond ASCII.
    Ascii,
    /// Bytes from the first non-ASCII one on, without a character cut in two.
    Text(Vec<u8>),
}

fn sample(path: &Path) -> std::io::Result<Sample> {
    const SAMPLE: usize = 64 << 10;
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    let mut before = 0_u64;
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            return Ok(Sample::Ascii);
        }
        if before == 0
            && let Some((encoding, _)) = Encoding::for_bom(&buffer[..length])
        {
            return Ok(Sample::Marked(encoding));
        }
        if let Some(at) = buffer[..length].iter().position(|byte| !byte.is_ascii()) {
            file.seek(SeekFrom::Start(before + at as u64))?;
            let mut text = Vec::new();
            file.take(SAMPLE as u64).read_to_end(&mut text)?;
            if text.len() == SAMPLE {
                // The last line may be cut inside a character.
                let whole = text.iter().rposition(|byte| *byte == b'\n').unwrap_or(text.len());
                text.truncate(whole.max(1));
            }
            return Ok(Sample::Text(text));
        }
        before += length as u64;
    }
}

/// UTF-8 or GBK; otherwise the name of the encoding that the text looks like.
fn recognised(sample: &[u8]) -> Result<&'static Encoding, &'static str> {
    if std::str::from_utf8(sample).is_ok() {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let faults = |encoding: &'static Encoding| {
        let (text, _) = encoding.decode_without_bom_handling(sample);
        text.chars().filter(|c| *c == '\u{FFFD}').count()
    };
    let characters = sample.iter().filter(|byte| !byte.is_ascii()).count();
    let (as_gbk, as_utf8) = (faults(GB18030), faults(UTF_8));
    if (guess == GBK || guess == GB18030) && as_gbk * 50 <= characters {
        return Ok(GB18030);
    }
    // UTF-8 with a few damaged bytes: rows with damaged values are left out and noted.
    if as_utf8 * 20 <= characters {
        return Ok(UTF_8);
    }
    // A text may be too short to guess by; common Chinese characters have two high bytes.
    if as_gbk == 0 && high_pairs(sample) {
        return Ok(GB18030);
    }
    Err(guess.name())
}

/// Whether the non-ASCII bytes come in pairs.
fn high_pairs(sample: &[u8]) -> bool {
    let mut runs = sample.split(|byte| *byte < 0xA1).filter(|run| !run.is_empty());
    runs.all(|run| run.len() % 2 == 0)
}

/// The lines of a text, whatever ends them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .flat_map(|line| line.split('\r'))
}

/// Cuts lines one by one, all in the same way.
struct Cutter<'t> {
    cut: Cut,
    records: Records<&'t [u8]>,
}

impl<'t> Cutter<'t> {
    fn new(cut: Cut) -> Cutter<'t> {
        Cutter { cut, records: Records::new(&[][..], cut) }
    }

    /// A cutter for each possible cut, the recipe's own first.
    fn each(recipe: &Recipe) -> Vec<Cutter<'t>> {
        cuts(recipe).into_iter().map(Cutter::new).collect()
    }

    /// Cuts a line into the fields of `records`; returns whether it can be cut.
    fn takes(&mut self, line: &'t str) -> bool {
        self.records.restart(line.as_bytes());
        matches!(self.records.next_record(), Ok(true))
    }

    /// The fields of one line.
    fn fields(&mut self, line: &'t str) -> Vec<String> {
        match self.takes(line) {
            true => self.records.texts().map(str::to_owned).collect(),
            false => Vec::new(),
        }
    }
}

/// Names without the trailing blank ones that delimiters at the end of the line leave.
fn trimmed(mut names: Vec<String>) -> Vec<String> {
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// The possible ways to cut a line, the recipe's own first.
fn cuts(recipe: &Recipe) -> Vec<Cut> {
    let said = recipe.text.cut();
    let each = DELIMITERS.map(|delimiter| Cut { delimiter, delimiters: Delimiters::Each });
    said.into_iter().chain(each.into_iter().filter(|cut| Some(*cut) != said)).collect()
}

/// The names of the columns that a file of the recipe must have.
fn required(recipe: &Recipe) -> Vec<&str> {
    let tables = recipe.tables.iter().filter(|table| table.presence == Presence::Required);
    tables
        .flat_map(|table| &table.columns)
        .filter(|column| column.presence == Presence::Required)
        .filter(|column| !matches!(column.from, recipe::From::ColumnOrFileName(_)))
        .flat_map(|column| column.from.columns())
        .collect()
}

/// The first line that holds every required column, and how it is cut.
fn header(recipe: &Recipe, lines: &[&str]) -> Option<(usize, Cut)> {
    let required = required(recipe);
    let mut cutters = Cutter::each(recipe);
    lines.iter().take(TITLE_LINES_MAX).enumerate().find_map(|(place, line)| {
        let mut found = cutters.iter_mut().filter_map(|cutter| {
            let names = cutter.fields(line);
            let holds =
                !names.is_empty() && required.iter().all(|name| names.iter().any(|n| n == name));
            holds.then_some((place, cutter.cut))
        });
        found.next()
    })
}

/// The line most like a header, for the message that no line is one.
fn likeliest_header(recipe: &Recipe, lines: &[&str]) -> (Vec<String>, Cut) {
    let required = required(recipe);
    let mut cutters = Cutter::each(recipe);
    let mut best = (Vec::new(), cutters[0].cut);
    let mut most = (0, 0);
    for line in lines.iter().take(TITLE_LINES_MAX) {
        for cutter in &mut cutters {
            let names = trimmed(cutter.fields(line));
            let found = required.iter().filter(|name| names.iter().any(|n| n == *name)).count();
            if (found, usize::from(best.0.is_empty()) * names.len()) > most {
                most = (found, 0);
                best = (names, cutter.cut);
            }
        }
    }
    best
}

/// A column that the recipe reads and that the header names twice.
fn read_twice<'n>(recipe: &Recipe, names: &'n [String]) -> Option<&'n String> {
    let reads = |name: &String| {
        let columns = recipe.tables.iter().flat_map(|table| &table.columns);
        columns.flat_map(|column| column.from.columns()).any(|column| column == name)
    };
    names
        .iter()
        .enumerate()
        .find(|(at, name)| names[..*at].contains(name) && reads(name))
        .map(|(_, name)| name)
}

/// How the rows after a header of `names` fields are cut: the way that fits the most rows.
fn rows_cut(recipe: &Recipe, rows: &[&str], names: usize, header_cut: Cut) -> Cut {
    let fit = |cut: Cut| {
        let mut cutter = Cutter::new(cut);
        let lines = rows.iter().copied().filter(|line| !line.trim().is_empty());
        lines
            .filter(|line| {
                cutter.takes(line)
                    && cutter.records.len() >= names
                    && cutter.records.texts().skip(names).all(str::is_empty)
            })
            .count()
    };
    let mut best = (header_cut, fit(header_cut));
    for cut in cuts(recipe).into_iter().filter(|cut| *cut != header_cut) {
        let count = fit(cut);
        if count > best.1 {
            best = (cut, count);
        }
    }
    best.0
}

/// A delimiter in words.
fn named(delimiter: u8) -> Wording {
    match delimiter {
        b',' => Wording::new("commas", "逗号"),
        b'\t' => Wording::new("tabs", "制表符"),
        b';' => Wording::new("semicolons", "分号"),
        b' ' => Wording::new("spaces", "空格"),
        _ => Wording::new("bars", "竖线"),
    }
}

/// A delimiter in recipe syntax.
fn written(delimiter: u8) -> String {
    format!("{:?}", char::from(delimiter).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_whole_text_or_ends_with_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.csv");
        let sampled = |text: &str| {
            std::fs::write(&path, format!("code,name\n{text}")).unwrap();
            match sample(&path).unwrap() {
                Sample::Text(sample) => String::from_utf8(sample).unwrap(),
                _ => panic!("a text beyond ASCII"),
            }
        };
        assert_eq!(sampled("浦发,1\n银"), "浦发,1\n银");
        // Lines of 8 bytes: the sample would end two bytes into a character.
        let long = format!("a浦发{}", "银行,1\n".repeat(10_000));
        let sample = sampled(&long);
        assert!(sample.len() > 60_000 && sample.len() < 1 << 16, "{}", sample.len());
        assert!(sample.ends_with(",1") && long[1..].starts_with(&sample));
    }

    #[test]
    fn a_text_with_a_few_damaged_bytes_is_still_recognised() {
        let names =
            "贵州茅台平安银行招商银行中国平安五粮液美的集团长江电力中国中免恒瑞医药万华化学";
        let recognised = |text: &[u8], damaged: usize| {
            let damaged = std::iter::repeat_n(0xFF, damaged);
            recognised(&text.iter().copied().chain(damaged).collect::<Vec<u8>>()).ok()
        };
        let of = |chars: usize| names.chars().take(chars).collect::<String>();
        let gbk = |chars: usize| GBK.encode(&of(chars)).0.into_owned();
        assert_eq!(recognised(&gbk(39), 1), Some(GB18030));
        assert_eq!(recognised(&gbk(39), 3), None);
        // One in twenty of the bytes beyond ASCII.
        assert_eq!(recognised(of(38).as_bytes(), 6), Some(UTF_8));
        assert_eq!(recognised(of(37).as_bytes(), 6), None);
        assert_eq!(recognised(of(1).as_bytes(), 0), Some(UTF_8));
        for text in ["银", "银行", "a银b"] {
            assert_eq!(recognised(&GBK.encode(text).0, 0), Some(GB18030), "{text}");
        }
        for text in [&b"\xff\xff"[..], b"caf\xe9A", b"caf\xe9 na\xefve"] {
            assert_eq!(recognised(text, 0), None, "{text:?}");
        }
        for (text, pairs) in [
            (&b""[..], true),
            (b"ab", true),
            (b"\xa1\xa1", true),
            (b"\xa1", false),
            (b"\xa1,\xa1", false),
            (b"\xb0\xa1,\xb0\xa1\xb0\xa1", true),
            (b"\xa0", true),
        ] {
            assert_eq!(high_pairs(text), pairs, "{text:?}");
        }
    }
}
