//! All that a session says about one fund.

use fupan_market::{Finding, FundHistory, Price, SessionDate, Symbol};
use fupan_measure::Selection;

use crate::funds::{add, alone, facts};
use crate::security::{LATELY_SESSIONS, SecurityReview};
use crate::{Error, Market};

/// All that a session says about a fund, from its own bars alone: the session asked for, or the last
/// complete one of the data; where these have no bars of shares, the last one with a bar of a fund.
/// There are no facts of it if it did not trade, or if the data have no bar of it.
///
/// # Errors
/// A date that is no session; a store that cannot be read, or that has no bars.
pub fn review_fund(
    market: &Market,
    session: Option<SessionDate>,
    fund: Symbol,
) -> Result<SecurityReview, Error> {
    let (on, later) = session_of(market, session)?;
    let selection = Selection::of_funds(vec![fund]);
    let mut loaded = alone(on, Vec::new());
    add(market, &selection, &mut loaded)?;
    let mut facts = facts(market, &selection, &loaded);
    facts.findings.extend(loaded.findings);
    facts.findings.extend(later);
    let first = market.calendar().back(on, LATELY_SESSIONS - 1)?;
    let bars = loaded.history.funds.first();
    let lately = bars.map(|fund| lately(fund, first)).unwrap_or_default();
    Ok(SecurityReview { symbol: fund, facts, lately })
}

/// The session asked for, or the last one of the data, with a finding if a later one is there in part.
fn session_of(
    market: &Market,
    asked: Option<SessionDate>,
) -> Result<(SessionDate, Option<Finding>), Error> {
    if let Some(session) = asked {
        market.calendar().number(session)?;
        return Ok((session, None));
    }
    match (market.session(None), market) {
        (Err(Error::NoBars), Market::Store { store, .. }) => {
            let (_, last) = store.fund_sessions()?.ok_or(Error::NoBars)?;
            Ok((last, None))
        }
        (session, _) => {
            let session = session?;
            Ok((session, market.later_in_part(None, session)?))
        }
    }
}

