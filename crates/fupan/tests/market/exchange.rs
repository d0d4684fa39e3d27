//! A stub of the vendors on loopback: a simulated session as it is at the exchange's clock, with the
//! faults of real servers.

use std::net::TcpStream;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arrow::array::{AsArray as _, BooleanArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Date32Type;
use fupan::fetch::{Fetcher, Outside, Pace, Settings};
use fupan::{Market, SessionDate, SourceChoice, Store, sample};
use fupan_sim::{LiveDay, SimulatedMarket};
use fupan_table::{Import, ImportId, Table};
use jiff::Timestamp;

use crate::stub::{Asked, Stage, asked, respond, serve};

/// One answer in so many is lost, late, doubled or corrupt; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    pub one_in: u64,
}

/// What a stub did to its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub lost: u64,
    pub late: u64,
    pub doubled: u64,
    pub corrupt: u64,
}

/// A stub that serves a session.
pub struct Exchange {
    pub url: String,
    pub day: Arc<LiveDay>,
    second: Arc<AtomicU32>,
    /// Whether a sweep of Tencent's moves the clock on by itself.
    pub ticks: Arc<AtomicBool>,
    /// The hosts that answer nothing.
    pub dead: Arc<Mutex<Vec<&'static str>>>,
    /// Securities that it does not know, as a request writes them: `sh600000,`.
    pub strangers: Arc<Mutex<Vec<String>>>,
    pub asked: Arc<AtomicU64>,
    pub done: Arc<Mutex<Done>>,
}

impl Exchange {
    pub fn open(day: LiveDay, faults: Faults) -> Exchange {
        let mut exchange = Exchange {
            url: String::new(),
            day: Arc::new(day),
            second: Arc::default(),
            ticks: Arc::default(),
            dead: Arc::default(),
            strangers: Arc::default(),
            asked: Arc::default(),
            done: Arc::default(),
        };
        let server = Server {
            day: Arc::clone(&exchange.day),
            second: Arc::clone(&exchange.second),
            ticks: Arc::clone(&exchange.ticks),
            dead: Arc::clone(&exchange.dead),
            strangers: Arc::clone(&exchange.strangers),
            asked: Arc::clone(&exchange.asked),
            done: Arc::clone(&exchange.done),
            faults,
        };
        exchange.url = serve(move |stream| server.serve(stream));
        exchange
    }

    /// Sets the exchange's clock, in seconds after midnight.
    pub fn at(&self, second: u32) {
        self.second.store(second, Ordering::SeqCst);
    }

    pub fn second(&self) -> u32 {
        self.second.load(Ordering::SeqCst)
    }
}

struct Server {
    day: Arc<LiveDay>,
    second: Arc<AtomicU32>,
    ticks: Arc<AtomicBool>,
    dead: Arc<Mutex<Vec<&'static str>>>,
    strangers: Arc<Mutex<Vec<String>>>,
    asked: Arc<AtomicU64>,
    done: Arc<Mutex<Done>>,
    faults: Faults,
}

impl Server {
    fn serve(&self, stream: &mut TcpStream) {
        let Some(Asked { target, .. }) = asked(stream) else { return };
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let dead = self.dead.lock().unwrap().clone();
        if dead.iter().any(|mark| target.contains(mark)) {
            respond(stream, 502, &[], b"");
            return;
        }
        if self.ticks.load(Ordering::SeqCst) && self.is_first(&target) {
            self.second.fetch_add(3, Ordering::SeqCst);
        }
        let second = self.second.load(Ordering::SeqCst);
        let strangers = self.strangers.lock().unwrap().clone();
        let known = strangers.iter().fold(target, |known, one| known.replace(one.as_str(), ""));
        let answer = |second| self.day.answer(&known, second).unwrap_or_default();
        // A fault by the number of the request, the same in every run.
        let one_in = self.faults.one_in;
        let chance = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let mut done = self.done.lock().unwrap();
        if one_in == 0 || !chance.is_multiple_of(one_in) {
            respond(stream, 200, &[], &answer(second));
            return;
        }
        match (chance / one_in) % 4 {
            0 => done.lost += 1,
            1 => {
                done.late += 1;
                respond(stream, 200, &[], &answer(second.saturating_sub(12)));
            }
            2 => {
                done.doubled += 1;
                let once = answer(second);
                respond(stream, 200, &[], &[once.as_slice(), &once].concat());
            }
            _ => {
                done.corrupt += 1;
                let mut bytes = answer(second);
                let middle = bytes.len() / 2;
                bytes.truncate(middle + (number % 40) as usize);
                respond(stream, 200, &[], &bytes);
            }
        }
    }

    /// Whether a request is the first of a sweep: it names the first security.
    fn is_first(&self, target: &str) -> bool {
        let first = self.day.symbols().next().map(|symbol| {
            format!("/q={}{:06}", symbol.exchange().suffix().to_lowercase(), symbol.code())
        });
        first.is_some_and(|first| target.starts_with(&first))
    }
}

/// A second of the day in Shanghai.
pub fn moment(session: SessionDate, second: u32) -> Timestamp {
    let midnight = i64::from(session.epoch_days()) * 86_400 - 8 * 3_600;
    Timestamp::from_second(midnight + i64::from(second)).unwrap()
}

/// A machine at a second of a day, without a variable.
pub fn stage(session: SessionDate, second: u32) -> Arc<Stage> {
    Stage::at(moment(session, second), |_| None)
}

/// A fetcher whose sources are all the stub.
pub fn fetcher(url: &str, states: &Path, stage: Arc<dyn Outside>) -> Fetcher {
    let sources = ["eastmoney", "sina", "tencent"];
    let mirrors = sources.map(|source| (source.to_owned(), url.to_owned())).into();
    let pace = Pace {
        per_minute: NonZeroU32::new(100_000).unwrap(),
        gap: Duration::ZERO,
        attempts: NonZeroU32::new(2).unwrap(),
        failures: NonZeroU32::new(3).unwrap(),
        ..Pace::usual()
    };
    let settings = Settings { mirrors, pace, ..Settings::usual() };
    Fetcher::new(settings, states, stage).unwrap()
}

/// A store with everything of a market before a session.
pub fn stored_before(market: &SimulatedMarket, session: SessionDate, folder: &Path) -> Market {
    let store = Store::open_or_create(folder).unwrap();
    for import in market.imports().unwrap() {
        store.append(&before(import, session)).unwrap();
    }
    Market::Store { store, choice: SourceChoice::Best }
}

fn before(mut import: Import, session: SessionDate) -> Import {
    let day = session.epoch_days();
    for (table, batch) in &mut import.batches {
        if let Some(days) = batch.column_by_name("session").filter(|_| *table != Table::Quote) {
            let days = days.as_primitive::<Date32Type>();
            let kept: BooleanArray = days.iter().map(|on| on.map(|on| on < day)).collect();
            *batch = filter_record_batch(batch, &kept).unwrap();
        }
    }
    import.batches.retain(|(_, batch)| batch.num_rows() > 0);
    import.id = ImportId(format!("{:0>64}", "b"));
    import.digest = format!("{:0>64}", "b");
    import
}

/// The last session of a small market.
pub fn last() -> (Box<SimulatedMarket>, SessionDate) {
    let market = sample::small();
    let session = *market.sessions().last().unwrap();
    (market, session)
}
