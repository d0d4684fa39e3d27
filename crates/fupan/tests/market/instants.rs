//! Instants of a session: the simulated market with quotes made of its bars, and real quotes read
//! in place from the folder `shared` beside the workspace (or `FUPAN_SHARED`).

use std::sync::OnceLock;

use arrow::array::RecordBatch;
use fupan::{
    AsOf, Error, FactKey, FactSet, Market, NoProgress, Partial, ReadOptions, Recipe, Replay,
    SessionDate, SourceChoice, Store, StoreError, Value, review, review_at, sample,
};
use fupan_market::{
    DailyBar, Fen, IndexBar, IndexQuote, LevelRange, Quote, Span, Symbol, Traded, Turnover,
    TurnoverBasis, Wording,
};
use fupan_table::{Import, ImportId, Table, index_quote_batch, quote_batch};

const TIMES: [u32; 4] = [clock(9, 45), clock(10, 30), clock(13, 15), clock(15, 0)];

const fn clock(hour: u32, minute: u32) -> u32 {
    hour * 3600 + minute * 60
}

/// Four quotes that add up to a bar: at its open, its low, its high and its close.
fn quotes_of(bar: &DailyBar) -> Vec<Quote> {
    let quote = |place: usize, traded: Option<Traded>| Quote {
        time: TIMES[place],
        span: Span::Seconds(900),
        sequence: 0,
        revision: 0,
        traded,
    };
    let Some(day) = bar.traded.filter(|day| day.volume >= 4) else {
        return vec![quote(0, bar.traded)];
    };
    let prices = [day.open, day.low, day.high, day.last];
    let part = |whole: i64, place: usize| {
        let quarter = whole / 4;
        if place == 3 { whole - 3 * quarter } else { quarter }
    };
    let trade = |place: usize| {
        let price = prices[place];
        let fen = Fen(part(day.turnover.fen.0, place));
        Traded {
            open: price,
            high: price,
            low: price,
            last: price,
            volume: part(day.volume.cast_signed(), place).cast_unsigned(),
            turnover: Turnover { fen, basis: TurnoverBasis::Reported },
        }
    };
    (0..4).map(|place| quote(place, Some(trade(place)))).collect()
}

/// Levels of an index up to its bar, with a part of the day's turnover at each time.
fn levels_of(bar: &IndexBar) -> impl Iterator<Item = IndexQuote> {
    let IndexBar { open, high, low, close, turnover, .. } = *bar;
    let levels = [open, low, high, close];
    (0..4).map(move |place| {
        let turnover = turnover.map(|fen| Fen(fen.0 / 4 * (place as i64 + 1)));
        let range = (place > 1).then_some(LevelRange { open, high, low });
        IndexQuote { time: TIMES[place], last: levels[place], range, turnover }
    })
}

/// An import of quotes.
pub(crate) fn import(file: &str, rows: Vec<(SessionDate, Symbol, Quote)>) -> Import {
    let batches = vec![(Table::Quote, quote_batch(rows).unwrap())];
    import_of(file, batches)
}

fn import_of(file: &str, batches: Vec<(Table, RecordBatch)>) -> Import {
    Import {
        id: ImportId(format!("{file:0>64}")),
        source: "made".to_owned(),
        recipe: "made".to_owned(),
        file: file.to_owned(),
        digest: format!("{file:0>64}"),
        rows_read: batches.iter().map(|(_, batch)| batch.num_rows() as u64).sum(),
        rows_left_out: 0,
        lost: Vec::new(),
        rows_not_covered: 0,
        layout: Wording::none(),
        batches,
        findings: Vec::new(),
    }
}

