//! Levels of indices inside a session, whatever was imported when.

use fupan_market::{Fen, IndexQuote, LevelRange, Price, Symbol};
use fupan_store::{IndexQuotes, Store};
use fupan_table::{Import, Table, index_quote_batch};

use crate::made;

const TEN: u32 = 36_000;

fn level(time: u32, points: i64, fen: Option<i64>) -> IndexQuote {
    let last = Price::from_fen(points * 100).unwrap();
    IndexQuote { time, last, range: None, turnover: fen.map(Fen) }
}

fn import(source: &str, file: &str, rows: &[(&str, &str, IndexQuote)]) -> Import {
    let rows = rows
        .iter()
        .map(|(day, symbol, quote)| (made::date(day), symbol.parse::<Symbol>().unwrap(), *quote));
    made::import(source, file, vec![(Table::IndexQuote, index_quote_batch(rows).unwrap())])
}

/// Of two imports of a source the row of the larger turnover counts; sources stand apart.
#[test]
fn of_several_imports_one_level_counts() {
    let [day, other] = ["2026-02-12", "2026-02-11"];
    let whole = LevelRange {
        open: Price::from_fen(400_000).unwrap(),
        high: Price::from_fen(401_000).unwrap(),
        low: Price::from_fen(399_000).unwrap(),
    };
    let ranged = IndexQuote { range: Some(whole), ..level(TEN + 60, 4_003, Some(8)) };
    let imports = [
        import(
            "minutes",
            "early",
            &[
                (day, "000001.SH", level(TEN, 4_000, Some(3))),
                (day, "000001.SH", level(TEN + 60, 4_001, Some(5))),
                (other, "000001.SH", level(TEN, 3_900, Some(1))),
            ],
        ),
        import(
            "minutes",
            "late",
            &[
                (day, "000001.SH", level(TEN, 4_000, Some(3))),
                (day, "000001.SH", ranged),
                (day, "399001.SZ", level(TEN, 9_000, None)),
            ],
        ),
        import(
            "another",
            "one",
            &[
                (day, "000001.SH", level(TEN, 4_444, None)),
                (day, "399001.SZ", level(TEN, 9_001, None)),
            ],
        ),
    ];
    for order in [[0, 1, 2], [2, 1, 0]] {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open_or_create(dir.path()).unwrap();
        assert_eq!(store.index_quotes(made::date(day)).unwrap(), IndexQuotes::default());
        order.iter().for_each(|place| _ = store.append(&imports[*place]).unwrap());
        let read = store.index_quotes(made::date(day)).unwrap();
        let of: Vec<(String, &str)> =
            read.series().iter().map(|own| (own.symbol.to_string(), own.source.as_str())).collect();
        let [sse, szse] = ["000001.SH", "399001.SZ"].map(str::to_owned);
        let expected = [
            (sse.clone(), "another"),
            (sse, "minutes"),
            (szse.clone(), "another"),
            (szse, "minutes"),
        ];
        assert_eq!(of, expected);
        let at = |second: u32| read.series()[1].by(second).copied();
        assert_eq!(at(TEN - 1), None);
        assert_eq!(at(TEN + 59), Some(level(TEN, 4_000, Some(3))));
        assert_eq!(at(TEN + 60), Some(ranged));
        let finding = read.findings().unwrap();
        assert_eq!((finding.count, finding.subject.as_str()), (1, "index_quote"));
        assert_eq!(read.inputs().len(), 3);
    }
}
