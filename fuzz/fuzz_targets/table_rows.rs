#![no_main]

// libFuzzer would stop at a panic of Parquet's reader, which the thread that reads takes for damage.
libfuzzer_sys::fuzz_target!(init: drop(std::panic::take_hook()), |bytes: &[u8]| fupan_fuzz::table_rows(bytes));
