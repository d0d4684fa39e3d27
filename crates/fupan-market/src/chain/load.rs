//! Reading a chain from its text.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;
use std::sync::Arc;

use serde::Deserialize;

use super::{
    Chain, ChainError, ChainSegment, Edge, EdgeFault, Layer, LayerFault, NamedSecurity,
    SegmentFault, SizeLimit, SpellingFault,
};
use crate::{GroupId, GroupKind, SessionDate, Symbol, Wording, is_hidden, nearest, shown};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    named_on: Option<String>,
    name: Texts,
    layer: Vec<LayerRow>,
    segment: Vec<SegmentRow>,
    #[serde(default)]
    edge: Vec<EdgeRow>,
    #[serde(default)]
    also_called: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerRow {
    number: NonZeroU8,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SegmentRow {
    id: String,
    layer: NonZeroU8,
    zh: String,
    en: String,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    all_of: Vec<Vec<String>>,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    securities: Vec<SecurityRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecurityRow {
    symbol: String,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EdgeRow {
    from: String,
    to: String,
    zh: String,
    en: String,
}

/// The chain that a text describes.
pub(super) fn chain(text: &str) -> Result<Chain, ChainError> {
    if text.len() > Chain::BYTES_MAX {
        return Err(ChainError::TooLarge(SizeLimit::Bytes(text.len())));
    }
    let file: File = toml::from_str(text).map_err(|fault| {
        let before = fault.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(0, |before| before.matches('\n').count() + 1);
        ChainError::Unreadable { line, said: fault.message().to_owned() }
    })?;
    let securities: usize = file.segment.iter().map(|row| row.securities.len()).sum();
    if file.segment.len() > Chain::SEGMENTS_MAX {
        return Err(ChainError::TooLarge(SizeLimit::Segments(file.segment.len())));
    }
    if securities > Chain::SECURITIES_MAX {
        return Err(ChainError::TooLarge(SizeLimit::Securities(securities)));
    }
    if !is_word(&file.id) {
        return Err(ChainError::Id(file.id));
    }
    let name = both(&file.name.zh, &file.name.en).ok_or(ChainError::NoName)?;
    let layers = layers(&file.layer)?;
    let segments = segments(&file.id, &file.segment, &layers)?;
    if segments.is_empty() {
        return Err(ChainError::NoSegments);
    }
    let edges = edges(&file.edge, &segments)?;
    no_cycle(&segments, &edges)?;
    let spellings = spellings(file.also_called, &segments)?;
    let named_on = match file.named_on {
        Some(date) => Some(date.parse::<SessionDate>().map_err(ChainError::Date)?),
        None if securities > 0 => return Err(ChainError::NoDate),
        None => None,
    };
    let named_on = named_on.filter(|_| securities > 0);
    let text = text.into();
    let chain =
        Chain { id: file.id.into(), name, named_on, layers, segments, edges, spellings, text };
    let hidden = texts(&chain).find(|text| text.contains(is_hidden));
    if let Some(hidden) = hidden {
        return Err(ChainError::Hidden(shown(hidden).into_owned()));
    }
    let long = names_of(&chain).find(|name| name.chars().count() > Chain::NAME_MAX);
    if let Some(long) = long {
        return Err(ChainError::LongName(long.to_owned()));
    }
    Ok(chain)
}

/// The names of a chain, its layers and its segments.
fn names_of(chain: &Chain) -> impl Iterator<Item = &str> {
    let names = chain.layers.iter().map(|layer| &layer.name);
    let names = names.chain(chain.segments.iter().map(|segment| &segment.name));
    names.chain([&chain.name]).flat_map(|told| [&*told.en, &*told.zh])
}

/// Every text of a chain that is printed.
fn texts(chain: &Chain) -> impl Iterator<Item = &str> {
    let named = chain.segments.iter().flat_map(|segment| &segment.securities);
    let told = named.map(|one| &one.evidence).chain(chain.edges.iter().map(|edge| &edge.evidence));
    let told = told.flat_map(|told| [&*told.en, &*told.zh]);
    names_of(chain)
        .chain(told)
        .chain(chain.segments.iter().flat_map(ChainSegment::names).map(|(name, _)| name))
}

/// Whether a text may be an identifier: words of lower-case letters and digits with a hyphen
/// between them, the first beginning with a letter. One letter alone begins no scheme of groups.
fn is_word(text: &str) -> bool {
    let of_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|word| !word.is_empty() && word.bytes().all(of_word))
}

/// A text in both languages; `None` if one is empty.
fn both(zh: &str, en: &str) -> Option<Wording> {
    let (zh, en) = (zh.trim(), en.trim());
    (!zh.is_empty() && !en.is_empty()).then(|| Wording::new(en, zh))
}

fn layers(rows: &[LayerRow]) -> Result<Vec<Layer>, ChainError> {
    let mut layers: BTreeMap<u8, Layer> = BTreeMap::new();
    for row in rows {
        let number = row.number.get();
        let wrong = |fault| ChainError::Layer { number, fault };
        let name = both(&row.zh, &row.en).ok_or_else(|| wrong(LayerFault::NoName))?;
        if layers.insert(number, Layer { number, name }).is_some() {
            return Err(wrong(LayerFault::Twice));
        }
    }
    Ok(layers.into_values().collect())
}

fn segments(
    chain: &str,
    rows: &[SegmentRow],
    layers: &[Layer],
) -> Result<Vec<ChainSegment>, ChainError> {
    let mut ids = BTreeSet::new();
    let mut segments = Vec::with_capacity(rows.len());
    for row in rows {
        let read = match segment(chain, row, layers) {
            Ok(_) if !ids.insert(&row.id) => Err(SegmentFault::Twice),
            read => read,
        };
        let wrong = |fault| ChainError::Segment { segment: row.id.clone(), fault };
        segments.push(read.map_err(wrong)?);
    }
    segments.sort_by_key(|segment| segment.layer);
    Ok(segments)
}

fn segment(chain: &str, row: &SegmentRow, layers: &[Layer]) -> Result<ChainSegment, SegmentFault> {
    if !is_word(&row.id) {
        return Err(SegmentFault::Id);
    }
    let group = GroupId::of_kind(chain, GroupKind::Chain, Some(&row.id), "")
        .map_err(|_| SegmentFault::Id)?;
    let name = both(&row.zh, &row.en).ok_or(SegmentFault::NoName)?;
    let layer = row.layer.get();
    if layers.iter().all(|known| known.number != layer) {
        return Err(SegmentFault::NoLayer(layer));
    }
    if row.groups.is_empty() && row.all_of.is_empty() && row.securities.is_empty() {
        return Err(SegmentFault::NoMembers);
    }
    let (groups, except) = (names(&row.groups)?, names(&row.except)?);
    let mut all_of = Vec::with_capacity(row.all_of.len());
    for set in &row.all_of {
        let set = names(set)?;
        if set.len() < 2 {
            return Err(SegmentFault::NotSeveral);
        }
        all_of.push(set);
    }
    let mut taken = groups.iter().chain(all_of.iter().flatten());
    if let Some(name) = taken.find(|name| except.contains(name)) {
        return Err(SegmentFault::GroupTwice(name.to_string()));
    }
    let securities = securities(&row.securities)?;
    Ok(ChainSegment { group, name, layer, groups, all_of, except, securities })
}

/// Names of groups, none of them empty or there twice.
fn names(row: &[String]) -> Result<Vec<Arc<str>>, SegmentFault> {
    let mut seen = BTreeSet::new();
    for name in row.iter().map(|name| name.trim()) {
        if name.is_empty() {
            return Err(SegmentFault::EmptyGroup);
        }
        if !seen.insert(name) {
            return Err(SegmentFault::GroupTwice(name.to_owned()));
        }
    }
    Ok(row.iter().map(|name| name.trim().into()).collect())
}

fn securities(rows: &[SecurityRow]) -> Result<Vec<NamedSecurity>, SegmentFault> {
    let mut named: BTreeMap<Symbol, NamedSecurity> = BTreeMap::new();
    for row in rows {
        let symbol: Symbol = row.symbol.parse().map_err(SegmentFault::Symbol)?;
        if symbol.board().is_none() {
            return Err(SegmentFault::NoShare(symbol));
        }
        let evidence = both(&row.zh, &row.en).ok_or(SegmentFault::NoEvidence(symbol))?;
        if named.insert(symbol, NamedSecurity { symbol, evidence }).is_some() {
            return Err(SegmentFault::SecurityTwice(symbol));
        }
    }
    Ok(named.into_values().collect())
}

fn edges(rows: &[EdgeRow], segments: &[ChainSegment]) -> Result<Vec<Edge>, ChainError> {
    let places: BTreeMap<&str, usize> =
        segments.iter().enumerate().map(|(place, segment)| (segment.id(), place)).collect();
    let mut edges: BTreeMap<(usize, usize), Edge> = BTreeMap::new();
    for row in rows {
        let wrong = |fault| ChainError::Edge { from: row.from.clone(), to: row.to.clone(), fault };
        let place = |id: &str| {
            places.get(id).copied().ok_or_else(|| {
                let meant = nearest(id, places.keys().copied()).map(str::to_owned);
                wrong(EdgeFault::NoSegment { named: id.to_owned(), meant })
            })
        };
        let (from, to) = (place(&row.from)?, place(&row.to)?);
        let [above, below] = [from, to].map(|place| segments[place].layer);
        if above > below {
            return Err(wrong(EdgeFault::Upstream(above, below)));
        }
        let evidence = both(&row.zh, &row.en).ok_or_else(|| wrong(EdgeFault::NoEvidence))?;
        if edges.insert((from, to), Edge { from, to, evidence }).is_some() {
            return Err(wrong(EdgeFault::Twice));
        }
    }
    Ok(edges.into_values().collect())
}

/// Refuses edges that lead back to where they come from.
fn no_cycle(segments: &[ChainSegment], edges: &[Edge]) -> Result<(), ChainError> {
    // Segments from which every path ends are removed until none is left, or only circles and what
    // leads to them.
    let mut left: BTreeSet<usize> = (0..segments.len()).collect();
    let next = |from: usize, left: &BTreeSet<usize>| {
        let first = edges.partition_point(|edge| edge.from < from);
        let out = edges[first..].iter().take_while(|edge| edge.from == from);
        out.map(|edge| edge.to).find(|to| left.contains(to))
    };
    loop {
        let ends: Vec<usize> =
            left.iter().copied().filter(|place| next(*place, &left).is_none()).collect();
        if ends.is_empty() {
            break;
        }
        left.retain(|place| !ends.contains(place));
    }
    let Some(first) = left.first().copied() else { return Ok(()) };
    let mut path = vec![first];
    while let Some(to) = next(path[path.len() - 1], &left) {
        let before = path.iter().position(|place| *place == to);
        path.push(to);
        if let Some(before) = before {
            path.drain(..before);
            break;
        }
    }
    Err(ChainError::Cycle(path.iter().map(|place| segments[*place].id().to_owned()).collect()))
}

fn spellings(
    rows: BTreeMap<String, Vec<String>>,
    segments: &[ChainSegment],
) -> Result<BTreeMap<Arc<str>, Vec<Arc<str>>>, ChainError> {
    let used: BTreeSet<&str> =
        segments.iter().flat_map(ChainSegment::names).map(|(name, _)| name).collect();
    let mut seen = BTreeSet::new();
    let mut spellings = BTreeMap::new();
    for (name, others) in rows {
        let wrong = |name: &str, fault| ChainError::Spelling { name: name.to_owned(), fault };
        if !used.contains(name.as_str()) {
            return Err(wrong(&name, SpellingFault::Unused));
        }
        let mut spelled: Vec<Arc<str>> = Vec::with_capacity(others.len());
        for other in others.iter().map(|other| other.trim()) {
            if other.is_empty() {
                return Err(wrong(&name, SpellingFault::Empty));
            }
            if used.contains(other) || !seen.insert(other.to_owned()) {
                return Err(wrong(other, SpellingFault::Twice));
            }
            spelled.push(other.into());
        }
        spellings.insert(name.into(), spelled);
    }
    Ok(spellings)
}
