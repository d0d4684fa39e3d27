//! Conditions on the facts of instants: what they raise, when again, and what they cannot know.

use fupan_brief::{FactSet, Language};
use fupan_fact::{
    AsOf, Basis, Coverage, Fact, FactKey, MeasureId, Name, Provenance, Scope, SessionNote,
    ThemeList, Value,
};
use fupan_market::{
    Fen, GroupId, InLanguage, IndexQuote, Quote, Return, Rulebook, RulebookVersion, SessionDate,
    Span, Symbol, english_in,
};
use fupan_measure::{IndexMoment, PreOpen, SessionTurnover, catalogue};
use fupan_push::{Alert, AlertRule, AlertRuleText, AlertState, AlertWatch};
use fupan_sim::{MarketPlan, SimulatedMarket};

/// Facts of an instant.
pub struct At {
    pub set: FactSet,
    second: u32,
}

impl At {
    pub fn new(day: i8, second: u32) -> At {
        At { set: FactSet::new(SessionDate::new(2026, 2, day).unwrap()), second }
    }

    fn key(&self, measure: &str, scope: &str) -> FactKey {
        FactKey {
            measure: measure.parse().unwrap(),
            scope: scope.parse().unwrap(),
            session: self.set.session,
            as_of: AsOf::Instant(self.second),
        }
    }

    fn put(mut self, measure: &str, scope: &str, value: Value) -> At {
        let known = catalogue().iter().find(|known| known.name() == measure).unwrap();
        self.set.measures.insert(measure.to_owned(), known.text());
        let provenance = Provenance {
            inputs: [].into(),
            coverage: Coverage { judged: 5_000, unjudged: 0 },
            basis: Basis::Exact,
            rulebook: RulebookVersion("test".into()),
            measure_version: 1,
            findings: Vec::new(),
        };
        self.set.insert(Fact { key: self.key(measure, scope), value, provenance });
        self
    }

    pub fn count(self, measure: &str, count: i64) -> At {
        self.put(measure, "all-a", Value::Count { count })
    }

    fn ppb(self, measure: &str, scope: &str, ppb: i64) -> At {
        self.put(measure, scope, Value::Return { ppb: Return(ppb) })
    }

    fn member(mut self, measure: &str, symbol: &str) -> At {
        let key = self.key(measure, "all-a");
        self.set.members.entry(key).or_default().push(symbol.parse().unwrap());
        self
    }

    fn group(mut self, id: &str, zh: &str, en: Option<&str>, ppb: i64) -> At {
        let name = Name { zh: zh.to_owned(), en: en.map(str::to_owned) };
        self.set.groups.insert(id.parse().unwrap(), name);
        self.ppb("equal_weight_return", id, ppb)
    }

    fn named(mut self, symbol: &str, zh: &str) -> At {
        let name = Name { zh: zh.to_owned(), en: None };
        self.set.names.insert(symbol.parse().unwrap(), name);
        self
    }
}

pub fn rule(when: &str, rearm: Option<&str>) -> AlertRule {
    let rearm = rearm.map(str::to_owned);
    AlertRuleText { when: when.to_owned(), rearm, name: None }.try_into().unwrap()
}

fn watch(rules: &[&str], language: Language) -> AlertWatch {
    AlertWatch::new(rules.iter().map(|when| rule(when, None)).collect(), language)
}

fn titles(alerts: &[Alert]) -> Vec<&str> {
    alerts.iter().map(|alert| alert.title.as_str()).collect()
}

