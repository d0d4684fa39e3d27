//! Single words: symbols, dates, prices, decimals, instants.

use std::sync::LazyLock;

use fupan_fact::AsOf;
use fupan_market::{Board, Calendar, Exchange, Price, SessionDate, Symbol, can_trade, phase_at};
use fupan_source::Recipe;
use fupan_table::{Table, margin_rows};
use num_bigint::BigInt;

use crate::files::{Folder, quoted};

/// Longest word that means anything; what is longer only costs time.
const LONGEST: usize = 4096;

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST)
}

/// A symbol in any notation prints in one, which reads as the same symbol.
pub fn symbol(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match text.parse::<Symbol>() {
        Ok(symbol) => {
            assert_eq!(symbol.to_string().parse(), Ok(symbol), "{text:?}");
            assert_eq!(Symbol::new(symbol.exchange(), symbol.code()), Ok(symbol), "{text:?}");
            assert!(symbol.code() <= 999_999, "{text:?}");
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            assert!(digits.ends_with(&format!("{:06}", symbol.code())), "{text:?}");
        }
        Err(error) => assert!(error.to_string().len() < text.len() + 400, "{error}"),
    }
}

/// A date prints as it is read; the calendar answers for any date without a panic.
pub fn session_date(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(date) = text.parse::<SessionDate>() else { return };
    assert_eq!(date.to_string().parse(), Ok(date), "{text:?}");
    assert_eq!(SessionDate::from_epoch_days(date.epoch_days()), Some(date), "{text:?}");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(date.to_string().replace('-', ""), digits, "{text:?}");
    let calendar = Calendar::builtin();
    if let (Ok(before), Ok(after)) = (calendar.on_or_before(date), calendar.on_or_after(date)) {
        assert!(before <= date && date <= after, "{text:?}");
        assert_eq!(calendar.number(date).is_ok(), before == after, "{text:?}");
    }
    for (from, to) in [(calendar.first(), date), (date, calendar.last())] {
        if let Some(ordinal) = calendar.ordinal(from, to) {
            assert_eq!(ordinal as usize, calendar.between(from, to).len(), "{text:?}");
        }
    }
}

/// A price prints as it is read. Eight bytes are a vendor's float, which is a whole step.
pub fn price(bytes: &[u8]) {
    if let Ok(eight) = <[u8; 8]>::try_from(bytes) {
        let value = f64::from_le_bytes(eight);
        for step in [1, 100] {
            if let Ok(price) = Price::from_vendor_float(value, step) {
                assert_eq!(price.units() % step, 0, "{value}");
                let off = (price.units() as f64 - value * 10_000.0).abs();
                assert!(off <= step as f64 * 0.5001, "{value} became {price}");
            }
        }
    }
    let Some(text) = text(bytes) else { return };
    if let Ok(price) = text.parse::<Price>() {
        assert_eq!(price.to_string().parse(), Ok(price), "{text:?}");
        let exact = exact(text, 4, 1).expect("a price is a decimal");
        assert_eq!(BigInt::from(price.units()), exact, "{text:?}");
    }
}

/// An instant prints as it is read, holds no sign, and every session has a phase at it.
pub fn instant(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(as_of) = text.parse::<AsOf>() else { return };
    assert_eq!(as_of.to_string().parse(), Ok(as_of), "{text:?}");
    let AsOf::Instant(second) = as_of else { return };
    assert!(second < 86_400, "{text:?}");
    assert!(text.bytes().all(|b| b.is_ascii_digit() || b == b':'), "{text:?}");
    for day in ["1990-12-19", "2016-01-07", "2021-11-15", "2026-02-12"] {
        let date: SessionDate = day.parse().expect("a date");
        for (exchange, board) in [
            (Exchange::Sse, Board::Main),
            (Exchange::Sse, Board::Star),
            (Exchange::Szse, Board::ChiNext),
            (Exchange::Bse, Board::Bse),
        ] {
            let _ = phase_at(exchange, board, date, second);
            let _ = can_trade(exchange, board, date, second, 0);
            let _ = can_trade(exchange, board, date, second, second);
        }
    }
}

/// A decimal of a file becomes the nearest whole step of the table, exactly, or is reported.
pub fn decimal(bytes: &[u8]) {
    let Some(text) = text(bytes).filter(|text| !text.contains(['\0', '\u{FFFD}', '\n', '\r']))
    else {
        return;
    };
    static RECIPE: LazyLock<Recipe> = LazyLock::new(|| {
        let text = "description = 'd'\nsource = 's'\nformat = 'csv'\n[[table]]\ntable = 'margin'\n\
             [table.columns]\nsession = 'd'\nmarket = { constant = 'all-a' }\n\
             financing_balance = { column = 'n', unit = 'fen' }\n\
             lending_balance = { column = 'n', unit = 'yuan' }\n\
             financing_buys = { column = 'n', unit = 'hundred-million-yuan' }\n";
        Recipe::from_toml("decimals", text).expect("the recipe is one")
    });
    let file = format!("d,n\n20260212,{}\n", quoted(text));
    let import = Folder::new().read(&RECIPE, "decimals.csv", file.as_bytes());
    let import = import.expect("one row with a date and a market");
    let (_, batch) = import.batches.iter().find(|(t, _)| *t == Table::Margin).expect("margin");
    let row = margin_rows(batch).expect("written by the reader").remove(0);
    let text = text.trim();
    let found = [row.financing_balance, row.lending_balance, row.financing_buys];
    for (power, found) in [0, 2, 10].into_iter().zip(found) {
        // Floats in text, such as 1.2e9, stand for the nearest decimal only.
        let Some(exact) = exact(text, power, 1) else { continue };
        let expected = i64::try_from(&exact).ok().filter(|_| !text_is_negative(text, &exact));
        assert_eq!(found.map(|fen| fen.0), expected, "{text:?} times 10^{power}");
    }
}

fn text_is_negative(text: &str, value: &BigInt) -> bool {
    text.starts_with('-') && *value != BigInt::ZERO
}

/// A plain decimal times a power of ten in whole steps, half away from zero; `None` for any other
/// text. Written from the definition, with numbers of any size.
fn exact(text: &str, power: u32, step: u32) -> Option<BigInt> {
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, decimals) = body.split_once('.').unwrap_or((body, ""));
    let digits = format!("{whole}{decimals}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: BigInt = digits.parse::<BigInt>().ok()? * BigInt::from(10).pow(power);
    let unit = BigInt::from(10).pow(u32::try_from(decimals.len()).ok()?) * step;
    let steps: BigInt = (value * 2 + &unit) / (unit * 2);
    let rounded = steps * step;
    Some(if negative { -rounded } else { rounded })
}
