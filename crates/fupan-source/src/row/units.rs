//! Checks whether the units that a recipe declares fit the file.
//!
//! There are four kinds of evidence, each an exact comparison of integers:
//! - turnover divided by volume is the session's average price, and must lie between low and high;
//! - a close is seldom far from its previous close, and seldom equal to it if the price moved;
//! - the median A-share costs from a few yuan to a few tens, and trades tens of millions of yuan a
//!   session. This holds for no single stock, so it is checked only for many;
//! - the median share of a board trades about as much as that of the other boards, and as that of
//!   the session before ([`traded`]).

use std::collections::HashSet;

use fupan_market::{Exchange, Finding, FindingKind, Place, Price, Symbol, Wording};
use fupan_table::Table;

use crate::finding::topics::Checked;
use crate::finding::{Said, as_it_is, topics};
use crate::recipe::{Meaning, Recipe, TableRecipe};
use crate::row::units::traded::Traded;

mod traded;

/// Fewest securities of a file needed to judge the median one.
const SECURITIES_MIN: usize = 200;

/// The median price of A-shares since 2010, in 0.0001 yuan, with margin on both sides: it moved
/// between 6 and 20 yuan.
const MIDDLE_PRICE: std::ops::Range<i64> = 20_000..450_000;

/// The median turnover of Shanghai and Shenzhen stocks since 2010, in 0.0001 yuan, with margin: it
/// moved between 30 and 250 million yuan.
const MIDDLE_TURNOVER: std::ops::Range<i128> = 20_000_000_000..30_000_000_000_000;

/// 2010-01-01 in days since 1970-01-01: before it the median values above do not hold.
const MIDDLE_SINCE: i32 = 14_610;

/// Powers of ten counted separately on each side of one.
const POWERS: i32 = 6;

/// Fewest rows of funds needed to judge whether their prices are rounded to fen: of ten prices of a
/// fund one is a whole number of them.
const FUND_ROWS_MIN: u64 = 50;

/// Shares of a lot.
pub(crate) const LOT: i64 = 100;

/// Fewest rows with a moved price needed to judge whether any closes away from its previous close.
const MOVED_ROWS_MIN: u64 = 20;

/// Evidence on units from the rows of a file of prices.
#[derive(Debug, Default)]
pub(crate) struct Units {
    /// Rows with turnover, and how many of them fail.
    average_rows: u64,
    average_failures: u64,
    /// Failures of rows that were kept.
    kept_failures: u64,
    first_failure: Option<Place>,
    /// Failures by power of ten of turnover / volume / price; the last entry counts the rest.
    powers: [u64; 2 * POWERS as usize + 2],
    /// Rows with a previous close, and how many closes are above 1.5 times or below two thirds of
    /// it.
    jump_rows: u64,
    jumps: u64,
    /// Rows of a whole session with a previous close whose price moved, and how many of them close
    /// at the previous close.
    moved_rows: u64,
    unmoved: u64,
    /// Shanghai and Shenzhen rows since 2010, and how many have a price or price × volume outside
    /// the median ranges.
    middle_rows: u64,
    price_low: u64,
    price_high: u64,
    turnover_low: u64,
    turnover_high: u64,
    securities: HashSet<Symbol>,
    /// Price × volume of the rows, by board and session.
    traded: Traded,
    /// Rows of funds since 2010, and how many of them have no price below a hundredth of a yuan.
    fund_rows: u64,
    whole_fen: u64,
}

/// The most that a row may trade, in 0.0001 yuan: 400 billion yuan. The largest session of a single
/// A-share so far was less than a quarter of it.
const MOST_TRADED: i128 = 4_000_000_000_000_000;

/// The fields of a traded row that are evidence on units; prices in 0.0001 yuan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub symbol: Symbol,
    pub day: i32,
    pub high: i64,
    pub low: i64,
    pub close: i64,
    pub prev_close: Option<i64>,
    pub volume: i64,
    pub turnover_fen: Option<i64>,
    pub extent: Extent,
}

/// How much of a session a row covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    Session,
    Part,
}

/// The result of weighing the evidence.
#[derive(Debug)]
pub(crate) enum Verdict {
    Fit(Vec<Finding>),
    Wrong { evidence: Wording, remedy: Wording },
}

