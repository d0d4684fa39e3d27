//! baseline
use fupan_bench::live_session::{Plan, Session};
use fupan_market::{Calendar, Rulebook};
use fupan_measure::{Live, Opening, Totals};
use std::time::Instant;
fn cpu() -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse::<f64>()
        .unwrap()
}
fn main() -> anyhow::Result<()> {
    let n: usize = std::env::args().nth(1).unwrap_or("555000".into()).parse()?;
    let t = Instant::now();
    let s = Session::generate(Plan { securities: std::env::var("SEC").ok().and_then(|s| s.parse().ok()).unwrap_or(5550), updates: n, seed: 1 })?;
    eprintln!("generated {} arrivals {:?}", s.arrivals.len(), t.elapsed());
    let t = Instant::now();
    let opening = Opening::of(&s.history, Rulebook::builtin(), Calendar::builtin()).unwrap();
    eprintln!("opening {:?}", t.elapsed());
    let mut s = s;
    let t = Instant::now();
    let mut live = Live::new(&opening);
    eprintln!("live {:?}", t.elapsed());
    println!("{} {}", std::mem::size_of::<fupan_measure::Cell>(), std::mem::size_of::<fupan_market::Quote>());
    let places: Vec<usize> = s.symbols.iter().map(|s| live.place(*s).unwrap()).collect();
    for a in &mut s.arrivals { a.0 = places[a.0 as usize] as u32; }
    let t = Instant::now();
    let c = cpu();
    let mut from = 0;
    for (i, (_, end)) in s.instants.iter().enumerate() {
        if i % std::env::var("TURN").ok().and_then(|s| s.parse().ok()).unwrap_or(20usize) == 9 {
            live.turn();
        }
        live.arrive_all(&s.arrivals[from..*end]);
        from = *end;
    }
    let e = t.elapsed();
    let t2 = Instant::now(); let c2 = cpu();
    for _ in 0..100 { std::hint::black_box(live.figures()); }
    eprintln!("figures {} {:?} each, cpu {}", live.figures().len(), t2.elapsed() / 100, (cpu() - c2) / 100.0);

    eprintln!("cpu {} ns/update", (cpu() - c) / s.arrivals.len() as f64);
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
