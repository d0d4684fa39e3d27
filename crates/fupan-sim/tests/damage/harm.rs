//! What can happen to a file on its way.

/// Numbers out of a seed: the same on every platform.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    fn next(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea and Flood, 2014).
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

/// A way in which a file is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    /// A byte that is no digit in place of another.
    Byte,
    /// A quotation mark in front of a field.
    Quote,
    /// The file ends in the middle.
    CutEnd,
    /// A line ends in the middle.
    CutLine,
    /// A delimiter where none was.
    Delimiter,
    /// A field is gone, with its delimiter.
    FieldGone,
    /// A value is gone.
    Blank,
    /// A value is what vendors write where there is none.
    Sentinel,
    /// A line stands twice.
    LineTwice,
    /// A line stands again with another close.
    LineAgain,
    /// Most lines of a session are gone.
    LinesGone,
    /// Two pieces of the file have changed places.
    PiecesMoved,
    /// The whole file stands twice.
    FileTwice,
    /// A session is gone.
    SessionGone,
    /// Some securities are gone.
    SecuritiesGone,
    /// Two columns have changed their names.
    ColumnsExchanged,
    /// The volumes of one board are a hundred times as large.
    BoardUnits,
    /// Volumes and turnovers of one session, or from it on, are a hundred times as large.
    SessionUnits,
    /// One volume is a hundred times as large.
    OneVolume,
    /// Every date is a day early.
    DayEarly,
    /// Dates are midnights by the universal clock, with their zone.
    Zoned,
    /// Dates are midnights by the universal clock, without their zone.
    ZoneLost,
    /// Dates, numbers and codes in a spreadsheet's spelling.
    Respelled,
    /// Another encoding, delimiter or line end.
    Recoded,
    /// Lines above the header and below the rows.
    Framed,
    /// The codes without what comes behind the point.
    CodesCut,
}

impl Harm {
    pub const ALL: [Harm; 26] = [
        Harm::Byte,
        Harm::Quote,
        Harm::CutEnd,
        Harm::CutLine,
        Harm::Delimiter,
        Harm::FieldGone,
        Harm::Blank,
        Harm::Sentinel,
        Harm::LineTwice,
        Harm::LineAgain,
        Harm::LinesGone,
        Harm::PiecesMoved,
        Harm::FileTwice,
        Harm::SessionGone,
        Harm::SecuritiesGone,
        Harm::ColumnsExchanged,
        Harm::BoardUnits,
        Harm::SessionUnits,
        Harm::OneVolume,
        Harm::DayEarly,
        Harm::Zoned,
        Harm::ZoneLost,
        Harm::Respelled,
        Harm::Recoded,
        Harm::Framed,
        Harm::CodesCut,
    ];

    /// The file after it.
    pub fn inflict(self, file: &str, dice: &mut Dice) -> Vec<u8> {
        let mut lines: Vec<String> = file.lines().map(str::to_owned).collect();
        let row = 1 + dice.below(lines.len() - 1);
        match self {
            Harm::Byte => {
                let mut bytes = file.as_bytes().to_vec();
                let places: Vec<usize> = (lines[0].len() + 1..bytes.len())
                    .filter(|at| !bytes[*at].is_ascii_digit())
                    .collect();
                let at = places[dice.below(places.len())];
                const OTHER: [u8; 9] = [b'"', b',', b'\n', b';', b'x', 0xFF, 0, b'\'', b' '];
                bytes[at] = OTHER[dice.below(OTHER.len())];
                return bytes;
            }
            Harm::Quote => {
                let field = dice.below(9);
                change(&mut lines[row], |fields| fields[field].insert(0, '"'));
            }
            Harm::CutEnd => {
                let keep = lines[0].len() + 2 + dice.below(file.len() - lines[0].len() - 2);
                return file.as_bytes()[..keep].to_vec();
            }
            Harm::CutLine => {
                let last = lines[row].rfind(',').unwrap_or(0);
                // A line of which nothing is left is a line that is gone.
                let keep = 1 + dice.below(last);
                lines[row].truncate(keep);
            }
            Harm::Delimiter => {
                let at = dice.below(lines[row].len());
                lines[row].insert(at, ',');
            }
            Harm::FieldGone => {
                let field = dice.below(9);
                change(&mut lines[row], |fields| drop(fields.remove(field)));
            }
            Harm::Blank => {
                let field = dice.below(9);
                change(&mut lines[row], |fields| fields[field].clear());
            }
            Harm::Sentinel => {
                let field = 2 + dice.below(4);
                const NONE: [&str; 5] = ["99999.99", "0", "-1", "--", "停牌"];
                let none = NONE[dice.below(NONE.len())].to_owned();
                change(&mut lines[row], |fields| fields[field] = none);
            }
            Harm::Recoded => {
                let text = lines.join("\n") + "\n";
                return match dice.below(4) {
                    0 => text.replace(',', ";").into_bytes(),
                    1 => text.replace(',', "\t").replace('\n', "\r\n").into_bytes(),
                    2 => format!("\u{FEFF}{text}").into_bytes(),
                    _ => [0xFEFF]
                        .into_iter()
                        .chain(text.encode_utf16())
                        .flat_map(u16::to_le_bytes)
                        .collect(),
                };
            }
            _ => self.inflict_on_lines(&mut lines, row, dice),
        }
        (lines.join("\n") + "\n").into_bytes()
    }

