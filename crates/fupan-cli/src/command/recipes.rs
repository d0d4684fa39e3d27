//! `fupan recipes`: lists what `import` can read.

use fupan::Recipe;

use crate::arguments::RecipesArgs;
use crate::{Answer, place, terminal};

pub fn run(asked: &RecipesArgs) -> anyhow::Result<Answer> {
    if let Some(name) = &asked.name {
        let recipe = Recipe::named(name).map_err(fupan::Error::from)?;
        terminal::print(Recipe::builtin_text(recipe.name()).unwrap_or_default())?;
        return Ok(Answer::Yes);
    }
    let mut table = terminal::table(&[
        terminal::word("recipe", "配方"),
        terminal::word("source", "来源"),
        terminal::word("reads", "所读内容"),
    ]);
    for recipe in Recipe::builtin_names().into_iter().filter_map(Recipe::builtin) {
        let description = recipe.description().in_language(place::interface());
        table.add_row([recipe.name(), recipe.source(), description].map(terminal::text));
    }
    terminal::print_table(&table.to_string())?;
    terminal::print(terminal::word(
        "Print one with `fupan recipes NAME`; save it, edit it, and import with it.",
        "用`fupan recipes 名称`输出配方，另存、修改后即可用来导入。",
    ))?;
    Ok(Answer::Yes)
}
