//! Returns by size.

use fupan_fact::Unit;
use fupan_market::{PriceLimit, RiskWarning, SecurityDay};

use crate::breadth::day_return;
use crate::measure::{Measure, Members, RestsOn, Sql, Text, text};
use crate::scope::Scopes;
use crate::shape::{Judged, Shape};
use crate::total::RankedCell;

const POPULATION: Text = text(
    "当日有成交的A股，剔除风险警示、退市整理与不设涨跌幅限制的新股",
    "A-shares that traded, without those under risk warning, in the delisting period, or without \
     a price limit",
);

/// Securities in the calmer part of the market, by total market capitalisation at the previous
/// close. A status that no name decides, or unknown shares, leave a security unjudged.
fn by_total_cap(day: &SecurityDay) -> Judged<RankedCell> {
    let warned = crate::scope::risk_warned(day);
    let set_apart = warned
        || day.status.delisting_since.is_some()
        || matches!(day.limit, PriceLimit::Unlimited(_));
    let (false, Judged::In(value)) = (set_apart, day_return(day)) else {
        return if set_apart || day.traded.is_none() { Judged::Outside } else { Judged::Unjudged };
    };
    if day.status.nearest_risk_warning == RiskWarning::Unknown {
        return Judged::Unjudged;
    }
    Judged::of(day.shares.zip(day.prev_close).map(|(shares, price)| RankedCell {
        size: i128::from(shares.total) * i128::from(price.units()),
        symbol: day.symbol,
        value,
    }))
}

/// The declarations.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        id: "micro_cap_return",
        label: text("微盘股涨跌幅", "Micro-cap return"),
        definition: text(
            "按昨收价计总市值最小的四百只股票涨跌幅的算术平均，每日重选；股本已知者不足九成则不给出",
            "The mean return of the four hundred smallest by total market capitalisation at the \
             previous close, chosen anew each session; not told where shares are known for under \
             nine tenths.",
        ),
        population: POPULATION,
        unit: Unit::Ppb,
        version: 1,
        scopes: Scopes::AllA,
        rests_on: RestsOn::Shares,
        members: Members::Counted,
        shape: Shape::MeanOfSmallest(by_total_cap, 400),
        sql: Sql::Query(include_str!("sql/micro_cap_return.sql")),
    },
    Measure {
        id: "size_decile_return",
        label: text("市值十分组涨跌幅", "Return by size decile"),
        definition: text(
            "按昨收价计总市值由小到大等分十组，各组涨跌幅的算术平均，第一组最小",
            "The mean return of each tenth by total market capitalisation at the previous close; \
             the first tenth is the smallest.",
        ),
        population: POPULATION,
        unit: Unit::Ppb,
        version: 1,
        scopes: Scopes::AllA,
        rests_on: RestsOn::Shares,
        members: Members::Counted,
        shape: Shape::MeanPerTenth(by_total_cap),
        sql: Sql::Query(include_str!("sql/size_decile_return.sql")),
    },
];
