//! The live benchmark: a session's snapshots arrive one by one, and every figure stays current.

mod days;
pub mod peers;
pub mod session;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use fupan_market::{Arrival, Quote, Rulebook, Symbol};
use fupan_measure::{IndexMoment, Live, Mark, PreOpen, ScopeFigure, Segment, Sum, Totals};

use session::{Session, SessionPlan};

/// Instants between two rotations of the tape: every quote is kept for at least 69 seconds.
const TURN: usize = 23;

/// A generated session and its state before the open. Arrivals name places of the live market.
pub struct GeneratedMarket {
    /// What arrives.
    pub session: Session,
    /// The securities' state before the session.
    pub opening: PreOpen,
}

/// The times of one replay, and its final state.
#[derive(Clone, Debug)]
pub struct TimedReplay {
    /// From before the first update to after the last reading.
    pub all: Duration,
    /// Of this, reading figures.
    pub reading: Duration,
    /// Processor time of the thread, if the system reports it.
    pub processor: Option<Duration>,
    /// How often all figures were read.
    pub readings: usize,
    /// The figures at the end.
    pub figures: Vec<ScopeFigure>,
    /// The totals at the end.
    pub totals: Totals,
    /// Advances, declines and turnover of every instant, added up.
    pub of_instants: [i128; 3],
}

/// How long single steps took.
#[derive(Clone, Debug)]
pub struct Latencies {
    /// Of one update in nanoseconds: the median, the worst but 0.1 %, and the worst.
    pub update: [u64; 3],
    /// Of one reading of all figures, likewise.
    pub reading: [u64; 3],
}

/// What became of the arrivals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// New quotes.
    pub added: usize,
    /// Later versions of known ones.
    pub corrected: usize,
    /// Quotes already known.
    pub known: usize,
    /// Quotes left out.
    pub refused: usize,
}

impl GeneratedMarket {
    /// Generates a session.
    ///
    /// # Errors
    /// As for [`Session::generate`].
    pub fn generate(plan: SessionPlan) -> Result<GeneratedMarket> {
        let mut session = Session::generate(plan)?;
        let opening = GeneratedMarket::open(&session)?;
        let live = Live::new(&opening);
        let place = |symbol: &Symbol| live.place(*symbol).context("a security without a past");
        let places: Vec<usize> = session.symbols.iter().map(place).collect::<Result<_>>()?;
        for (of, _) in &mut session.arrivals {
            *of = places[*of as usize] as u32;
        }
        let mut symbols: Vec<(usize, Symbol)> = places.into_iter().zip(session.symbols).collect();
        symbols.sort_unstable();
        session.symbols = symbols.into_iter().map(|(_, symbol)| symbol).collect();
        Ok(GeneratedMarket { session, opening })
    }

    /// The securities' state before a session.
    ///
    /// # Errors
    /// If the session is not in the calendar.
    pub fn open(session: &Session) -> Result<PreOpen> {
        PreOpen::of(&session.history, Rulebook::builtin())
            .context("the session is not one of the calendar")
    }

    /// The arrivals of each instant, with its second.
    fn instants(&self) -> impl Iterator<Item = (u32, &[(u32, Quote)])> {
        let mut from = 0;
        self.session.instants.iter().map(move |(second, end)| {
            let arrivals = &self.session.arrivals[from..*end];
            from = *end;
            (*second, arrivals)
        })
    }

    /// Replays the session, reading all figures at the end of every instant.
    pub fn replay(&self, mut live: Live) -> TimedReplay {
        let mut reading = Duration::ZERO;
        let mut figures = Vec::new();
        let mut of_instants = [0; 3];
        let processor = processor_time();
        let started = Instant::now();
        for (number, (_, arrivals)) in self.instants().enumerate() {
            if number % TURN == 0 {
                live.rotate();
            }
            live.arrive_all(arrivals);
            let read = Instant::now();
            figures = live.figures();
            reading += read.elapsed();
            for part in Segment::all().map(|segment| live.totals().part(segment)) {
                of_instants[0] += i128::from(part.count(Mark::Up));
                of_instants[1] += i128::from(part.count(Mark::Down));
                of_instants[2] += part.sum(Sum::Turnover);
            }
        }
        let all = started.elapsed();
        let processor = processor_time().zip(processor).map(|(after, before)| after - before);
        let (totals, readings) = (live.totals().clone(), self.session.instants.len());
        TimedReplay { all, reading, processor, readings, figures, totals, of_instants }
    }

