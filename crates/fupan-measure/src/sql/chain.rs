//! The members of a chain's segments, in SQL over `group_span`.

use std::sync::Arc;

use fupan_market::{Chain, ChainSegment, GroupId, GroupKind};

/// The sessions and segments of each security of some days in a chain. The list of concepts is the one with the
/// most memberships, as in a review.
pub(super) fn members(chain: &Chain, days: &str) -> String {
    let scheme = chain.scheme();
    let rules: Vec<String> = chain.segments().iter().flat_map(|one| rules(chain, one)).collect();
    let named = chain.segments().iter().flat_map(|segment| {
        let row = |symbol| format!("('{}', '{symbol}')", segment.id());
        segment.securities.iter().map(move |named| row(named.symbol))
    });
    let named: Vec<String> = named.collect();
    let named = match named.is_empty() {
        true => String::new(),
        false => format!(
            "UNION \
             SELECT s.session, s.symbol, '{scheme}.' || n.column1 AS subject \
             FROM {days} s \
             LEFT JOIN code_span c ON c.code = s.symbol \
             JOIN (VALUES {}) n ON n.column2 = coalesce(c.last_code, s.symbol)",
            named.join(", ")
        ),
    };
    format!(
        "WITH list AS (\
           SELECT scheme FROM group_span WHERE scheme LIKE '%-concept' \
           GROUP BY scheme HAVING count(DISTINCT subject) > 1 \
           ORDER BY count(*) DESC, scheme LIMIT 1), \
         rule AS (\
           SELECT column1 AS segment, column2 AS way, column3 AS parts, column4 AS part, \
                  column5 AS code \
           FROM (VALUES {}) v), \
         held AS (\
           SELECT DISTINCT s.session, s.symbol, r.segment, r.way, r.parts, r.part \
           FROM {days} s \
           LEFT JOIN code_span c ON c.code = s.symbol \
           JOIN group_span p ON p.symbol = coalesce(c.last_code, s.symbol) \
             AND s.session >= p.from_day AND s.session < p.until_day \
           JOIN list l ON l.scheme = p.scheme \
           JOIN rule r ON l.scheme || '.' || r.code = p.subject), \
         whole AS (\
           SELECT session, symbol, segment, parts FROM held \
           GROUP BY session, symbol, segment, way, parts HAVING count(*) >= parts), \
         kept AS (\
           SELECT session, symbol, segment FROM whole \
           GROUP BY session, symbol, segment HAVING min(parts) > 0) \
         SELECT session, symbol, '{scheme}.' || segment AS subject FROM kept {named}",
        rules.join(", ")
    )
}

/// The ways into a segment and out of it: its identifier, the way's number, how many groups the way
/// takes (none is the way out), which of them this is, and the group's code under one spelling.
fn rules(chain: &Chain, segment: &ChainSegment) -> Vec<String> {
    let one = |name: &Arc<str>, parts: usize| (vec![Arc::clone(name)], parts);
    let any = segment.groups.iter().map(|name| one(name, 1));
    let all = segment.all_of.iter().map(|set| (set.clone(), set.len()));
    let out = segment.except.iter().map(|name| one(name, 0));
    let mut rows = Vec::new();
    for (way, (set, parts)) in any.chain(all).chain(out).enumerate() {
        for (part, name) in set.iter().enumerate() {
            let ids = chain
                .spellings(name)
                .filter_map(|name| GroupId::of_kind("any", GroupKind::Concept, None, name).ok());
            rows.extend(ids.map(|id| {
                let code = id.code().replace('\'', "''");
                format!("('{}', {way}, {parts}, {part}, '{code}')", segment.id())
            }));
        }
    }
    rows
}
