//! `fupan chain --print`, `fupan chain --check` and `fupan themes --left-out`: the texts of chains and
//! of concepts that are no themes, to print, to change and to check.

use std::path::Path;

use fupan::{Definition, DefinitionKind, Definitions, InLanguage as _, shown_name};

use crate::arguments::{Common, FromArgs, UsageError};
use crate::{Answer, place, terminal};

/// The definitions in force: those of the store; where there is no store, the built-in ones.
fn in_force(common: &Common, from: &FromArgs) -> anyhow::Result<Definitions> {
    match place::market(common, from) {
        Ok(market) => Ok(market.definitions()?),
        Err(fupan::Error::Store(fupan::StoreError::NotAStore(_))) => Ok(Definitions::default()),
        Err(error) => Err(error.into()),
    }
}

/// Prints the text of a chain.
pub fn print_chain(common: &Common, from: &FromArgs, id: &str) -> anyhow::Result<Answer> {
    let definitions = in_force(common, from)?;
    let Some(chain) = definitions.chains().find(|chain| chain.id() == id) else {
        let known: Vec<&str> = definitions.chains().map(|chain| chain.id()).collect();
        let known = [", ", "、"].map(|between| known.join(between));
        let asked = shown_name(id);
        return Err(UsageError::new(
            format!("there is no chain `{asked}`; there are {}", known[0]),
            format!("没有产业链`{asked}`；现有{}", known[1]),
        )
        .into());
    };
    terminal::print(chain.text().trim_end())?;
    Ok(Answer::Yes)
}

/// Prints the names of the concepts that are no themes.
pub fn print_left_out(common: &Common, from: &FromArgs) -> anyhow::Result<Answer> {
    let definitions = in_force(common, from)?;
    terminal::print(definitions.not_themes().text().trim_end())?;
    Ok(Answer::Yes)
}

/// Checks the text of a chain, against the store if there is one, and imports nothing.
pub fn check_chain(common: &Common, from: &FromArgs, file: &Path) -> anyhow::Result<Answer> {
    if from.sample {
        return Err(UsageError::new(
            "a chain is checked against a store; leave --sample out",
            "产业链要与数据库核对；请去掉--sample",
        )
        .into());
    }
    let folder = place::store_folder(common);
    let store = folder.exists().then(|| place::store(common)).transpose()?;
    let checked = fupan::check_definition(store.as_ref(), DefinitionKind::Chain, file)?;
    let Definition::Chain(chain) = &checked.of else { return Ok(Answer::No) };
    let (segments, layers, edges) =
        (chain.segments().len(), chain.layers().len(), chain.edges().len());
    let (id, name) = (chain.id(), chain.name());
    let mark = if checked.findings.is_empty() { "✓" } else { "!" };
    let mut text = terminal::say(
        format!("{mark} {id} ({}): {segments} segments, {layers} layers, {edges} edges", name.en),
        format!("{mark} {id}（{}）：{segments}个环节，{layers}层，{edges}条连线", name.zh),
    );
    if store.is_none() {
        text.push_str(&terminal::say(
            format!(
                "\n  · Its names and codes were not checked: {} is no store.",
                folder.display()
            ),
            format!("\n  · 名称和代码未经核对：{}不是数据库。", folder.display()),
        ));
    }
    for finding in &checked.findings {
        for told in [&finding.detail, &finding.hint].into_iter().filter(|told| !told.is_empty()) {
            text.push_str(&format!("\n  · {}", told.in_language(place::interface())));
        }
    }
    terminal::print(&text)?;
    Ok(if checked.findings.is_empty() { Answer::Yes } else { Answer::No })
}

/// Why a file that was named in place of a recipe is none, if it is a chain.
pub fn is_chain(path: &Path) -> Option<UsageError> {
    let text = std::fs::read_to_string(path).ok()?;
    let chain = fupan::Chain::parse(&text);
    // A recipe has no segments; a chain that is wrong somewhere has them too.
    if chain.is_err() && !text.lines().any(|line| line.trim() == "[[segment]]") {
        return None;
    }
    let said = chain.err().map(|fault| fault.wording());
    let wrong = said.map_or_else(Default::default, |said| {
        [format!(" ({})", said.en), format!("（{}）", said.zh)]
    });
    let shown = path.display();
    Some(UsageError::new(
        format!(
            "{shown} is an industry chain, not a recipe{}: fupan import chain {shown}",
            wrong[0]
        ),
        format!("{shown}是产业链，不是配方{}：请用`fupan import chain {shown}`", wrong[1]),
    ))
}
