//! Figures across sessions at the edges of what is known of the past.

use fupan_fact::{Basis, FactKey, FactSet, Value};
use fupan_market::{Calendar, SessionDate};
use fupan_measure::{
    FigureHistory, FigureValue, Series, across, across_kept, across_measures, word_of,
};

use crate::market::session;
use crate::{closing, facts, key, of_days, unknown, value};

fn back(sessions: u32) -> SessionDate {
    Calendar::builtin().back(session(), sessions).unwrap().unwrap()
}

fn figure(number: i64, basis: Basis) -> FigureValue {
    FigureValue { number, of: 1, basis }
}

/// A figure of sessions before, each by how many sessions before.
fn series(measure: &str, known: impl IntoIterator<Item = (u32, i64, Basis)>) -> Series {
    let mut known: Vec<_> =
        known.into_iter().map(|(ago, number, basis)| (back(ago), figure(number, basis))).collect();
    known.sort_unstable_by_key(|(on, _)| *on);
    (measure.to_owned(), known)
}

/// The session of one share that rises, one that falls and one that does not move, of each
/// exchange, with its figures across sessions.
fn reviewed(past: Vec<Series>) -> FactSet {
    closed([1_010, 990, 1_000], past)
}

/// The session of a share of each exchange that closes at these prices after 10.00.
fn closed(lasts: [i64; 3], past: Vec<Series>) -> FactSet {
    let days = ["600000.SH", "000001.SZ", "920001.BJ"].into_iter().zip(lasts);
    let mut set = facts(&of_days(days.map(|(symbol, last)| closing(symbol, last)).collect()));
    across(&mut set, &FigureHistory::of(past, Calendar::builtin()));
    set
}

/// A figure's value, basis, and how many sessions it knows and does not know.
fn figure_of(set: &FactSet, measure: &str) -> (Value, Basis, [u64; 2]) {
    let text = format!("{measure}/all-a");
    let provenance = &set.get(&key(&text)).unwrap().provenance;
    let [judged, unjudged] = [provenance.coverage.judged, provenance.coverage.unjudged];
    (value(set, &text).clone(), provenance.basis, [judged, unjudged])
}

fn exact(places: impl IntoIterator<Item = u32>, number: i64) -> Vec<(u32, i64, Basis)> {
    places.into_iter().map(|ago| (ago, number, Basis::Exact)).collect()
}

/// Eight of ten sessions of a percentile's window must be known, this one among them, and the data
/// must reach as far back as it.
#[test]
fn a_percentile_needs_four_fifths_of_its_window() {
    let of = |known: Vec<(u32, i64, Basis)>, first: u32| {
        // The data reach as far back as this.
        let reach = series("turnover", exact([first], 1));
        figure_of(&reviewed(vec![reach, series("advances", known)]), "percentile_250:advances")
    };
    let share = |part, whole| Value::Share { part, whole };
    let (too_short, none) = (unknown("series_too_short"), Basis::None);
    assert_eq!(of(exact(1..=199, 0), 249), (share(200, 200), Basis::Exact, [200, 50]));
    assert_eq!(of(exact(1..=198, 0), 249), (too_short.clone(), none, [199, 51]));
    assert_eq!(of(exact(51..=249, 9), 249), (share(1, 200), Basis::Exact, [200, 50]));
    assert_eq!(of(exact(1..=248, 0), 248), (too_short, none, [249, 0]));
    // What came before the window does not count.
    assert_eq!(of(exact(1..=260, 0), 260), (share(250, 250), Basis::Exact, [250, 0]));
    // Partial figures are not compared with.
    let partial = (1..=10).map(|ago| (ago, 9, Basis::Partial)).collect();
    let mixed = [exact(11..=249, 0), partial].concat();
    assert_eq!(of(mixed, 249), (share(240, 240), Basis::Exact, [240, 10]));
    let derived = [exact(2..=249, 0), vec![(1, 0, Basis::Derived)]].concat();
    assert_eq!(of(derived, 249), (share(250, 250), Basis::Derived, [250, 0]));
}