#[test]
fn a_rule_is_read_from_settings_and_written_as_it_was() {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Settings {
        alert: Vec<AlertRule>,
    }
    let text = "[[alert]]\nwhen = \"limit_down_count/all-a > 50\"\nrearm = \"45\"\n\
                name = \"恐慌\"\n\n\
                [[alert]]\nwhen = \"any concept enters top tenth\"\n";
    let settings: Settings = toml::from_str(text).unwrap();
    assert_eq!(settings.alert[0].name(), Some("恐慌"));
    assert_eq!(settings.alert[0].when().to_string(), "limit_down_count/all-a > 50");
    assert_eq!(settings.alert[0].to_string(), "limit_down_count/all-a > 50, rearm 45");
    assert_eq!(toml::to_string(&settings).unwrap(), text);
    let number = text.replace("\"45\"", "45");
    assert_eq!(toml::from_str::<Settings>(&number).unwrap(), settings);
    for (wrong, word) in [
        (text.replace("name", "title"), "title"),
        (text.replace("\"45\"", "4.5"), "whole number"),
        (text.replace("limit_down_count", "limit_down"), "there is no measure"),
        (text.replace("any concept", "any stock"), "any industry"),
    ] {
        let told = toml::from_str::<Settings>(&wrong).unwrap_err();
        assert!(told.message().contains(word), "{told}");
    }
}

#[test]
fn the_conditions_of_the_documentation_are_read() {
    let text = include_str!("../../../../docs/pushes.md");
    let (_, settings) = text.split_once("```toml\n").unwrap();
    let (settings, rest) = settings.split_once("```").unwrap();
    let settings: toml::Table = toml::from_str(settings).unwrap();
    let rules: Vec<AlertRule> = settings["alert"].clone().try_into().unwrap();
    assert_eq!(rules.len(), 4);
    let (_, table) = rest.split_once("| `when` |").unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let quoted: Vec<&str> = table.split('`').skip(1).step_by(2).collect();
    let whole =
        |text: &&&str| text.contains(' ') && !text.contains("MEASURE") && !text.contains('…');
    for text in quoted.iter().filter(whole) {
        assert!(text.parse::<fupan_push::AlertCondition>().is_ok(), "{text}");
    }
    assert_eq!(quoted.iter().filter(whole).count(), 9);
}

#[test]
fn a_value_to_rearm_at_lies_where_the_condition_does_not_hold() {
    let refused = |when: &str, rearm: &str| {
        let text =
            AlertRuleText { when: when.to_owned(), rearm: Some(rearm.to_owned()), name: None };
        AlertRule::try_from(text).err().map(|told| told.wording())
    };
    for (when, rearm) in [
        ("limit_down_count/all-a > 50", "51"),
        ("limit_down_count/all-a >= 50", "50"),
        ("advance_share/all-a < 30%", "29.9%"),
        ("limit_down_count/all-a > 50", "45%"),
        ("any concept enters top tenth", "5"),
        ("600519.SH opens", "5"),
    ] {
        let told = refused(when, rearm).unwrap_or_else(|| panic!("{when}, {rearm}"));
        assert_eq!(english_in(&told.zh), None, "{}", told.zh);
        assert!(!told.zh.is_ascii() && told.en.contains('`'));
    }
    for (when, rearm) in [
        ("limit_down_count/all-a > 50", "50"),
        ("limit_down_count/all-a >= 50", "49"),
        ("advance_share/all-a <= 30%", "30.1%"),
        ("turnover expanding", "3%"),
        ("turnover shrinking", "-3%"),
    ] {
        assert_eq!(refused(when, rearm), None, "{when}, {rearm}");
    }
}

#[test]
fn a_crossing_is_raised_once_until_the_figure_has_gone_back() {
    let at = |second, count| At::new(12, second).count("limit_down_count", count).set;
    let mut watch =
        AlertWatch::new(vec![rule("limit_down_count/all-a > 50", Some("45"))], Language::En);
    let counts = [50, 51, 80, 50, 46, 51, 45, 50, 51, 52];
    let raised = (0..)
        .zip(counts)
        .filter(|(place, count)| !watch.see(&at(35_000 + place, *count)).is_empty());
    let raised: Vec<i64> = raised.map(|(_, count)| count).collect();
    assert_eq!(raised, [51, 51]);
    // Of a session that already meets the condition, the first sight is raised.
    let next = At::new(13, 34_200).count("limit_down_count", 60).set;
    assert_eq!(watch.see(&next).len(), 1);
}

