//! Reference prices of ex-rights days, by the exchanges' formula.
//!
//! `(prev_close − cash + price × rights) ÷ (1 + bonus + rights)`, of one share, before tax, rounded
//! half up to a fen (trading rules of Shanghai 4.3.2 and of Shenzhen 4.4.2). Held against the
//! exchanges' own reference prices of 2013 to 2020, it is exact on 18,007 of 18,226 days with
//! dividends and bonuses that were stated, and within a fen on 136 more: where companies hold own
//! shares or pay some holders nothing, the exchange takes the average of all shares. On 40 of 81
//! days of a rights issue it is exact and on 80 within a hundredth, as the exchange counts the shares
//! that were subscribed. In a reorganisation new shares may leave the price alone; such a day is told
//! by its prices, which lie outside every limit around the formula's.

use std::ops::Range;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, Int64Type};
use fupan_market::{Board, FindingKind, Symbol};

use super::tdx_sessions::Downloaded;
use crate::finding::{Cost, Said, Topic, as_it_is};
use crate::frame::Fault;

/// What holders are given, and what they pay in, on one day, for ten shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ExRights {
    /// As 20260212.
    pub date: i32,
    /// In millionths of a yuan.
    cash: i128,
    /// Shares that cost nothing, in millionths.
    bonus: i128,
    /// Shares that are paid for, in millionths.
    rights: i128,
    /// What they cost, in 10⁻¹² yuan.
    paid: i128,
}

/// A ten shares' count in millionths, as the numbers of an event are.
const TEN: i128 = 10_000_000;

/// The day from which prices have had limits on both exchanges.
const LIMITS_FROM: i32 = 19_961_216;

