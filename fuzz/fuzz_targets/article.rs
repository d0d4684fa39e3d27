#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fupan_fuzz::article(bytes));