/// Where sessions just before are missing, they are in the window and not known.
#[test]
fn a_window_holds_the_sessions_that_are_missing() {
    let of = |known: Vec<(u32, i64, Basis)>| {
        figure_of(&reviewed(vec![series("advances", known)]), "percentile_250:advances")
    };
    let share = |part, whole| Value::Share { part, whole };
    assert_eq!(of(exact(11..=260, 0)), (share(240, 240), Basis::Exact, [240, 10]));
    assert_eq!(of(exact(51..=300, 0)), (share(200, 200), Basis::Exact, [200, 50]));
    assert_eq!(of(exact(52..=300, 0)).0, unknown("series_too_short"));
    // The session before is one that the data lack.
    let lines = reviewed(vec![series("advance_decline_line", exact([2], 7))]);
    assert_eq!(
        figure_of(&lines, "advance_decline_line"),
        (Value::Count { count: 7 }, Basis::Partial, [3, 0])
    );
    let lines = reviewed(vec![series("advance_decline_line", exact([1], 7))]);
    assert_eq!(
        figure_of(&lines, "advance_decline_line"),
        (Value::Count { count: 7 }, Basis::Exact, [2, 0])
    );
}

/// The last higher turnover is known if every session since is, as a whole.
#[test]
fn a_higher_turnover_is_looked_for_in_whole_sessions() {
    let name = "turnover_high_since_sessions";
    let of = |known: Vec<(u32, i64, Basis)>| {
        let (value, basis, _) = figure_of(&reviewed(vec![series("turnover", known)]), name);
        (value, basis)
    };
    // Of the three shares together.
    let own = 3_000_000;
    let (higher, level) = (own + 1, own);
    let sessions = |count| Value::Count { count };
    let missing = (unknown("session_missing"), Basis::None);
    assert_eq!(of(exact([1], higher)), (sessions(1), Basis::Exact));
    assert_eq!(
        of([exact([3], higher), exact([1, 2], level)].concat()),
        (sessions(3), Basis::Exact)
    );
    assert_eq!(of(exact([1, 2], level)), (unknown("highest_in_data"), Basis::None));
    assert_eq!(of(exact([2], higher)), missing);
    assert_eq!(of([exact([3], higher), exact([1], level)].concat()), missing);
    assert_eq!(of(vec![(1, higher, Basis::Partial)]), missing);
    assert_eq!(of(vec![(1, higher, Basis::Estimated)]), (sessions(1), Basis::Estimated));
}

/// The average was in the low ground at most ten sessions ago, and the session before it was not
/// yet in the high one.
#[test]
fn a_thrust_takes_ten_sessions_at_most() {
    let of = |low: u32, before: i64| {
        let average = [exact([low], 399_999), exact(1..low, before)].concat();
        let days = (0..4).map(|n| closing(&crate::code(n), 1_010)).collect();
        let mut set = facts(&of_days(days));
        let past = vec![series("advance_share_ema10", average)];
        across(&mut set, &FigureHistory::of(past, Calendar::builtin()));
        value(&set, "breadth_thrust_sessions/all-a").clone()
    };
    assert_eq!(of(10, 615_000), Value::Count { count: 10 });
    assert_eq!(of(11, 615_000), unknown("no_thrust"));
    assert_eq!(of(10, 615_001), unknown("no_thrust"));
}

/// The oscillator means something from the fortieth session on.
#[test]
fn an_oscillator_needs_thirty_nine_sessions_before() {
    let of = |sessions: u32| {
        let past = ["net_advances_ema19", "net_advances_ema39", "mcclellan_summation"]
            .map(|name| series(name, exact(1..=sessions, 0)));
        figure_of(&reviewed(past.to_vec()), "mcclellan_oscillator").0
    };
    assert_eq!(of(38), unknown("series_too_short"));
    assert_eq!(of(39), Value::Ratio { ppm: 0 });
}

