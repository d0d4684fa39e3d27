use proptest::prelude::*;

use super::*;

fn symbol(text: &str) -> Symbol {
    text.parse().unwrap()
}

#[test]
fn boards_are_named_in_keys() {
    assert_eq!(Board::ALL.map(Board::id), ["main", "chinext", "star", "bse"]);
}

#[test]
fn every_notation_is_read() {
    for (text, canonical) in [
        ("600519.SH", "600519.SH"),
        ("600519.sh", "600519.SH"),
        ("sh600519", "600519.SH"),
        ("SH600519", "600519.SH"),
        ("600519.XSHG", "600519.SH"),
        ("SSE:600519", "600519.SH"),
        ("SH.600519", "600519.SH"),
        ("SH#600519", "600519.SH"),
        ("SZ#000001", "000001.SZ"),
        ("sh.600519", "600519.SH"),
        ("1.600519", "600519.SH"),
        ("600519", "600519.SH"),
        (" 600519.SH ", "600519.SH"),
        ("0.000001", "000001.SZ"),
        ("1.000001", "000001.SH"),
        ("0.399001", "399001.SZ"),
        ("0.920002", "920002.BJ"),
        ("0.830799", "830799.BJ"),
        ("bj920002", "920002.BJ"),
        ("920002", "920002.BJ"),
        ("BSE:920002", "920002.BJ"),
        ("920002.BJSE", "920002.BJ"),
        ("000001.XSHE", "000001.SZ"),
        ("SZSE:302132", "302132.SZ"),
        ("300750", "300750.SZ"),
        ("688981", "688981.SH"),
        ("899050.BJ", "899050.BJ"),
    ] {
        assert_eq!(symbol(text).to_string(), canonical, "{text}");
    }
}

#[test]
fn wrong_texts_are_refused_with_a_suggestion() {
    for (text, message) in [
        ("600519.SZ", "`600519.SZ` lies in no code range of XSHE; did you mean 600519.SH?"),
        ("sz600519", "`sz600519` lies in no code range of XSHE; did you mean 600519.SH?"),
        ("0.600519", "`0.600519` lies in no code range of XSHE; did you mean 600519.SH?"),
        ("000001", "`000001` alone is ambiguous: write 000001.SH or 000001.SZ"),
        ("000688", "`000688` alone is ambiguous: write 000688.SH or 000688.SZ"),
        ("999999", "`999999` lies in no code range of XSHG, XSHE or BJSE: check the six digits"),
        ("604000.SH", "`604000.SH` lies in no code range of XSHG"),
        (
            "1.SZ",
            "`1.SZ` is not a symbol: write 600519.SH, sh600519 or SSE:600519; \
             did you mean 000001.SZ?",
        ),
        (
            "600519.HK",
            "`600519.HK` is not a symbol: write 600519.SH, sh600519 or SSE:600519; \
             did you mean 600519.SH?",
        ),
        ("贵州茅台", "`贵州茅台` is not a symbol: write 600519.SH, sh600519 or SSE:600519"),
    ] {
        let error = text.parse::<Symbol>().unwrap_err();
        assert_eq!(error.to_string(), message, "{text}");
    }
    for (text, message) in [
        ("600519.SZ", "`600519.SZ`不在深交所的代码段内；是否指600519.SH？"),
        ("604000.SH", "`604000.SH`不在上交所的代码段内"),
        ("000001", "`000001`不止一个交易所使用：请写000001.SH或000001.SZ"),
    ] {
        assert_eq!(text.parse::<Symbol>().unwrap_err().wording().zh, message, "{text}");
    }
    for text in [
        "",
        ".",
        "600519.",
        ".600519",
        "600519.1",
        "600519.0",
        "sh60051",
        "6005190",
        "上海600519",
        "600519.SH.SH",
        "sh:600519.SH",
        "SH-600519",
        "2.600519",
        "６００５１９.SH",
    ] {
        assert!(text.parse::<Symbol>().is_err(), "{text}");
    }
}

#[test]
fn code_ranges() {
    use SecurityKind::*;
    for (text, kind) in [
        ("600000.SH", Stock(Board::Main)),
        ("601398.SH", Stock(Board::Main)),
        ("603259.SH", Stock(Board::Main)),
        ("605117.SH", Stock(Board::Main)),
        ("688981.SH", Stock(Board::Star)),
        ("689009.SH", Stock(Board::Star)),
        ("900901.SH", BShare),
        ("000001.SH", Index),
        ("000688.SH", Index),
        ("510300.SH", Fund),
        ("588000.SH", Fund),
        ("508000.SH", Fund),
        ("113050.SH", Bond),
        ("132018.SH", Bond),
        ("118000.SH", Bond),
        ("204001.SH", Bond),
        ("010107.SH", Bond),
        ("360001.SH", Other),
        ("787001.SH", Other),
        ("000001.SZ", Stock(Board::Main)),
        ("001979.SZ", Stock(Board::Main)),
        ("002594.SZ", Stock(Board::Main)),
        ("003816.SZ", Stock(Board::Main)),
        ("300750.SZ", Stock(Board::ChiNext)),
        ("301236.SZ", Stock(Board::ChiNext)),
        ("302132.SZ", Stock(Board::ChiNext)),
        ("200002.SZ", BShare),
        ("201872.SZ", BShare),
        ("399001.SZ", Index),
        ("399300.SZ", Index),
        ("980017.SZ", Index),
        ("159915.SZ", Fund),
        ("161725.SZ", Fund),
        ("180101.SZ", Fund),
        ("123050.SZ", Bond),
        ("128136.SZ", Bond),
        ("131810.SZ", Bond),
        ("920002.BJ", Stock(Board::Bse)),
        ("430047.BJ", Stock(Board::Bse)),
        ("835185.BJ", Stock(Board::Bse)),
        ("872925.BJ", Stock(Board::Bse)),
        ("899050.BJ", Index),
        ("899601.BJ", Index),
        ("810011.BJ", Other),
        ("820001.BJ", Other),
        ("400001.BJ", Other),
    ] {
        assert_eq!(symbol(text).kind(), kind, "{text}");
    }
    for text in ["880001.SH", "999999.SH", "300750.SH", "004001.SZ", "602000.SH", "303000.SZ"] {
        assert!(text.parse::<Symbol>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn symbols_round_trip(which in 0_usize..3, code in 0_u32..1_000_000) {
        let exchange = Exchange::ALL[which];
        let Ok(symbol) = Symbol::new(exchange, code) else { return Ok(()) };
        prop_assert_eq!(symbol.to_string().parse::<Symbol>(), Ok(symbol));
        let prefixed = format!("{}{code:06}", exchange.suffix().to_lowercase());
        prop_assert_eq!(prefixed.parse::<Symbol>(), Ok(symbol));
        let by_mic = format!("{code:06}.{}", exchange.mic());
        prop_assert_eq!(by_mic.parse::<Symbol>(), Ok(symbol));
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        if let Err(error) = text.parse::<Symbol>() {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn reading_never_changes_the_digits(text in "[a-zA-Z0-9.:]{6,11}") {
        if let Ok(symbol) = text.parse::<Symbol>() {
            let digits = format!("{:06}", symbol.code());
            prop_assert!(text.contains(&digits));
        }
    }
}
