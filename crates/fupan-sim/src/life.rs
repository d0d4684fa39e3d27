//! One symbol's sessions.

use fupan_market::{Board, Listing, NameOn, Price, SessionDate};

use crate::names::{CONCEPTS, EVERY, INDUSTRIES, MARK};
use crate::roster::Seat;
use crate::walk::{Capital, SimBar, Walked};

/// One symbol's sessions.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    pub listing: Listing,
    pub board: Board,
    pub industry: usize,
    /// Earliest first.
    pub bars: Vec<SimBar>,
    /// Earliest first; the first entry holds from the first bar on.
    pub capital: Vec<Capital>,
}

impl Life {
    /// The name of its industry, with the mark of the simulation.
    pub(crate) fn industry_name(&self) -> String {
        format!("{MARK}{}", INDUSTRIES[self.industry])
    }

    /// The names of its concepts, with the mark of the simulation. Of three companies of an industry
    /// two are in each concept that the industry is in; every company is in [`EVERY`].
    pub(crate) fn concept_names(&self) -> impl Iterator<Item = String> + '_ {
        let industry = INDUSTRIES[self.industry];
        let code = self.listing.symbol.code() as usize;
        let of = CONCEPTS.iter().enumerate().filter(move |(place, (_, industries))| {
            industries.contains(&industry) && !(code + place).is_multiple_of(3)
        });
        let names = std::iter::once(EVERY).chain(of.map(|(_, (name, _))| *name));
        names.map(|name| format!("{MARK}{name}"))
    }

    /// Everything but the bars, as text for the digest.
    pub(crate) fn described(&self) -> String {
        let Listing { symbol, listed_on, delisted_on, issue_price, names, former: _ } =
            &self.listing;
        let date = |date: &Option<SessionDate>| date.map_or_else(String::new, |d| d.to_string());
        let issue_price = issue_price.map_or(0, Price::raw);
        let (listed_on, delisted_on) = (date(listed_on), date(delisted_on));
        let (board, industry) = (self.board.id(), INDUSTRIES[self.industry]);
        let mut text =
            format!("{symbol} {board} {industry} {listed_on} {delisted_on} {issue_price}");
        for concept in self.concept_names() {
            text.push_str(&format!(" {concept}"));
        }
        for name in names {
            text.push_str(&format!(" {} {}", name.on, name.name));
        }
        for capital in &self.capital {
            text.push_str(&format!(" {} {} {}", capital.session, capital.total, capital.float));
        }
        text
    }

    /// One life, or two if the code changes.
    pub(crate) fn of(seat: Seat, walked: Walked, dates: &[SessionDate]) -> Vec<Life> {
        let Seat { listing, board, industry, renamed_from, .. } = seat;
        let Walked { mut bars, mut capital } = walked;
        let Some((old_symbol, from)) = renamed_from else {
            return vec![Life { listing, board, industry, bars, capital }];
        };
        let later = bars.split_off(bars.partition_point(|bar| usize::from(bar.session) < from));
        let capital_later = capital.split_off(capital.partition_point(|c| c.session < from));
        let carried = capital.last().map(|c| Capital { session: from, ..*c });
        let changes_then = capital_later.first().is_some_and(|c| c.session == from);
        let capital_later =
            carried.filter(|_| !changes_then).into_iter().chain(capital_later).collect();
        let (last_old, first_new) = (dates[from - 1], dates[from]);
        let name_on =
            |date| listing.name_on(date).map(|name| NameOn { on: date, name: name.to_owned() });
        let names = |keep: &dyn Fn(&NameOn) -> bool, also: Option<NameOn>| {
            let mut names: Vec<NameOn> =
                listing.names.iter().filter(|n| keep(n)).cloned().collect();
            names.extend(also);
            names.sort();
            names.dedup();
            names
        };
        let old = Listing {
            symbol: old_symbol,
            delisted_on: Some(last_old),
            names: names(&|name| name.on <= last_old, name_on(last_old)),
            ..listing.clone()
        };
        let new =
            Listing { names: names(&|name| name.on >= first_new, name_on(first_new)), ..listing };
        vec![
            Life { listing: old, board, industry, bars, capital },
            Life { listing: new, board, industry, bars: later, capital: capital_later },
        ]
    }
}