/// The simulated market in a store, with quotes of its last two sessions.
fn made() -> &'static (tempfile::TempDir, Market, SessionDate) {
    static MADE: OnceLock<(tempfile::TempDir, Market, SessionDate)> = OnceLock::new();
    MADE.get_or_init(|| {
        let simulated = sample::small();
        let folder = tempfile::tempdir().unwrap();
        let market = sample::stored(&simulated, folder.path()).unwrap();
        let history = simulated.history(1);
        let rows = history.securities.iter().flat_map(|security| {
            let symbol = security.listing.symbol;
            let bars = security.bars.iter().filter(|bar| bar.session >= history.from);
            bars.flat_map(move |bar| {
                quotes_of(bar).into_iter().map(move |quote| (bar.session, symbol, quote))
            })
        });
        let Market::Store { store, .. } = &market else { panic!("a store") };
        store.append(&import("quotes", rows.collect())).unwrap();
        let before = fupan::Calendar::builtin().back(history.session, 1).unwrap().unwrap();
        let levels = history.indices.iter().flat_map(|index| {
            let bars = index.bars.iter().filter(|bar| bar.session >= before);
            bars.flat_map(|bar| levels_of(bar).map(|quote| (bar.session, index.symbol, quote)))
        });
        // The SZSE Component has no levels of the afternoon before, and none of half past ten.
        let lacks = |(session, index, quote): &(SessionDate, Symbol, IndexQuote)| {
            index.to_string() == "399001.SZ"
                && match *session == before {
                    true => quote.time > clock(11, 30),
                    false => quote.time == clock(10, 30),
                }
        };
        let levels = index_quote_batch(levels.filter(|level| !lacks(level))).unwrap();
        store.append(&import_of("levels", vec![(Table::IndexQuote, levels)])).unwrap();
        (folder, market, history.session)
    })
}

fn value(facts: &FactSet, measure: &str, scope: &str, as_of: AsOf) -> Value {
    let key = FactKey {
        as_of,
        ..FactKey::at_close(measure.parse().unwrap(), scope.parse().unwrap(), facts.session)
    };
    facts.get(&key).unwrap_or_else(|| panic!("no {key}")).value.clone()
}

#[test]
fn after_the_last_quote_the_session_is_what_its_bars_say() {
    let (_folder, market, session) = made();
    let close = review(market, Some(*session)).unwrap();
    let instant = review_at(market, Some(*session), clock(16, 0)).unwrap();
    let at = AsOf::Instant(clock(15, 0));
    let mut compared = 0;
    let own = |fact: &&fupan::Fact| fupan::is_of_every_session(&close, &fact.key);
    for fact in close.facts.values().filter(own) {
        let measure = fact.key.measure.name();
        // Those that look at turnover of other sessions or at indices, and those over listed
        // securities: the suspended have no row, and so no quotes.
        let other = measure.starts_with("index_")
            || measure == "suspended_count"
            || (measure.starts_with("turnover_")
                && !matches!(measure, "turnover_of" | "turnover_effective_names"))
            || measure == "promotion_suspended";
        let Some(found) = instant.get(&FactKey { as_of: at, ..fact.key.clone() }) else {
            assert!(other || measure == "listed_count", "{} is not there", fact.key);
            continue;
        };
        if !other && measure != "listed_count" {
            assert_eq!(found.value, fact.value, "{}", fact.key);
            compared += 1;
        }
    }
    assert!(compared > 300, "only {compared} figures");
}

#[test]
fn every_key_names_the_instant() {
    let (_folder, market, session) = made();
    let facts = review_at(market, Some(*session), clock(12, 10)).unwrap();
    let noon = AsOf::Instant(clock(11, 30));
    assert!(facts.facts.keys().all(|key| key.as_of == noon));
    assert!(facts.members.keys().all(|key| key.as_of == noon));
    for language in [fupan::Language::Zh, fupan::Language::En] {
        let brief = fupan::brief(&facts, language);
        let notes: Vec<&str> = brief.notes.iter().map(|note| note.id.as_str()).collect();
        assert_eq!(notes.first().copied(), Some("simulated"));
        assert_eq!(notes.get(1).copied(), Some("quoted"));
        let page = fupan::export::markdown(&brief, &facts);
        assert!(page.contains("11:30") && !page.contains('⟦'), "{page}");
    }
}

#[test]
fn turnover_is_compared_with_the_same_moment_of_the_session_before() {
    let (_folder, market, session) = made();
    let facts = review_at(market, Some(*session), clock(10, 30)).unwrap();
    let at = AsOf::Instant(clock(10, 30));
    let before = fupan::Calendar::builtin().back(*session, 1).unwrap().unwrap();
    let then = review_at(market, Some(before), clock(10, 30)).unwrap();
    assert_eq!(
        value(&facts, "turnover_prev", "all-a", at),
        value(&then, "turnover", "all-a", at),
        "the same securities traded in both sessions"
    );
    // The session before that has no quotes.
    let unknown = Value::Unknown { reason: "window_too_short".to_owned() };
    assert_eq!(value(&then, "turnover_prev", "all-a", at), unknown);
    assert_eq!(value(&facts, "turnover_rank_in_window", "all-a", at), unknown);
}

