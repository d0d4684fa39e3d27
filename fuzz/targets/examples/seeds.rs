//! Writes the seeds of the corpora that are no text: `cargo run -p fupan-fuzz --example seeds`.
//!
//! Every value is invented, and the same bytes come out each time.

#![expect(clippy::unwrap_used, reason = "a seed that cannot be written ends the program")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
};
use fupan_fact::{
    AsOf, Basis, Coverage, Fact, FactKey, FactSet, InputRef, MeasureId, MeasureText, Name,
    Provenance, Scope, SessionNote, Unit, Value,
};
use fupan_market::{Fen, Price, Return, Rulebook, SessionDate};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

fn main() {
    save("tdx_day", "two_days", &tdx());
    save("tdx_block", "two_blocks", &blocks());
    save("tdx_gbbq", "cash_and_bonus", &actions());
    save("qlib", "two_days", &qlib());
    save("fact_set", "each_value", &serde_json::to_vec(&facts()).unwrap());
    for (name, compression) in [
        ("plain", Compression::UNCOMPRESSED),
        ("snappy", Compression::SNAPPY),
        ("zstd", Compression::ZSTD(ZstdLevel::default())),
        ("lz4", Compression::LZ4_RAW),
    ] {
        save("parquet", &format!("daily_bars_{name}"), &file(&daily_bars(), compression));
    }
    save("parquet", "index", &file(&index(), Compression::UNCOMPRESSED));
    save("parquet", "shares", &file(&shares(), Compression::GZIP(Default::default())));
    save("parquet", "securities", &file(&securities(), Compression::UNCOMPRESSED));
    for target in ["parquet_columns", "table_rows"] {
        for seed in 0..12 {
            save(target, &format!("noise_{seed:02}"), &noise(seed));
        }
    }
}

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("corpus").join(target)
}

fn save(target: &str, name: &str, bytes: &[u8]) {
    std::fs::write(corpus(target).join(name), bytes).unwrap();
}

/// Bytes without a pattern, the same for the same seed.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..400)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

fn tdx() -> Vec<u8> {
    let mut bytes = Vec::new();
    for (date, close, reserved) in
        [(20_260_211_u32, 1_000_u32, 65_536), (20_260_212, 1_100, 0xC364_0012)]
    {
        let volume = if reserved == 65_536 { 1_000_000 } else { 50_000_000 };
        let amount = close as f32 / 100.0 * if reserved == 65_536 { 1e6 } else { 5e9 };
        for word in [date, close, close, close, close, amount.to_bits(), volume, reserved] {
            bytes.extend(word.to_le_bytes());
        }
    }
    bytes
}

fn blocks() -> Vec<u8> {
    let mut bytes = b"Registry ver:1.0 (1999-9-28)".to_vec();
    bytes.resize(384, 0);
    bytes.extend(2_u16.to_le_bytes());
    for (name, codes) in [("AI", &["300001", "600001"][..]), ("5G", &["000002"])] {
        let mut block = name.as_bytes().to_vec();
        block.resize(9, 0);
        block.extend([codes.len() as u8, 0, 2, 0]);
        codes.iter().for_each(|code| block.extend(format!("{code}\0").bytes()));
        block.resize(2_813, 0);
        bytes.extend(block);
    }
    bytes
}

/// Records of corporate actions in plain: cash, bonus shares, and a change of no price.
fn actions() -> Vec<u8> {
    let mut bytes = Vec::new();
    for (date, category, numbers) in [
        (20_260_211_u32, 1, [5.0_f32, 0.0, 0.0, 0.0]),
        (20_260_212, 1, [0.0, 2.5, 8.0, 1.0]),
        (20_260_213, 5, [1.0, 2.0, 3.0, 4.0]),
    ] {
        bytes.extend(b"\x01600519\0");
        bytes.extend(date.to_le_bytes());
        bytes.push(category);
        numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    }
    bytes
}

fn qlib() -> Vec<u8> {
    let mut bytes = b"2026-02-11\n2026-02-12\n\n".to_vec();
    // close, factor, high, low, open, volume: a place in the calendar, then two values.
    for values in [[20.0, 22.0], [2.0, 2.0], [20.0, 22.0], [20.0, 20.0], [20.0, 20.0], [1e5, 2e5]] {
        for value in [0.0_f32, values[0], values[1]] {
            bytes.extend(value.to_le_bytes());
        }
    }
    bytes
}

fn file(batch: &RecordBatch, compression: Compression) -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_created_by("seeds".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn batch<const N: usize>(columns: [(&str, ArrayRef); N]) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true)))
        .unwrap()
}