impl Units {
    /// Adds one traded row to the evidence. A row that cannot be right in any unit is refused.
    pub fn weigh(&mut self, row: Row, place: impl FnOnce() -> Place) -> Checked {
        let traded = i128::from(row.close) * i128::from(row.volume);
        self.traded.add(row.symbol, (row.extent == Extent::Session).then_some(row.day), traded);
        if let Some(prev) = row.prev_close
            && row.extent == Extent::Session
            && row.high > row.low
        {
            self.moved_rows += 1;
            self.unmoved += u64::from(row.close == prev);
        }
        self.weigh_itself(row, place)?;
        if row.day >= MIDDLE_SINCE && row.symbol.exchange() != Exchange::Bse {
            self.middle_rows += 1;
            self.price_low += u64::from(row.close < MIDDLE_PRICE.start);
            self.price_high += u64::from(row.close >= MIDDLE_PRICE.end);
            let whole = row.extent == Extent::Session;
            self.turnover_low += u64::from(whole && traded < MIDDLE_TURNOVER.start);
            self.turnover_high += u64::from(whole && traded >= MIDDLE_TURNOVER.end);
            if self.securities.len() < SECURITIES_MIN {
                self.securities.insert(row.symbol);
            }
        }
        Ok(())
    }

    /// [`Units::weigh`] of a fund. What is known of the prices and the turnover of A-shares says
    /// nothing about it.
    pub fn weigh_fund(&mut self, row: Row, place: impl FnOnce() -> Place) -> Checked {
        if row.day >= MIDDLE_SINCE {
            self.fund_rows += 1;
            let is_whole = |price: i64| price % Price::UNITS_PER_FEN == 0;
            let whole = [row.high, row.low, row.close].into_iter().all(is_whole);
            self.whole_fen += u64::from(whole);
        }
        self.weigh_itself(row, place)
    }

    /// What a row says of its own units, whatever it is of.
    fn weigh_itself(&mut self, row: Row, place: impl FnOnce() -> Place) -> Checked {
        if let Some(prev) = row.prev_close {
            self.jump_rows += 1;
            self.jumps += u64::from(row.close * 2 > prev * 3 || row.close * 3 < prev * 2);
        }
        if let Some(fen) = row.turnover_fen {
            self.average_rows += 1;
            if !average_fits(row, fen) {
                self.average_failures += 1;
                self.powers[power_place(row, fen)] += 1;
                if average_is_astray(row, fen) {
                    return Err((topics::TURNOVER_ASTRAY, "turnover"));
                }
                self.kept_failures += 1;
                self.first_failure.get_or_insert_with(place);
            }
        }
        match i128::from(row.close) * i128::from(row.volume) > MOST_TRADED {
            true => Err((topics::OUTSIZED, "volume")),
            false => Ok(()),
        }
    }

    /// The verdict over all rows, which fill the first of these tables that the recipe has.
    pub fn verdict(&self, recipe: &Recipe, tables: &[Table], file: &str) -> Verdict {
        let priced = |t: &&TableRecipe| tables.contains(&t.table);
        let Some(table) = recipe.tables.iter().find(priced) else {
            return Verdict::Fit(Vec::new());
        };
        let average = || self.average_evidence(table);
        if self.average_failures * 2 > self.average_rows {
            return Verdict::Wrong { evidence: average(), remedy: self.average_remedy(table) };
        }
        if self.jumps * 2 > self.jump_rows {
            let evidence = self.jumps_counted(table, "close");
            let (close, prev) = (name(table, "close"), name(table, "prev_close"));
            let remedy = Wording::new(
                format!("check that {close} and {prev} are in the units that the recipe declares"),
                format!("请检查{close}和{prev}的单位是否与配方所写的一致"),
            );
            return Verdict::Wrong { evidence, remedy };
        }
        let volume = name(table, "volume");
        let apart =
            || self.traded.board_apart(&volume).or_else(|| self.traded.session_apart(&volume));
        if let Some((evidence, remedy)) = self.middle(table).or_else(apart) {
            return Verdict::Wrong { evidence, remedy };
        }
        let doubts =
            [self.traded.few_rows_apart(file), self.nobody_moved(table, file), self.rounded(file)];
        let mut findings: Vec<Finding> = doubts.into_iter().flatten().collect();
        if self.kept_failures > 0 {
            findings.push(Finding {
                kind: FindingKind::SuspectUnits,
                count: self.kept_failures,
                subject: String::new(),
                detail: average(),
                hint: Wording::new(
                    "Compare these rows with another source; they were kept.",
                    "请与另一来源核对这些行；已保留。",
                ),
                place: self.first_failure.clone(),
            });
        }
        if self.jumps * 20 > self.jump_rows {
            findings.push(Finding {
                kind: FindingKind::SuspectUnits,
                count: self.jumps,
                subject: String::new(),
                detail: self.jumps_counted(table, "Close"),
                hint: Wording::new(
                    "Check the units of both columns in the recipe; the rows were kept.",
                    "请检查配方中这两列的单位；已保留这些行。",
                ),
                place: Some(Place { file: file.to_owned(), row: None, column: None }),
            });
        }
        Verdict::Fit(findings)
    }

