//! Every sentence as it is read.

use expect_test::expect_file;
use fupan_brief::{FactSet, Language};
use fupan_fact::Basis;

use crate::fixture::{self, ppb};
use crate::sets::*;
use crate::watch::{index, promoted};
use crate::{
    ahead, board_of, calm, calm_in_itself, cohort_of, kind_of, places, run_of, said, tails, theme,
    watched, weighted,
};

/// Sessions whose past is known.
fn with_a_past() -> Vec<FactSet> {
    let dispersed = places(&[("return_dispersion", 860)]);
    let shares = |part| places(&[("advance_share", part)]);
    let board = |ups, held, downs| {
        places(&[("limit_up_count", ups), ("seal_rate", held), ("limit_down_count", downs)])
    };
    let cohort = |promoted, followed| {
        places(&[("promotion_rate:all", promoted), ("prior_limit_up_return", followed)])
    };
    let rotating =
        || together([session(5_000_000, 50_000, 1), industries(18_000_000, -17_000_000)]);
    let crowded = |mean: i64| {
        let mut set = fixture::full(Basis::Exact);
        let key = format!("prior_limit_up_return/all-a/{}/close", set.session).parse().unwrap();
        set.facts.get_mut(&key).unwrap().value = ppb(mean);
        set
    };
    vec![
        calm(),
        together([session(9_000_000, 82_000, 1), shares(968), run_of("broad_advance", 1, 9)]),
        together([session(-9_000_000, 12_000, -1), shares(24), run_of("broad_decline", 1, 12)]),
        together([session(5_000_000, 40_000, -1), shares(344), run_of("narrow", 1, 7)]),
        together([session(-5_000_000, 60_000, 1), shares(601)]),
        together([rotating(), dispersed.clone()]),
        rotating(),
        together([session(5_000_000, 60_000, 1), shares(640), run_of("wide", 1, 6)]),
        together([session(-5_000_000, 40_000, -1), run_of("narrow", 1, 4)]),
        together([session(5_000_000, 50_000, 1), run_of("mixed", 1, 8)]),
        weighted(4_000_000, -1_000_000),
        weighted(-1_000_000, -4_000_000),
        weighted(-4_000_000, -1_000_000),
        ahead(7_100_000, 4_000_000),
        ahead(7_100_000, -4_000_000),
        ahead(-7_100_000, 4_000_000),
        ahead(-7_100_000, -4_000_000),
        together([
            indices(&[(SSE, 9_000_000)]),
            turnover(80_000_000, 9),
            places(&[("turnover", 910)]),
        ]),
        together([indices(&[(SSE, 9_000_000)]), turnover(-80_000_000, 9)]),
        together([
            indices(&[(SSE, -9_000_000)]),
            turnover(80_000_000, 9),
            run_of("turnover_expanding", 1, 8),
        ]),
        together([indices(&[(SSE, -9_000_000)]), turnover(-80_000_000, 9)]),
        together([
            indices(&[(SSE, 1)]),
            against_average(turnover(10_000_000, 9), 60_000_000),
            places(&[("turnover", 930)]),
        ]),
        together([
            indices(&[(SSE, 1)]),
            against_average(turnover(10_000_000, 9), -60_000_000),
            places(&[("turnover", 90)]),
        ]),
        board(40, 300, 900),
        board(950, 700, 100),
        cohort(120, 60),
        cohort(880, 940),
        places(&[("limit_up_broken_count", 700), ("seal_rate", 60), ("limit_up_count", 600)]),
        board(820, 300, 400),
        board(150, 300, 400),
        crowded(24_000_000),
        crowded(-24_000_000),
        theme(9, 71),
    ]
}

/// Sessions of which no past is known.
fn without_a_past() -> Vec<FactSet> {
    vec![
        calm_in_itself(),
        together([session(5_000_000, 40_000, -1), tails()]),
        together([session(5_000_000, 40_000, -1), ahead(4_400_000, 5_000_000)]),
        together([session(9_000_000, 82_000, 1), tails()]),
        board_of(12, 40, 50_000),
        board_of(130, 2, 90_000),
        cohort_of(12_000, -21_000_000),
        cohort_of(41_000, 31_000_000),
    ]
}

#[test]
fn each_kind_of_session_is_read() {
    let cases = [with_a_past(), without_a_past()].concat();
    for language in [Language::Zh, Language::En] {
        let text: String = cases
            .iter()
            .map(|set| format!("{}\n  {}\n", kind_of(set, language), said(set).join(" ")))
            .collect();
        let golden = format!("../golden/kind-{}.txt", language.tag());
        expect_file![golden].assert_eq(&text);
    }
    for (streak, zh) in [(4, "4连涨"), (-4, "4连跌")] {
        let set = together([index(streak, None), promoted(16, 58, 71)]);
        assert!(watched(&set, Language::Zh)[0].contains(zh));
    }
}

/// A sentence says since when, unless a takeaway did.
#[test]
fn how_long_a_word_has_held_is_said_once() {
    for (run, since, told) in [
        (3, 40, "sessions in a row"),
        (1, 20, "It was last so"),
        (1, 19, "Decliners last led 19 sessions ago."),
        (1, 5, "Decliners last led 5 sessions ago."),
    ] {
        let set = together([session(-5_000_000, 40_000, -1), run_of("narrow", run, since)]);
        let text = unmarked(&set, Language::En);
        let body = text.split("\n## About the data").next().unwrap();
        let number = if run > 1 { run } else { since };
        assert!(body.contains(told), "{body}");
        let figure = [format!(" {number} sessions ago"), format!(" {number} sessions in a row")];
        let times: usize = figure.iter().map(|figure| body.matches(figure.as_str()).count()).sum();
        assert_eq!(times, 1, "{body}");
    }
    let set = together([session(-5_000_000, 40_000, -1), run_of("narrow", 1, 4)]);
    assert!(!unmarked(&set, Language::En).contains("sessions ago"));
}
