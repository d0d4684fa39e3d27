//! Counts of the rows of one file.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array};

use super::*;

fn symbol(code: u32) -> Symbol {
    format!("{code}.SH").parse().unwrap()
}

#[test]
fn lost_rows_keep_their_security_while_they_are_few() {
    let mut tally = Tally::default();
    for (day, n) in (0..100).flat_map(|day| (0..100).map(move |n| (day, n))) {
        tally.lose(Belongs::to(Some(day), Some(symbol(600_000 + n))), 2);
    }
    // Again a row of a security that is known.
    tally.lose(Belongs::to(Some(0), Some(symbol(600_000))), 1);
    assert_eq!((tally.belonged.len(), tally.nameless), (NAMED_MAX, false));
    assert_eq!(tally.belonged[&Belongs::to(Some(0), Some(symbol(600_000)))], 3);
    tally.lose(Belongs::to(Some(100), Some(symbol(600_000))), 1);
    assert_eq!((tally.belonged.len(), tally.nameless), (101, true));
    tally.lose(Belongs::to(Some(100), Some(symbol(600_001))), 4);
    let unnamed = |day| Belongs { day: Some(day), exchange: Some(Exchange::Sse), symbol: None };
    assert_eq!(tally.belonged.len(), 101);
    assert_eq!([0, 1, 100].map(|day| tally.belonged[&unnamed(day)]), [201, 200, 5]);
}

#[test]
fn lost_rows_of_no_session_may_be_of_any() {
    let day = |date: &str| Some(date.parse::<SessionDate>().unwrap().epoch_days());
    let mut tally = Tally::default();
    let (one, other) = (Some(symbol(600_000)), Some(symbol(600_001)));
    for (day, symbol, rows) in [
        (day("2026-02-12"), one, 1),
        (day("2026-02-12"), other, 2),
        (day("2026-02-14"), one, 3),
        (None, one, 4),
        (Some(i32::MAX), one, 5),
        (None, None, 6),
    ] {
        tally.lose(Belongs::to(day, symbol), rows);
    }
    let exchange = Some(Exchange::Sse);
    let session = "2026-02-12".parse().ok();
    assert_eq!(
        tally.lost_rows(Calendar::builtin()),
        [
            LostRows { session: None, exchange: None, symbol: None, rows: 6 },
            LostRows { session: None, exchange, symbol: one, rows: 12 },
            LostRows { session, exchange, symbol: one, rows: 1 },
            LostRows { session, exchange, symbol: other, rows: 2 },
        ]
    );
}

/// The counts after a frame of so many rows, which comes after others, and the row of its first
/// finding.
fn taken(
    before: u64,
    rows: usize,
    faults: Vec<frame::Fault>,
) -> Result<(Tally, Option<u64>), SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.csv");
    std::fs::write(&path, "x\n").unwrap();
    let recipe = Recipe::builtin("tushare-daily").unwrap();
    let payload = Payload::undigested(&recipe, &path).unwrap();
    let mut shared = Shared::new(None, Calendar::builtin());
    let column: ArrayRef = Arc::new(Int32Array::from(vec![1; rows]));
    let frame = Frame {
        file: "f.csv".into(),
        subject: "f".into(),
        rows_before: before,
        batch: RecordBatch::try_from_iter([("x", column)]).unwrap(),
        places: None,
        faults,
    };
    let mut tally = Tally { read: before, ..Tally::default() };
    take_frame(&frame, &mut tally, &payload, &mut fillers(&recipe), &mut shared)?;
    let first = shared.findings.finish().first().and_then(|finding| finding.place.clone()?.row);
    Ok((tally, first))
}

#[test]
fn an_import_has_at_most_so_many_rows() {
    assert_eq!(taken(ROWS_MAX - 1, 1, Vec::new()).unwrap().0.read, ROWS_MAX);
    let told = taken(ROWS_MAX - 1, 2, Vec::new()).unwrap_err().to_string();
    assert!(told.contains(&format!("more than {ROWS_MAX} rows")), "{told}");
}

#[test]
fn rows_that_a_format_could_not_read_are_counted_if_they_are_lost() {
    let fault = |topic, rows| frame::Fault {
        topic,
        rows,
        place: 5,
        day: Some(20_496),
        example: Wording::none(),
    };
    let (lost, row) = taken(1_000, 3, vec![fault(finding::topics::OPEN_QUOTE, 4)]).unwrap();
    assert_eq!((lost.read, lost.lost, row), (1_007, 4, Some(1_005)));
    assert_eq!(lost.belonged[&Belongs::to(Some(20_496), None)], 4);
    let (kept, _) = taken(1_000, 3, vec![fault(finding::topics::FOOTER, 4)]).unwrap();
    assert_eq!((kept.read, kept.lost, kept.belonged.len()), (1_003, 0, 0));
}
