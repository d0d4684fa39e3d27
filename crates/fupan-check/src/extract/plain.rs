//! Claims without a number: at a limit, at a high, a group that led, a word, the calendar.

use fupan_market::Symbol;

use crate::extract::scene::{Scene, direction_of};
use crate::lexicon::Term;
use crate::report::{ClaimKind, ClaimUnit, Comparator};
use crate::stated::{Ask, CalendarAsk, Direction, NoFact, Since, Stated, StatedValue};
use crate::subjects::Subject;
use crate::token::{Border, Sign, Unit};

/// The claims without a number of a sentence.
pub(super) fn claims(scene: &mut Scene<'_>) -> Vec<Stated> {
    let mut stated = Vec::new();
    for place in 0..scene.tokens.len() {
        let clause = scene.within(place, Border::Clause);
        if scene.has(clause.start..place, Term::Forecast) {
            continue;
        }
        stated.extend(limits(scene, place));
        stated.extend(extreme(scene, place));
        stated.extend(group(scene, place));
        stated.extend(word(scene, place));
        stated.extend(calendar(scene, place));
        stated.extend(comparison(scene, place));
        stated.extend(elsewhere(scene, place));
        stated.extend(direction(scene, place));
        stated.extend(turnover(scene, place));
    }
    stated
}

fn holds(ask: Ask, bytes: std::ops::Range<usize>, says: bool) -> Stated {
    Stated {
        bytes,
        ask,
        value: StatedValue::Holds(says),
        unit: ClaimUnit::Bool,
        comparator: Comparator::Is,
        day_before: false,
        half_day: false,
    }
}

