//! What only quotes show of single securities: seals at the limit-up price, and the afternoon.

use fupan_fact::{Unit, Value};
use fupan_market::{Return, Seals, SecurityDay};

use crate::measure::{Kind, Measure, Needs, Text, text};
use crate::total::value::of_unit;

const SEALED: Text = text(
    "截至该时刻曾封住涨停的股票（按分时数据）",
    "securities that were sealed at their limit-up price at some time up to the instant, according \
     to quotes",
);

const fn of_seals(
    id: &'static str,
    label: Text,
    definition: Text,
    unit: Unit,
    read: fn(&SecurityDay) -> Option<Value>,
    column: &'static str,
) -> Measure {
    Measure {
        id,
        label,
        definition,
        unit,
        version: 1,
        needs: Needs::LIMITS,
        kind: Kind::Intraday { population: SEALED, read, step: "seal_day", column },
    }
}

fn time(second: u32) -> Value {
    of_unit(Unit::Time, i128::from(second))
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    of_seals(
        "first_seal_time",
        text("首次封板时间", "First seal time"),
        text(
            "首个以涨停价收结的分时数据的时刻；当日首笔以涨停价开出亦算；精确到分时数据的间隔",
            "The time of the first quote whose last price is the limit-up price, or of the \
             session's first quote if it opens there; accurate to the interval of the quotes.",
        ),
        Unit::Time,
        |day| day.seals.map(|Seals { first, .. }| time(first)),
        "first_seal",
    ),
    of_seals(
        "last_seal_time",
        text("最后封板时间", "Last seal time"),
        text(
            "最近一次由未封转为封住涨停的分时数据的时刻；打开后在同一根内回封亦算",
            "The time of the last quote at which the security went from unsealed to sealed at \
             limit-up; opening and resealing within one quote counts too.",
        ),
        Unit::Time,
        |day| day.seals.map(|Seals { last, .. }| time(last)),
        "last_seal",
    ),
    of_seals(
        "times_opened",
        text("开板次数", "Times opened"),
        text(
            "封住涨停后成交价低于涨停价的次数，以分时数据所见为限，一根之内至多计一次",
            "How often the security traded below the limit-up price after a seal, as far as quotes \
             show; at most once per quote.",
        ),
        Unit::Times,
        |day| day.seals.map(|Seals { opened, .. }| of_unit(Unit::Times, i128::from(opened))),
        "times_opened",
    ),
    Measure {
        id: "afternoon_return",
        label: text("午后涨跌幅", "Return since the lunch break"),
        definition: text(
            "最新价除以上午最后成交价再减一；上午最后成交价以十一时三十分的分时数据为准",
            "The last price over the last price of the morning, as quotes showed it at half past \
             eleven, minus one.",
        ),
        unit: Unit::Ppb,
        version: 1,
        needs: Needs::PRICES,
        kind: Kind::Intraday {
            population: text(
                "午后涨跌至少百分之五的股票（按分时数据）",
                "securities that rose or fell by at least 5 % since the lunch break, according to \
                 quotes",
            ),
            read: afternoon,
            step: "afternoon_day",
            column: "afternoon_ret",
        },
    },
];

/// The least move since the morning that is reported, in parts of one.
pub(crate) const SURGE: i64 = Return::PARTS / 20;

fn afternoon(day: &SecurityDay) -> Option<Value> {
    let ppb = day.afternoon_return()?;
    (ppb.0.abs() >= SURGE).then_some(Value::Return { ppb })
}
