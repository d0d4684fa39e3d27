//! The takeaways: what is most worth saying about a session.

use fupan_market::Symbol;

use crate::document::Takeaway;
use crate::section::rule::{Rule, take};
use crate::section::{breadth, highs_and_size, indices, industries, limit_board, turnover};
use crate::view::View;

/// The most takeaways in a brief.
const MOST: usize = 5;

/// The takeaways, most salient first: the first rule that holds in each group.
pub(crate) fn takeaways(view: &View<'_>) -> Vec<Takeaway> {
    let groups = [
        breadth::takeaways(view),
        turnover::takeaways(view),
        limit_board::takeaways(view),
        highs_and_size::highs_takeaways(view),
        highs_and_size::size_takeaways(view),
        turnover::concentration_takeaways(view),
        limit_board::prior_limit_up_takeaways(view),
    ];
    let first = |rules: Vec<Rule>, names: &[Symbol]| {
        rules.into_iter().find_map(|rule| take(rule, names, view))
    };
    let mut takeaways: Vec<Takeaway> =
        groups.into_iter().filter_map(|rules| first(rules, &[])).collect();
    let highest = limit_board::highest_rung(view);
    takeaways.extend(first(limit_board::streak_takeaways(view), &highest));
    takeaways.extend(indices::takeaway(view));
    takeaways.extend(industries::takeaway(view));
    takeaways.sort_by(|a, b| b.salience.cmp(&a.salience).then_with(|| a.id.cmp(&b.id)));
    takeaways.truncate(MOST);
    takeaways
}
