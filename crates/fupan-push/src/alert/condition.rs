//! What a reader wants to be told of, as a condition on the facts of an instant.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use fupan_fact::word::{Operand, Sign as WordSign, Term, Word};
use fupan_fact::{MeasureId, Scope};
use fupan_market::{SecurityKind, Symbol, SymbolError, nearest};
use fupan_measure::{Kind, Measure, catalogue};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::alert::refusal::AlertRuleError;
use crate::alert::threshold::Threshold;

/// A condition on the facts of an instant of a session. Its text is one of these:
///
/// - `limit_down_count/all-a > 50`: a measure of the catalogue, a scope that it has, one of `>`,
///   `>=`, `<`, `<=`, and a number in the measure's unit. A scope may be an industry or a concept
///   by its name: `equal_weight_return/industry/电子 > 3%`. Without a unit, a number is securities,
///   sessions, times, places, yuan of a price, points or a ratio; shares of a whole and returns are
///   percentages, sums of money name their unit (`300亿`, `300bn`), times of day are `10:30`. Zero
///   needs no unit.
/// - `turnover expanding`, `turnover shrinking` (or 放量, 缩量): the words of that name in
///   [`fupan_fact::WORDS`], which a brief says too. Within a session, turnover is compared with
///   that of the same moment of the session before.
/// - `industry/电子 enters top tenth`, `sw1.801080 enters top tenth`, `any concept enters top
///   tenth`: by its equal-weight return, among the industries of its classification or the themes
///   of a review. The tenth is rounded up; nothing is known among fewer than ten.
/// - `600519.SH seals`, `600519.SH opens` (or 封板, 开板): the security is sealed at its limit-up
///   price, or was in this session and is no longer.
///
/// `Display` prints what `FromStr` reads. Numbers and names stay as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertCondition(pub(super) Watched);

/// A condition by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Watched {
    /// A figure is beyond a threshold.
    Figure { figure: Figure, sign: Sign, threshold: Threshold },
    /// A word of turnover holds; `figure` and what follows it is what the word means.
    Turnover { word: TurnoverWord, figure: Figure, sign: Sign, threshold: Threshold },
    /// One group is in the best tenth of its kind.
    TopTenth(AlertScope),
    /// Groups of a kind come to be in its best tenth.
    AnyTopTenth(GroupWord),
    /// A security is sealed at its limit-up price.
    Seals(Symbol),
    /// A security was sealed in the session and is not.
    Opens(Symbol),
}

/// A measure of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) measure: MeasureId,
    pub(super) scope: AlertScope,
}

/// A scope, which may be a group that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AlertScope {
    Is(Scope),
    Named(GroupWord, String),
}

/// A kind of group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GroupWord {
    Industry,
    Concept,
}

/// What is said of turnover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TurnoverWord {
    Expanding,
    Shrinking,
}

/// How a figure compares with its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Sign {
    /// All of them, those of two characters first.
    const ALL: [Sign; 4] = [Sign::AtLeast, Sign::AtMost, Sign::Above, Sign::Below];

    const fn text(self) -> &'static str {
        match self {
            Sign::Above => ">",
            Sign::AtLeast => ">=",
            Sign::Below => "<",
            Sign::AtMost => "<=",
        }
    }

    /// The side of the threshold on which the condition holds.
    pub(super) const fn outward(self) -> Ordering {
        match self {
            Sign::Above | Sign::AtLeast => Ordering::Greater,
            Sign::Below | Sign::AtMost => Ordering::Less,
        }
    }

    /// Whether the condition holds at the threshold itself.
    pub(super) const fn is_met_at_it(self) -> bool {
        matches!(self, Sign::AtLeast | Sign::AtMost)
    }

    /// Whether a figure that compares so with the threshold meets the condition.
    pub(super) fn is_met(self, compared: Ordering) -> bool {
        compared == self.outward() || compared == Ordering::Equal && self.is_met_at_it()
    }
}

impl GroupWord {
    const ALL: [GroupWord; 2] = [GroupWord::Industry, GroupWord::Concept];

    pub(super) const fn word(self) -> &'static str {
        match self {
            GroupWord::Industry => "industry",
            GroupWord::Concept => "concept",
        }
    }
}