const STATED: Topic = Topic {
    kind: FindingKind::DerivedPrevClose,
    what: Said {
        en: "The previous close of ex-rights days is the reference price by the exchanges' formula, \
             from TDX's gbbq; the exchange's own may differ by a fen or more where not all shares \
             are paid alike",
        zh: "除权除息日的前收盘价为按交易所公式算得的除权除息参考价，依据通达信gbbq；若各股东所得不同，\
             交易所公布的价格可能相差一分或更多",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

const OF_RIGHTS: Topic = Topic {
    kind: FindingKind::DerivedPrevClose,
    what: Said {
        en: "Of the ex-rights days, those of a rights issue: the exchange counts the shares that \
             were subscribed, so that its reference price may differ by a hundredth or more",
        zh: "其中的配股除权日：交易所按实际认购数计算，其参考价可能相差百分之一甚至更多",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

const BEYOND: Topic = Topic {
    kind: FindingKind::LimitBreach,
    what: Said {
        en: "Prices lie outside every limit around the reference price by the exchanges' formula, \
             so that none was stated; probably the exchange left the price alone",
        zh: "当日价格超出按公式所得参考价的一切涨跌幅限制，因此未采用该参考价；交易所可能未作除权",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

const AFTER: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Rows are later than the newest record of TDX's gbbq, so that ex-rights days among them \
             are not known; its newest record is of",
        zh: "这些行晚于通达信gbbq的最新记录，其中的除权除息日无从得知；最新记录日期为",
    },
    hint: Said {
        en: "Let the terminal update its data, and import again.",
        zh: "请在通达信终端更新数据后重新导入。",
    },
    cost: Cost::Kept,
};

const GAP: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Ex-rights days follow sessions that no file of the import holds, so that the close \
             before them is not known and no reference price was stated",
        zh: "除权除息日之前有交易日在本次导入的文件中全无数据，前收盘价无从得知，因此未采用参考价",
    },
    hint: Said {
        en: "Let the terminal download the missing days, and import the whole folder.",
        zh: "请在通达信终端补全缺失的日线，再导入整个文件夹。",
    },
    cost: Cost::Kept,
};

const UNORDERED: Topic = Topic {
    kind: FindingKind::MissingData,
    what: Said {
        en: "Days are not in order, so that no reference prices of ex-rights days were computed",
        zh: "日期未按先后排列，因此未计算除权除息参考价",
    },
    hint: Said::NONE,
    cost: Cost::Kept,
};

impl ExRights {
    /// A day's cash, bonus shares, and shares of a rights issue with the price of one; all in
    /// millionths.
    pub fn of(date: i32, cash: i64, bonus: i64, (rights, price): (i64, i64)) -> ExRights {
        let [cash, bonus, rights, price] = [cash, bonus, rights, price].map(i128::from);
        ExRights { date, cash, bonus, rights, paid: rights * price }
    }

    /// What it consists of: the date and its amounts.
    pub fn numbers(&self) -> [i128; 5] {
        [self.date.into(), self.cash, self.bonus, self.rights, self.paid]
    }

    /// Orders events by day and joins those of one; an event that is repeated counts once.
    pub fn settle(days: &mut Vec<ExRights>) {
        days.sort_unstable();
        days.dedup();
        days.dedup_by(|later, first| {
            let same = later.date == first.date;
            if same {
                first.cash += later.cash;
                first.bonus += later.bonus;
                first.rights += later.rights;
                first.paid += later.paid;
            }
            same
        });
    }

    /// The reference price after a close, both in fen; `None` if nothing is left of it.
    fn reference(&self, prev_close: i64) -> Option<i64> {
        // Both in 10⁻¹²: fen of ten shares, and ten shares with what was added to them.
        let worth = i128::from(prev_close) * TEN * 1_000_000 - self.cash * 100 * 1_000_000
            + self.paid * 100;
        let shares = (TEN + self.bonus + self.rights) * 1_000_000;
        let fen = i64::try_from((2 * worth + shares).div_euclid(2 * shares)).ok()?;
        Some(fen).filter(|fen| *fen > 0)
    }
}

/// The reference price of each row, and what is to be said of them.
#[derive(Debug, Default)]
pub(super) struct References {
    /// In fen; `None` on days that are no ex-rights days, or where it is not known.
    pub fen: Vec<Option<i64>>,
    pub faults: Vec<Fault>,
}

impl References {
    /// Those of a day file's records, by the share's events in order; nothing is known of events
    /// after the newest record, a date as 20260212. A reference needs the close of the session
    /// before, or a suspension since: days that were downloaded, for other shares.
    /// What is to be said is said of the wanted rows alone.
    pub fn of(
        symbol: Symbol,
        (records, wanted): (&RecordBatch, &Range<usize>),
        (events, newest): (&[ExRights], i32),
        downloaded: &mut Downloaded<'_>,
    ) -> References {
        let mut found = References { fen: vec![None; records.num_rows()], ..References::default() };
        let Some(days) = Days::of(records) else { return found };
        if !days.ordered() {
            found.note(UNORDERED, wanted.start, wanted, || symbol.to_string());
            return found;
        }
        let mut events = events.iter().peekable();
        let mut last: Option<usize> = None;
        for row in days.traded() {
            let date = days.date[row];
            if date > newest {
                found.note(AFTER, row, wanted, || written(newest));
            }
            let mut reference = last.map(|last| days.close[last]);
            let (mut any, mut rights) = (false, false);
            while let Some(event) = events.next_if(|event| event.date <= date) {
                reference = reference.and_then(|close| event.reference(close));
                (any, rights) = (true, rights || event.rights > 0);
            }
            if let (true, Some(last), Some(fen)) = (any, last, reference) {
                let close = days.close[last];
                let example = || {
                    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
                    format!("{symbol} {} {} → {}", written(date), yuan(close), yuan(fen))
                };
                if !downloaded.between(symbol.exchange(), days.date[last], date) {
                    found.note(GAP, row, wanted, example);
                } else if !days.within(row, fen, widest(symbol)) {
                    found.note(BEYOND, row, wanted, example);
                } else {
                    found.fen[row] = Some(fen);
                    found.note(STATED, row, wanted, example);
                    if rights {
                        found.note(OF_RIGHTS, row, wanted, example);
                    }
                }
            }
            last = Some(row);
        }
        found
    }

    /// Counts a wanted row under a topic; the first one is the example.
    fn note(
        &mut self,
        topic: Topic,
        row: usize,
        wanted: &Range<usize>,
        example: impl FnOnce() -> String,
    ) {
        if !wanted.contains(&row) {
            return;
        }
        match self.faults.iter_mut().find(|fault| fault.topic == topic) {
            Some(fault) => fault.rows += 1,
            None => {
                let place = (row - wanted.start) as u64 + 1;
                let example = as_it_is(example());
                self.faults.push(Fault { topic, rows: 1, place, day: None, example });
            }
        }
    }
}

/// The columns of a day file that references rest on.
struct Days<'a> {
    date: &'a [i32],
    high: &'a [i64],
    low: &'a [i64],
    close: &'a [i64],
    volume: &'a [i64],
}

impl<'a> Days<'a> {
    fn of(records: &'a RecordBatch) -> Option<Days<'a>> {
        let of = |name: &str| {
            let column = records.column_by_name(name)?.as_primitive_opt::<Int64Type>()?;
            Some(&column.values()[..])
        };
        let date = records.column_by_name("date")?.as_primitive_opt::<Int32Type>()?;
        Some(Days {
            date: &date.values()[..],
            high: of("high")?,
            low: of("low")?,
            close: of("close")?,
            volume: of("volume")?,
        })
    }

    fn ordered(&self) -> bool {
        self.date.windows(2).all(|pair| pair[0] < pair[1])
    }

    /// The rows with trade at prices that are some.
    fn traded(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.date.len()).filter(|row| {
            let (high, low, close) = (self.high[*row], self.low[*row], self.close[*row]);
            self.volume[*row] > 0 && 0 < low && low <= close && close <= high
        })
    }

    /// Whether a day's prices lie within so many hundredths of a reference price.
    fn within(&self, row: usize, reference: i64, percent: i64) -> bool {
        // Limits are rounded to a fen.
        let [up, down] = [100 + percent, 100 - percent].map(|part| reference * part);
        let holds = self.high[row] * 100 <= up + 100 && self.low[row] * 100 >= down - 100;
        holds || self.date[row] < LIMITS_FROM
    }
}

/// The widest limit that a share of the board has had on days with limits, in hundredths.
fn widest(symbol: Symbol) -> i64 {
    match symbol.board() {
        Some(Board::Bse) => 30,
        Some(Board::ChiNext | Board::Star) => 20,
        Some(Board::Main) | None => 10,
    }
}

/// A date as it is written: 2026-02-12.
pub(super) fn written(date: i32) -> String {
    format!("{}-{:02}-{:02}", date / 10_000, date / 100 % 100, date % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An event from texts in yuan and shares for ten shares.
    fn event(date: i32, cash: &str, bonus: &str, rights: &str, price: &str) -> ExRights {
        let scale = crate::spelling::decimal::Scale { power: 6, step: 1 };
        let of = |text: &str| scale.text(text).unwrap();
        ExRights::of(date, of(cash), of(bonus), (of(rights), of(price)))
    }

    #[test]
    fn the_formula_is_that_of_the_exchanges() {
        for (prev_close, (cash, bonus, rights, price), reference) in [
            // 10派2送3配2@5 after 10.00.
            (1_000, ("2", "3", "2", "5"), Some(720)),
            (1_000, ("0", "0", "0", "0"), Some(1_000)),
            (1_000, ("0", "10", "0", "0"), Some(500)),
            // Half a fen is rounded up, less is not.
            (1_001, ("0", "10", "0", "0"), Some(501)),
            (1_000, ("0.05", "0", "0", "0"), Some(1_000)),
            (1_000, ("0.050001", "0", "0", "0"), Some(999)),
            (141_000, ("170.25", "0", "0", "0"), Some(139_298)),
            // Nothing is left.
            (1_000, ("100", "0", "0", "0"), None),
            (1_000, ("1000000", "0", "0", "0"), None),
        ] {
            let event = event(20_260_212, cash, bonus, rights, price);
            assert_eq!(event.reference(prev_close), reference, "{event:?}");
        }
    }

    #[test]
    fn events_of_a_day_are_joined_and_repeated_ones_count_once() {
        let cash = event(20_260_212, "1", "0", "0", "0");
        let rights = event(20_260_212, "0", "0", "2", "5");
        let later = event(20_260_213, "1", "0", "0", "0");
        let mut days = vec![later, rights, cash, cash];
        ExRights::settle(&mut days);
        assert_eq!(days, [event(20_260_212, "1", "0", "2", "5"), later]);
    }

    #[test]
    fn limits_are_those_of_the_board_and_rounded_to_a_fen() {
        let percent = |symbol: &str| widest(symbol.parse().unwrap());
        assert_eq!(["600001.SH", "000002.SZ"].map(percent), [10, 10]);
        assert_eq!(["300001.SZ", "688001.SH", "920001.BJ"].map(percent), [20, 20, 30]);
        let within = |date: i32, low: i64, high: i64| {
            let (date, high, low) = ([date], [high], [low]);
            let days = Days { date: &date, high: &high, low: &low, close: &low, volume: &[1] };
            days.within(0, 500, 10)
        };
        assert!(within(20_260_212, 449, 551));
        assert!(!within(20_260_212, 449, 552) && !within(20_260_212, 448, 551));
        assert!(within(19_961_215, 1, 9_999) && !within(19_961_216, 1, 9_999));
    }

    proptest! {
        #[test]
        fn any_numbers_have_a_reference_or_none(
            prev_close in 0_i64..=i64::from(u32::MAX),
            numbers in any::<[u32; 4]>(),
        ) {
            let [cash, bonus, rights, price] = numbers.map(|n| i64::from(n) * 232);
            let event = ExRights::of(20_260_212, cash, bonus, (rights, price));
            if let Some(reference) = event.reference(prev_close) {
                prop_assert!(reference > 0);
            }
        }
    }
}
