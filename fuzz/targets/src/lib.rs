//! What every reader of foreign bytes must hold, for fuzzing and for tests.
//!
//! A target takes any bytes and panics where a law is broken: a reader must not panic, and where
//! there is a writer, reading what was written gives the same. Memory and time are bounded by
//! whoever runs the target. `fuzz/README.md` says how to run one; `tests/corpus.rs` runs all of
//! them on the files of `fuzz/corpus`.

mod articles;
mod facts;
mod files;
mod rows;
mod rules;
mod types;
mod words;

pub use articles::article;
pub use facts::{fact_key, fact_set};
pub use files::{
    answers, csv, csv_recipe, gb18030, json, parquet, qlib, recipe, tdx_base, tdx_block, tdx_day,
    tdx_gbbq, tdx_minutes, tdx_names, ths_table, workbook,
};
pub use rows::table_rows;
pub use rules::{closures, rules};
pub use types::parquet_columns;
pub use words::{decimal, instant, price, session_date, symbol};

/// A target: panics where a law is broken.
pub type Target = fn(&[u8]);

/// Every target with its name, in alphabetical order.
pub const ALL: [(&str, Target); 28] = [
    ("answers", answers),
    ("article", article),
    ("closures", closures),
    ("csv", csv),
    ("csv_recipe", csv_recipe),
    ("decimal", decimal),
    ("fact_key", fact_key),
    ("fact_set", fact_set),
    ("gb18030", gb18030),
    ("instant", instant),
    ("json", json),
    ("parquet", parquet),
    ("parquet_columns", parquet_columns),
    ("price", price),
    ("qlib", qlib),
    ("recipe", recipe),
    ("rules", rules),
    ("session_date", session_date),
    ("symbol", symbol),
    ("table_rows", table_rows),
    ("tdx_base", tdx_base),
    ("tdx_block", tdx_block),
    ("tdx_day", tdx_day),
    ("tdx_gbbq", tdx_gbbq),
    ("tdx_minutes", tdx_minutes),
    ("tdx_names", tdx_names),
    ("ths_table", ths_table),
    ("workbook", workbook),
];
