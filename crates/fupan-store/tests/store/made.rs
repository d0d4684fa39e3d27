//! Made-up imports.

use std::path::PathBuf;

use fupan_market::{
    Calendar, DailyBar, Fen, Finding, FindingKind, IndexBar, Price, SessionDate, Symbol, Traded,
    Turnover, TurnoverBasis, Wording,
};
use fupan_store::Store;
use fupan_table::{
    Import, ImportId, SecurityRow, ShareCapitalRow, Table, daily_bar_batch, index_bar_batch,
    security_batch, share_capital_batch,
};

pub const SYMBOLS: [&str; 6] =
    ["600519.SH", "000001.SZ", "300750.SZ", "688981.SH", "920002.BJ", "600000.SH"];

pub fn symbol(text: &str) -> Symbol {
    text.parse().unwrap()
}

pub fn date(text: &str) -> SessionDate {
    text.parse().unwrap()
}

/// The sessions from one date to another.
pub fn sessions(from: &str, to: &str) -> Vec<SessionDate> {
    Calendar::builtin().between(date(from), date(to)).to_vec()
}

/// A bar that follows from its symbol, session and seed.
pub fn bar(who: Symbol, session: SessionDate, basis: TurnoverBasis, seed: i64) -> DailyBar {
    let mix = i64::from(who.code()) * 31 + i64::from(session.epoch_days()) * 7 + seed * 13;
    let price = |step: i64| Price::from_fen(1000 + mix.rem_euclid(500) + step).unwrap();
    let volume = 100 * (1 + mix.rem_euclid(977).unsigned_abs());
    let (open, high, low, last) = (price(3), price(9), price(0), price(5));
    let turnover = match basis {
        TurnoverBasis::Reported => Turnover { fen: Fen(volume as i64 * 1000), basis },
        TurnoverBasis::Estimated => Turnover::estimated(volume, open, high, low, last),
    };
    let traded = Traded { open, high, low, last, volume, turnover };
    DailyBar {
        session,
        prev_close: (mix % 11 != 0).then(|| price(2)),
        traded: (mix % 17 != 0).then_some(traded),
    }
}

/// An import with daily bars of the given symbols and sessions.
pub fn bars(
    source: &str,
    file: &str,
    symbols: &[&str],
    sessions: &[SessionDate],
    basis: TurnoverBasis,
    seed: i64,
) -> Import {
    let rows: Vec<(Symbol, DailyBar)> = symbols
        .iter()
        .map(|text| symbol(text))
        .flat_map(|who| sessions.iter().map(move |day| (who, bar(who, *day, basis, seed))))
        .collect();
    import(source, file, vec![(Table::DailyBar, daily_bar_batch(rows).unwrap())])
}

/// An import of a file with tables.
pub fn import(
    source: &str,
    file: &str,
    batches: Vec<(Table, arrow::array::RecordBatch)>,
) -> Import {
    let digest = blake3::hash(format!("{source}/{file}").as_bytes()).to_hex().to_string();
    Import {
        id: ImportId(digest.clone()),
        source: source.to_owned(),
        recipe: format!("{source}_recipe"),
        file: file.to_owned(),
        digest,
        rows_read: batches.iter().map(|(_, batch)| batch.num_rows() as u64).sum(),
        rows_left_out: 0,
        lost: Vec::new(),
        rows_not_covered: 0,
        layout: Wording::none(),
        batches,
        findings: vec![Finding {
            kind: FindingKind::EstimatedTurnover,
            count: 3,
            subject: String::new(),
            detail: Wording::new("made up", "虚构"),
            hint: Wording::none(),
            place: None,
        }],
    }
}

/// Names and share capital of the symbols as of a date.
pub fn names(source: &str, on: SessionDate, name: &str, shares: u64) -> Import {
    let security = SYMBOLS.map(|text| SecurityRow {
        symbol: symbol(text),
        observed_on: on,
        name: Some(name.to_owned()),
        listed_on: Some(date("2001-08-27")),
        delisted_on: None,
        issue_price: None,
        industry: None,
    });
    let capital = SYMBOLS.map(|text| ShareCapitalRow {
        symbol: symbol(text),
        observed_on: on,
        total_shares: shares * 2,
        float_shares: shares,
    });
    import(
        source,
        &format!("names-{on}"),
        vec![
            (Table::Security, security_batch(security).unwrap()),
            (Table::ShareCapital, share_capital_batch(capital).unwrap()),
        ],
    )
}

/// Bars of the SSE Composite.
pub fn index(source: &str, sessions: &[SessionDate], turnover: Option<Fen>) -> Import {
    let rows = sessions.iter().map(|session| {
        let level = |step: i64| {
            Price::from_units(30_000_000 + i64::from(session.epoch_days()) + step).unwrap()
        };
        let bar = IndexBar {
            session: *session,
            open: level(1),
            high: level(3),
            low: level(0),
            close: level(2),
            turnover,
        };
        (symbol("000001.SH"), bar)
    });
    import(source, "index", vec![(Table::IndexBar, index_bar_batch(rows).unwrap())])
}

/// A Parquet file of a table of a store.
pub fn file_of(store: &Store, table: &str) -> PathBuf {
    let entries = std::fs::read_dir(store.dir().join("tables").join(table)).unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    paths.find(|path| path.extension().is_some_and(|extension| extension == "parquet")).unwrap()
}