/// 甲、乙涨停, “A and B hit their daily limits”: each of the list by itself.
fn limits(scene: &mut Scene<'_>, place: usize) -> Vec<Stated> {
    let token = &scene.tokens[place];
    let word = token.has(Term::LimitWord) && is_limit(scene, place);
    let (up, down) = (token.has(Term::LimitUp) || word, token.has(Term::LimitDown));
    if !(up || down) || scene.used[place] {
        return Vec::new();
    }
    // A count of limit-ups and a streak have their own claims.
    let counted = |at: usize| {
        scene.number(at).is_some_and(|number| matches!(number.unit, Unit::Stocks | Unit::Boards))
    };
    let comma = scene.within(place, Border::Comma);
    if comma.clone().any(|at| counted(at) && scene.used[at]) {
        return Vec::new();
    }
    let in_clause = scene.tokens[comma.start..place].iter().any(|token| token.is_subject());
    if !in_clause && scene.any(comma.start..place, &[Term::OtherMarket, Term::Fund]) {
        return Vec::new();
    }
    if comma
        .clone()
        .any(|at| scene.used[at] && scene.number(at).is_some_and(|n| n.unit == Unit::Sessions))
    {
        return Vec::new();
    }
    let Some((_, list)) = scene.subjects(place) else { return Vec::new() };
    let securities: Vec<(Symbol, std::ops::Range<usize>)> = list
        .iter()
        .filter_map(|token| match &token.sign {
            Sign::Subject(subjects) => match subjects.as_slice() {
                [Subject::Security(symbol)] => Some((*symbol, token.bytes.clone())),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let in_clause =
        list.last().is_some_and(|last| last.bytes.start >= scene.tokens[comma.start].bytes.start);
    let up = up && !scene.has(comma.clone(), Term::LimitDown) && !fell_by(scene, place);
    let touched = scene.any(comma.clone(), &[Term::Touched, Term::OpenedLimit]);
    let percent = percent_of(scene, place);
    let negated = scene.has(comma.start..place, Term::Not);
    let end = scene.tokens[place].bytes.end;
    let start_of_clause = scene.span(place, place).start;
    let count = securities.len();
    let mut stated = Vec::new();
    for (number, (security, name)) in securities.into_iter().enumerate() {
        let last = number + 1 == count;
        let bytes = match (last, in_clause) {
            (true, true) => name.start..end,
            (true, false) => start_of_clause..end,
            (false, _) => name,
        };
        let ask = Ask::SecurityLimit { security, up, touched, percent };
        stated.push(holds(ask, bytes, !negated));
    }
    stated
}

/// Whether the bare word “limit” is a price limit: “by its 10% limit”.
fn is_limit(scene: &Scene<'_>, place: usize) -> bool {
    let percent = place.checked_sub(1).is_some_and(|before| {
        scene.number(before).is_some_and(|number| number.unit == Unit::Percent)
            && scene.is_near(before, place, 6)
    });
    let before = scene.text[..scene.tokens[place].bytes.start].trim_end();
    percent
        || before.ends_with("by its")
        || before.ends_with("by the")
        || before.ends_with("hit its")
}

/// “fell by the limit”: which limit it is, the word of movement says.
fn fell_by(scene: &Scene<'_>, place: usize) -> bool {
    let comma = scene.within(place, Border::Comma);
    let moved = scene.tokens[comma.start..place].iter().rev().find_map(direction_of);
    let text = scene.text[scene.tokens[place].bytes.clone()].to_lowercase();
    let neutral = text == "limit"
        || text == "limits"
        || text.contains("by the")
        || text.contains("by its")
        || text.ends_with("the limit")
        || text.contains("its limit")
        || text.starts_with("daily limit");
    let moved = moved.or_else(|| scene.direction(place));
    neutral && moved == Some(Direction::Down)
}

/// The limit that a text names: 20CM, 20%涨停, “its 10% daily limit”.
fn percent_of(scene: &Scene<'_>, place: usize) -> Option<u8> {
    let text = &scene.text[scene.tokens[place].bytes.clone()];
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    if let Ok(percent) = digits.parse() {
        return Some(percent);
    }
    let number = scene.number(place.checked_sub(1)?)?;
    let near = scene.is_near(place - 1, place, 6);
    let percent = matches!(number.unit, Unit::Percent | Unit::Other) && near;
    let value = number.numeral.value;
    (percent && value.scale() == 0).then(|| u8::try_from(value.mantissa()).ok()).flatten()
}

fn extreme(scene: &Scene<'_>, place: usize) -> Option<Stated> {
    let token = &scene.tokens[place];
    let high = token.has(Term::NewHigh) || token.has(Term::AllTime) && !token.has(Term::NewLow);
    let low = token.has(Term::NewLow);
    if !(high || low) || scene.used[place] {
        return None;
    }
    let comma = scene.within(place, Border::Comma);
    if is_turnover_extreme(scene, place)
        || scene.any(comma.clone(), &[Term::Flow, Term::OtherMarket, Term::Margin])
    {
        return None;
    }
    let since = since(scene, place)?;
    let counted = comma.clone().any(|at| {
        scene.used[at] && scene.number(at).is_some_and(|number| number.unit == Unit::Stocks)
    });
    if counted {
        return None;
    }
    // The next word may say the same: 历史 and 新高.
    let next = (place + 1..comma.end).find(|at| {
        scene.tokens[*at].any(&[Term::NewHigh, Term::NewLow]) && scene.is_near(place, *at, 4)
    });
    if next.is_some() {
        return None;
    }
    let high = high && !low;
    let subject = match scene.subjects(place) {
        Some((_, list)) => match &list.last()?.sign {
            Sign::Subject(subjects) if subjects.len() == 1 => subjects.first().cloned(),
            _ => None,
        },
        None if is_without_noun(scene, place) => scene.carried_subject(),
        None => None,
    };
    let ask = match subject? {
        Subject::Index(index) => Ask::IndexExtreme { index, high, since },
        Subject::Security(security) => Ask::SecurityExtreme { security, high, since },
        Subject::Group(_) => return None,
    };
    let negated = scene.has(comma.start..place, Term::Not);
    Some(holds(ask, scene.span(place, place), !negated))
}

/// Whether a clause has hardly a word before a token, so that it goes on about what was spoken of: 创历史
/// 新高, “a record high”, but not “servers and grid equipment saw new highs”.
fn is_without_noun(scene: &Scene<'_>, place: usize) -> bool {
    let comma = scene.within(place, Border::Comma);
    let from = comma.start.checked_sub(1).map_or(0, |border| scene.tokens[border].bytes.end);
    let head = scene.text[from..scene.tokens[place].bytes.start].trim();
    let words = head.split_whitespace().count();
    words <= 4 && head.chars().filter(|c| !c.is_ascii()).count() <= 10
}

/// Since when something is the highest, from the words of its clause; `None` if nothing says that it
/// is one.
fn since(scene: &Scene<'_>, place: usize) -> Option<Since> {
    let comma = scene.within(place, Border::Comma);
    let first = scene.tokens[comma.start].bytes.start;
    let last = scene.tokens[comma.end - 1].bytes.end;
    let text = &scene.text[first..last];
    let lower = text.to_lowercase();
    // The largest move is no highest level.
    const MOVES: [&str; 12] = [
        "worst day",
        "best day",
        "biggest",
        "largest",
        "单日",
        "最大",
        "涨幅",
        "跌幅",
        "at the time",
        "worst session",
        "best session",
        "steepest",
    ];
    if MOVES.iter().any(|word| lower.contains(word)) {
        return None;
    }
    if scene.has(comma.clone(), Term::AllTime) {
        return Some(Since::Ever);
    }
    if let Some(months) = months(text, &lower) {
        return Some(Since::Months(months));
    }
    if scene.has(comma.clone(), Term::Since) {
        return Some(date(text, &lower));
    }
    if scene.has(comma.clone(), Term::ForYear) {
        return Some(Since::ThisYear);
    }
    if scene.any(comma.clone(), &[Term::YearWindow]) {
        return Some(Since::Year);
    }
    let word = &scene.text[scene.tokens[place].bytes.clone()];
    let says_new = ["新高", "新低"].contains(&word)
        || ["new high", "fresh high", "new low", "fresh low"].iter().any(|new| lower.contains(new));
    says_new.then_some(Since::Unsaid)
}

/// 三个月新高, 近十年新高, “a 10-month high”, “highest in three years”.
fn months(text: &str, lower: &str) -> Option<u32> {
    crate::numeral::numerals(text).into_iter().find_map(|numeral| {
        let behind = lower.get(numeral.end..)?.trim_start_matches(['-', ' ']);
        let value = u32::try_from(numeral.value.mantissa()).ok()?;
        if numeral.value.scale() > 0 || value == 0 || value > 100 {
            return None;
        }
        if behind.starts_with("个月") || behind.starts_with("month") {
            return Some(value);
        }
        let years =
            behind.starts_with("年") && !behind.contains("年以来") && !behind.contains('月')
                || behind.starts_with("year");
        // 近四年: not quite.
        let nearly =
            text.contains('近') || ["nearly", "almost", "about"].iter().any(|w| lower.contains(w));
        years.then_some(if nearly { value * 11 } else { value * 12 })
    })
}

/// The date behind “since” or before 以来.
fn date(text: &str, lower: &str) -> Since {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let numbers: Vec<(i64, &str)> = crate::numeral::numerals(text)
        .into_iter()
        .filter(|numeral| !numeral.words)
        .filter_map(|numeral| {
            let value = i64::try_from(numeral.value.mantissa()).ok()?;
            (numeral.value.scale() == 0).then(|| (value, &text[numeral.end..]))
        })
        .collect();
    let year = numbers.iter().find(|(value, _)| (1990..2100).contains(value));
    let english = MONTHS
        .iter()
        .position(|name| lower.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == *name));
    let month = english.map(|place| place as i64 + 1).or_else(|| {
        numbers.iter().find(|(_, behind)| behind.starts_with('月')).map(|(value, _)| *value)
    });
    let day = numbers.iter().find(|(value, behind)| {
        (1..32).contains(value)
            && (behind.starts_with('日') || english.is_some() && !behind.starts_with('%'))
    });
    let small = |value: Option<i64>| value.and_then(|value| i8::try_from(value).ok());
    Since::Date {
        year: year.and_then(|(value, _)| i16::try_from(*value).ok()),
        month: small(month),
        day: small(day.map(|(value, _)| *value)),
    }
}

/// A group that led or lagged, without a figure.
fn group(scene: &Scene<'_>, place: usize) -> Option<Stated> {
    let Sign::Subject(subjects) = &scene.tokens[place].sign else { return None };
    let is_group = subjects.iter().all(|subject| matches!(subject, Subject::Group(_)));
    if !is_group {
        return None;
    }
    let comma = scene.within(place, Border::Comma);
    let figure = (place + 1..comma.end)
        .take(3)
        .any(|at| scene.used[at] && scene.number(at).is_some_and(|n| n.unit == Unit::Percent));
    if figure {
        return None;
    }
    let lead = scene.tokens[place + 1..comma.end]
        .iter()
        .chain(&scene.tokens[comma.start..place])
        .find_map(|token| match (token.has(Term::Lead), token.has(Term::Lag)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => match direction_of(token) {
            Some(Direction::Up) => Some(true),
            Some(Direction::Down) => Some(false),
            _ => None,
        },
    })?;
    let verb = (place + 1..comma.end).find(|at| {
        let token = &scene.tokens[*at];
        token.any(&[Term::Lead, Term::Lag]) || direction_of(token).is_some()
    });
    let more = (place + 1..verb.unwrap_or(place)).any(|at| scene.tokens[at].is_subject());
    let end = match verb {
        Some(verb) if !more => scene.tokens[verb].bytes.end,
        _ => scene.tokens[place].bytes.end,
    };
    let start = scene.tokens[place].bytes.start;
    Some(holds(Ask::GroupMove(subjects.clone(), lead), start..end, true))
}

fn word(scene: &Scene<'_>, place: usize) -> Option<Stated> {
    let token = &scene.tokens[place];
    let ask = match () {
        () if token.has(Term::BroadUp) => Ask::Broad(true),
        () if token.has(Term::BroadDown) => Ask::Broad(false),
        () if token.has(Term::Narrow) => Ask::Narrow,
        () => return None,
    };
    let of_group = scene.tokens[..place].last().is_some_and(|before| {
        matches!(&before.sign, Sign::Subject(subjects)
            if subjects.iter().all(|one| matches!(one, Subject::Group(_))))
            && scene.is_near(place - 1, place, 4)
    });
    (!of_group).then(|| holds(ask, token.bytes.clone(), true))
}

fn calendar(scene: &Scene<'_>, place: usize) -> Option<Stated> {
    const DAYS: [(Term, CalendarAsk); 6] = [
        (Term::FirstOfMonth, CalendarAsk::FirstOfMonth),
        (Term::LastOfMonth, CalendarAsk::LastOfMonth),
        (Term::FirstOfYear, CalendarAsk::FirstOfYear),
        (Term::LastOfYear, CalendarAsk::LastOfYear),
        (Term::AfterBreak, CalendarAsk::AfterBreak),
        (Term::BeforeBreak, CalendarAsk::BeforeBreak),
    ];
    let token = &scene.tokens[place];
    if let Some((_, ask)) = DAYS.into_iter().find(|(term, _)| token.has(*term)) {
        return Some(holds(Ask::Calendar(ask), token.bytes.clone(), true));
    }
    let text = scene.text;
    let before = &text[..token.bytes.start];
    if token.has(Term::Weekday) {
        let named = text[token.bytes.clone()].chars().last()?;
        let day = "一二三四五".chars().position(|c| c == named)?;
        let of_other = before.ends_with(['上', '下', '本', '色']) || !is_begun(before);
        let ask = CalendarAsk::Weekday(i8::try_from(day).ok()?);
        return (!of_other).then(|| holds(Ask::Calendar(ask), token.bytes.clone(), true));
    }
    let first = token.has(Term::FirstSession);
    if token.has(Term::FirstOfWeek) {
        return Some(holds(Ask::Calendar(CalendarAsk::FirstOfWeek), token.bytes.clone(), true));
    }
    if !first && !token.has(Term::LastSession) {
        return None;
    }
    // 2月最后一个交易日, 2014年首个交易日, “the final session of 2025”.
    let behind = &text[token.bytes.end..];
    let month = before.ends_with('月');
    let year = before.ends_with('年')
        || before.ends_with("年A股")
        || behind.trim_start().starts_with("of 20");
    let lunar = [
        "马年", "蛇年", "龙年", "兔年", "虎年", "牛年", "鼠年", "猪年", "狗年", "鸡年", "猴年",
        "羊年",
    ];
    let of_lunar = lunar.iter().any(|name| before.ends_with(name));
    let ask = match (first, month, year) {
        (true, _, _) if of_lunar => CalendarAsk::AfterBreak,
        (false, _, _) if of_lunar => CalendarAsk::BeforeBreak,
        (true, true, _) => CalendarAsk::FirstOfMonth,
        (false, true, _) => CalendarAsk::LastOfMonth,
        (true, _, true) => CalendarAsk::FirstOfYear,
        (false, _, true) => CalendarAsk::LastOfYear,
        _ => return None,
    };
    let digits = before.trim_end_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '月' | '年') || c == 'A' || c == '股'
    });
    let start = if month || year && !of_lunar { digits.len() } else { token.bytes.start };
    Some(holds(Ask::Calendar(ask), start..token.bytes.end, true))
}