#[test]
fn alerts_say_what_happened_in_both_languages() {
    let facts = At::new(12, 37_800)
        .count("limit_down_count", 57)
        .ppb("turnover_change_rate", "sse-szse", 62_000_000)
        .put("turnover", "sse-szse", Value::Money { fen: Fen(52_000_000_000_000) })
        .put("turnover_prev", "sse-szse", Value::Money { fen: Fen(49_000_000_000_000) })
        .put("advance_share", "all-a", Value::Share { part: 1_000, whole: 5_000 })
        .set;
    let rules = ["limit_down_count/all-a > 50", "turnover expanding", "advance_share/all-a <= 25%"];
    let [zh, en] = [Language::Zh, Language::En].map(|language| watch(&rules, language).see(&facts));
    assert_eq!(titles(&zh), ["全部A股跌停家数高于50", "沪深两市放量", "全部A股上涨占比不高于25%"]);
    assert_eq!(
        titles(&en),
        [
            "Limit-downs above 50 · All A-shares",
            "Turnover expanding · Shanghai and Shenzhen",
            "Advance share at most 25% · All A-shares"
        ]
    );
    assert_eq!(
        zh[0].sentence,
        "全部A股跌停家数57，高于所设的50。回落到49或以下之后再次达到，才会再提醒。"
    );
    assert_eq!(
        en[0].sentence,
        "All A-shares: Limit-downs 57, above the 50 that is set. The next alert comes only after \
         it has been at 49 or below."
    );
    assert!(
        zh[1].sentence.starts_with("沪深两市成交额较上一交易日同一时刻+6.20%（达到5%即为放量）。"),
        "{}",
        zh[1].sentence
    );
    assert!(en[1].sentence.contains("+6.20% against the same moment"), "{}", en[1].sentence);
    assert_eq!(en[1].facts.len(), 3);
    assert!(en[2].sentence.contains("26.25% or above"), "{}", en[2].sentence);
    for alert in zh.iter().chain(&en) {
        assert_eq!((alert.session, alert.as_of), (facts.session, AsOf::Instant(37_800)));
        for fact in &alert.facts {
            assert_eq!(facts.get(&fact.key).map(|found| &found.value), Some(&fact.value));
        }
    }
    for alert in &zh {
        assert_eq!(english_in(&format!("{}\n{}", alert.title, alert.sentence)), None);
    }
}

#[test]
fn a_percentage_is_told_as_short_as_it_can_be_without_reaching_its_threshold() {
    let share = |part| Value::Share { part, whole: 100_000 };
    for (value, told) in [
        (share(24_568), "24.57%"),
        (share(24_999), "24.999%"),
        (share(25_000), "25.00%"),
        (Value::Share { part: 1, whole: 3_000 }, "0.03%"),
    ] {
        let facts = At::new(12, 37_800).put("advance_share", "all-a", value).set;
        let raised = watch(&["advance_share/all-a <= 25%"], Language::Zh).see(&facts);
        let expected = format!("全部A股上涨占比{told}，不高于所设的25%。");
        assert!(raised[0].sentence.starts_with(&expected), "{}", raised[0].sentence);
    }
    let facts = At::new(12, 37_800).ppb("median_return", "all-a", -30_000_001).set;
    let raised = watch(&["median_return/all-a < -3%"], Language::En).see(&facts);
    assert!(raised[0].sentence.contains("Median return -3.0000001%, below"), "{raised:?}");
}

#[test]
fn what_a_reader_must_know_of_the_facts_is_said() {
    let mut facts = At::new(12, 37_800).count("limit_down_count", 57).set;
    facts.notes.push(SessionNote::Simulated);
    facts.facts.values_mut().for_each(|fact| fact.provenance.basis = Basis::Partial);
    let told = watch(&["limit_down_count/all-a > 50"], Language::En).see(&facts);
    assert!(told[0].sentence.ends_with(
        "\nSimulated data, not real trades.\nThe data that it rests on are incomplete."
    ));
}

