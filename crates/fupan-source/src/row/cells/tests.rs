//! Columns of whatever type a vendor chose.

use arrow::array::{BooleanArray, Date32Array, NullArray, TimestampMicrosecondArray};

use super::*;

const QUARTER: Cell = Some(9 * 3_600 + 45 * 60);

fn read(array: ArrayRef) -> (Vec<Cell>, usize) {
    let (mut out, mut bad) = (Vec::new(), 0);
    let mut memo = DateMemo::default();
    times(&array, Clock::WRITTEN, &mut memo, &mut out, |_, _, _| bad += 1).unwrap();
    (out, bad)
}

fn read_dates(array: ArrayRef, clock: Clock) -> Vec<Cell> {
    let mut out = Vec::new();
    dates(&array, clock, &mut DateMemo::default(), &mut out, |_, _, _| ()).unwrap();
    out
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut memo = DateMemo::default();
    let read = memo.read("2026-02-12 09:45:00.000", Zone::Unsaid);
    assert_eq!(read.map(|civil| civil.day), Ok(20_496));
    assert!(memo.read(&"2".repeat(1 << 20), Zone::Unsaid).is_err());
    assert_eq!(memo.texts.len(), 1);
    let long = format!("2026-02-12 09:45:00.{}", "0".repeat(44));
    assert!(memo.read(&long, Zone::Unsaid).is_ok());
    assert_eq!(memo.read(&format!("{long}0"), Zone::Unsaid), Err(Fault::Unreadable));
    let many = (memo.texts.len()..DateMemo::MOST - 1).map(|n| n.to_string());
    memo.texts.extend(many.map(|text| ((Zone::Unsaid, text.into()), Err(Fault::Unreadable))));
    for date in ["2026-02-11", "2026-02-10"] {
        assert!(memo.read(date, Zone::Unsaid).is_ok());
        assert_eq!(memo.texts.len(), DateMemo::MOST);
    }
}

/// Cells, how many of them are rounded, and rows with the text of what is none.
type Numbers = (Vec<Cell>, u64, Vec<(usize, String)>);

/// The numbers of a column in hundredths, how many are rounded, and what is told of the rest.
fn hundredths(array: ArrayRef) -> Result<Numbers, Mismatch> {
    let (mut out, mut rounded, mut bad) = (vec![Some(9)], 0, Vec::new());
    let scale = Scale { power: 2, step: 1 };
    let tell = |row, text| bad.push((row, text));
    numbers(&array, scale, 0, &mut out, &mut rounded, tell).map(|()| (out, rounded, bad))
}

/// Every type of a column that holds the same numbers: 3, nothing, and 7.
fn in_every_type() -> Vec<ArrayRef> {
    let whole: ArrayRef = Arc::new(Int64Array::from(vec![Some(3), None, Some(7)]));
    let numbers = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
        DataType::Float32,
        DataType::Float64,
        DataType::Decimal128(12, 3),
    ];
    let texts = [
        DataType::Utf8,
        DataType::LargeUtf8,
        DataType::Utf8View,
        DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
    ];
    let text = cast(&whole, &DataType::Utf8).unwrap();
    let numbers = numbers.iter().map(|of_type| cast(&whole, of_type).unwrap());
    numbers.chain(texts.iter().map(|of_type| cast(&text, of_type).unwrap())).collect()
}

#[test]
fn a_number_is_the_same_in_every_type() {
    for array in in_every_type() {
        let of_type = array.data_type().clone();
        let read = hundredths(array).unwrap();
        assert_eq!(read, (vec![Some(300), None, Some(700)], 0, Vec::new()), "{of_type}");
    }
    let nothing = hundredths(Arc::new(NullArray::new(2))).unwrap();
    assert_eq!(nothing, (vec![None; 2], 0, Vec::new()));
    assert!(hundredths(Arc::new(BooleanArray::from(vec![true]))).is_err());
    assert!(hundredths(Arc::new(Date32Array::from(vec![1]))).is_err());
}

