//! What a review takes for an industry chain and for no theme: the program's own texts, and the
//! reader's in their place.

use crate::not_themes::quoted;
use crate::{Chain, ChainError, Group, InLanguage, NotThemes, NotThemesError, Wording, nearest};

/// A definition, read from its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Definition {
    /// An industry chain.
    Chain(Chain),
    /// The concepts that are no themes.
    NotThemes(NotThemes),
}

/// What a definition is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefinitionKind {
    /// An industry chain.
    Chain,
    /// The concepts that are no themes.
    NotThemes,
}

/// A reader's definition, and the file that it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own<T> {
    /// The definition.
    pub of: T,
    /// The source of its import.
    pub source: String,
    /// The digest of its file.
    pub digest: String,
}

/// The chains and the concepts that are no themes, as a review takes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    /// By identifier; a chain with that of a built-in one takes its place.
    chains: Vec<Own<Chain>>,
    not_themes: Option<Own<NotThemes>>,
}

impl DefinitionKind {
    /// Both kinds.
    pub const ALL: [DefinitionKind; 2] = [DefinitionKind::Chain, DefinitionKind::NotThemes];

    /// The word for it in tables and recipes.
    pub const fn word(self) -> &'static str {
        match self {
            DefinitionKind::Chain => "chain",
            DefinitionKind::NotThemes => "not-themes",
        }
    }

    /// The kind with a word.
    pub fn named(word: &str) -> Option<DefinitionKind> {
        DefinitionKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Definition {
    /// Reads a definition from its text.
    ///
    /// # Errors
    /// What [`Chain::parse`] or [`NotThemes::parse`] says.
    pub fn parse(kind: DefinitionKind, text: &str) -> Result<Definition, Wording> {
        Ok(match kind {
            DefinitionKind::Chain => {
                Definition::Chain(Chain::parse(text).map_err(|fault: ChainError| fault.wording())?)
            }
            DefinitionKind::NotThemes => Definition::NotThemes(
                NotThemes::parse(text).map_err(|fault: NotThemesError| fault.wording())?,
            ),
        })
    }

    /// What it is of.
    pub fn kind(&self) -> DefinitionKind {
        match self {
            Definition::Chain(_) => DefinitionKind::Chain,
            Definition::NotThemes(_) => DefinitionKind::NotThemes,
        }
    }

    /// Its name among those of its kind: a chain's identifier.
    pub fn name(&self) -> &str {
        match self {
            Definition::Chain(chain) => chain.id(),
            Definition::NotThemes(_) => DefinitionKind::NotThemes.word(),
        }
    }

    /// The text that it was read from.
    pub fn text(&self) -> &str {
        match self {
            Definition::Chain(chain) => chain.text(),
            Definition::NotThemes(list) => list.text(),
        }
    }
}

impl Definitions {
    /// Those of a reader, the first of several with one kind and name, with the built-in ones that
    /// they do not replace.
    pub fn of(own: impl IntoIterator<Item = Own<Definition>>) -> Definitions {
        let mut all = Definitions::default();
        for Own { of, source, digest } in own {
            match of {
                Definition::Chain(of) => all.chains.push(Own { of, source, digest }),
                Definition::NotThemes(of) if all.not_themes.is_none() => {
                    all.not_themes = Some(Own { of, source, digest });
                }
                Definition::NotThemes(_) => {}
            }
        }
        all.chains.sort_by(|a, b| a.of.id().cmp(b.of.id()));
        all.chains.dedup_by(|a, b| a.of.id() == b.of.id());
        all
    }

    /// The chains: the reader's own by identifier, then the built-in ones that none of them replaces.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        Chain::with_own(self.chains.iter().map(|own| &own.of))
    }

    /// The chain whose segments' groups have a scheme.
    pub fn chain(&self, scheme: &str) -> Option<&Chain> {
        self.chains().find(|chain| chain.has_scheme(scheme))
    }

    /// The reader's own chains, by identifier.
    pub fn own_chains(&self) -> &[Own<Chain>] {
        &self.chains
    }

    /// The reader's own chain whose segments' groups have a scheme.
    pub fn own_chain(&self, scheme: &str) -> Option<&Own<Chain>> {
        self.chains.iter().find(|own| own.of.has_scheme(scheme))
    }

    /// The concepts that are no themes.
    pub fn not_themes(&self) -> &NotThemes {
        match &self.not_themes {
            Some(own) => &own.of,
            None => NotThemes::builtin(),
        }
    }

    /// The reader's own list of them.
    pub fn own_not_themes(&self) -> Option<&Own<NotThemes>> {
        self.not_themes.as_ref()
    }
}