    /// A finding if the column of previous closes seems to hold the session's own closes. Of shares
    /// whose price moved in a session one in twenty closes at its previous close, of the cheapest
    /// one in three.
    fn nobody_moved(&self, table: &TableRecipe, file: &str) -> Option<Finding> {
        let (unmoved, rows, prev) = (self.unmoved, self.moved_rows, name(table, "prev_close"));
        (rows >= MOVED_ROWS_MIN && unmoved * 4 >= rows * 3).then(|| Finding {
            kind: FindingKind::SuspectUnits,
            count: unmoved,
            subject: String::new(),
            detail: Wording::new(
                format!(
                    "The previous close equals the close on {unmoved} of {rows} traded rows whose \
                     price moved: these shares count as unchanged"
                ),
                format!(
                    "{rows}行价格有变动的记录中，{unmoved}行的前收盘价就是收盘价：这些股票会计为平盘"
                ),
            ),
            hint: Wording::new(
                format!(
                    "{prev} may hold the session's own close: leave it out of the recipe, or \
                     import a file with the previous session's close; the rows were kept."
                ),
                format!(
                    "{prev}可能是当日收盘价：请在配方中去掉该列，或导入含前一交易日收盘价的文件；已\
                     保留这些行。"
                ),
            ),
            place: Some(Place { file: file.to_owned(), row: None, column: None }),
        })
    }

    /// A finding if the prices of funds seem to be rounded to fen.
    fn rounded(&self, file: &str) -> Option<Finding> {
        let rows = self.fund_rows;
        (rows >= FUND_ROWS_MIN && self.whole_fen == rows).then(|| Finding {
            kind: FindingKind::SuspectUnits,
            count: rows,
            subject: Table::FundBar.name().to_owned(),
            detail: Wording::new(
                format!(
                    "All prices of {rows} rows of funds are whole fen, but funds trade in \
                     thousandths of a yuan: they seem to be rounded"
                ),
                format!("{rows}行基金的价格都是整分，而基金以千分之一元报价：价格似乎经过舍入"),
            ),
            hint: Wording::new(
                "Import a file with three decimals; the rows were kept.",
                "请改用保留三位小数的文件；已保留这些行。",
            ),
            place: Some(Place { file: file.to_owned(), row: None, column: None }),
        })
    }

    /// The number of rows that jump, in words; `close` is the first word of the English sentence.
    fn jumps_counted(&self, table: &TableRecipe, close: &str) -> Wording {
        let (jumps, rows, of) = (self.jumps, self.jump_rows, whose(table));
        Wording::new(
            format!(
                "{close} and previous close differ by half or more on {jumps} of {rows} traded rows{}",
                of.en
            ),
            format!("{rows}行有成交的{}记录中，{jumps}行的收盘价与前收盘价相差一半以上", of.zh),
        )
    }

    fn average_evidence(&self, table: &TableRecipe) -> Wording {
        let shape = match self.common_power().map(factor) {
            Some(factor) => Wording::new(
                format!(", mostly by a factor of about {factor}"),
                format!("，多数相差约{factor}倍"),
            ),
            None => Wording::none(),
        };
        let (failures, rows, of) = (self.average_failures, self.average_rows, whose(table));
        Wording::new(
            format!(
                "Turnover divided by volume is outside the price range on {failures} of {rows} \
                 traded rows{}{}",
                of.en, shape.en
            ),
            format!(
                "{rows}行有成交的{}记录中，{failures}行的成交额除以成交量落在价格区间之外{}",
                of.zh, shape.zh
            ),
        )
    }