impl TurnoverWord {
    const ALL: [TurnoverWord; 2] = [TurnoverWord::Expanding, TurnoverWord::Shrinking];

    /// As it is written, first as it is printed.
    const fn texts(self) -> [&'static str; 2] {
        match self {
            TurnoverWord::Expanding => ["turnover expanding", "放量"],
            TurnoverWord::Shrinking => ["turnover shrinking", "缩量"],
        }
    }

    /// What the word of the briefs means.
    fn watched(self) -> Option<Watched> {
        let id = match self {
            TurnoverWord::Expanding => "turnover_expanding",
            TurnoverWord::Shrinking => "turnover_shrinking",
        };
        let (named, sign, thousandths) = match Word::of_id(id)?.terms {
            [
                Term {
                    left: Operand::Thousandths(least),
                    sign: WordSign::AtMost,
                    right: Operand::Figure(figure),
                },
            ] => (figure, Sign::AtLeast, *least),
            [
                Term {
                    left: Operand::Figure(figure),
                    sign: WordSign::AtMost,
                    right: Operand::Thousandths(most),
                },
            ] => (figure, Sign::AtMost, *most),
            _ => return None,
        };
        let measure = measured(named.measure)?;
        let threshold = Threshold::of(measure.unit, thousandths.checked_mul(1_000_000)?)?;
        let (measure, scope) = (MeasureId::new(named.measure), AlertScope::Is(named.scope.clone()));
        Some(Watched::Turnover { word: self, figure: Figure { measure, scope }, sign, threshold })
    }
}

/// The measure with a name in the catalogue.
pub(super) fn measured(name: &str) -> Option<&'static Measure> {
    catalogue().iter().copied().find(|measure| measure.name() == name)
}

/// Longest text of a condition, in characters.
const LONGEST: usize = 200;

impl FromStr for AlertCondition {
    type Err = AlertRuleError;

    fn from_str(text: &str) -> Result<AlertCondition, AlertRuleError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        if text.chars().count() > LONGEST || text.chars().any(fupan_market::is_hidden) {
            return Err(AlertRuleError::new(
                format!("a condition has at most {LONGEST} characters, all of them visible"),
                format!("条件至多{LONGEST}个字符，且不能含看不见的字符"),
            ));
        }
        let is = |text: &str, word: &str| text.eq_ignore_ascii_case(word);
        let spoken = |word: &TurnoverWord| word.texts().iter().any(|known| is(known, &text));
        if let Some(watched) = TurnoverWord::ALL.into_iter().find(spoken) {
            return watched.watched().map(AlertCondition).ok_or_else(|| unread(&text));
        }
        let watched = match words.as_slice() {
            [of @ .., enters, top, tenth]
                if is(enters, "enters") && is(top, "top") && is(tenth, "tenth") =>
            {
                top_tenth(of)?
            }
            [symbol, seals] if is(seals, "seals") || *seals == "封板" => {
                Watched::Seals(share(symbol)?)
            }
            [symbol, opens] if is(opens, "opens") || *opens == "开板" => {
                Watched::Opens(share(symbol)?)
            }
            _ => compared(&text)?,
        };
        Ok(AlertCondition(watched))
    }
}

impl fmt::Display for AlertCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Watched::Figure { figure, sign, threshold } => {
                write!(f, "{}/{} {} {threshold}", figure.measure, figure.scope, sign.text())
            }
            Watched::Turnover { word, .. } => f.write_str(word.texts()[0]),
            Watched::TopTenth(scope) => write!(f, "{scope} enters top tenth"),
            Watched::AnyTopTenth(kind) => write!(f, "any {} enters top tenth", kind.word()),
            Watched::Seals(symbol) => write!(f, "{symbol} seals"),
            Watched::Opens(symbol) => write!(f, "{symbol} opens"),
        }
    }
}

impl fmt::Display for AlertScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AlertScope::Is(scope) => write!(f, "{scope}"),
            AlertScope::Named(kind, name) => write!(f, "{}/{name}", kind.word()),
        }
    }
}

