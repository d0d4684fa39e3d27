//! An alert in words.

use std::cmp::Ordering;

use fupan_brief::{Language, scope_label, worded};
use fupan_fact::{AsOf, Basis, FactKey, FactSet, MeasureId, Scope, SessionNote, Value, number};
use fupan_market::{Return, Symbol};

use crate::alert::condition::{Figure, GroupWord, Sign, TurnoverWord, Watched, measured};
use crate::alert::rule::AlertRule;
use crate::alert::sight::Seen;
use crate::alert::threshold::Threshold;
use crate::alert::{Alert, AlertFact};

/// Most groups that one alert shows with their figures.
const GROUPS_MAX: usize = 10;

/// Most groups that a title names.
const NAMED_MAX: usize = 3;

/// The alert of a rule for what crossed, of which there is at least one.
pub(super) fn alert(
    rule: &AlertRule,
    crossed: &[Seen],
    facts: &FactSet,
    as_of: AsOf,
    language: Language,
) -> Alert {
    let teller = Teller { facts, as_of, language };
    let told = match &rule.when().0 {
        Watched::Figure { figure, sign, threshold } => {
            teller.figure(rule, crossed, figure, (*sign, threshold))
        }
        Watched::Turnover { word, figure, threshold, .. } => {
            teller.turnover(rule, crossed, (*word, threshold), figure)
        }
        Watched::TopTenth(_) | Watched::AnyTopTenth(_) => teller.top_tenth(crossed),
        Watched::Seals(symbol) => teller.limit(*symbol, Event::Seals),
        Watched::Opens(symbol) => teller.limit(*symbol, Event::Opens),
    };
    let mut lines = vec![told.sentence];
    lines.extend(teller.notes(&told.keys));
    let title = rule.name().map_or(told.title, str::to_owned);
    Alert {
        language,
        session: facts.session,
        as_of,
        title,
        sentence: lines.join("\n"),
        facts: told.keys.into_iter().filter_map(|key| teller.fact(key)).collect(),
    }
}

/// A return, always with its sign, or a share; `None` for another value.
fn percent(value: &Value, decimals: u32) -> Option<String> {
    let (part, whole, sign) = match value {
        Value::Return { ppb } => (ppb.0, Return::PARTS, if ppb.0 > 0 { "+" } else { "" }),
        Value::Share { part, whole } => (*part, *whole, ""),
        _ => return None,
    };
    let number = number::quotient(i128::from(part) * 100, whole.into(), decimals);
    Some(format!("{sign}{number}%"))
}

/// What is said, and the keys of the facts that it rests on.
struct Told {
    title: String,
    sentence: String,
    keys: Vec<FactKey>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Event {
    Seals,
    Opens,
}

struct Teller<'a> {
    facts: &'a FactSet,
    as_of: AsOf,
    language: Language,
}

