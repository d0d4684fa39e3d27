//! A sound file of the simulated market, and the review of what is imported of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use arrow::array::RecordBatch;
use fupan_fact::FactSet;
use fupan_market::{
    Calendar, DailyBar, ExchangeRows, FindingKind, ListedSpan, Listing, MarketHistory, Rulebook,
    SecurityHistory, SessionDate, Symbol, session_gaps,
};
use fupan_measure::Selection;
use fupan_sim::{MarketPlan, SimulatedMarket};
use fupan_source::Recipe;
use fupan_table::{Import, Table, daily_bar_rows};

use crate::form::{self, Form};

/// Sessions of the file.
const SESSIONS: u32 = 24;

/// The market, its daily bars as a text file, and its figures.
pub struct Sound {
    recipes: [Recipe; 2],
    /// The file: a header and a row a security and session.
    pub file: String,
    pub facts: FactSet,
    /// Kinds of findings of the sound import.
    pub findings: BTreeSet<FindingKind>,
    history: MarketHistory,
    /// What the sound file gives.
    batches: Vec<(Table, RecordBatch)>,
}

impl Sound {
    pub fn new() -> Sound {
        let plan = MarketPlan { securities: 300, sessions: SESSIONS, ..MarketPlan::default() };
        let mut history = SimulatedMarket::generate(&plan).history(SESSIONS - 1);
        let (from, to) = (history.from, history.session);
        // Every security of the market is on a list; those that leave it are not looked for.
        let lasts =
            |security: &SecurityHistory| security.bars.last().is_some_and(|b| b.session == to);
        history.securities.retain(lasts);
        history.listed = history
            .securities
            .iter()
            .map(|security| ListedSpan {
                symbol: security.listing.symbol,
                from: security.bars.first().map_or(from, |bar| bar.session),
                to,
            })
            .collect();
        let recipe = |format: &str| {
            Recipe::from_toml("bars", &format!("format = \"{format}\"\n{RECIPE}")).unwrap()
        };
        let recipes = [recipe("csv"), recipe("parquet")];
        let file = text(&history);
        let (facts, findings) = (FactSet::new(to), BTreeSet::new());
        let mut sound = Sound { recipes, file, facts, findings, history, batches: Vec::new() };
        let folder = tempfile::tempdir().unwrap();
        for (form, bytes) in [
            (Form::Text, sound.file.clone().into_bytes()),
            (Form::Parquet, form::parquet(&sound.file)),
        ] {
            let path = folder.path().join(form.file_name());
            std::fs::write(&path, &bytes).unwrap();
            let options =
                fupan_source::ReadOptions { as_of: None, partial: fupan_source::Partial::Refused };
            let no_progress = &fupan_source::NoProgress;
            let import =
                fupan_source::read(sound.recipe(form), &path, &options, no_progress).unwrap();
            assert_eq!((import.rows_left_out, import.rows_not_covered), (0, 0));
            sound.findings.extend(import.findings.iter().map(|finding| finding.kind));
            sound.facts = sound.review(&import);
            assert!(sound.batches.is_empty() || sound.is_same(&import), "{form:?} differs");
            sound.batches = import.batches;
        }
        sound
    }

    pub fn recipe(&self, form: Form) -> &Recipe {
        &self.recipes[form as usize]
    }

    /// Whether an import gives what the sound file gives, with nothing lost.
    pub fn is_same(&self, import: &Import) -> bool {
        import.batches == self.batches && import.lost.is_empty()
    }

    /// The figures of the last session out of what was imported.
    pub fn review(&self, import: &Import) -> FactSet {
        let mut bars: BTreeMap<Symbol, Vec<DailyBar>> = BTreeMap::new();
        for (table, batch) in &import.batches {
            if *table == Table::DailyBar {
                for (symbol, bar) in daily_bar_rows(batch).unwrap() {
                    bars.entry(symbol).or_default().push(bar);
                }
            }
        }
        let known = |symbol: Symbol| {
            let place = self.history.securities.iter().find(|s| s.listing.symbol == symbol);
            place.map_or_else(|| Listing::unknown(symbol), |security| security.listing.clone())
        };
        let securities = bars.into_iter().filter_map(|(symbol, bars)| {
            let own = self.history.securities.iter().find(|s| s.listing.symbol == symbol);
            Some(SecurityHistory {
                listing: known(symbol),
                board: symbol.board()?,
                shares: own.map(|own| own.shares.clone()).unwrap_or_default(),
                before: None,
                bars,
            })
        });
        let history = MarketHistory {
            securities: securities.collect(),
            lost: import.lost.clone(),
            groups: Arc::default(),
            ..self.history.clone()
        };
        fupan_measure::review(&history, &Selection::review(), Rulebook::builtin(), &[])
    }
}

const RECIPE: &str = r#"
description = "d"
source = "s"
[[table]]
table = "daily_bar"
[table.columns]
symbol = "code"
session = "date"
open = { column = "open", unit = "yuan" }
high = { column = "high", unit = "yuan" }
low = { column = "low", unit = "yuan" }
close = { column = "close", unit = "yuan" }
prev_close = { column = "pre_close", unit = "yuan" }
volume = { column = "volume", unit = "shares" }
turnover = { column = "amount", unit = "yuan" }
"#;

/// The bars as text, by session and then by symbol.
fn text(history: &MarketHistory) -> String {
    let mut rows: Vec<(Symbol, &DailyBar)> = Vec::new();
    for security in &history.securities {
        rows.extend(security.bars.iter().map(|bar| (security.listing.symbol, bar)));
    }
    rows.sort_by_key(|(symbol, bar)| (bar.session, *symbol));
    let mut text = "code,date,open,high,low,close,pre_close,volume,amount\n".to_owned();
    for (symbol, bar) in rows {
        let prev_close = bar.prev_close.map_or(String::new(), |price| price.to_string());
        write!(text, "{symbol},{},", bar.session).unwrap();
        match bar.traded {
            None => writeln!(text, ",,,,{prev_close},0,").unwrap(),
            Some(traded) => {
                let fen = traded.turnover.fen.0;
                writeln!(
                    text,
                    "{},{},{},{},{prev_close},{},{}.{:02}",
                    traded.open,
                    traded.high,
                    traded.low,
                    traded.last,
                    traded.volume,
                    fen / 100,
                    fen % 100
                )
                .unwrap();
            }
        }
    }
    text
}

/// Whether sessions of what was imported are missing or thin, as a store's reader is told.
pub fn has_gaps(import: &Import) -> bool {
    let mut counts: BTreeMap<SessionDate, ExchangeRows> = BTreeMap::new();
    for (table, batch) in &import.batches {
        if *table == Table::DailyBar {
            for (symbol, bar) in daily_bar_rows(batch).unwrap() {
                counts.entry(bar.session).or_default()[symbol.exchange() as usize] += 1;
            }
        }
    }
    let counts: Vec<(SessionDate, ExchangeRows)> = counts.into_iter().collect();
    !session_gaps(&counts, Calendar::builtin()).is_empty()
}