impl Serialize for AlertCondition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AlertCondition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AlertCondition, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Reads what is before `enters top tenth`.
fn top_tenth(of: &[&str]) -> Result<Watched, AlertRuleError> {
    if let [any, kind] = of
        && any.eq_ignore_ascii_case("any")
    {
        let named = |word: &GroupWord| kind.eq_ignore_ascii_case(word.word());
        return GroupWord::ALL.into_iter().find(named).map(Watched::AnyTopTenth).ok_or_else(|| {
            AlertRuleError::new(
                format!(
                    "`{kind}` is no kind of group: write `any industry enters top tenth` or \
                     `any concept enters top tenth`"
                ),
                format!(
                    "`{kind}`不是分组的种类：请写`any industry enters top tenth`或`any concept \
                     enters top tenth`"
                ),
            )
        });
    }
    let text = of.join(" ");
    match scope(&text)? {
        scope @ (AlertScope::Named(..) | AlertScope::Is(Scope::Group(_))) => {
            Ok(Watched::TopTenth(scope))
        }
        AlertScope::Is(_) => Err(AlertRuleError::new(
            format!("`{text}` is no group: write `industry/电子 enters top tenth`"),
            format!("`{text}`不是行业或题材：请写`industry/电子 enters top tenth`"),
        )),
    }
}

/// Reads the symbol of an A-share.
fn share(text: &str) -> Result<Symbol, AlertRuleError> {
    let symbol: Symbol =
        text.parse().map_err(|refused: SymbolError| AlertRuleError::of(&refused))?;
    match symbol.board() {
        Some(_) => Ok(symbol),
        None => Err(AlertRuleError::new(
            format!(
                "`{symbol}` is no A-share: only A-shares seal or open, such as `600519.SH opens`"
            ),
            format!("`{symbol}`不是A股：只有A股会封板或开板，例如`600519.SH opens`"),
        )),
    }
}

/// Reads a figure, a sign and a number.
fn compared(text: &str) -> Result<Watched, AlertRuleError> {
    let wide = [('＞', ">"), ('＜', "<"), ('≥', ">="), ('≤', "<=")];
    let text = wide.iter().fold(text.to_owned(), |text, (wide, sign)| text.replace(*wide, sign));
    let text = text.replace("＝", "=");
    let place = text.rfind(['>', '<']).ok_or_else(|| unread(&text))?;
    let behind = &text[place..];
    let sign = Sign::ALL.into_iter().find(|sign| behind.starts_with(sign.text()));
    let sign = sign.ok_or_else(|| unread(&text))?;
    let (figure, number) = (text[..place].trim(), behind[sign.text().len()..].trim());
    let (name, of) = figure.split_once('/').ok_or_else(|| {
        AlertRuleError::new(
            format!(
                "`{figure}` names no scope: write measure/scope, such as \
                 `limit_down_count/all-a > 50`"
            ),
            format!("`{figure}`缺统计范围：请写作 指标/范围，例如`limit_down_count/all-a > 50`"),
        )
    })?;
    let measure = measure_id(name.trim())?;
    let declared = measured(measure.name()).ok_or_else(|| unread(&text))?;
    let scope = scope(of.trim())?;
    fits(declared, &scope)?;
    let threshold = Threshold::read(number, declared.unit)?;
    Ok(Watched::Figure { figure: Figure { measure, scope }, sign, threshold })
}