impl Teller<'_> {
    fn key(&self, measure: &MeasureId, scope: &Scope) -> FactKey {
        let (measure, scope) = (measure.clone(), scope.clone());
        FactKey { measure, scope, session: self.facts.session, as_of: self.as_of }
    }

    fn of(&self, measure: &'static str, scope: &Scope) -> FactKey {
        self.key(&MeasureId::new(measure), scope)
    }

    fn said<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    fn scope(&self, scope: &Scope) -> String {
        scope_label(scope, self.facts, self.language).replace('\u{a0}', " ")
    }

    /// A measure's name, with its parameter.
    fn measure(&self, measure: &MeasureId) -> String {
        let declared = measured(measure.name());
        let label = declared.map(|of| self.said(of.label.zh, of.label.en));
        let label = label.unwrap_or(measure.name());
        match (measure.parameter(), self.language) {
            (None, _) => label.to_owned(),
            (Some(parameter), Language::Zh) => format!("{label}（{parameter}）"),
            (Some(parameter), Language::En) => format!("{label} ({parameter})"),
        }
    }

    fn label(&self, key: &FactKey) -> String {
        let (scope, measure) = (self.scope(&key.scope), self.measure(&key.measure));
        match self.language {
            Language::Zh => format!("{scope} {measure}"),
            Language::En => format!("{scope}: {measure}"),
        }
    }

    /// A value, a percentage with as few decimals as do not take it to the threshold.
    fn value(&self, key: &FactKey, threshold: Option<&Threshold>) -> String {
        let Some(fact) = self.facts.get(key) else { return String::new() };
        let exact = threshold.and_then(|threshold| threshold.against(&fact.value));
        let is_true = |text: &String| match threshold {
            Some(threshold) => threshold.of_same_unit(text) == exact,
            None => true,
        };
        let mut short = (2..=7).filter_map(|decimals| percent(&fact.value, decimals));
        short.find(is_true).unwrap_or_else(|| worded(&fact.value, self.language))
    }

    fn fact(&self, key: FactKey) -> Option<AlertFact> {
        let value = self.facts.get(&key)?.value.clone();
        Some(AlertFact { label: self.label(&key), key, value })
    }

    /// What a reader must know of the facts.
    fn notes(&self, keys: &[FactKey]) -> Vec<String> {
        let found = keys.iter().filter_map(|key| self.facts.get(key));
        let bases: Vec<Basis> = found.map(|fact| fact.provenance.basis).collect();
        let is_simulated = self.facts.notes.contains(&SessionNote::Simulated);
        let notes = [
            (is_simulated, "模拟数据，并非真实交易。", "Simulated data, not real trades."),
            (
                bases.contains(&Basis::Estimated),
                "其中有估算的数字。",
                "Some of it rests on estimates.",
            ),
            (
                bases.contains(&Basis::Partial),
                "所依据的数据不全。",
                "The data that it rests on are incomplete.",
            ),
        ];
        let told = notes.into_iter().filter(|(holds, ..)| *holds);
        told.map(|(_, zh, en)| self.said(zh, en).to_owned()).collect()
    }

    fn figure(
        &self,
        rule: &AlertRule,
        crossed: &[Seen],
        figure: &Figure,
        (sign, threshold): (Sign, &Threshold),
    ) -> Told {
        let Some(seen) = crossed.first() else { return Told::nothing() };
        let key = self.key(&figure.measure, &seen.subject);
        let (scope, measure) = (self.scope(&seen.subject), self.measure(&figure.measure));
        let (value, threshold) = (self.value(&key, Some(threshold)), threshold.said(self.language));
        let than = match sign {
            Sign::Above => ("高于", "above"),
            Sign::AtLeast => ("不低于", "at least"),
            Sign::Below => ("低于", "below"),
            Sign::AtMost => ("不高于", "at most"),
        };
        let again = self.again(rule, sign);
        let (title, sentence) = match self.language {
            Language::Zh => (
                format!("{scope}{measure}{}{threshold}", than.0),
                format!("{scope}{measure}{value}，{}所设的{threshold}。{again}", than.0),
            ),
            Language::En => (
                format!("{measure} {} {threshold} · {scope}", than.1),
                format!(
                    "{scope}: {measure} {value}, {} the {threshold} that is set. {again}",
                    than.1
                ),
            ),
        };
        Told { title, sentence, keys: vec![key] }
    }

    /// When a comparison is raised again.
    fn again(&self, rule: &AlertRule, sign: Sign) -> String {
        let Some(rearm) = rule.rearmed_at() else { return String::new() };
        let rearm = rearm.said(self.language);
        match (self.language, sign.outward()) {
            (Language::Zh, Ordering::Greater) => {
                format!("回落到{rearm}或以下之后再次达到，才会再提醒。")
            }
            (Language::Zh, _) => format!("回升到{rearm}或以上之后再次达到，才会再提醒。"),
            (Language::En, Ordering::Greater) => {
                format!("The next alert comes only after it has been at {rearm} or below.")
            }
            (Language::En, _) => {
                format!("The next alert comes only after it has been at {rearm} or above.")
            }
        }
    }

    fn turnover(
        &self,
        rule: &AlertRule,
        crossed: &[Seen],
        (word, threshold): (TurnoverWord, &Threshold),
        figure: &Figure,
    ) -> Told {
        let Some(seen) = crossed.first() else { return Told::nothing() };
        let key = self.key(&figure.measure, &seen.subject);
        let (scope, value) = (self.scope(&seen.subject), self.value(&key, Some(threshold)));
        let threshold = threshold.said(self.language);
        let (zh, en, sign) = match word {
            TurnoverWord::Expanding => ("放量", "expanding", Sign::AtLeast),
            TurnoverWord::Shrinking => ("缩量", "shrinking", Sign::AtMost),
        };
        let than = match self.as_of {
            AsOf::Close => ("上一交易日", "the session before"),
            AsOf::Instant(_) => ("上一交易日同一时刻", "the same moment of the session before"),
        };
        let again = self.again(rule, sign);
        let (title, sentence) = match self.language {
            Language::Zh => {
                let reached = match word {
                    TurnoverWord::Expanding => format!("达到{threshold}即为放量"),
                    TurnoverWord::Shrinking => format!("低至{threshold}即为缩量"),
                };
                let title = format!("{scope}{zh}");
                (title, format!("{scope}成交额较{}{value}（{reached}）。{again}", than.0))
            }
            Language::En => {
                let reached = match word {
                    TurnoverWord::Expanding => {
                        format!("from {threshold} up it is called expanding")
                    }
                    TurnoverWord::Shrinking => {
                        format!("from {threshold} down it is called shrinking")
                    }
                };
                let title = format!("Turnover {en} · {scope}");
                (
                    title,
                    format!("{scope}: turnover {value} against {} ({reached}). {again}", than.1),
                )
            }
        };
        let more = ["turnover", "turnover_prev"].map(|measure| self.of(measure, &seen.subject));
        let keys = std::iter::once(key).chain(more).collect();
        Told { title, sentence, keys }
    }

    fn top_tenth(&self, crossed: &[Seen]) -> Told {
        let mut crossed: Vec<&Seen> = crossed.iter().collect();
        crossed.sort_by_key(|seen| seen.place.map(|place| place.place));
        let is_concept =
            |seen: &&Seen| matches!(&seen.subject, Scope::Group(id) if id.is_concept());
        let kind = match crossed.first().is_some_and(is_concept) {
            true => GroupWord::Concept,
            false => GroupWord::Industry,
        };
        let (of_zh, of_en) = match kind {
            GroupWord::Industry => ("行业", "industries"),
            GroupWord::Concept => ("题材", "concepts"),
        };
        let names: Vec<String> =
            crossed.iter().take(NAMED_MAX).map(|seen| self.scope(&seen.subject)).collect();
        let (named, all) = (names.join(self.said("、", ", ")), crossed.len());
        let title = match (self.language, all > NAMED_MAX) {
            (Language::Zh, false) => format!("{named}进入{of_zh}涨幅前一成"),
            (Language::Zh, true) => format!("{named}等{all}个{of_zh}进入涨幅前一成"),
            (Language::En, false) => format!("{named}: in the top tenth of {of_en}"),
            (Language::En, true) => {
                format!("{named} and {} more: in the top tenth of {of_en}", all - NAMED_MAX)
            }
        };
        let key = |seen: &Seen| self.of("equal_weight_return", &seen.subject);
        let shown = || crossed.iter().take(GROUPS_MAX);
        let mut lines: Vec<String> = shown()
            .filter_map(|seen| {
                let (name, value) = (self.scope(&seen.subject), self.value(&key(seen), None));
                let place = seen.place?;
                Some(match self.language {
                    Language::Zh => format!(
                        "{name}：等权平均涨跌幅{value}，在{}个{of_zh}中列第{}。",
                        place.of, place.place
                    ),
                    Language::En => format!(
                        "{name}: equal-weight return {value}, place {} of {} {of_en}.",
                        place.place, place.of
                    ),
                })
            })
            .collect();
        if let Some(rest) = all.checked_sub(GROUPS_MAX).filter(|rest| *rest > 0) {
            lines.push(match self.language {
                Language::Zh => format!("另有{rest}个未列出。"),
                Language::En => format!("{rest} more are not shown."),
            });
        }
        let keys = shown().map(|seen| key(seen)).collect();
        Told { title, sentence: lines.join("\n"), keys }
    }

    fn limit(&self, symbol: Symbol, event: Event) -> Told {
        let scope = Scope::Security(symbol);
        let name = match self.facts.names.get(&symbol).map(|_| self.scope(&scope)) {
            Some(name) if name.contains(&symbol.to_string()) => name,
            Some(name) => match self.language {
                Language::Zh => format!("{name}（{symbol}）"),
                Language::En => format!("{name} ({symbol})"),
            },
            None => symbol.to_string(),
        };
        let what = match event {
            Event::Seals => self.said("封住涨停", "sealed at its limit-up price"),
            Event::Opens => self.said("打开涨停", "no longer sealed at its limit-up price"),
        };
        let title = match self.language {
            Language::Zh => format!("{name}{what}"),
            Language::En => format!("{name} is {what}"),
        };
        let sentence = match event {
            Event::Seals => self.said(
                "最新价等于涨停价。打开之后再次封住，才会再提醒。",
                "Its last price is its limit-up price. The next alert comes only after it has \
                 opened.",
            ),
            Event::Opens => self.said(
                "本交易日曾封住涨停，最新价已低于涨停价。重新封住之后再次打开，才会再提醒。",
                "It was sealed in this session, and its last price is below its limit-up price \
                 now. The next alert comes only after it has been sealed again.",
            ),
        };
        let of_security =
            ["last_price", "security_return", "first_seal_time", "last_seal_time", "times_opened"];
        let keys = of_security.map(|measure| self.of(measure, &scope));
        let mut keys: Vec<FactKey> =
            keys.into_iter().filter(|key| self.facts.get(key).is_some()).collect();
        if keys.is_empty() {
            keys.push(self.of("limit_up_count", &Scope::AllA));
        }
        Told { title, sentence: sentence.to_owned(), keys }
    }
}

impl Told {
    fn nothing() -> Told {
        Told { title: String::new(), sentence: String::new(), keys: Vec::new() }
    }
}
