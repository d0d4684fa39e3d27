//! baseline
use fupan_bench::live_session::{Plan, Session};
use fupan_market::{Calendar, Rulebook};
use fupan_measure::{Live, Opening, Totals};
use std::time::Instant;
fn main() -> anyhow::Result<()> {
    let n: usize = std::env::args().nth(1).unwrap_or("555000".into()).parse()?;
    let t = Instant::now();
    let s = Session::generate(Plan { securities: 5550, updates: n, seed: 1 })?;
    eprintln!("generated {} arrivals {:?}", s.arrivals.len(), t.elapsed());
    let t = Instant::now();
    let opening = Opening::of(&s.history, Rulebook::builtin(), Calendar::builtin()).unwrap();
    eprintln!("opening {:?}", t.elapsed());
    let t = Instant::now();
    let mut live = Live::new(&opening, Some(60));
    eprintln!("live {:?}", t.elapsed());
    let places: Vec<usize> = s.symbols.iter().map(|s| live.place(*s).unwrap()).collect();
    let t = Instant::now();
    for (place, quote) in &s.arrivals {
        live.arrive(places[*place as usize], *quote);
    }
    let e = t.elapsed();
    eprintln!("{:?} {} ns/update", e, e.as_nanos() as f64 / s.arrivals.len() as f64);
    let days = live.days();
    eprintln!("same {}", *live.totals() == Totals::of_days(&days));
    let t = Instant::now();
    let facts = opening.facts(
        &s.history,
        days,
        Some(live.totals()),
        None,
        s.instants.last().unwrap().0,
        &[],
    );
    eprintln!("facts {} members {} {:?}", facts.facts.len(), facts.members.len(), t.elapsed());
    Ok(())
}