/// Reads a measure of the catalogue, with its parameter if it has one.
fn measure_id(text: &str) -> Result<MeasureId, AlertRuleError> {
    let named = text.split_once(':').map_or(text, |(name, _)| name);
    let of_name = || catalogue().iter().filter(|measure| measure.name() == named);
    if of_name().next().is_none() {
        let names = catalogue().iter().map(|measure| measure.name());
        let near = quoted(&near(named, names.collect()));
        return Err(AlertRuleError::new(
            format!(
                "there is no measure `{named}`{}; `fupan measures` lists them",
                or_none(&near, "; near it are ")
            ),
            format!(
                "没有指标`{named}`{}；`fupan measures`列出全部指标",
                or_none(&near, "，相近的有")
            ),
        ));
    }
    let needs_one = of_name().any(|known| !known.id.contains(':') && known.sql().has_parameter());
    if needs_one && text == named {
        return Err(AlertRuleError::new(
            format!("`{named}` has a parameter: write `{named}:` and then which, such as `:4`"),
            format!("`{named}`带参数：请写`{named}:`加参数，例如`:4`"),
        ));
    }
    let takes_one = of_name().any(|known| {
        known.sql().has_parameter()
            || matches!(
                known.kind,
                Kind::IndexSince { .. } | Kind::OwnPast { .. } | Kind::Contribution { .. }
            )
    });
    let is_known = of_name().any(|known| known.id == text) || text != named && takes_one;
    if !is_known {
        let known: Vec<&str> = of_name().map(|known| known.id).collect();
        let known = quoted(&known);
        return Err(AlertRuleError::new(
            format!("`{text}` is not how that measure is named: write {known}"),
            format!("`{text}`不是该指标的写法：请写{known}"),
        ));
    }
    text.parse().map_err(|refused: fupan_fact::KeyError| AlertRuleError::of(&refused))
}