/// Names that no group of a list has, each with the group's name that is nearest to it.
pub fn strange_names<'n>(
    names: impl IntoIterator<Item = &'n str>,
    groups: &[Group],
) -> Vec<(&'n str, Option<Wording>)> {
    let known = || groups.iter().map(|group| &*group.name);
    let strange = names.into_iter().filter(|name| known().all(|own| own != *name));
    let meant = |name: &str| {
        // Any two names of two characters are two edits apart.
        let alike = known().filter(|own| has_most_of(own, name) && has_most_of(name, own));
        let near = quoted(nearest(name, alike)?);
        Some(Wording::new(format!("did you mean {near}?"), format!("是否指{near}？")))
    };
    strange.map(|name| (name, meant(name))).collect()
}

/// Whether most characters of a name are in another.
fn has_most_of(name: &str, other: &str) -> bool {
    let common = name.chars().filter(|c| other.contains(*c)).count();
    common * 2 > name.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "id = \"ID\"\nname = { zh = \"链\", en = \"Chain\" }\n\
        [[layer]]\nnumber = 1\nzh = \"层\"\nen = \"Layer\"\n\
        [[segment]]\nid = \"one\"\nlayer = 1\nzh = \"段\"\nen = \"One\"\ngroups = [\"甲\"]\n";

    fn own(of: Definition, digest: &str) -> Own<Definition> {
        Own { of, source: "own".to_owned(), digest: digest.to_owned() }
    }

    fn chain(id: &str) -> Definition {
        Definition::parse(DefinitionKind::Chain, &SMALL.replace("ID", id)).unwrap()
    }

    #[test]
    fn own_definitions_take_the_place_of_the_built_in_ones() {
        let none = Definitions::default();
        let ids = |of: &Definitions| of.chains().map(|c| c.id().to_owned()).collect::<Vec<_>>();
        assert_eq!(ids(&none), ["ai-compute", "photovoltaics", "simulated-compute"]);
        assert!(none.not_themes().has("融资融券"));
        let list = |text| Definition::parse(DefinitionKind::NotThemes, text).unwrap();
        let all = [
            own(chain("zinc"), "1"),
            own(chain("photovoltaics"), "2"),
            own(chain("zinc"), "3"),
            own(list("甲"), "4"),
            own(list("乙"), "5"),
        ];
        let some = Definitions::of(all);
        assert_eq!(ids(&some), ["photovoltaics", "zinc", "ai-compute", "simulated-compute"]);
        assert_eq!(some.chain("photovoltaics-chain").unwrap().segments().len(), 1);
        assert_eq!(some.own_chain("zinc-chain").unwrap().digest, "1");
        assert!(some.own_chain("ai-compute-chain").is_none() && some.chain("zinc").is_none());
        assert!(some.not_themes().has("甲") && !some.not_themes().has("融资融券"));
        assert_eq!(some.own_not_themes().unwrap().digest, "4");
    }

    #[test]
    fn a_definition_is_its_text() {
        for kind in DefinitionKind::ALL {
            assert_eq!(DefinitionKind::named(kind.word()), Some(kind));
        }
        let of = chain("zinc");
        assert_eq!(Definition::parse(of.kind(), of.text()), Ok(of.clone()));
        assert_eq!((of.kind().word(), of.name()), ("chain", "zinc"));
        assert!(Definition::parse(DefinitionKind::Chain, "融资融券").is_err());
    }

    #[test]
    fn a_strange_name_is_told_with_its_nearest() {
        let group = |name: &str| Group { id: "x-concept.1".parse().unwrap(), name: name.into() };
        let groups = ["存储芯片概念", "液冷"].map(group);
        let strange = strange_names(["液冷", "存储芯片概含", "白酒", "液态金属"], &groups);
        let told: Vec<_> = strange.iter().map(|(n, meant)| (*n, meant.is_some())).collect();
        assert_eq!(told, [("存储芯片概含", true), ("白酒", false), ("液态金属", false)]);
    }
}