/// Twenty industries and twelve concepts; the first by place have the highest returns.
pub fn groups(second: u32, best: &[(&str, i64)]) -> FactSet {
    let mut at = At::new(12, second);
    let ppb = |id: &str, place: i64| {
        let found = best.iter().find(|(of, _)| *of == id);
        found.map_or(-place * 1_000_000, |(_, ppb)| *ppb)
    };
    for place in 0..20 {
        let (id, name) = (format!("sw1.8010{place:02}"), format!("行业{place}"));
        at = at.group(&id, &name, Some(&format!("Industry {place}")), ppb(&id, place));
    }
    for place in 0..12 {
        let (id, name) = (format!("ths-concept.C{place}"), format!("题材 {place}"));
        at = at.group(&id, &name, None, ppb(&id, place));
    }
    let of = |code: usize| -> GroupId { format!("ths-concept.C{code}").parse().unwrap() };
    at.set.themes = Some(ThemeList {
        scheme: "ths-concept".to_owned(),
        seen_on: (at.set.session, at.set.session),
        small: 0,
        no_themes: 0,
        unlisted: 0,
        alike: [(of(0), vec![of(1)])].into(),
    });
    at.set
}

#[test]
fn a_group_is_told_when_it_enters_the_top_tenth_and_again_after_leaving_the_eighth() {
    let mut watch =
        watch(&["industry/行业5 enters top tenth", "sw1.801007 enters top tenth"], Language::Zh);
    let at = |of_five| groups(35_000, &[("sw1.801005", of_five)]);
    assert_eq!(titles(&watch.see(&at(-5_000_000))), [""; 0]);
    let raised = watch.see(&at(1));
    assert_eq!(titles(&raised), ["行业5进入行业涨幅前一成"]);
    assert_eq!(raised[0].sentence, "行业5：等权平均涨跌幅+0.00%，在20个行业中列第1。");
    // Third of twenty is behind the tenth (2) and not behind the eighth (3).
    for (ppb, count) in [(-1_500_000, 0), (1, 0), (-2_500_000, 0), (1, 1)] {
        assert_eq!(watch.see(&at(ppb)).len(), count, "{ppb}");
    }
    assert_eq!(watch.unknown(), []);
}

#[test]
fn groups_that_enter_together_are_one_alert() {
    let mut watch = watch(&["any concept enters top tenth"], Language::En);
    let raised = watch.see(&groups(35_000, &[]));
    // Eleven themes have a place, since two share most members: two are in the tenth.
    assert_eq!(titles(&raised), ["题材0, 题材2: in the top tenth of concepts"]);
    assert_eq!(raised[0].facts.len(), 2);
    assert!(raised[0].sentence.contains("place 2 of 11 concepts"), "{}", raised[0].sentence);
    let raised = watch.see(&groups(35_060, &[("ths-concept.C9", 9)]));
    assert_eq!(titles(&raised), ["题材9: in the top tenth of concepts"]);
    let mut poor = groups(35_120, &[("ths-concept.C8", 9)]);
    poor.facts.retain(|key, _| !key.scope.to_string().starts_with("ths-concept.C1"));
    let few = poor.facts.keys().filter(|key| key.scope.to_string().starts_with("ths")).count();
    assert_eq!((few, watch.see(&poor).len()), (9, 0));
    assert!(watch.unknown()[0].reason.en.contains("only 9 groups"));
    // A theme that another stands for has a place if it is asked for.
    let mut of_one = self::watch(&["concept/题材 1 enters top tenth"], Language::Zh);
    assert_eq!(titles(&of_one.see(&groups(35_000, &[]))), ["题材1进入题材涨幅前一成"]);
}

