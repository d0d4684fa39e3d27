//! Numbers, days and times as vendors write them.

use fupan_market::{Exchange, SessionDate, Symbol};

/// A text under construction: its bytes, in whatever encoding they are.
pub(super) struct Text(pub Vec<u8>);

impl Text {
    pub fn put(&mut self, text: &str) -> &mut Text {
        self.bytes(text.as_bytes())
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Text {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A whole number, with zeros before it up to a width.
    pub fn whole(&mut self, mut number: u64, width: usize) -> &mut Text {
        let mut digits = [b'0'; 20];
        let mut from = digits.len();
        while number > 0 || from == digits.len() {
            from -= 1;
            digits[from] = b'0' + (number % 10) as u8;
            number /= 10;
        }
        from = from.min(digits.len().saturating_sub(width));
        self.bytes(&digits[from..])
    }

    /// A price or level in 0.0001, rounded half up to so many decimals, at most four.
    pub fn price(&mut self, units: i64, decimals: u32) -> &mut Text {
        let step = 10_i64.pow(4 - decimals.min(4));
        let rounded = (units.abs() + step / 2) / step;
        if units < 0 && rounded > 0 {
            self.0.push(b'-');
        }
        let one = 10_u64.pow(decimals.min(4));
        let rounded = rounded.unsigned_abs();
        self.whole(rounded / one, 1);
        if decimals > 0 {
            self.put(".").whole(rounded % one, decimals as usize);
        }
        self
    }

    /// Money in yuan: whole, or with its fen if there are any.
    pub fn yuan(&mut self, fen: i64) -> &mut Text {
        let fen = fen.unsigned_abs();
        self.whole(fen / 100, 1);
        if !fen.is_multiple_of(100) {
            self.put(".").whole(fen % 100, 2);
        }
        self
    }

    /// A day such as `20260212`, with something between its parts.
    pub fn day(&mut self, day: SessionDate, between: &str) -> &mut Text {
        let date = day.date();
        self.whole(u64::from(date.year().unsigned_abs()), 4).put(between);
        self.whole(u64::from(date.month().unsigned_abs()), 2).put(between);
        self.whole(u64::from(date.day().unsigned_abs()), 2)
    }

    /// Seconds after midnight such as `150000`, with something between the parts.
    pub fn clock(&mut self, second: u32, between: &str) -> &mut Text {
        self.whole(u64::from(second / 3_600), 2).put(between);
        self.whole(u64::from(second / 60 % 60), 2).put(between);
        self.whole(u64::from(second % 60), 2)
    }

    /// A security such as `sh600519`.
    pub fn symbol(&mut self, symbol: Symbol) -> &mut Text {
        self.put(match symbol.exchange() {
            Exchange::Sse => "sh",
            Exchange::Szse => "sz",
            Exchange::Bse => "bj",
        });
        self.code(symbol)
    }

    pub fn code(&mut self, symbol: Symbol) -> &mut Text {
        self.whole(u64::from(symbol.code()), 6)
    }
}

/// The change from one price to another in hundredths of a percent, rounded.
pub(super) fn change(from: i64, to: i64) -> i64 {
    let way = to - from;
    let from = from.max(1);
    (way.abs() * 10_000 + from / 2) / from * way.signum()
}

/// The value of a name in a query such as `pn=1&pz=100`, decoded.
pub(super) fn value_of(query: &str, name: &str) -> Option<String> {
    let of_name = |pair: &str| Some(pair.strip_prefix(name)?.strip_prefix('=')?.to_owned());
    query.split(['?', '&']).find_map(of_name).map(|value| decoded(&value))
}

/// A text of a URL with its encoded characters as they are. Only single bytes are encoded in what
/// vendors are asked; others stay as they are written.
pub(super) fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(u8::is_ascii) {
            Some(byte) => {
                plain.push(char::from(byte));
                rest = &after[2..];
            }
            None => {
                plain.push('%');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Text) -> &mut Text) -> String {
        let mut text = Text(Vec::new());
        write(&mut text);
        String::from_utf8(text.0).unwrap()
    }

    #[test]
    fn numbers_are_written_as_vendors_write_them() {
        assert_eq!(
            text(|t| t.whole(0, 1).put(" ").whole(7, 6).put(" ").whole(1_234, 2)),
            "0 000007 1234"
        );
        assert_eq!(text(|t| t.price(105_000, 2).put(" ").price(105_049, 2)), "10.50 10.50");
        assert_eq!(text(|t| t.price(105_050, 2).put(" ").price(-900, 2)), "10.51 -0.09");
        assert_eq!(text(|t| t.price(105_000, 3).put(" ").price(30_101_234, 4)), "10.500 3010.1234");
        assert_eq!(text(|t| t.yuan(1_200).put(" ").yuan(1_205)), "12 12.05");
        assert_eq!(text(|t| t.clock(54_003, ":").put(" ").clock(33_900, "")), "15:00:03 092500");
        assert_eq!(
            (change(1_000, 1_100), change(1_000, 999), change(1_000, 1_000)),
            (1_000, -10, 0)
        );
    }

    #[test]
    fn a_query_is_read_by_name() {
        let query = "clist/get?pn=3&pz=100&fs=m%3A0&secids=1.000001%2C0.399001";
        assert_eq!(value_of(query, "pn").as_deref(), Some("3"));
        assert_eq!(value_of(query, "secids").as_deref(), Some("1.000001,0.399001"));
        assert_eq!(value_of(query, "p"), None);
        assert_eq!(decoded("100%"), "100%");
    }
}