#[test]
fn what_is_no_number_or_too_small_is_told() {
    let told = |row, text: &str| (row, text.to_owned());
    let whole = Int64Array::from(vec![-1, 0, 5, i64::MAX]);
    let cells = vec![None, Some(0), Some(500), None];
    let bad = vec![told(0, "-1"), told(3, "9223372036854775807")];
    assert_eq!(hundredths(Arc::new(whole)).unwrap(), (cells, 0, bad));
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![-0.5, f64::NAN, 0.25, 1e300]));
    let narrow = cast(&floats, &DataType::Float32).unwrap();
    for array in [floats, narrow] {
        let (cells, _, bad) = hundredths(array).unwrap();
        assert_eq!(cells, [None, None, Some(25), None]);
        assert_eq!(bad.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [0, 3]);
    }
    let texts = ["1.2万", " 1e4 ", "", "停牌", "3", "x", "-3"];
    let cells = [Some(1_200_000), Some(1_000_000), None, None, Some(300), None, None];
    let read = hundredths(Arc::new(StringArray::from(texts.to_vec()))).unwrap();
    assert_eq!(read, (cells.to_vec(), 2, vec![told(5, "x"), told(6, "-3")]));
}

#[test]
fn times_are_read_in_every_spelling() {
    let texts = [
        "09:45",
        "9:45:00",
        "2026-02-12 09:45:00",
        "2026-02-12T09:45:00.000",
        "94500",
        "2026-02-12T01:45:00Z",
        "２０２６-０２-１２ ０９：４５：００",
    ];
    assert_eq!(read(Arc::new(StringArray::from(texts.to_vec()))), (vec![QUARTER; 7], 0));
    assert_eq!(read(Arc::new(Int64Array::from(vec![94_500, 134_500]))).0[0], QUARTER);
    let wrong = ["24:00", "09:60", "0945", "later", "09:45:61", "1:2:3:4", "-9:45", "20260212"];
    assert_eq!(read(Arc::new(StringArray::from(wrong.to_vec()))), (vec![None; 8], 8));
}

#[test]
fn the_two_halves_of_a_timestamp_are_read_by_one_clock() {
    let micros = (20_496 * civil::DAY + 9 * 3_600 + 45 * 60) * 1_000_000;
    let local = Arc::new(TimestampMicrosecondArray::from(vec![micros]));
    assert_eq!(read(local.clone()).0, [QUARTER]);
    assert_eq!(read_dates(local, Clock::WRITTEN), [Some(20_496)]);
    let midnight = (20_496 * civil::DAY - 8 * 3_600) * 1_000_000;
    let zoned = TimestampMicrosecondArray::from(vec![midnight]).with_timezone("UTC");
    let zoned = Arc::new(zoned);
    assert_eq!(read_dates(zoned.clone(), Clock::WRITTEN), [Some(20_496)]);
    assert_eq!(read(zoned).0, [Some(0)]);
}

/// What is told of the dates of a column that are none.
fn bad_dates(array: ArrayRef) -> Vec<(usize, String, Fault)> {
    let mut bad = Vec::new();
    let tell = |row, text: Wording, fault| bad.push((row, text.en, fault));
    dates(&array, Clock::WRITTEN, &mut DateMemo::default(), &mut Vec::new(), tell).unwrap();
    bad
}

#[test]
fn a_date_is_the_same_in_every_type() {
    let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(20_496), None, Some(20_497)]));
    let number = [Some(20_260_212), None, Some(20_260_213)];
    let number: ArrayRef = Arc::new(Int64Array::from(number.to_vec()));
    let text = cast(&number, &DataType::Utf8).unwrap();
    let written = [DataType::LargeUtf8, DataType::Utf8View];
    let written = written.iter().map(|of_type| cast(&text, of_type).unwrap());
    let counted = [DataType::Int32, DataType::UInt32, DataType::Float64];
    let counted = counted.iter().map(|of_type| cast(&number, of_type).unwrap());
    let wide = cast(&days, &DataType::Date64).unwrap();
    for array in
        [days, wide, number.clone(), text.clone()].into_iter().chain(written).chain(counted)
    {
        let of_type = array.data_type().clone();
        let read = read_dates(array, Clock::WRITTEN);
        assert_eq!(read, [Some(20_496), None, Some(20_497)], "{of_type}");
    }
    let zero = StringArray::from(vec!["0", "--", "20260212", "20260212", "2026-02-13"]);
    assert_eq!(bad_dates(Arc::new(zero.clone())), []);
    let read = read_dates(Arc::new(zero), Clock::WRITTEN);
    assert_eq!(read, [None, None, Some(20_496), Some(20_496), Some(20_497)]);
    let (clock, mut memo) = (Clock::WRITTEN, DateMemo::default());
    let flags: ArrayRef = Arc::new(BooleanArray::from(vec![true]));
    assert!(dates(&flags, clock, &mut memo, &mut Vec::new(), |_, _, _| ()).is_err());
    let epoch = Clock { style: Style::Epoch { per_second: 1 }, ..clock };
    let date: ArrayRef = Arc::new(Date32Array::from(vec![1]));
    for array in [flags, date] {
        assert!(dates(&array, epoch, &mut memo, &mut Vec::new(), |_, _, _| ()).is_err());
    }
}

