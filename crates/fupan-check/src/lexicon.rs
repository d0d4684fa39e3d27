//! The words of market texts, and what they mean. They are data: `lexicon/terms.txt` and
//! `lexicon/indices.txt`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use fupan_market::Symbol;

macro_rules! terms {
    ($($variant:ident $name:literal),* $(,)?) => {
        /// A meaning that a phrase may have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(crate) enum Term { $($variant),* }

        const NAMES: &[(&str, Term)] = &[$(($name, Term::$variant)),*];
    };
}

terms! {
    Rise "rise", Fall "fall", Flat "flat", Level "level", CrossedUp "crossed_up",
    CrossedDown "crossed_down", LimitUp "limit_up", LimitDown "limit_down", Touched "touched",
    OpenedLimit "opened_limit", OnePrice "one_price", Streak "streak",
    StreakContinues "streak_continues", RunUp "run_up", RunDown "run_down", Candles "candles", Turnover "turnover",
    MoreTurnover "more_turnover", LessTurnover "less_turnover", Compared "compared",
    DayBefore "day_before", MarketValue "market_value", TwoExchanges "two_exchanges",
    ThreeExchanges "three_exchanges", AShares "a_shares", ExchangeSh "exchange_sh",
    ExchangeSz "exchange_sz", BoardChinext "board_chinext", BoardStar "board_star", BoardMain "board_main",
    Advances "advances", Declines "declines", UnchangedCount "unchanged_count", Open "open",
    OpenUp "open_up", OpenDown "open_down", High "high", Low "low", Intraday "intraday",
    HalfDay "half_day", Now "now", NewHigh "new_high", NewLow "new_low", AllTime "all_time",
    Since "since", YearWindow "year_window", ForWeek "for_week", ForMonth "for_month",
    ForYear "for_year", ForQuarter "for_quarter", Lead "lead", Lag "lag",
    Outperform "outperform", Underperform "underperform", AllOf "all_of",
    Respectively "respectively", Former "former", Latter "latter", Median "median", Mean "mean",
    SealRate "seal_rate", HighestStreak "highest_streak", BroadUp "broad_up",
    BroadDown "broad_down", Narrow "narrow", Flow "flow", Margin "margin",
    Valuation "valuation", Percentile "percentile", Fund "fund", OtherMarket "other_market",
    Currency "currency", Broken "broken", Sealed "sealed", LimitWord "limit_word", ThreeIndices "three_indices", Closing "closing",
    Weekday "weekday", FirstOfWeek "first_of_week", FirstSession "first_session",
    LastSession "last_session", Trading "trading", FirstOfMonth "first_of_month",
    LastOfMonth "last_of_month", FirstOfYear "first_of_year", LastOfYear "last_of_year",
    AfterBreak "after_break", BeforeBreak "before_break", Rest "respect_last", Not "not",
    Forecast "forecast", HedgeAbove "hedge_above", HedgeBelow "hedge_below",
    HedgeAbout "hedge_about", HedgeAtLeast "hedge_at_least", HedgeAtMost "hedge_at_most",
    HedgeExact "hedge_exact",
}

/// The meanings of a phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms(u128);

impl Terms {
    pub fn with(self, term: Term) -> Terms {
        Terms(self.0 | 1 << term as u8)
    }

    pub fn has(self, term: Term) -> bool {
        self.0 >> term as u8 & 1 == 1
    }

    pub fn any(self, terms: &[Term]) -> bool {
        terms.iter().any(|term| self.has(*term))
    }
}

/// What a phrase stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Terms(Terms),
    Index(Symbol),
    /// An index that the press names and no figure is about.
    UnknownIndex,
}

/// A phrase that was found, by its bytes in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub start: usize,
    pub end: usize,
    pub meaning: Meaning,
}

pub(crate) struct Lexicon {
    automaton: AhoCorasick,
    phrases: Vec<(String, Meaning)>,
}

impl Lexicon {
    /// The built-in one.
    pub fn builtin() -> &'static Lexicon {
        static BUILTIN: OnceLock<Lexicon> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let mut meanings: BTreeMap<String, Meaning> = BTreeMap::new();
            for (name, phrase) in entries(include_str!("lexicon/terms.txt")) {
                let Some((_, term)) = NAMES.iter().find(|(known, _)| *known == name) else {
                    continue;
                };
                let meaning = meanings
                    .entry(phrase.to_lowercase())
                    .or_insert(Meaning::Terms(Terms::default()));
                if let Meaning::Terms(terms) = meaning {
                    *terms = terms.with(*term);
                }
            }
            for (symbol, phrase) in entries(include_str!("lexicon/indices.txt")) {
                let meaning = symbol.parse().map_or(Meaning::UnknownIndex, Meaning::Index);
                meanings.insert(phrase.to_lowercase(), meaning);
            }
            let phrases: Vec<(String, Meaning)> = meanings.into_iter().collect();
            let automaton = AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .ascii_case_insensitive(true)
                .build(phrases.iter().map(|(phrase, _)| phrase))
                .unwrap_or_else(|error| unreachable!("the built-in words: {error}"));
            Lexicon { automaton, phrases }
        })
    }

    /// The phrases of a text, none over another.
    pub fn find(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(hit) = self.automaton.find(&text[from..]) {
            let (start, end) = (from + hit.start(), from + hit.end());
            let phrase = &self.phrases[hit.pattern().as_usize()];
            if is_word(text, start, end) {
                found.push(Found { start, end, meaning: phrase.1 });
                from = end;
            } else {
                from = start + text[start..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found
    }
}

/// Whether a part of a text is whole words, where it is in Latin letters.
pub(crate) fn is_word(text: &str, start: usize, end: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inside = (text[start..].chars().next(), text[..end].chars().next_back());
    let outside = (text[..start].chars().next_back(), text[end..].chars().next());
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    // “2Turnover”: the number of a list that lost its point.
    let capital = inside.0.is_some_and(|c| c.is_ascii_uppercase());
    let numbered = capital && outside.0.is_some_and(|c| c.is_ascii_digit());
    !(latin(inside.0) && letter(outside.0) && !numbered
        || latin(inside.1) && letter(outside.1)
        || inside.1.is_some_and(|c| c.is_ascii_digit())
            && outside.1.is_some_and(|c| c.is_ascii_digit()))
}

/// The entries of a file of words: a name and a phrase each.
pub(crate) fn entries(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(name, phrases)| phrases.split(" | ").map(move |phrase| (name, phrase.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_names_a_meaning_and_every_meaning_has_a_line() {
        let lines: Vec<&str> =
            entries(include_str!("lexicon/terms.txt")).map(|(name, _)| name).collect();
        for (name, _) in NAMES {
            assert!(lines.contains(name), "{name} has no phrase");
        }
        for line in lines {
            assert!(NAMES.iter().any(|(name, _)| *name == line), "{line} is no meaning");
        }
        assert!(NAMES.len() <= 128);
    }

    #[test]
    fn english_phrases_are_whole_words_and_the_longest_counts() {
        let found = |text: &str| {
            let lexicon = Lexicon::builtin();
            let parts = lexicon.find(text).into_iter().map(|f| text[f.start..f.end].to_owned());
            parts.collect::<Vec<_>>()
        };
        assert_eq!(found("沪指收涨"), ["沪指", "收涨"]);
        assert_eq!(found("The Shanghai Composite rose"), ["Shanghai Composite", "rose"]);
        assert_eq!(found("roses"), [""; 0]);
        assert_eq!(found("科创50涨"), ["科创50", "涨"]);
    }
}
