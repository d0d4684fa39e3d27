//! Laws of conditions, over walks and texts of chance.

use fupan_brief::{FactSet, Language};
use fupan_market::{InLanguage, english_in};
use fupan_measure::catalogue;
use fupan_push::{AlertCondition, AlertRule, AlertRuleText, AlertWatch};
use proptest::prelude::*;

use crate::alerts::{At, groups, rule};

/// What a reader would expect of a comparison, in the plainest words.
fn expected(
    walk: &[(i8, Option<i64>)],
    meets: &dyn Fn(i64) -> bool,
    back: &dyn Fn(i64) -> bool,
) -> Vec<usize> {
    let (mut day, mut armed, mut raised) = (0, true, Vec::new());
    for (place, (of_day, value)) in walk.iter().enumerate() {
        if *of_day != day {
            (day, armed) = (*of_day, true);
        }
        let Some(value) = *value else { continue };
        if armed && meets(value) {
            armed = false;
            raised.push(place);
        } else if back(value) {
            armed = true;
        }
    }
    raised
}

fn facts_of(day: i8, place: usize, value: Option<i64>) -> FactSet {
    let at = At::new(day, 34_200 + place as u32);
    match value {
        Some(count) => at.count("limit_down_count", count).set,
        None => at.count("limit_up_count", 1).set,
    }
}

/// Sessions of a figure that walks up and down, unknown at times.
fn walks() -> impl Strategy<Value = Vec<(i8, Option<i64>)>> {
    let step = prop_oneof![8 => (-9_i64..10).prop_map(Some), 1 => Just(None)];
    let sessions = prop::collection::vec(prop::collection::vec(step, 1..40), 1..3);
    sessions.prop_map(|sessions| {
        let mut walk = Vec::new();
        for (day, steps) in (12..).zip(sessions) {
            let mut at = 20_i64;
            for step in steps {
                at = (at + step.unwrap_or(0)).max(0);
                walk.push((day, step.map(|_| at)));
            }
        }
        walk
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_walk_raises_what_a_plain_model_says(
        walk in walks(),
        sign in 0_usize..4,
        threshold in 1_i64..45,
        way in prop::option::of(1_i64..12),
        restart in 0_usize..60,
    ) {
        let sign = [">", ">=", "<", "<="][sign];
        let up = sign.starts_with('>');
        let rearm = way.map(|way| if up { (threshold - way).max(0) } else { threshold + way });
        let rearm = rearm.filter(|rearm| *rearm != threshold);
        let when = format!("limit_down_count/all-a {sign} {threshold}");
        let rules = || vec![rule(&when, rearm.map(|rearm| rearm.to_string()).as_deref())];
        // The first number that meets it, and so far back from there.
        let least = (threshold / 20).max(1);
        let default = match sign {
            ">" => threshold + 1 - least,
            ">=" => threshold - least,
            "<" => threshold - 1 + least,
            _ => threshold + least,
        };
        let rearm = rearm.unwrap_or(default);
        let meets = |value| match sign {
            ">" => value > threshold,
            ">=" => value >= threshold,
            "<" => value < threshold,
            _ => value <= threshold,
        };
        let back = |value| if up { value <= rearm } else { value >= rearm };
        let mut watch = AlertWatch::new(rules(), Language::Zh);
        let mut raised = Vec::new();
        for (place, (day, value)) in walk.iter().enumerate() {
            if place == restart {
                let kept = serde_json::to_string(watch.state()).unwrap();
                let state = serde_json::from_str(&kept).unwrap();
                watch = AlertWatch::resume(rules(), Language::Zh, state);
            }
            let alerts = watch.see(&facts_of(*day, place, *value));
            prop_assert_eq!(watch.unknown().is_empty(), value.is_some());
            raised.extend(alerts.iter().map(|_| place));
        }
        prop_assert_eq!(&raised, &expected(&walk, &meets, &back));
        // Between two alerts of a session the figure was back.
        for pair in raised.windows(2) {
            let between = &walk[pair[0] + 1..pair[1]];
            let was_back = between.iter().any(|(_, value)| value.is_some_and(back));
            prop_assert!(was_back || walk[pair[0]].0 != walk[pair[1]].0);
        }
    }

    #[test]
    fn what_is_read_is_printed_and_read_again(
        place in 0..catalogue().len(),
        scope in prop::sample::select(vec![
            "all-a", "sse-szse", "star", "band-st", "industry/电子", "concept/AI 眼镜",
            "sw1.801080", "600519.SH", "000001.SH", "510300.SH",
        ]),
        sign in prop::sample::select(vec![">", ">=", "<", "<=", "＞", "≤"]),
        number in "-?[0-9]{1,4}(\\.[0-9]{1,3})?",
        unit in prop::sample::select(vec!["", "%", "亿", "万亿元", " bn", "点", ":30"]),
    ) {
        let text = format!("{}/{scope} {sign} {number}{unit}", catalogue()[place].id);
        match text.parse::<AlertCondition>() {
            Ok(read) => prop_assert_eq!(read.to_string().parse(), Ok(read)),
            Err(told) => prop_assert_eq!(english_in(&told.wording().zh), None),
        }
    }

    #[test]
    fn no_text_makes_a_condition_fail(text in "\\PC{0,80}|[a-z_/.:0-9><=% 亿]{0,60}|.{0,40}") {
        let around = ["{}", "{}/all-a > 5", "limit_up_count/{} > 5", "limit_up_count/all-a > {}",
            "turnover/all-a <= {}", "first_seal_time/600519.SH < {}", "{} opens",
            "{} enters top tenth"];
        for around in around {
            let text = around.replace("{}", &text);
            if let Ok(read) = text.parse::<AlertCondition>() {
                prop_assert_eq!(read.to_string().parse(), Ok(read.clone()));
                let mut watch = AlertWatch::new(vec![read.into()], Language::En);
                watch.see(&groups(35_000, &[]));
            }
        }
        let when = "advance_share/all-a > 50%".to_owned();
        let _ = AlertRule::try_from(AlertRuleText { when, rearm: Some(text), name: None });
    }
}

/// Every measure of the catalogue has a scope and a number that a comparison takes.
#[test]
fn every_measure_can_be_named_with_a_number_of_its_unit() {
    let numbers = ["5", "5%", "5亿", "10:30", "1"];
    let scopes = ["all-a", "sw1.801080", "600519.SH", "000001.SH", "510300.SH"];
    for measure in catalogue() {
        let ids = [measure.id.to_owned(), format!("{}:4", measure.id)];
        let figures = ids.iter().flat_map(|id| scopes.map(|scope| format!("{id}/{scope}")));
        let mut texts =
            figures.flat_map(|figure| numbers.map(|number| format!("{figure} >= {number}")));
        assert!(texts.any(|text| text.parse::<AlertCondition>().is_ok()), "{}", measure.id);
    }
}
