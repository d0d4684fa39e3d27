//! Which source is used for an exchange in a session.

/// Which source to read daily bars from, if several hold the same rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceChoice {
    /// For each session and exchange: among the sources that hold at least nine tenths of the rows
    /// of the largest one, the one with reported turnover; among those the one with most rows;
    /// among those the first by name. The nine tenths keep a sample of a market from being used for
    /// the market.
    Best,
    /// Only this source. Indices that it lacks come from the best source.
    Named(String),
}

/// What a source holds of an exchange in a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Rows.
    pub rows: u32,
    /// Rows with trade.
    pub traded: u32,
    /// Rows with a reported turnover.
    pub reported: u32,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Tally) {
        self.rows += other.rows;
        self.traded += other.traded;
        self.reported += other.reported;
    }

    fn reports_turnover(self) -> bool {
        self.traded > 0 && self.reported * 2 >= self.traded
    }
}

/// The index of the best of several sources, given in the order of their names.
pub(crate) fn best(tallies: impl Iterator<Item = Tally> + Clone) -> Option<usize> {
    let most = tallies.clone().map(|tally| tally.rows).max()?;
    tallies
        .enumerate()
        .filter(|(_, tally)| tally.rows > 0 && tally.rows * 10 >= most * 9)
        .max_by_key(|(index, tally)| {
            (tally.reports_turnover(), tally.rows, std::cmp::Reverse(*index))
        })
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sources: &[(u32, u32)], expected: Option<usize>) {
        let tallies =
            sources.iter().map(|&(rows, reported)| Tally { rows, traded: rows, reported });
        assert_eq!(best(tallies), expected, "{sources:?}");
    }

    #[test]
    fn reported_turnover_comes_before_rows_and_rows_before_names() {
        check(&[], None);
        check(&[(0, 0)], None);
        check(&[(5200, 0), (5100, 5100)], Some(1));
        check(&[(5200, 5200), (5201, 5201)], Some(1));
        check(&[(5200, 0), (5200, 0)], Some(0));
    }

    #[test]
    fn a_sample_with_turnover_does_not_stand_in_for_the_market() {
        check(&[(5200, 0), (1800, 1800)], Some(0));
    }
}