/// Indices are compared with the same moment too, and one whose levels are too old is not known, which
/// is said.
#[test]
fn indices_of_an_instant_are_those_of_its_last_minutes() {
    let (_folder, market, session) = made();
    let before = fupan::Calendar::builtin().back(*session, 1).unwrap().unwrap();
    let noon = review_at(market, Some(*session), clock(10, 30)).unwrap();
    let then = review_at(market, Some(before), clock(10, 30)).unwrap();
    let at = AsOf::Instant(clock(10, 30));
    let of = |facts: &FactSet, measure: &str| value(facts, measure, "000001.SH", at);
    let [now, earlier] = [&noon, &then].map(|facts| match of(facts, "index_turnover") {
        Value::Money { fen } => fen.0,
        other => panic!("{other:?}"),
    });
    assert_eq!(of(&noon, "index_turnover_prev"), Value::Money { fen: Fen(earlier) });
    assert_eq!(of(&noon, "index_turnover_change"), Value::Money { fen: Fen(now - earlier) });
    let unknown = |reason: &str| Value::Unknown { reason: reason.to_owned() };
    assert_eq!(of(&then, "index_turnover_prev"), unknown("no_turnover_before"));
    assert_eq!(of(&noon, "index_low"), unknown("no_range"));
    let szse = |facts: &FactSet| {
        facts.facts.keys().filter(|key| key.scope.to_string() == "399001.SZ").count()
    };
    let said = |facts: &FactSet| {
        let own = facts.findings.iter().find(|finding| finding.subject == "index_quote");
        own.map(|finding| finding.detail.en.clone()).unwrap_or_default()
    };
    assert!(szse(&then) > 10 && szse(&noon) == 0);
    assert!(said(&noon).contains("399001.SZ, whose last one is of 09:45"), "{}", said(&noon));
    assert_eq!(said(&then), "");
    let afternoon = review_at(market, Some(*session), clock(13, 15)).unwrap();
    let at = AsOf::Instant(clock(13, 15));
    let prev = value(&afternoon, "index_turnover_prev", "399001.SZ", at);
    assert_eq!(prev, unknown("no_turnover_before"), "what was known then was of the morning");
    let inputs = &noon
        .get(&FactKey {
            as_of: AsOf::Instant(clock(10, 30)),
            ..FactKey::at_close(
                "index_return".parse().unwrap(),
                "000001.SH".parse().unwrap(),
                *session,
            )
        })
        .unwrap()
        .provenance
        .inputs;
    let mut tables: Vec<&str> = inputs.iter().map(|input| input.table.as_str()).collect();
    tables.dedup();
    assert_eq!(tables, ["index_bar", "index_quote"]);
}

#[test]
fn a_replayed_prefix_is_the_review_at_its_instant() {
    let (_folder, market, session) = made();
    let mut replay = Replay::open(market, Some(*session)).unwrap();
    assert_eq!(replay.seconds(), TIMES.len());
    let mut seen = Vec::new();
    while let Some(step) = replay.step().unwrap() {
        let reviewed = review_at(market, Some(*session), step.second).unwrap();
        assert_eq!(replay.facts().unwrap(), reviewed);
        let at = AsOf::Instant(step.second);
        let told = Value::Count { count: step.limit_ups.cast_signed() };
        assert_eq!(value(&reviewed, "limit_up_count", "all-a", at), told);
        seen.push(step);
    }
    assert_eq!(seen.iter().map(|step| step.second).collect::<Vec<_>>(), TIMES);
    let balance: i64 =
        seen.iter().map(|step| step.sealed.len() as i64 - step.opened.len() as i64).sum();
    assert!(seen.iter().any(|step| !step.opened.is_empty()), "nothing was left");
    assert_eq!(balance, seen.last().unwrap().limit_ups.cast_signed());
}

#[test]
fn instants_agree_with_their_sql_twins() {
    let (_folder, market, session) = made();
    let audit = fupan::audit_at(market, *session, clock(13, 15)).unwrap();
    assert_eq!(audit.differences, []);
    assert!(audit.agreed > 300, "only {} figures have twins", audit.agreed);
    let facts = review_at(market, Some(*session), clock(13, 15)).unwrap();
    let measures =
        ["first_seal_time", "last_seal_time", "times_opened", "afternoon_return", "quoted_count"];
    for measure in measures {
        let key = facts.facts.keys().find(|key| key.measure.name() == measure);
        let key = key.unwrap_or_else(|| panic!("nobody has {measure}"));
        let explained = fupan::explain(market, key).unwrap();
        let twin = fupan::cross_check(market, &explained).unwrap();
        assert!(matches!(twin, fupan::CrossCheck::Agrees { .. }), "{key}: {twin:?}");
    }
}