/// A line is as sure as the less sure of what it adds.
#[test]
fn a_line_is_no_surer_than_what_it_goes_on_from() {
    for name in ["advance_decline_line", "net_advances_ema19", "advance_share_ema10"] {
        for basis in [Basis::Exact, Basis::Derived, Basis::Estimated] {
            let set = reviewed(vec![series(name, [(1, 5, basis)])]);
            assert_eq!(figure_of(&set, name).1, basis, "{name}");
        }
    }
    let oscillator = |which: usize, basis: Basis| {
        let of = |place: usize| if place == which { basis } else { Basis::Exact };
        let past = ["net_advances_ema19", "net_advances_ema39", "mcclellan_summation"]
            .into_iter()
            .enumerate()
            .map(|(place, name)| series(name, (1..=39).map(|ago| (ago, 0, of(place)))));
        let set = reviewed(past.collect());
        ["mcclellan_oscillator", "mcclellan_summation"].map(|name| figure_of(&set, name).1)
    };
    use Basis::{Derived, Exact};
    assert_eq!(oscillator(0, Exact), [Exact; 2]);
    assert_eq!(oscillator(0, Derived), [Derived; 2]);
    assert_eq!(oscillator(1, Derived), [Derived; 2]);
    assert_eq!(oscillator(2, Derived), [Exact, Derived]);
}

/// Without advances there is nothing to go on with.
#[test]
fn a_session_without_advances_has_no_figure_across_sessions() {
    let mut set = facts(&of_days(vec![closing("600000.SH", 1_010)]));
    set.facts.remove(&key("advances/all-a"));
    let before = set.clone();
    across(&mut set, &FigureHistory::new(Calendar::builtin()));
    assert_eq!(set, before);
    across_kept(&mut set, Vec::new()).unwrap();
    assert_eq!(set, before);
}

/// Kept figures are all there, each once; else the key says which is not.
#[test]
fn a_kept_figure_that_is_missing_or_there_twice_is_refused() {
    let set = reviewed(Vec::new());
    let names: Vec<&str> = across_measures().collect();
    let is_across = |key: &FactKey| names.contains(&key.measure.name());
    let kept: Vec<_> = set.facts.values().filter(|fact| is_across(&fact.key)).cloned().collect();
    let mut bare = set.clone();
    bare.facts.retain(|key, _| !is_across(key));
    let of = |change: fn(&mut Vec<fupan_fact::Fact>)| {
        let mut kept = kept.clone();
        change(&mut kept);
        across_kept(&mut bare.clone(), kept)
    };
    assert_eq!(of(|_| ()), Ok(()));
    assert_eq!(of(|kept| drop(kept.remove(3))), Err(kept[3].key.clone()));
    assert_eq!(of(|kept| kept.push(kept[5].clone())), Err(kept[5].key.clone()));
}

/// What is looked back on: the ranked figures, the lines, the words; no percentile.
#[test]
fn figures_that_are_looked_back_on_are_wanted() {
    for wanted in [
        "advances",
        "turnover",
        "promotion_rate:all",
        "advance_decline_line",
        "mcclellan_summation",
        "word_sessions:narrow",
        "word_last_held:narrow",
    ] {
        assert!(FigureHistory::wants(wanted), "{wanted}");
        let name = wanted.split(':').next().unwrap();
        assert!(FigureHistory::measures().any(|measure| measure == name), "{wanted}");
    }
    for other in ["percentile_250:advances", "percentile_250", "index_close", "promotion_rate"] {
        assert!(!FigureHistory::wants(other), "{other}");
    }
    for other in ["percentile_250", "percentile_1250", "index_close", "promotion_rate:all"] {
        assert!(!FigureHistory::measures().any(|measure| measure == other), "{other}");
    }
    let word = |text: &str| word_of(&text.parse().unwrap()).map(|word| word.id);
    assert_eq!(word("word_sessions:narrow"), Some("narrow"));
    assert_eq!(word("word_last_held:narrow"), Some("narrow"));
    assert_eq!(word("word_sessions:no_word"), None);
    assert_eq!(word("percentile_250:narrow"), None);
}

