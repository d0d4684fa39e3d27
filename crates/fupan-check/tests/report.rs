//! Reports as JSON.

mod example;

use expect_test::expect;
use fupan_market::Language;

#[test]
fn a_report_is_one_object_on_one_line() {
    let (_, report) = example::chinese();
    let json = report.to_json(Language::Zh);
    assert_eq!(json.lines().count(), 1);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["claims"].as_array().unwrap().len(), report.claims.len());
    let same: serde_json::Value =
        serde_json::from_str(&report.to_json_lines(Language::Zh)).unwrap();
    assert_eq!(value, same);
}

#[test]
fn every_key_is_there_and_numbers_have_their_digits() {
    let (_, mut report) = example::english();
    report.claims.truncate(1);
    expect![[r#"
        {
          "file": "en.html",
          "session": "2026-02-12",
          "instant": "close",
          "claims": [
            {
              "text": "rose 1.32% to 4,134.02",
              "start": 251,
              "end": 285,
              "kind": "index_return",
              "subject": "000001.SH",
              "measure": "index_return",
              "value": 1.32,
              "unit": "percent",
              "comparator": "=",
              "verdict": "supported",
              "note": "the SSE Composite returned +1.32 %",
              "right": 1.3187,
              "fact": "index_return/000001.SH/2026-02-12/close",
              "why": "the fact is 1.3187 %, which rounds to 1.32 %"
            }
          ],
          "summary": {
            "claims": 1,
            "supported": 1,
            "contradicted": 0,
            "not_checkable": 0,
            "session_found": "the article names the date 12 February 2026 in its first sentence",
            "would_help": [
              "Share capital by date would make claims about market value checkable.",
              "No data of this program cover Hong Kong or flows of money."
            ],
            "remarks": [
              "23 characters of text that the page keeps hidden left out; the first is character 585 of the file"
            ]
          }
        }"#]].assert_eq(&report.to_json_lines(Language::En));
}