/// Up to three names that are like one.
fn near(name: &str, mut names: Vec<&'static str>) -> Vec<&'static str> {
    let mut found = Vec::new();
    while let Some(next) = nearest(name, names.iter().copied()).filter(|_| found.len() < 3) {
        found.push(next);
        names.retain(|other| *other != next);
    }
    found
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn or_none(list: &str, before: &str) -> String {
    if list.is_empty() { String::new() } else { format!("{before}{list}") }
}

/// Reads a scope: `all-a`, `600519.SH`, `sw1.801080`, `industry/电子`.
fn scope(text: &str) -> Result<AlertScope, AlertRuleError> {
    for kind in GroupWord::ALL {
        let named = text.split_once('/').filter(|(word, _)| word.eq_ignore_ascii_case(kind.word()));
        match named.map(|(_, name)| name.trim()) {
            Some("") => {
                return Err(AlertRuleError::new(
                    format!(
                        "`{text}` names no group: write `industry/电子`, or `concept/` and its name"
                    ),
                    format!("`{text}`缺名称：请写`industry/电子`，题材写`concept/`加名称"),
                ));
            }
            Some(name) => return Ok(AlertScope::Named(kind, name.to_owned())),
            None => {}
        }
    }
    text.parse()
        .map(AlertScope::Is)
        .map_err(|refused: fupan_fact::ScopeError| AlertRuleError::of(&refused))
}

/// Whether a measure has figures of a scope.
fn fits(measure: &Measure, scope: &AlertScope) -> Result<(), AlertRuleError> {
    let has = match scope {
        AlertScope::Named(..) | AlertScope::Is(Scope::Group(_)) => measure.is_of_groups(),
        AlertScope::Is(Scope::Security(symbol)) => match symbol.kind() {
            SecurityKind::Index => measure.is_of_indices(),
            SecurityKind::Fund => measure.is_of_funds(),
            _ => measure.is_of_securities() && !measure.is_of_funds(),
        },
        AlertScope::Is(set) => {
            let set = set.to_string();
            measure.described_scopes().split(", ").any(|described| described == set)
        }
    };
    if has {
        return Ok(());
    }
    let (name, scopes) = (measure.name(), measure.described_scopes());
    Err(AlertRuleError::new(
        format!("`{name}` has no figure of `{scope}`; its scopes are {scopes}"),
        format!("`{name}`没有范围`{scope}`的数字；它的范围有：`{scopes}`"),
    ))
}

fn unread(text: &str) -> AlertRuleError {
    let known = quoted(&[
        "limit_down_count/all-a > 50",
        "turnover expanding",
        "any concept enters top tenth",
        "600519.SH opens",
    ]);
    AlertRuleError::new(
        format!("`{text}` is no condition; conditions are like {known}"),
        format!("`{text}`不是条件；条件的写法例如{known}"),
    )
}

#[cfg(test)]
mod tests {
    use fupan_market::{InLanguage, english_in};

    use super::*;

    #[test]
    fn conditions_are_printed_as_they_are_read() {
        for (text, printed) in [
            ("limit_down_count/all-a > 50", ""),
            ("limit_down_count/ALL-A＞50", "limit_down_count/all-a > 50"),
            ("  limit_down_count/all-a   ≥  50 ", "limit_down_count/all-a >= 50"),
            ("turnover/sse-szse > 1.2万亿", ""),
            ("turnover/sse-szse<=300bn", "turnover/sse-szse <= 300bn"),
            ("turnover_change_rate/sse-szse < -2.5%", ""),
            ("equal_weight_return/industry/电子 > 3%", ""),
            ("equal_weight_return/concept/CPO 概念 > 3%", ""),
            ("equal_weight_return/sw1.801080 > 3%", ""),
            ("first_seal_time/600519.SH < 10:30", ""),
            ("security_return/sh600519 < -5%", "security_return/600519.SH < -5%"),
            ("limit_up_ladder:4/all-a >= 3", ""),
            ("index_return/000001.SH < -1%", ""),
            ("turnover expanding", ""),
            ("Turnover Expanding", "turnover expanding"),
            ("缩量", "turnover shrinking"),
            ("industry/电子 enters top tenth", ""),
            ("sw1.801080 enters top tenth", ""),
            ("Any Concept Enters Top Tenth", "any concept enters top tenth"),
            ("600519.SH opens", ""),
            ("600519 封板", "600519.SH seals"),
        ] {
            let read: AlertCondition = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            let printed = if printed.is_empty() { text } else { printed };
            assert_eq!(read.to_string(), printed);
            assert_eq!(printed.parse(), Ok(read));
        }
    }

    #[test]
    fn what_is_no_condition_is_refused_in_both_languages() {
        for (text, word) in [
            ("", "conditions are like"),
            ("limit_down_count/all-a", "conditions are like"),
            ("limit_down_count/all-a = 50", "conditions are like"),
            ("limit_down_count > 50", "names no scope"),
            ("limit_dwn_count/all-a > 50", "near it are `limit_down_count`"),
            ("zzzzzzzzzzzzzz/all-a > 50", "there is no measure"),
            ("limit_down_count/everything > 50", "is not a scope"),
            ("limit_down_count/sse > 50", "has no figure of `sse`"),
            ("limit_down_count/600519.SH > 50", "its scopes are all-a"),
            ("advance_share/industry/电子 > 50%", "has no figure of `industry/电子`"),
            ("security_return/000001.SH > 1%", "has no figure of"),
            ("limit_down_count/all-a > 50%", "whole number"),
            ("turnover/all-a > 300", "300亿"),
            ("turnover/all-a > ", "300亿"),
            ("limit_up_ladder/all-a > 3", "has a parameter"),
            ("limit_up_count:4/all-a > 3", "`limit_up_count`"),
            ("index_level_gained:7/000001.SH > 3", "`index_level_gained:100`"),
            ("industry/ enters top tenth", "names no group"),
            ("all-a enters top tenth", "is no group"),
            ("any stock enters top tenth", "any industry"),
            ("000001.SH opens", "is no A-share"),
            ("moutai seals", "moutai"),
            ("limit_down_count/all-a > 5\u{202e}0", "visible"),
        ] {
            let told = text.parse::<AlertCondition>().unwrap_err().wording();
            assert!(told.en.contains(word), "{text}: {}", told.en);
            assert!(!told.zh.is_ascii(), "{text}");
            assert_eq!(english_in(&told.zh), None, "{text}: {}", told.zh);
        }
        assert!("a".repeat(300).parse::<AlertCondition>().is_err());
    }

    /// If the briefs mean something else by the words one day, the documents say so too.
    #[test]
    fn turnover_expands_and_shrinks_as_briefs_say() {
        for (word, sign, least) in [
            (TurnoverWord::Expanding, Sign::AtLeast, "5%"),
            (TurnoverWord::Shrinking, Sign::AtMost, "-5%"),
        ] {
            let Some(Watched::Turnover { figure, sign: read, threshold, .. }) = word.watched()
            else {
                panic!("{word:?} has another form")
            };
            assert_eq!((read, threshold.to_string().as_str()), (sign, least));
            assert_eq!(figure.scope.to_string(), "sse-szse");
        }
    }
}