fn daily_bars() -> RecordBatch {
    let fen = |values: [i32; 3]| -> ArrayRef { Arc::new(Int32Array::from(values.to_vec())) };
    batch([
        ("symbol", Arc::new(StringArray::from(vec!["SZ000001", "SH600001", "SZ300002"]))),
        ("date", Arc::new(Date32Array::from(vec![20_496; 3]))),
        ("open_fen", fen([1_000, 2_000, 3_000])),
        ("high_fen", fen([1_100, 2_100, 3_100])),
        ("low_fen", fen([990, 1_990, 2_990])),
        ("close_fen", fen([1_050, 2_050, 3_050])),
        ("pre_close_fen", fen([1_000, 2_000, 3_000])),
        ("volume_shares", Arc::new(Int64Array::from(vec![Some(5_000_000), Some(9_000_000), None]))),
    ])
}

fn index() -> RecordBatch {
    let points =
        |value: f64| -> ArrayRef { Arc::new(Float64Array::from(vec![value, value + 1.5])) };
    batch([
        ("symbol", Arc::new(StringArray::from(vec!["SH000001", "SZ399001"]))),
        ("date", Arc::new(StringArray::from(vec!["2026-02-12", "20260212"]))),
        ("open", points(4_000.0)),
        ("high", points(4_010.0)),
        ("low", points(3_990.5)),
        ("close", points(4_005.25)),
    ])
}

fn shares() -> RecordBatch {
    let shares = |values: [i64; 2]| -> ArrayRef { Arc::new(Int64Array::from(values.to_vec())) };
    batch([
        ("code", Arc::new(StringArray::from(vec!["600001", "000002"]))),
        ("name", Arc::new(StringArray::from(vec!["甲股份", "*ST乙"]))),
        ("total_share", shares([500_000_000, 80_000_000])),
        ("float_share", shares([400_000_000, 60_000_000])),
        ("list_date", Arc::new(Int64Array::from(vec![Some(20_010_203), Some(0)]))),
    ])
}

fn securities() -> RecordBatch {
    batch([
        ("ts_code", Arc::new(StringArray::from(vec!["600001.SH", "000002.SZ"]))),
        ("name", Arc::new(StringArray::from(vec!["甲股份", "*ST乙"]))),
        ("list_date", Arc::new(StringArray::from(vec![Some("20010203"), None]))),
        ("industry", Arc::new(StringArray::from(vec![Some("银行"), None]))),
    ])
}

/// A set with a value of every kind.
fn facts() -> FactSet {
    let session: SessionDate = "2026-02-12".parse().unwrap();
    let mut facts = FactSet::new(session);
    facts.notes.push(SessionNote::Simulated);
    let index = "000001.SH".parse().unwrap();
    let values = [
        ("advances", Scope::AllA, Value::Count { count: 3_000 }),
        ("declines", Scope::AllA, Value::Count { count: 2_000 }),
        ("limit_up_count", Scope::AllA, Value::Count { count: 60 }),
        ("turnover", Scope::SseSzse, Value::Money { fen: Fen(200_000_000_000_000) }),
        ("index_return", Scope::Security(index), Value::Return { ppb: Return(12_345_678) }),
        ("advance_share", Scope::AllA, Value::Share { part: 3, whole: 5 }),
        (
            "last_price",
            Scope::Security(index),
            Value::Price { price: Price::from_fen(1_000).unwrap() },
        ),
        ("index_close", Scope::Security(index), Value::Points { units: 40_000_000 }),
        ("turnover_ratio", Scope::AllA, Value::Ratio { ppm: 1_100_000 }),
        ("first_seal", Scope::Security(index), Value::Time { second: 34_200 }),
        ("median_return", Scope::AllA, Value::Unknown { reason: "no_prev_close".to_owned() }),
    ];
    for (name, scope, value) in values {
        let key = FactKey { measure: MeasureId::new(name), scope, session, as_of: AsOf::Close };
        let input = InputRef {
            table: "daily_bar".to_owned(),
            source: "invented".to_owned(),
            digest: "00".to_owned(),
        };
        let provenance = Provenance {
            inputs: [input].into(),
            coverage: Coverage { judged: 5_000, unjudged: 1 },
            basis: Basis::Exact,
            rulebook: Rulebook::builtin().version(),
            measure_version: 1,
            findings: Vec::new(),
        };
        let text = |words: &str| words.to_owned();
        let told = MeasureText {
            label_zh: text("名"),
            label_en: text("label"),
            definition_zh: text("定义"),
            definition_en: text("definition"),
            population_zh: text("总体"),
            population_en: text("population"),
            unit: Unit::Securities,
            version: 1,
        };
        facts.measures.insert(name.to_owned(), told);
        facts.insert(Fact { key, value, provenance });
    }
    facts.names.insert(index, Name { zh: "上证指数".to_owned(), en: None });
    facts
}