    /// Replays the session and times every step.
    pub fn latencies(&self) -> (Latencies, Arrivals) {
        // Nanoseconds up to a bound are counted one by one.
        let mut counts = vec![0_u32; 1 << 17];
        let (mut worst, mut readings) = (0, Vec::new());
        let mut arrived = Arrivals::default();
        let mut live = Live::new(&self.opening);
        for (number, (_, arrivals)) in self.instants().enumerate() {
            if number % TURN == 0 {
                live.rotate();
            }
            for (place, quote) in arrivals {
                let started = Instant::now();
                let arrival = live.arrive(*place as usize, quote);
                let took = started.elapsed().as_nanos() as u64;
                arrived.count(arrival);
                worst = worst.max(took);
                counts[(took as usize).min((1 << 17) - 1)] += 1;
            }
            let started = Instant::now();
            std::hint::black_box(live.figures());
            readings.push(started.elapsed().as_nanos() as u64);
        }
        readings.sort_unstable();
        let rank = |share: f64| ((self.session.arrivals.len() - 1) as f64 * share) as u64;
        let update = [nth(&counts, rank(0.5)), nth(&counts, rank(0.999)), worst];
        let read = |share: f64| readings[((readings.len() - 1) as f64 * share) as usize];
        (Latencies { update, reading: [read(0.5), read(0.999), read(1.0)] }, arrived)
    }

    /// Replays the session. At some instants and at the end, recomputes days, totals and facts from
    /// all quotes so far and compares them. Returns how many instants were compared.
    ///
    /// # Errors
    /// If anything differs.
    pub fn prove(&self, instants: usize) -> Result<usize> {
        let mut live = Live::new(&self.opening);
        let every = self.session.instants.len().div_ceil(instants.max(1)).max(1);
        let mut known: Vec<(Symbol, Vec<Quote>)> =
            self.session.symbols.iter().map(|symbol| (*symbol, Vec::new())).collect();
        let mut compared = 0;
        for (number, (second, arrivals)) in self.instants().enumerate() {
            if number % TURN == 0 {
                live.rotate();
            }
            live.arrive_all(arrivals);
            for (place, quote) in arrivals {
                known[*place as usize].1.push(*quote);
            }
            let is_last = number + 1 == self.session.instants.len();
            if number % every == every / 2 || is_last {
                self.compare(&mut live, &known, second)
                    .with_context(|| format!("live differs from batch at second {second}"))?;
                compared += 1;
            }
        }
        Ok(compared)
    }

    fn compare(&self, live: &mut Live, known: &[(Symbol, Vec<Quote>)], second: u32) -> Result<()> {
        let quoted: Vec<(Symbol, Vec<Quote>)> =
            known.iter().filter(|(_, quotes)| !quotes.is_empty()).cloned().collect();
        let days = self.opening.days(&quoted);
        ensure!(live.days() == days, "days");
        let totals = Totals::of_days(&days);
        ensure!(*live.totals() == totals, "totals");
        let history = &self.session.history;
        let (live_days, live_totals) = (live.days(), Some(live.totals()));
        let at = (second, &IndexMoment::default());
        let afresh = self.opening.facts(history, days, None, None, at, &[]);
        let facts = self.opening.facts(history, live_days, live_totals, None, at, &[]);
        ensure!(facts == afresh, "facts");
        for figure in live.figures() {
            let told = afresh.facts.values().find(|fact| {
                let (name, fixed) = figure.id.split_once(':').unzip();
                fact.key.measure.name() == name.unwrap_or(figure.id)
                    && fact.key.measure.parameter() == figure.parameter.as_deref().or(fixed)
                    && fact.key.scope == *figure.scope
            });
            let same = told.is_some_and(|fact| {
                fact.value == figure.value && fact.provenance.coverage == figure.coverage
            });
            ensure!(same, "{figure:?}, not {told:?}");
        }
        Ok(())
    }
}

impl Arrivals {
    fn count(&mut self, arrival: Arrival) {
        *match arrival {
            Arrival::Added => &mut self.added,
            Arrival::Corrected => &mut self.corrected,
            Arrival::Known => &mut self.known,
            Arrival::Full | Arrival::TooLate => &mut self.refused,
        } += 1;
    }
}

impl TimedReplay {
    /// BLAKE3 of the figures at the end.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for ScopeFigure { id, parameter, scope, value, coverage } in &self.figures {
            hasher
                .update(format!("{id} {parameter:?} {scope} {value:?} {coverage:?}\n").as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// A count over all segments.
    pub fn count(&self, mark: Mark) -> u64 {
        Segment::all().map(|segment| self.totals.part(segment).count(mark)).sum()
    }

    /// A sum over all segments.
    pub fn sum(&self, sum: Sum) -> i128 {
        Segment::all().map(|segment| self.totals.part(segment).sum(sum)).sum()
    }
}

fn nth(counts: &[u32], rank: u64) -> u64 {
    let mut before = 0;
    let found = counts.iter().position(|count| {
        before += u64::from(*count);
        before > rank
    });
    found.unwrap_or(counts.len()) as u64
}

/// Processor time of this thread so far, if the system reports it.
fn processor_time() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