#[test]
fn a_security_seals_and_opens() {
    let at = |second, sealed: bool, was: bool| {
        let mut at = At::new(12, second).count("limit_up_count", 1 + i64::from(sealed));
        at = at.named("600519.SH", "贵州茅台").member("limit_up_count", "000001.SZ");
        let time = Value::Time { second: 35_000 };
        at = at.put("first_seal_time", "000001.SZ", time.clone());
        if sealed {
            at = at.member("limit_up_count", "600519.SH");
        }
        if was {
            at = at.put("first_seal_time", "600519.SH", time);
        }
        at.set
    };
    let mut watch = watch(&["600519.SH seals", "600519.SH opens"], Language::Zh);
    let mut told = Vec::new();
    let walk = [
        (false, false),
        (true, true),
        (true, true),
        (false, true),
        (false, true),
        (true, true),
        (false, true),
    ];
    for (second, (sealed, was)) in (35_000..).zip(walk) {
        let alerts = watch.see(&at(second, sealed, was));
        told.extend(alerts.into_iter().map(|alert| alert.title));
    }
    let (seals, opens) = ("贵州茅台（600519.SH）封住涨停", "贵州茅台（600519.SH）打开涨停");
    assert_eq!(told, [seals, opens, seals, opens]);
    // Opened before the first sight.
    let mut late = self::watch(&["600519.SH opens"], Language::En);
    let raised = late.see(&at(36_000, false, true));
    assert_eq!(
        titles(&raised),
        ["Kweichow Moutai (600519.SH) is no longer sealed at its limit-up price"]
    );
    assert_eq!(raised[0].facts[0].key.to_string(), "first_seal_time/600519.SH/2026-02-12/10:00:00");
}

#[test]
fn what_is_not_known_is_said_and_neither_raises_nor_rearms() {
    let known = |count| At::new(12, 35_000).count("limit_down_count", count).set;
    let unknown = Value::Unknown { reason: "no_data".to_owned() };
    let unknown = At::new(12, 35_060).put("limit_down_count", "all-a", unknown).set;
    let mut one = watch(&["limit_down_count/all-a > 50"], Language::Zh);
    assert_eq!(one.see(&unknown).len(), 0);
    assert_eq!(one.unknown()[0].reason.zh, "没有数据");
    assert_eq!(one.see(&known(60)).len(), 1);
    assert_eq!(one.unknown(), []);
    assert_eq!((one.see(&unknown).len(), one.see(&known(60)).len()), (0, 0));

    let every = [
        "limit_up_count/all-a > 50",
        "turnover expanding",
        "industry/电子 enters top tenth",
        "any industry enters top tenth",
        "600519.SH seals",
        "600519.SH opens",
        "security_return/600519.SH < -5%",
        "index_return/000001.SH < -1%",
    ];
    let mut all = watch(&every, Language::En);
    for facts in [known(1), FactSet::new(SessionDate::new(2026, 2, 13).unwrap())] {
        assert_eq!(all.see(&facts), []);
        let told: Vec<String> =
            all.unknown().iter().map(|unknown| unknown.rule.to_string()).collect();
        assert_eq!(told, every);
        for unknown in all.unknown() {
            assert_eq!(english_in(&unknown.reason.zh), None, "{}", unknown.reason.zh);
        }
    }
    // Counted but not listed, listed without times of seals, or without a limit.
    let mut limits = watch(&["600519.SH opens"], Language::En);
    let bare = At::new(12, 35_000).count("limit_up_count", 1);
    let listed =
        At::new(12, 35_000).count("limit_up_count", 1).member("limit_up_count", "000001.SZ");
    let no_limit = At::new(12, 35_000)
        .count("limit_up_count", 0)
        .member("limit_undetermined_count", "600519.SH");
    for (facts, reason) in
        [(bare, "do not list"), (listed, "no quotes"), (no_limit, "limit is not known")]
    {
        assert_eq!(limits.see(&facts.set), []);
        assert!(limits.unknown()[0].reason.en.contains(reason), "{:?}", limits.unknown());
    }
    let mut near = watch(&["industry/行业55 enters top tenth"], Language::En);
    near.see(&groups(35_000, &[]));
    assert!(near.unknown()[0].reason.en.contains("near it is 行业5"), "{:?}", near.unknown());
}

