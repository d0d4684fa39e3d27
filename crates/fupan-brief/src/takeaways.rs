//! The takeaways: what is most worth saying about a session.

use crate::document::Takeaway;
use crate::section::rule::{Rule, take};
use crate::section::{
    breadth, highs_and_size, indices, industries, limit_board, movers, themes, turnover,
};
use crate::view::View;

/// The most takeaways in a brief.
const MOST: usize = 6;

/// The takeaways, most salient first: the first rule that holds in each group.
pub(crate) fn takeaways(view: &View<'_>) -> Vec<Takeaway> {
    let groups = [
        breadth::takeaways(view),
        turnover::takeaways(view),
        limit_board::takeaways(view),
        limit_board::streak_takeaways(view),
        highs_and_size::highs_takeaways(view),
        turnover::concentration_takeaways(view),
        limit_board::prior_limit_up_takeaways(view),
    ];
    let first = |rules: Vec<Rule>| rules.into_iter().find_map(|rule| take(rule, view));
    let mut takeaways: Vec<Takeaway> = groups.into_iter().filter_map(first).collect();
    takeaways.extend(movers::takeaway(view));
    takeaways.extend(breadth::boards_takeaway(view));
    let size = highs_and_size::deciles_takeaway(view);
    takeaways.extend(size.or_else(|| first(highs_and_size::size_takeaways(view))));
    takeaways.extend(indices::takeaway(view));
    // Themes say what industries say, and closer.
    takeaways.extend(themes::takeaway(view).or_else(|| industries::takeaway(view)));
    takeaways.sort_by(|a, b| b.salience.cmp(&a.salience).then_with(|| a.id.cmp(&b.id)));
    takeaways.truncate(MOST);
    takeaways
}