/// Whether a text stands at the beginning of a clause.
fn is_begun(before: &str) -> bool {
    before.is_empty() || before.ends_with(['，', '。', '；', ' ', ',', '是', '为'])
}

/// A subject that moved, without a figure: 沪指收红, 三大指数集体收涨.
fn direction(scene: &Scene<'_>, place: usize) -> Vec<Stated> {
    let up = match direction_of(&scene.tokens[place]) {
        Some(Direction::Up) => true,
        Some(Direction::Down) => false,
        _ => return Vec::new(),
    };
    let comma = scene.within(place, Border::Comma);
    let figure = comma.clone().any(|at| scene.used[at]);
    let next_figure =
        scene.tokens.get(place + 1).is_some_and(|next| matches!(next.sign, Sign::Number(_)));
    if figure || next_figure {
        return Vec::new();
    }
    let end = scene.tokens[place].bytes.end;
    let indices = (comma.start..place).find(|at| scene.tokens[*at].has(Term::ThreeIndices));
    if let Some(at) = indices {
        let bytes = scene.tokens[at].bytes.start..end;
        return vec![holds(Ask::IndicesDirection(up), bytes, true)];
    }
    let closing = scene.has(comma.start..place + 1, Term::Closing);
    let last = comma
        .clone()
        .take_while(|at| *at < place)
        .filter(|at| scene.tokens[*at].is_subject())
        .last();
    let Some(_) = last.filter(|_| closing) else { return Vec::new() };
    let Some((_, list)) = scene.subjects(place) else { return Vec::new() };
    let negated = scene.has(comma.start..place, Term::Not);
    let count = list.len();
    let of = |(number, token): (usize, &&crate::token::Token)| {
        let Sign::Subject(subjects) = &token.sign else { return None };
        let ask = match subjects.as_slice() {
            [Subject::Index(index)] => Ask::IndexDirection(*index, up),
            [Subject::Security(symbol)] => Ask::SecurityDirection(*symbol, up),
            _ => return None,
        };
        let last = number + 1 == count;
        let bytes = if last { token.bytes.start..end } else { token.bytes.clone() };
        Some(holds(ask, bytes, !negated))
    };
    list.iter().enumerate().filter_map(of).collect()
}

