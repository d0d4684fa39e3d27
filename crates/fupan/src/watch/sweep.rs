//! What a sweep's answers say.

use std::collections::HashMap;

use fupan_market::{Codes, IndexQuote, Quote, SessionDate, Symbol};
use fupan_source::vendor::Dataset;
use fupan_source::{Partial, ReadOptions, Recipe, SourceError, read_answers};
use fupan_table::{Table, index_quote_rows, quote_rows};

use crate::Error;
use crate::watch::log::Sweep;

/// The quotes of a sweep, by security and in the order of the answers.
#[derive(Debug, Default)]
pub(super) struct Swept {
    /// By the last code of each security.
    pub quotes: Vec<(Symbol, Quote)>,
    /// Levels of indices.
    pub levels: Vec<(Symbol, IndexQuote)>,
    /// Rows that belong to A-shares and could not be read.
    pub lost: u64,
    /// Why none of the answers could be read, if that is so.
    pub refused: Option<SourceError>,
}

/// Reads the quotes of a sweep. Answers that came before the first quote of the day hold none. Those
/// that the conversation took and the import refuses are said, and nothing is read of them.
pub(super) fn read(sweep: &Sweep, session: SessionDate, codes: &Codes) -> Result<Swept, Error> {
    let Some(dataset) = Dataset::named(&sweep.dataset) else {
        return Err(Error::UnknownSource { name: sweep.dataset.clone() });
    };
    let recipe = Recipe::named(dataset.recipe)?;
    let options = ReadOptions { as_of: None, partial: Partial::Accepted };
    let import = match read_answers(&recipe, &sweep.dataset, &sweep.answers, &options) {
        Ok(import) => import,
        Err(SourceError::Nothing { .. }) => return Ok(Swept::default()),
        Err(error) => return Ok(Swept { refused: Some(error), ..Swept::default() }),
    };
    let mut swept = Swept { lost: import.rows_left_out, ..Swept::default() };
    for (table, batch) in &import.batches {
        if *table == Table::IndexQuote {
            let rows = index_quote_rows(batch)?;
            let of_session = rows.into_iter().filter(|(on, ..)| *on == session);
            swept.levels.extend(of_session.map(|(_, symbol, quote)| (symbol, quote)));
            continue;
        }
        let rows = quote_rows(batch)?;
        let of_session =
            rows.into_iter().filter(|(on, symbol, _)| *on == session && symbol.board().is_some());
        swept.quotes.extend(of_session.map(|(_, symbol, quote)| (codes.last(symbol), quote)));
    }
    Ok(swept)
}

/// The last quote of each security.
#[derive(Clone, Debug, Default)]
pub(super) struct Latest(HashMap<Symbol, Quote>);

/// What a quote of a sweep is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// It says something new; with its place after the last quote.
    New(Quote),
    /// It is the last quote once more.
    Same,
    /// It is older than the last quote.
    Older,
}

impl Latest {
    /// Takes a quote in. A vendor may change a quote several times within a second: each is a quote
    /// of its own, in the order in which they came. A vendor with several servers may answer with
    /// what it said before; time, volume and turnover only grow.
    pub fn take(&mut self, symbol: Symbol, quote: &Quote) -> Answered {
        let Some(last) = self.0.get_mut(&symbol) else {
            self.0.insert(symbol, *quote);
            return Answered::New(*quote);
        };
        if quote.traded == last.traded && quote.time >= last.time {
            // Only the stamp moved on, or nothing did.
            return Answered::Same;
        }
        let traded =
            |quote: &Quote| quote.traded.map(|traded| (traded.volume, traded.turnover.fen));
        let grows = |same: bool| if same { traded(quote) >= traded(last) } else { true };
        if quote.time < last.time || !grows(quote.time == last.time) {
            return Answered::Older;
        }
        let sequence = if quote.time == last.time { last.sequence + 1 } else { 0 };
        *last = Quote { sequence, ..*quote };
        Answered::New(*last)
    }

    /// Takes a stored quote in, which has its place.
    pub fn know(&mut self, symbol: Symbol, quote: &Quote) {
        self.0.insert(symbol, *quote);
    }
}

#[cfg(test)]
mod tests {
    use fupan_market::{Fen, Price, Span, Traded, Turnover, TurnoverBasis};

    use super::*;

    fn quote(time: u32, volume: u64) -> Quote {
        let price = Price::from_fen(1_000).unwrap();
        let fen = Fen(i64::try_from(volume).unwrap() * 1_000);
        let turnover = Turnover { fen, basis: TurnoverBasis::Reported };
        let [open, high, low, last] = [price; 4];
        let traded = (volume > 0).then_some(Traded { open, high, low, last, volume, turnover });
        Quote { time, span: Span::SoFar, sequence: 0, revision: 0, traded }
    }

    #[test]
    fn only_what_is_new_is_kept_and_each_in_its_place() {
        let symbol: Symbol = "600000.SH".parse().unwrap();
        let mut latest = Latest::default();
        let mut told = Vec::new();
        for (time, volume) in [
            (10, 0),
            (10, 0),
            (12, 5),
            (12, 5),
            (11, 3),
            (12, 4),
            (12, 7),
            (15, 7),
            (15, 9),
            (13, 9),
        ] {
            told.push(match latest.take(symbol, &quote(time, volume)) {
                Answered::New(quote) => (time, quote.sequence, "new"),
                Answered::Same => (time, 0, "same"),
                Answered::Older => (time, 0, "older"),
            });
        }
        let expected = [
            (10, 0, "new"),
            (10, 0, "same"),
            (12, 0, "new"),
            (12, 0, "same"),
            (11, 0, "older"),
            (12, 0, "older"),
            (12, 1, "new"),
            (15, 0, "same"),
            (15, 0, "new"),
            (13, 0, "older"),
        ];
        assert_eq!(told, expected);
    }
}