    /// The power of ten by which most failing rows fail.
    fn common_power(&self) -> Option<i32> {
        let (place, count) = self.powers.iter().enumerate().max_by_key(|(_, count)| **count)?;
        let power = i32::try_from(place).ok()? - POWERS;
        (power <= POWERS && power != 0 && count * 2 > self.average_failures).then_some(power)
    }

    /// Which change of units would make most rows fit.
    fn average_remedy(&self, table: &TableRecipe) -> Wording {
        let Some(power) = self.common_power() else {
            return Wording::new(
                "check which columns hold volume and turnover",
                "请检查哪一列是成交量、哪一列是成交额",
            );
        };
        let mut ways: Vec<Wording> = Vec::new();
        let volume = [("shares", 0), ("lots", 2), ("ten-thousand-shares", 4)];
        let money = [
            ("fen", 0),
            ("yuan", 2),
            ("thousand-yuan", 5),
            ("ten-thousand-yuan", 6),
            ("hundred-million-yuan", 10),
        ];
        let of_funds = table.table == Table::FundBar;
        let price = [("yuan", 4), ("fen", 2), ("yuan/1000", 1)];
        let price = if of_funds { &price[..] } else { &price[..2] };
        let close = if table.table == Table::Quote { "last" } else { "close" };
        for (field, sign, units) in
            [("volume", 1, &volume[..]), ("turnover", -1, &money[..]), (close, 1, price)]
        {
            let Some((now, unit)) = declared(table, field) else { continue };
            let wanted = now + sign * power;
            if let Some((fit, _)) = units.iter().find(|(_, power)| *power == wanted) {
                let columns = match field {
                    "close" | "last" => Wording::new("the prices", "各价格列"),
                    other => as_it_is(name(table, other)),
                };
                ways.push(Wording::new(
                    format!("set the unit of {} to `{fit}` instead of `{unit}`", columns.en),
                    format!("请把{}的单位由`{unit}`改为`{fit}`", columns.zh),
                ));
            }
        }
        if power.abs() == 1 && !of_funds {
            ways.push(thousandths(power));
        }
        if ways.is_empty() {
            return Wording::new("check the units of the recipe", "请检查配方中的单位");
        }
        let joined = |of: fn(&Wording) -> &str, or: &str| {
            ways.iter().map(of).collect::<Vec<&str>>().join(or)
        };
        Wording::new(joined(|way| &way.en, ", or "), joined(|way| &way.zh, "，或者"))
    }

    /// Evidence and remedy if the median price or turnover is outside its range.
    fn middle(&self, table: &TableRecipe) -> Option<(Wording, Wording)> {
        if self.securities.len() < SECURITIES_MIN {
            return None;
        }
        let most = |count: u64| count * 2 > self.middle_rows;
        let close = if table.table == Table::Quote { "last" } else { "close" };
        let price_unit = declared(table, close).map_or("", |(_, unit)| unit);
        let volume_remedy = |en: &str, zh: &str| {
            let unit = declared(table, "volume").map_or("", |(_, unit)| unit);
            let volume = name(table, "volume");
            Wording::new(
                format!("{volume} may be in {en}, not in `{unit}`"),
                format!("{volume}可能以{zh}计，而不是`{unit}`"),
            )
        };
        let (count, en, zh, remedy) = if most(self.price_high) {
            let remedy = price_remedy(price_unit);
            (self.price_high, "a close of 45 yuan or more", "收盘价不低于45元", remedy)
        } else if most(self.price_low) {
            let remedy = price_remedy(price_unit);
            (self.price_low, "a close under 2 yuan", "收盘价低于2元", remedy)
        } else if most(self.turnover_low) {
            let remedy = volume_remedy("lots", "手");
            (self.turnover_low, "less than 2 million yuan traded", "成交不足200万元", remedy)
        } else if most(self.turnover_high) {
            let remedy = volume_remedy("shares", "股");
            (self.turnover_high, "more than 3 billion yuan traded", "成交超过30亿元", remedy)
        } else {
            return None;
        };
        let rows = self.middle_rows;
        let evidence = Wording::new(
            format!("{count} of {rows} traded rows have {en}"),
            format!("{rows}行有成交的记录中，{count}行{zh}"),
        );
        Some((evidence, remedy))
    }
}

/// Whose the rows of a table are, where they are not shares': files that hold both fill two tables.
fn whose(table: &TableRecipe) -> Said {
    match table.table {
        Table::FundBar => Said { en: " of funds", zh: "基金" },
        _ => Said::NONE,
    }
}