/// The closes from a session on, each with the price that the day's change counts from.
fn lately(
    fund: &FundHistory,
    first: Option<SessionDate>,
) -> Vec<(SessionDate, Option<Price>, Price)> {
    let (mut days, mut last) = (Vec::new(), None);
    for bar in &fund.bars {
        let Some(traded) = bar.traded else { continue };
        if first.is_none_or(|first| bar.session >= first) {
            days.push((bar.session, bar.prev_close.or(last), traded.last));
        }
        last = Some(traded.last);
    }
    days
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use fupan_fact::{Basis, Fact, FactKey, FactSet, Scope, Value};
    use fupan_market::{DailyBar, Fen, Traded, Turnover, TurnoverBasis, Wording};
    use fupan_store::{SourceChoice, Store};
    use fupan_table::{Import, ImportId, Table, fund_bar_batch};

    use super::*;
    use crate::audit::{CrossCheck, audit_set, single};
    use crate::fact_table::Filter;
    use crate::{backfill, review, review_asked, sample, sessions};

    /// Funds: with a stated previous close, without one, after a session that the data lack, after a
    /// split, and one that does not trade in the last session.
    const FUNDS: [&str; 5] = ["510300.SH", "159915.SZ", "512880.SH", "510500.SH", "508000.SH"];

    fn symbol(text: &str) -> Symbol {
        text.parse().unwrap()
    }

    fn price(thousandths: i64) -> Price {
        Price::from_units(thousandths * 10).unwrap()
    }

    /// A bar whose prices are near a close in thousandths of a yuan.
    fn bar(session: SessionDate, prev_close: Option<i64>, close: Option<i64>) -> DailyBar {
        let traded = close.map(|close| {
            let turnover = Turnover { fen: Fen(close * 100_000), basis: TurnoverBasis::Reported };
            let [open, high, low] = [close - 1, close + 3, close - 4].map(price);
            Traded { open, high, low, last: price(close), volume: 1_000_000, turnover }
        });
        DailyBar { session, prev_close: prev_close.map(price), traded }
    }

    fn import(source: &str, bars: Vec<(Symbol, DailyBar)>) -> Import {
        let batch = fund_bar_batch(bars).unwrap();
        Import {
            id: ImportId(format!("{source:0<64}")),
            source: source.to_owned(),
            recipe: "made".to_owned(),
            file: source.to_owned(),
            digest: format!("{source:1<64}"),
            rows_read: batch.num_rows() as u64,
            batches: vec![(Table::FundBar, batch)],
            rows_left_out: 0,
            lost: Vec::new(),
            rows_not_covered: 0,
            layout: Wording::none(),
            findings: Vec::new(),
        }
    }

    /// The sample with funds in its last sessions, of two sources.
    fn put_funds(folder: &Path) {
        let store = Store::open(folder).unwrap();
        let (_, last) = store.sessions().unwrap().unwrap();
        let calendar = store.rulebook().calendar();
        let on = |back| calendar.back(last, back).unwrap().unwrap();
        let [stated, derived, gap, split, away] = FUNDS.map(symbol);
        let mut bars = Vec::new();
        for back in 0..30 {
            let close = 4_000 + i64::from(back % 7) * 11;
            bars.push((stated, bar(on(back), Some(close + 5), Some(close))));
            // Suspended for two sessions.
            let traded = !(3..5).contains(&back);
            bars.push((derived, bar(on(back), None, traded.then_some(1_500 + i64::from(back)))));
            bars.push((split, bar(on(back), None, Some(if back == 0 { 1_000 } else { 2_000 }))));
            if back != 1 {
                bars.push((gap, bar(on(back), None, Some(900))));
            }
            bars.push((away, bar(on(back), Some(3_000), (back > 0).then_some(3_001))));
        }
        store.append(&import("a", bars)).unwrap();
        // Another source, which is second where it states no previous close, and first where the other
        // has none.
        let other = [
            (stated, bar(on(0), None, Some(9_999))),
            (gap, bar(on(1), Some(900), Some(905))),
            (derived, bar(on(2), Some(1_499), Some(1_502))),
        ];
        store.append(&import("b", other.to_vec())).unwrap();
    }

    fn market(folder: &Path) -> Market {
        Market::Store { store: Store::open(folder).unwrap(), choice: SourceChoice::Best }
    }

    fn of_funds(set: &FactSet) -> Vec<Fact> {
        let is_of = |key: &FactKey| match key.scope {
            Scope::Security(symbol) => FUNDS.contains(&&*symbol.to_string()),
            _ => false,
        };
        set.facts.values().filter(|fact| is_of(&fact.key)).cloned().collect()
    }

    fn value(set: &FactSet, measure: &str, fund: &str) -> Option<Value> {
        let key = format!("{measure}/{fund}/{}/close", set.session).parse().unwrap();
        set.get(&key).map(|fact| fact.value.clone())
    }

    /// A store with funds gives the same facts of shares as one without, with and without derived
    /// tables; those of funds are the same by every road, and SQL agrees with all of them.
    #[test]
    fn funds_have_figures_of_their_own_and_change_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let without = sample::stored(&sample::small(), folder.path()).unwrap();
        let (_, last) = without.sessions().unwrap();
        let plain = review(&without, Some(last)).unwrap();
        put_funds(folder.path());
        let market = market(folder.path());
        assert_eq!(review(&market, Some(last)).unwrap(), plain);

        let funds = FUNDS.map(symbol);
        let asked = |market: &Market| review_asked(market, Some(last), &[], &funds, &[]).unwrap();
        let set = asked(&market);
        let own = of_funds(&set);
        assert_eq!(own.len(), 40, "ten figures of four funds");
        let mut rest = set.clone();
        rest.facts.retain(|key, _| plain.get(key).is_some());
        assert_eq!((rest.facts, set.facts.len()), (plain.facts.clone(), plain.facts.len() + 40));
        for fund in funds {
            let page = review_fund(&market, Some(last), fund).unwrap();
            let of_fund = |fact: &&Fact| fact.key.scope == Scope::Security(fund);
            let expected: Vec<Fact> = own.iter().filter(of_fund).cloned().collect();
            assert_eq!(of_funds(&page.facts), expected, "{fund}");
            assert_eq!(page.facts.facts.len(), expected.len());
            assert!(!page.lately.is_empty());
        }
        is_audited(&market, &set);

        backfill(Store::open(folder.path()).unwrap(), &mut |_, _| ()).unwrap();
        let kept = self::market(folder.path());
        assert!(kept.kept(last).unwrap().is_some());
        assert_eq!(of_funds(&asked(&kept)), own);
        let scopes = FUNDS.map(str::to_owned).to_vec();
        let filter = Filter { measures: Vec::new(), scopes };
        let (mut ranged, before) = (Vec::new(), kept.calendar().back(last, 3).unwrap().unwrap());
        sessions::facts(&kept, before, last, &filter, &mut |_, _| (), &mut |set| {
            ranged.extend(of_funds(&set));
            Ok(())
        })
        .unwrap();
        let values = |facts: &[Fact]| {
            let on_last = facts.iter().filter(|fact| fact.key.session == last);
            on_last.map(|fact| (fact.key.clone(), fact.value.clone())).collect::<Vec<_>>()
        };
        assert_eq!(values(&ranged), values(&own));
        assert!(ranged.iter().any(|fact| fact.key.session == before));
    }

    /// SQL agrees with every fact, has no other, and a single figure is told the same.
    fn is_audited(market: &Market, set: &FactSet) {
        let audit = audit_set(market, set.clone()).unwrap();
        assert_eq!((audit.differences, audit.without_twin), (Vec::new(), 0));
        for fact in of_funds(set) {
            let told = single::ask(market, set, &fact).unwrap();
            assert!(matches!(told, CrossCheck::Agrees { .. }), "{}: {told:?}", fact.key);
            let wrong = Fact { value: Value::Count { count: 7 }, ..fact };
            let told = single::ask(market, set, &wrong).unwrap();
            assert!(matches!(told, CrossCheck::Differs { .. }), "{}: {told:?}", wrong.key);
        }
    }

    #[test]
    fn a_fund_is_told_as_far_as_it_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let plain = sample::stored(&sample::small(), folder.path()).unwrap();
        let (_, last) = plain.sessions().unwrap();
        put_funds(folder.path());
        let market = market(folder.path());
        let set = review_asked(&market, Some(last), &[], &FUNDS.map(symbol), &[]).unwrap();
        let of = |measure: &str, fund: &str| value(&set, measure, fund);
        let unknown = |reason: &str| Some(Value::Unknown { reason: reason.to_owned() });
        let told = |thousandths| Some(Value::Price { price: price(thousandths) });
        // The source with a previous close stands before one without.
        assert_eq!(of("fund_close", "510300.SH"), told(4_000));
        assert_eq!(of("fund_prev_close", "510300.SH"), told(4_005));
        assert_eq!(of("fund_prev_close", "159915.SZ"), told(1_501));
        // The other source has the bar that one lacks.
        assert_eq!(of("fund_prev_close", "512880.SH"), told(905));
        assert_eq!(of("fund_return", "510500.SH"), unknown("no_prev_close"));
        assert_eq!(of("fund_close", "508000.SH"), None);
        let basis = |fund: &str| {
            let key = format!("fund_return/{fund}/{last}/close").parse().unwrap();
            set.get(&key).unwrap().provenance.basis
        };
        assert_eq!([basis("510300.SH"), basis("159915.SZ")], [Basis::Exact, Basis::Derived]);

        let Market::Store { store, .. } = market else { panic!("a store") };
        let named = Market::Store { store, choice: SourceChoice::Named("a".to_owned()) };
        let set = review_fund(&named, Some(last), symbol("512880.SH")).unwrap().facts;
        let key = format!("fund_prev_close/512880.SH/{last}/close").parse::<FactKey>().unwrap();
        // A named source takes precedence, and what it lacks another has.
        assert_eq!(set.get(&key).unwrap().value, Value::Price { price: price(905) });
    }

    /// A store of nothing but funds has pages of them.
    #[test]
    fn funds_need_no_shares() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_or_create(folder.path()).unwrap();
        let on = |text: &str| text.parse::<SessionDate>().unwrap();
        let fund = symbol("510300.SH");
        let bars = [
            (fund, bar(on("2026-02-11"), None, Some(4_000))),
            (fund, bar(on("2026-02-12"), None, Some(4_040))),
        ];
        store.append(&import("a", bars.to_vec())).unwrap();
        let market = market(folder.path());
        let page = review_fund(&market, None, fund).unwrap();
        assert_eq!(page.facts.session, on("2026-02-12"));
        let returned = value(&page.facts, "fund_return", "510300.SH");
        assert_eq!(returned, Some(Value::Return { ppb: fupan_market::Return(10_000_000) }));
        assert_eq!(page.lately.len(), 2);
        let first = review_fund(&market, Some(on("2026-02-11")), fund).unwrap();
        let unknown = Value::Unknown { reason: "no_prev_close".to_owned() };
        assert_eq!(value(&first.facts, "fund_return", "510300.SH"), Some(unknown));
        let none = review_fund(&market, Some(on("2026-02-10")), fund).unwrap();
        assert!(none.facts.facts.is_empty() && none.lately.is_empty());
        assert!(matches!(review(&market, None), Err(Error::NoBars)));
    }
}