    /// What befalls whole lines.
    fn inflict_on_lines(self, lines: &mut Vec<String>, row: usize, dice: &mut Dice) {
        match self {
            Harm::LineTwice => lines.insert(row, lines[row].clone()),
            Harm::LineAgain => {
                let mut again = lines[row].clone();
                change(&mut again, |fields| fields[5] = fields[4].clone());
                let at = 1 + dice.below(lines.len());
                lines.insert(at.min(lines.len()), again);
            }
            Harm::LinesGone => {
                // A line alone is a suspension, in the files of vendors that leave those out.
                let session = field(&lines[row], 1);
                let mut left = dice.below(4);
                lines.retain(|line| {
                    let kept = field(line, 1) != session || line.len() % 7 == left;
                    left = (left + 1) % 4;
                    kept
                });
            }
            Harm::PiecesMoved => {
                let mut rows = lines.split_off(1);
                let by = dice.below(rows.len());
                rows.rotate_left(by);
                lines.extend(rows);
            }
            Harm::FileTwice => lines.extend(lines.clone()),
            _ => self.inflict_on_columns(lines, row, dice),
        }
    }

    /// What befalls sessions, securities and whole columns.
    fn inflict_on_columns(self, lines: &mut Vec<String>, row: usize, dice: &mut Dice) {
        match self {
            Harm::SessionGone => {
                let session = field(&lines[row], 1);
                lines.retain(|line| field(line, 1) != session);
            }
            Harm::SecuritiesGone => {
                let every = 2 + dice.below(2);
                let mut codes: Vec<String> = lines[1..].iter().map(|l| field(l, 0)).collect();
                codes.sort();
                codes.dedup();
                let gone: Vec<String> = codes.into_iter().step_by(every).collect();
                lines.retain(|line| !gone.contains(&field(line, 0)));
            }
            Harm::ColumnsExchanged => {
                const PAIRS: [(usize, usize); 6] = [(2, 5), (3, 4), (5, 6), (7, 8), (3, 5), (4, 5)];
                let (a, b) = PAIRS[dice.below(PAIRS.len())];
                change(&mut lines[0], |fields| fields.swap(a, b));
            }
            Harm::BoardUnits => {
                const BOARDS: [&str; 3] = ["688", "30", "60"];
                let board = BOARDS[dice.below(BOARDS.len())];
                let of_board = |line: &&mut String| line.starts_with(board);
                for line in lines[1..].iter_mut().filter(of_board) {
                    change(line, |fields| hundredfold(&mut fields[7]));
                }
            }
            Harm::SessionUnits => {
                let session = field(&lines[row], 1);
                let and_later = dice.below(2) == 1;
                let is_struck = |on: String| on == session || and_later && on > session;
                for line in &mut lines[1..] {
                    if is_struck(field(line, 1)) {
                        change(line, |fields| fields[7..9].iter_mut().for_each(hundredfold));
                    }
                }
            }
            Harm::OneVolume => change(&mut lines[row], |fields| hundredfold(&mut fields[7])),
            Harm::DayEarly => dates(lines, |date| date.yesterday().unwrap().to_string()),
            Harm::Zoned => dates(lines, |date| format!("{}T16:00:00Z", date.yesterday().unwrap())),
            Harm::ZoneLost => {
                dates(lines, |date| format!("{} 16:00:00", date.yesterday().unwrap()))
            }
            Harm::Respelled => match dice.below(4) {
                0 => dates(lines, |d| format!("{}/{}/{}", d.year(), d.month(), d.day())),
                1 => dates(lines, |d| d.strftime("%Y%m%d").to_string()),
                2 => lines[1..].iter_mut().for_each(|line| {
                    change(line, |fields| fields[0] = format!("=\"{}\"", fields[0]));
                }),
                _ => {
                    lines[1..].iter_mut().for_each(|line| change(line, |fields| full_width(fields)))
                }
            },
            Harm::Framed => {
                lines.insert(0, "日线 不复权".to_owned());
                lines.push("数据来源:某终端".to_owned());
            }
            Harm::CodesCut => lines[1..].iter_mut().for_each(|line| {
                change(line, |fields| {
                    fields[0] = fields[0][..6].trim_start_matches('0').to_owned();
                });
            }),
            _ => panic!("{self:?} is no harm of columns"),
        }
    }
}

fn field(line: &str, place: usize) -> String {
    line.split(',').nth(place).unwrap_or_default().to_owned()
}

/// Changes the fields of a line.
fn change(line: &mut String, how: impl FnOnce(&mut Vec<String>)) {
    let mut fields: Vec<String> = line.split(',').map(str::to_owned).collect();
    how(&mut fields);
    *line = fields.join(",");
}

fn hundredfold(number: &mut String) {
    match number.split_once('.') {
        Some((whole, cents)) => *number = format!("{whole}{cents:0<2}"),
        None if number != "0" => number.push_str("00"),
        None => {}
    }
}

/// Numbers with digits of full width.
fn full_width(fields: &mut [String]) {
    for field in &mut fields[2..] {
        let wide = |c: char| match c {
            '0'..='9' | '.' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
            other => other,
        };
        *field = field.chars().map(wide).collect();
    }
}

/// Writes every date anew.
fn dates(lines: &mut [String], how: impl Fn(jiff::civil::Date) -> String) {
    for line in &mut lines[1..] {
        change(line, |fields| fields[1] = how(fields[1].parse().unwrap()));
    }
}
