//! baseline
use std::time::Instant;
use fupan_bench::live_session::{Plan, Session};
use fupan_market::{Calendar, Rulebook, SessionFold};
use fupan_measure::{Live, Opening};
fn main() -> anyhow::Result<()> {
    let n: usize = std::env::args().nth(1).unwrap_or("555000".into()).parse()?;
    let t = Instant::now();
    let s = Session::generate(Plan { securities: 5550, updates: n, seed: 1 })?;
    eprintln!("generated {} arrivals {:?}", s.arrivals.len(), t.elapsed());
    let t = Instant::now();
    let opening = Opening::of(&s.history, Rulebook::builtin(), Calendar::builtin()).unwrap();
    eprintln!("opening {:?}", t.elapsed());
    let mut folds = vec![SessionFold::default(); s.symbols.len()];
    let mut live = Live::default();
    let t = Instant::now();
    for (place, quote) in &s.arrivals {
        let fold = &mut folds[*place as usize];
        fold.arrive(*quote);
        if let Some(day) = opening.day(s.symbols[*place as usize], fold) { live.replace(day); }
    }
    let e = t.elapsed();
    eprintln!("{:?} {} ns/update", e, e.as_nanos() as f64 / s.arrivals.len() as f64);
    let t = Instant::now();
    let mut days = live.days().to_vec();
    days.sort_unstable_by_key(|d| d.symbol);
    let facts = opening.facts(&s.history, days, Some(live.totals()), None, s.instants.last().unwrap().0, &[]);
    eprintln!("facts {} members {} {:?}", facts.facts.len(), facts.members.len(), t.elapsed());
    let per = facts.facts.keys().filter(|k| matches!(k.scope, fupan_measure_scope!())).count();
    let _ = per;
    Ok(())
}
#[macro_export] macro_rules! fupan_measure_scope { () => { _ } }