#[test]
fn an_instant_without_an_answer_says_why() {
    let (_folder, market, session) = made();
    let error = review_at(market, Some(*session), clock(9, 24)).unwrap_err();
    assert!(matches!(error, Error::BeforeOpen { .. }), "{error}");
    let error = review_at(market, Some(*session), clock(9, 44)).unwrap_err();
    assert!(matches!(error, Error::Store(StoreError::NoQuotesYet { .. })), "{error}");
    let error = review_at(&Market::Sample(sample::small()), None, clock(10, 0)).unwrap_err();
    assert!(matches!(error, Error::NoInstants), "{error}");
    let earlier = fupan::Calendar::builtin().back(*session, 5).unwrap();
    let error = review_at(market, earlier, clock(10, 0)).unwrap_err();
    assert!(matches!(error, Error::Store(StoreError::NoQuotes { .. })), "{error}");
    assert_eq!(error.kind(), fupan::ErrorKind::Data);
}

/// A session of which there are quotes and no daily bars yet: its past ends the session before.
#[test]
fn a_session_that_has_begun_needs_no_daily_bars() {
    let (_folder, market, session) = made();
    let Market::Store { store, .. } = market else { panic!("a store") };
    let next = fupan::Calendar::builtin().between(*session, "2026-12-31".parse().unwrap())[1];
    let mut found = store.quotes(*session, u32::MAX, &SourceChoice::Best).unwrap();
    let mut rows = Vec::new();
    while found.peek().unwrap().is_some() {
        let quotes = found.next_second().unwrap();
        rows.extend(quotes.iter().map(|(symbol, quote)| (next, *symbol, *quote)));
    }
    let folder = tempfile::tempdir().unwrap();
    let live = sample::stored(&sample::small(), folder.path()).unwrap();
    let Market::Store { store, .. } = &live else { panic!("a store") };
    store.append(&import("next", rows)).unwrap();
    let facts = review_at(&live, Some(next), clock(10, 30)).unwrap();
    let at = AsOf::Instant(clock(10, 30));
    let unknown = Value::Unknown { reason: "no_daily_bars".to_owned() };
    assert_eq!(value(&facts, "quoted_turnover_share", "all-a", at), unknown);
    assert!(matches!(value(&facts, "declines", "all-a", at), Value::Count { count } if count > 0));
    let brief = fupan::brief(&facts, fupan::Language::En);
    assert!(fupan::export::summary(&brief, &facts).contains("is not known without"));
}

#[test]
fn a_real_session_stands_at_half_time_as_its_replay_says() {
    let Some(data) = crate::shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(folder.path()).unwrap();
    for (recipe, path) in [
        ("daily-bars", "daily_bars/stock_daily_2025.parquet"),
        ("daily-bars", "daily_bars/stock_daily_2026.parquet"),
        ("security-list", "securities/stock_basic_20260528.parquet"),
        ("bars-15m", "bars_15m/bars15m_selected_sessions.parquet"),
    ] {
        let recipe = Recipe::builtin(recipe).unwrap();
        fupan::import(
            &store,
            &recipe,
            &data.join(path),
            &ReadOptions { as_of: None, partial: Partial::Refused },
            &NoProgress,
        )
        .unwrap();
    }
    let market = Market::Store { store, choice: SourceChoice::Best };
    let session: SessionDate = "2026-02-12".parse().unwrap();
    let mut replay = Replay::open(&market, Some(session)).unwrap();
    assert_eq!(replay.seconds(), 16);
    while replay.next_second().unwrap().is_some_and(|second| second <= clock(11, 30)) {
        replay.step().unwrap().unwrap();
    }
    let facts = review_at(&market, Some(session), clock(11, 30)).unwrap();
    assert_eq!(replay.facts().unwrap(), facts);
    let at = AsOf::Instant(clock(11, 30));
    // 600355 has quotes, and no daily bars in this source.
    assert_eq!(value(&facts, "quoted_count", "all-a", at), Value::Count { count: 1000 });
    let Value::Share { part, whole } = value(&facts, "quoted_turnover_share", "all-a", at) else {
        panic!("a share");
    };
    // "About a quarter of turnover."
    assert!(part * 5 > whole && part * 3 < whole, "{part}/{whole}");
    assert_eq!(value(&facts, "first_seal_time", "600589.SH", at), Value::Time { second: 35_100 });
}