/// Turnover without a figure: 缩量, 创历史新高 of turnover.
fn turnover(scene: &Scene<'_>, place: usize) -> Option<Stated> {
    let token = &scene.tokens[place];
    let comma = scene.within(place, Border::Comma);
    if token.any(&[Term::MoreTurnover, Term::LessTurnover])
        && !comma.clone().any(|at| scene.used[at])
    {
        let of_subject = scene.tokens[comma.clone()].iter().any(|token| token.is_subject());
        let more = token.has(Term::MoreTurnover);
        let ask = Ask::TurnoverDirection(scene.population(place), more);
        return (!of_subject).then(|| holds(ask, token.bytes.clone(), true));
    }
    if !is_turnover_extreme(scene, place) {
        return None;
    }
    let since = since(scene, place)?;
    let ask = Ask::TurnoverExtreme(!token.has(Term::NewLow), since);
    Some(holds(ask, token.bytes.clone(), true))
}

/// Whether a new high is one of turnover.
fn is_turnover_extreme(scene: &Scene<'_>, place: usize) -> bool {
    if !scene.tokens[place].any(&[Term::NewHigh, Term::NewLow]) {
        return false;
    }
    let comma = scene.within(place, Border::Comma);
    let own = scene.tokens[comma.start..place]
        .iter()
        .rposition(|token| token.is_subject() || token.any(&[Term::Turnover]));
    match own {
        Some(at) => scene.tokens[comma.start + at].has(Term::Turnover),
        None => scene.clause_before(place).is_some_and(|before| {
            let last = scene.tokens[before.clone()]
                .iter()
                .rposition(|token| token.is_subject() || token.has(Term::Turnover));
            last.is_some_and(|last| scene.tokens[before.start + last].has(Term::Turnover))
        }),
    }
}

