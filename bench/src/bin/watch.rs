//! The watch benchmark's command.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Parser;
use fupan_bench::history::Program;
use fupan_bench::history::generate::write_terminal;
use fupan_sim::{LiveDay, MarketPlan, SimulatedMarket};

#[derive(Parser)]
#[command(about = "A running session of the whole market, followed by the program")]
struct Arguments {
    /// The program, in a release build
    #[arg(long)]
    fupan: PathBuf,
    /// A-shares to generate
    #[arg(long, default_value_t = 5500)]
    securities: u32,
    /// Sessions to generate
    #[arg(long, default_value_t = 300)]
    sessions: u32,
    /// The seed of what is generated
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds from one round of requests to the next
    #[arg(long, default_value_t = 3)]
    every: u32,
    /// The source that is asked: eastmoney, sina or tencent
    #[arg(long, default_value = "sina")]
    source: String,
    /// When it begins, in seconds after midnight
    #[arg(long, default_value_t = 36_000)]
    from: u32,
    /// How many seconds of the session pass in one of the clock on the wall
    #[arg(long, default_value_t = 1)]
    speed: u32,
    /// How many seconds on the wall it is followed
    #[arg(long, default_value_t = 120)]
    seconds: u32,
    /// Keep serving, print how to follow it by hand, and run nothing
    #[arg(long)]
    serve: bool,
    /// Folder for the terminal and the store, which must not exist [default: a temporary one]
    #[arg(long)]
    scratch: Option<PathBuf>,
}

/// Answers requests as vendors do, at the second of the session that the clock says.
fn serve(day: Arc<LiveDay>, from: u32, speed: u32) -> Result<String> {
    let begun = Instant::now();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let day = Arc::clone(&day);
            // The caller leaves in the middle of a request; nobody waits for what becomes of it.
            let second = move || {
                from + u32::try_from(begun.elapsed().as_millis() * u128::from(speed) / 1_000)
                    .unwrap_or(u32::MAX - from)
            };
            std::thread::spawn(move || answer(stream, &day, &second));
        }
    });
    Ok(url)
}

fn answer(stream: TcpStream, day: &LiveDay, second: &dyn Fn() -> u32) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut target = None;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line.trim().is_empty() {
                break;
            }
            if target.is_none() {
                target = line.split(' ').nth(1).map(str::to_owned);
            }
        }
        let body = target.and_then(|target| day.answer(&target, second())).unwrap_or_default();
        // In one piece: a head by itself would wait for the other side's acknowledgement.
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        writer.write_all(&[head.as_bytes(), &body].concat())?;
    }
}

fn settings(path: &Path, store: &Path, source: &str, url: &str) -> Result<()> {
    let text = format!(
        "store = {store:?}\nsources = [{source:?}]\n[pace]\n{source} = 100000\n[mirrors]\n{source} = \
         {url:?}\n",
    );
    Ok(std::fs::write(path, text)?)
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let plan = MarketPlan {
        seed: arguments.seed,
        securities: arguments.securities,
        sessions: arguments.sessions,
        ..MarketPlan::default()
    };
    let temporary = tempfile::tempdir()?;
    let scratch = arguments.scratch.clone().unwrap_or_else(|| temporary.path().join("watch"));
    let (terminal, store) = (scratch.join("terminal"), scratch.join("store"));
    let market = SimulatedMarket::generate(&plan);
    let [.., before, session] = market.sessions() else {
        bail!("a session that is followed needs one before it");
    };
    write_terminal(&market, &terminal, *before)?;
    let program = Program { binary: arguments.fupan.clone(), store: store.clone() };
    program.run(&["update", "--tdx", terminal.to_str().context("a name that is no text")?])?;
    let config = scratch.join("fupan.toml");
    let day = Arc::new(market.live(*session));
    let url = serve(day, arguments.from, arguments.speed)?;
    settings(&config, &store, &arguments.source, &url)?;
    let (hour, minute) = (arguments.from / 3_600, arguments.from / 60 % 60);
    let speed = arguments.speed;
    let clock = format!("@{session} {hour:02}:{minute:02}:{:02} x{speed}", arguments.from % 60);
    let binary = arguments.fupan.display();
    if arguments.serve {
        writeln!(
            std::io::stdout(),
            "TZ=Asia/Shanghai FUPAN_CONFIG={} faketime -f '{clock}' {binary} watch --every {}",
            config.display(),
            arguments.every
        )?;
        std::thread::sleep(Duration::from_secs(24 * 3_600));
        return Ok(());
    }
    followed(&arguments, &config, &clock, &store)
}

/// Follows the session for some seconds, and prints what that took.
fn followed(arguments: &Arguments, config: &Path, clock: &str, store: &Path) -> Result<()> {
    // The program reads the clock of the machine, so that another one is put in front of it. What
    // does that is a variable of its environment: the wrapper itself would hide the process.
    let wrapped = Command::new("faketime")
        .args(["-f", clock, "env"])
        .env("TZ", "Asia/Shanghai")
        .output()
        .context("`faketime` gives the program the clock of the session; install it")?;
    let variables = String::from_utf8(wrapped.stdout)?;
    let variables = variables.lines().filter_map(|line| line.split_once('='));
    let mut child = Command::new(&arguments.fupan)
        .args(["watch", "--json", "--measure", "advances", "--every"])
        .arg(arguments.every.to_string())
        .envs(variables.filter(|(name, _)| name.starts_with("FAKETIME") || *name == "LD_PRELOAD"))
        .env("TZ", "Asia/Shanghai")
        .env("FUPAN_CONFIG", config)
        .stdout(Stdio::piped())
        .spawn()?;
    let begun = Instant::now();
    let out = child.stdout.take().context("no output")?;
    let rounds =
        std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).count());
    let until = Duration::from_secs(arguments.seconds.into());
    let mut last = Used::default();
    while begun.elapsed() < until && child.try_wait()?.is_none() {
        std::thread::sleep(Duration::from_secs(1));
        if let Some(used) = used(child.id()) {
            last = used;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    child.kill()?;
    child.wait()?;
    let rounds = rounds.join().unwrap_or_default();
    let files = std::fs::read_dir(store.join("tables"))?.count();
    writeln!(
        std::io::stdout(),
        "{rounds} rounds in {seconds:.0} s: {:.2} s of processor, {:.1} % of one core; {} MB, {} at most; \
         {files} tables",
        last.processor,
        last.processor / seconds * 100.0,
        last.resident_kib / 1024,
        last.peak_kib / 1024
    )?;
    Ok(())
}

/// What a process has used.
#[derive(Default)]
struct Used {
    /// Seconds of processor.
    processor: f64,
    /// Memory now, and the most so far.
    resident_kib: u64,
    peak_kib: u64,
}

/// What a process has used so far; `None` where the system does not say.
fn used(id: u32) -> Option<Used> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let kib = |name: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(name))?;
        value.trim().trim_end_matches(" kB").parse().ok()
    };
    Some(Used {
        processor: (ticks(11)? + ticks(12)?) / 100.0,
        resident_kib: kib("VmRSS:")?,
        peak_kib: kib("VmHWM:")?,
    })
}
