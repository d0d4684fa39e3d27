//! Industry chains: what flows from one segment of an industry to the next, and which securities
//! are in each.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{GroupId, GroupKind, SessionDate, Symbol, Wording};

mod error;
mod load;
mod resolve;
#[cfg(test)]
mod tests;

pub use error::{ChainError, EdgeFault, LayerFault, SegmentFault, SizeLimit, SpellingFault};
pub use resolve::{ChainMembers, GroupUse, MissingGroup};

/// An industry chain: segments in layers, and what flows between them.
///
/// Its edges form no cycle, and none leads from a layer to one further upstream. It names groups of
/// vendors' lists of concepts; [`Chain::resolve`] says which securities they hold in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    id: Arc<str>,
    name: Wording,
    named_on: Option<SessionDate>,
    layers: Vec<Layer>,
    segments: Vec<ChainSegment>,
    edges: Vec<Edge>,
    /// Other spellings of a group's name.
    spellings: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    text: Arc<str>,
}

/// A layer of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its number; the lowest is furthest upstream.
    pub number: u8,
    /// What it is called.
    pub name: Wording,
}

/// A segment of a chain: those who do one thing in it.
///
/// Its members are the securities in any of `groups` or in every group of one of `all_of`, without
/// those in any of `except`; and `securities`, whatever a list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainSegment {
    /// The group of its members. Its code is the segment's identifier.
    pub group: GroupId,
    /// What it is called.
    pub name: Wording,
    /// The number of its layer.
    pub layer: u8,
    /// Names of groups.
    pub groups: Vec<Arc<str>>,
    /// Sets of two and more names of groups.
    pub all_of: Vec<Vec<Arc<str>>>,
    /// Names of groups.
    pub except: Vec<Arc<str>>,
    /// Securities that the chain itself names, in order of their symbols.
    pub securities: Vec<NamedSecurity>,
}

/// A security that a chain itself names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSecurity {
    /// The security, under its last code.
    pub symbol: Symbol,
    /// What it does in the segment.
    pub evidence: Wording,
}

/// A flow from one segment to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The index of the segment it comes from.
    pub from: usize,
    /// The index of the segment it goes to.
    pub to: usize,
    /// What flows.
    pub evidence: Wording,
}

static BUILTIN: LazyLock<Vec<Chain>> = LazyLock::new(|| {
    [
        include_str!("chains/ai-compute.toml"),
        include_str!("chains/photovoltaics.toml"),
        include_str!("chains/simulated.toml"),
    ]
    .map(|text| Chain::parse(text).expect("a built-in chain is well formed"))
    .into()
});

impl Chain {
    /// The most bytes of a text.
    pub const BYTES_MAX: usize = 1 << 20;
    /// The most segments.
    pub const SEGMENTS_MAX: usize = 200;
    /// The most characters of a chain's, a layer's or a segment's name: it is written into a box.
    pub const NAME_MAX: usize = 40;
    /// The most securities that a chain itself names, over all segments.
    pub const SECURITIES_MAX: usize = 5_000;

    /// The built-in chains.
    pub fn builtin() -> &'static [Chain] {
        &BUILTIN
    }

    /// A reader's own chains, and then the built-in ones whose identifiers none of them has.
    pub fn with_own<'c>(
        own: impl IntoIterator<Item = &'c Chain>,
    ) -> impl Iterator<Item = &'c Chain> {
        let own: Vec<&Chain> = own.into_iter().collect();
        let replaced = |chain: &&Chain| own.iter().any(|one| one.id == chain.id);
        let rest: Vec<&Chain> = BUILTIN.iter().filter(|chain| !replaced(chain)).collect();
        own.into_iter().chain(rest)
    }

    /// Reads a chain from a text in the form of `chains/photovoltaics.toml`.
    ///
    /// # Errors
    /// The first thing that is wrong: the text is too large or no TOML of this form, an identifier
    /// is no word or occurs twice, a text is empty, a symbol is none, a segment has no layer or
    /// nothing in it, an edge has no segment, leads upstream or closes a cycle.
    pub fn parse(text: &str) -> Result<Chain, ChainError> {
        load::chain(text)
    }

    /// Its identifier, a lower-case word with hyphens.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The scheme of its segments' groups: `ai-compute-chain`.
    pub fn scheme(&self) -> String {
        format!("{}-{}", self.id, GroupKind::Chain.word())
    }

    /// Whether its segments' groups have a scheme.
    pub fn has_scheme(&self, scheme: &str) -> bool {
        self.segments.first().is_some_and(|segment| segment.group.scheme() == scheme)
    }

    /// What it is called.
    pub fn name(&self) -> &Wording {
        &self.name
    }

    /// The text that it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The date of what it says of the securities that it names itself; `None` if it names none.
    pub fn named_on(&self) -> Option<SessionDate> {
        self.named_on
    }

    /// Its layers, the one furthest upstream first.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Its segments, those furthest upstream first; in a layer, in the order of the text.
    pub fn segments(&self) -> &[ChainSegment] {
        &self.segments
    }

    /// The segment with an identifier.
    pub fn segment(&self, id: &str) -> Option<&ChainSegment> {
        self.segments.iter().find(|segment| segment.id() == id)
    }

    /// What flows, in order of the segments that it comes from and goes to.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// A group's name as vendors spell it: the name itself, and then its other spellings.
    pub fn spellings<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let others = self.spellings.get(name).into_iter().flatten();
        std::iter::once(name).chain(others.map(AsRef::as_ref))
    }
}

impl Serialize for Chain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Chain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Chain, D::Error> {
        Chain::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl ChainSegment {
    /// Its identifier, a lower-case word with hyphens.
    pub fn id(&self) -> &str {
        self.group.code()
    }

    /// The names of the groups that it rests on, and how it uses each; a name may occur several
    /// times.
    pub fn names(&self) -> impl Iterator<Item = (&str, GroupUse)> {
        let any = self.groups.iter().map(|name| (&**name, GroupUse::AnyOf));
        let all = self.all_of.iter().flatten().map(|name| (&**name, GroupUse::AllOf));
        any.chain(all).chain(self.except.iter().map(|name| (&**name, GroupUse::Except)))
    }
}