/// A history holds the sessions that the data lack, from the first with a figure to the last.
#[test]
fn a_history_holds_the_sessions_in_between() {
    let calendar = Calendar::builtin();
    let mut past = FigureHistory::new(calendar);
    assert_eq!(past.last(), None);
    let exact = |number| [("advances".to_owned(), figure(number, Basis::Exact))];
    past.push(back(9), exact(1));
    past.push(back(8), []);
    past.push(back(5), exact(2));
    past.push(back(4), [("declines".to_owned(), figure(3, Basis::Exact))]);
    assert_eq!(past.last(), Some(back(4)));
    let figures = |past: &FigureHistory| -> Vec<(usize, SessionDate, String, i64)> {
        let each = past.figures().map(|(at, on, name, f)| (at, on, name.to_owned(), f.number));
        each.collect()
    };
    let entry = |at, ago, name: &str, number| (at, back(ago), name.to_owned(), number);
    let expected =
        [entry(0, 9, "advances", 1), entry(4, 5, "advances", 2), entry(5, 4, "declines", 3)];
    assert_eq!(figures(&past), expected);
    let again = FigureHistory::of(
        vec![
            series("advances", [(9, 1, Basis::Exact)]),
            series("declines", [(4, 3, Basis::Exact)]),
            series("advances", [(5, 2, Basis::Exact)]),
        ],
        calendar,
    );
    assert_eq!((figures(&again), again.last()), (expected.to_vec(), Some(back(4))));
}

/// A word goes on from the session before, and is no surer than that; one that begins rests on its
/// own figures alone.
#[test]
fn a_word_is_no_surer_than_the_run_that_it_goes_on() {
    let of = |lasts: [i64; 3], run: (i64, Basis), last: (i64, Basis)| {
        let past = [("word_sessions", run), ("word_last_held", last)]
            .map(|(name, (n, basis))| series(&format!("{name}:broad_advance"), [(1, n, basis)]));
        let set = closed(lasts, past.to_vec());
        ["word_sessions:broad_advance", "word_last_held:broad_advance"].map(|name| {
            let (value, basis, _) = figure_of(&set, name);
            (value.integers().map(|(number, _)| number), basis)
        })
    };
    use Basis::{Derived, Exact};
    let (up, down) = ([1_010; 3], [990; 3]);
    assert_eq!(of(up, (2, Exact), (4, Exact)), [(Some(3), Exact), (Some(5), Exact)]);
    assert_eq!(of(up, (2, Derived), (4, Exact)), [(Some(3), Derived), (Some(5), Derived)]);
    assert_eq!(of(up, (2, Exact), (4, Derived)), [(Some(3), Exact), (Some(5), Derived)]);
    assert_eq!(of(up, (0, Derived), (4, Exact)), [(Some(1), Exact), (Some(5), Derived)]);
    assert_eq!(of(down, (2, Derived), (4, Exact)), [(Some(0), Exact), (Some(1), Derived)]);
    assert_eq!(of(down, (2, Exact), (4, Derived)), [(Some(0), Exact), (Some(1), Exact)]);
    assert_eq!(of(down, (0, Exact), (4, Derived)), [(Some(0), Exact), (Some(5), Derived)]);
}

/// In the first session of the data nothing can have risen from anywhere.
#[test]
fn the_first_session_has_no_thrust() {
    assert_eq!(figure_of(&reviewed(Vec::new()), "breadth_thrust_sessions").0, unknown("no_thrust"));
    let gap = reviewed(vec![series("advance_share_ema10", exact([2], 500_000))]);
    assert_eq!(figure_of(&gap, "breadth_thrust_sessions").0, unknown("session_missing"));
}