#[test]
fn what_is_no_date_is_told_as_it_stands_in_the_file() {
    let days = Date32Array::from(vec![-719_529, -719_528, 2_932_896, 2_932_897]);
    let told = |row, text: &str| (row, text.to_owned(), Fault::Unreadable);
    let bad = bad_dates(Arc::new(days));
    assert_eq!(bad, [told(0, "day -719529"), told(3, "day 2932897")]);
    let texts = StringArray::from(vec!["20260212", "later", "later"]);
    assert_eq!(bad_dates(Arc::new(texts)), [told(1, "later"), told(2, "later")]);
    let close = 20_496 * civil::DAY + 16 * 3_600;
    let clock = TimestampMicrosecondArray::from(vec![close * 1_000_000]);
    let text = format!("{close} seconds since 1970");
    assert_eq!(bad_dates(Arc::new(clock)), [(0, text, Fault::PerhapsUniversal)]);
}

#[test]
fn a_time_of_day_is_the_same_in_every_type() {
    let clock: ArrayRef = Arc::new(StringArray::from(vec!["09:45:00"]));
    for of_type in [DataType::Time32(TimeUnit::Second), DataType::Time64(TimeUnit::Microsecond)] {
        assert_eq!(read(cast(&clock, &of_type).unwrap()), (vec![QUARTER], 0), "{of_type}");
    }
    for of_type in [DataType::LargeUtf8, DataType::Utf8View] {
        assert_eq!(read(cast(&clock, &of_type).unwrap()), (vec![QUARTER], 0), "{of_type}");
    }
    let blank = StringArray::from(vec![Some(" 09:45 "), Some("--"), None, Some("2026-02-12")]);
    assert_eq!(read(Arc::new(blank)), (vec![QUARTER, None, None, None], 1));
    let arrays: [ArrayRef; 2] =
        [Arc::new(BooleanArray::from(vec![true])), Arc::new(Date32Array::from(vec![1]))];
    for array in arrays {
        let (mut out, mut memo) = (Vec::new(), DateMemo::default());
        assert!(times(&array, Clock::WRITTEN, &mut memo, &mut out, |_, _, _| ()).is_err());
    }
}

#[test]
fn a_text_is_read_from_texts_and_numbers() {
    for array in in_every_type() {
        let of_type = array.data_type().clone();
        let number = |text: &str| text.parse::<f64>().unwrap();
        match texts(&array) {
            Ok(read) => {
                let read: Vec<_> = read.iter().map(|text| text.map(number)).collect();
                assert_eq!(read, [Some(3.0), None, Some(7.0)], "{of_type}");
            }
            Err(Mismatch) => assert!(
                of_type.is_unsigned_integer()
                    || matches!(of_type, DataType::Int8 | DataType::Int16)
                    || matches!(of_type, DataType::Decimal128(..)),
                "{of_type}"
            ),
        }
    }
    let nothing: ArrayRef = Arc::new(NullArray::new(1));
    assert_eq!(texts(&nothing).unwrap().null_count(), 1);
    let flags: ArrayRef = Arc::new(BooleanArray::from(vec![true]));
    assert!(texts(&flags).is_err());
    assert_eq!(spoken(" '000001 "), Some("000001"));
    assert_eq!((spoken("--"), spoken(" ")), (None, None));
}

#[test]
fn counts_since_1970_are_read_where_the_recipe_says_so() {
    let moment = 20_496 * civil::DAY + 9 * 3_600 + 45 * 60 - 8 * 3_600;
    for per_second in [1, 1_000, 1_000_000, 1_000_000_000] {
        let clock = Clock { zone: Zone::Unsaid, style: Style::Epoch { per_second } };
        let array: ArrayRef = Arc::new(Int64Array::from(vec![moment * per_second]));
        assert_eq!(read_dates(array.clone(), clock), [Some(20_496)]);
        let texts = cast(&array, &DataType::Utf8).unwrap();
        assert_eq!(read_dates(texts, clock), [Some(20_496)]);
        let mut out = Vec::new();
        times(&array, clock, &mut DateMemo::default(), &mut out, |_, _, _| ()).unwrap();
        assert_eq!(out, [QUARTER]);
    }
}