/// The facts of an instant hold all that each kind of condition needs.
#[test]
fn the_facts_of_a_running_session_are_enough() {
    let plan = MarketPlan { securities: 600, sessions: 40, ..MarketPlan::default() };
    let history = SimulatedMarket::generate(&plan).history(39);
    let opening = PreOpen::of(&history, Rulebook::builtin()).unwrap();
    let second = 11 * 3_600;
    let earlier = Rulebook::builtin().calendar().back(history.session, 1).unwrap().unwrap();
    let mut before = SessionTurnover::new(earlier);
    let mut quotes: Vec<(Symbol, Vec<Quote>)> = Vec::new();
    for security in &history.securities {
        let symbol = security.listing.symbol;
        let traded = security.bars.last().filter(|bar| bar.session == history.session);
        let Some(traded) = traded.and_then(|bar| bar.traded) else { continue };
        let quote = Quote {
            time: second,
            span: Span::SoFar,
            sequence: 0,
            revision: 0,
            traded: Some(traded),
        };
        quotes.push((symbol, vec![quote]));
        if let Some(board) = symbol.board() {
            let half = Fen(traded.turnover.fen.0 / 2);
            before.add(symbol, board, fupan_market::Turnover { fen: half, ..traded.turnover });
        }
    }
    let days = opening.days(&quotes);
    let index = history.indices.iter().find(|index| index.symbol.to_string() == "000001.SH");
    let bar = index.unwrap().bars.last().unwrap();
    let level = IndexQuote { time: second, last: bar.close, range: None, turnover: None };
    let moment = IndexMoment { quotes: vec![(index.unwrap().symbol, level)], ..Default::default() };
    let facts = opening.facts(&history, days, None, Some(before), (second, &moment), &[]);
    let sealed: Symbol = facts.members[&FactKey {
        measure: MeasureId::new("limit_up_count"),
        scope: Scope::AllA,
        session: history.session,
        as_of: AsOf::Instant(second),
    }][0];
    let seals = format!("{sealed} seals");
    let rules = [
        "limit_up_count/all-a >= 1",
        "turnover expanding",
        "any industry enters top tenth",
        &seals,
        "600519.SH opens",
        "index_close/000001.SH > 1",
        "index_return/000001.SH > 20 %",
    ];
    let mut watch = watch(&rules, Language::Zh);
    let raised = watch.see(&facts);
    assert_eq!(watch.unknown(), []);
    assert!(raised.len() >= 5, "{:?}", titles(&raised));
    assert_eq!(watch.see(&facts), []);
}

#[test]
fn what_was_raised_is_kept_over_a_restart_and_dropped_with_the_session() {
    let rules = || vec![rule("limit_down_count/all-a > 50", None)];
    let at = |day| At::new(day, 35_000).count("limit_down_count", 60).set;
    let mut first = AlertWatch::new(rules(), Language::Zh);
    assert_eq!(first.see(&at(12)).len(), 1);
    let kept = serde_json::to_string(first.state()).unwrap();
    assert_eq!(
        kept,
        r#"{"session":"2026-02-12","raised":{"limit_down_count/all-a > 50":["all-a"]}}"#
    );
    let resumed = |rules| {
        let state: AlertState = serde_json::from_str(&kept).unwrap();
        AlertWatch::resume(rules, Language::Zh, state)
    };
    assert_eq!(resumed(rules()).see(&at(12)).len(), 0);
    assert_eq!(resumed(rules()).see(&at(13)).len(), 1);
    let other = vec![rule("limit_down_count/all-a > 55", None)];
    assert_eq!(resumed(other).see(&at(12)).len(), 1);
}