/// “A outpaced B”, 甲跑赢乙.
fn comparison(scene: &Scene<'_>, place: usize) -> Option<Stated> {
    let token = &scene.tokens[place];
    let wins = token.has(Term::Outperform);
    if !wins && !token.has(Term::Underperform) {
        return None;
    }
    let index = |at: usize| match &scene.tokens[at].sign {
        Sign::Subject(subjects) => match subjects.as_slice() {
            [Subject::Index(index)] => Some((at, *index)),
            _ => None,
        },
        _ => None,
    };
    let clause = scene.within(place, Border::Clause);
    let (first, one) = (clause.start..place).rev().find_map(index)?;
    let (last, other) = (place + 1..clause.end).find_map(index)?;
    let (ahead, behind) = if wins { (one, other) } else { (other, one) };
    let bytes = scene.tokens[first].bytes.start..scene.tokens[last].bytes.end;
    Some(holds(Ask::Comparison { ahead, behind }, bytes, true))
}

/// What moved elsewhere, without a figure: 美股收涨.
fn elsewhere(scene: &Scene<'_>, place: usize) -> Option<Stated> {
    let token = &scene.tokens[place];
    if !token.has(Term::OtherMarket) {
        return None;
    }
    let comma = scene.within(place, Border::Comma);
    let figure = comma.clone().any(|at| scene.used[at]);
    let moved =
        (place + 1..comma.end).take(2).find(|at| direction_of(&scene.tokens[*at]).is_some());
    let moved = moved.filter(|at| scene.is_near(place, *at, 6) && !figure)?;
    let name = scene.text[token.bytes.clone()].to_owned();
    let ask = Ask::Unjudged(ClaimKind::OtherMarket, name, NoFact::OtherMarket);
    Some(holds(ask, token.bytes.start..scene.tokens[moved].bytes.end, true))
}