/// The remedy for prices that are ten times too high or too low.
fn thousandths(power: i32) -> Wording {
    let factor = factor(power.abs());
    let (en, zh) = if power < 0 { ("high", "偏高") } else { ("low", "偏低") };
    Wording::new(
        format!(
            "the prices seem to be {factor} times too {en}: fund and B-share prices are often in \
             thousandths"
        ),
        format!("价格似乎{zh}{factor}倍：基金和B股的价格常以千分之一元为单位"),
    )
}

fn price_remedy(unit: &str) -> Wording {
    let (unit, zh) = if unit == "yuan" { ("fen", "分") } else { ("yuan", "元") };
    Wording::new(
        format!(
            "the prices may be in {unit}, or adjusted: set their unit to `{unit}`, or use a file \
             of unadjusted prices"
        ),
        format!("价格可能以{zh}计，或经过复权：请把单位写作`{unit}`，或改用未复权的文件"),
    )
}

/// Whether turnover / volume lies within the session's range, with a tolerance of one per cent, and
/// of volumes rounded to lots and turnovers rounded to a yuan.
fn average_fits(row: Row, fen: i64) -> bool {
    let turnover = i128::from(fen) * 100;
    let (volume, low, high) = (i128::from(row.volume), i128::from(row.low), i128::from(row.high));
    let least = low * (volume - 100).max(0) * 99;
    let most = high * (volume + 100) * 101;
    (turnover + 10_000) * 100 >= least && (turnover - 10_000) * 100 <= most
}

/// Whether a volume is in lots and not in shares: turnover divided by it is a price of the session
/// only so. Prices in 0.0001 yuan.
pub(crate) fn is_in_lots(volume: i64, (low, high): (i64, i64), fen: i64) -> bool {
    let turnover = i128::from(fen) * 100;
    let fits = |shares: i128, rounding: i128| {
        let least = i128::from(low) * (shares - rounding) * 99;
        let most = i128::from(high) * (shares + rounding) * 101;
        (turnover + 10_000) * 100 >= least && (turnover - 10_000) * 100 <= most
    };
    let (volume, lot) = (i128::from(volume), i128::from(LOT));
    !fits(volume, 0) && fits(volume * lot, lot)
}

/// Whether turnover / volume is so far outside the session's range that one of them belongs to
/// another row. Block trades, which some vendors include, move it by less.
fn average_is_astray(row: Row, fen: i64) -> bool {
    let turnover = i128::from(fen) * 100;
    let (volume, low, high) = (i128::from(row.volume), i128::from(row.low), i128::from(row.high));
    let least = low * (volume - 100).max(0);
    let most = high * (volume + 100);
    (turnover + 10_000) * 4 < least * 3 || (turnover - 10_000) * 3 > most * 4
}

/// The index of the counter for the power of ten by which a row fails.
fn power_place(row: Row, fen: i64) -> usize {
    let middle = (row.high + row.low) as f64 / 2.0;
    let ratio = fen as f64 * 100.0 / row.volume as f64 / middle;
    let power = ratio.log10();
    let nearest = power.round();
    let near = (power - nearest).abs() < 0.1 && nearest.abs() <= f64::from(POWERS);
    if near { (nearest as i32 + POWERS) as usize } else { 2 * POWERS as usize + 1 }
}

fn factor(power: i32) -> String {
    let zeros = "0".repeat(power.unsigned_abs() as usize);
    if power < 0 { format!("1/1{zeros}") } else { format!("1{zeros}") }
}

/// The power of ten and the unit that a recipe declares for a column of the table.
fn declared(table: &TableRecipe, field: &str) -> Option<(i32, &'static str)> {
    let schema = table.table.schema();
    let place = schema.index_of(field).ok()?;
    match table.columns.iter().find(|column| column.field == place)?.meaning {
        Meaning::Number { scale, unit } => Some((scale.power.cast_signed(), unit)),
        _ => None,
    }
}

/// The file's column from which a column of the table is filled, in backticks.
fn name(table: &TableRecipe, field: &str) -> String {
    let place = table.table.schema().index_of(field).ok();
    let column = table.columns.iter().find(|column| Some(column.field) == place);
    format!("`{}`", column.and_then(|column| column.from.column()).unwrap_or(field))
}

#[cfg(test)]
mod tests;
