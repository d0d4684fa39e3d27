//! A reader's own definitions: a file is one text, read whole, such as an industry chain.

use fupan_market::{Chain, Definition, DefinitionKind, NotThemes, Wording};
use fupan_table::{DefinitionRow, Import, Table, definition_batch};

use crate::files::Payload;
use crate::recipe::Recipe;
use crate::{Progress, SourceError, format, identify};

/// Reads the definition in a file.
///
/// # Errors
/// If the file is no text, or its text no definition of the recipe's kind; then with what is wrong,
/// where, and what to write.
pub(crate) fn read(
    recipe: &Recipe,
    kind: DefinitionKind,
    payload: &Payload,
    progress: &dyn Progress,
) -> Result<Import, SourceError> {
    let most = match kind {
        DefinitionKind::Chain => Chain::BYTES_MAX,
        DefinitionKind::NotThemes => NotThemes::BYTES_MAX,
    };
    let Some(member) = payload.members().next().filter(|_| !payload.is_folder()) else {
        let reason = Wording::new("name the file itself", "请给出文件本身");
        return Err(payload.wrong_format(recipe, reason));
    };
    progress.expect(Some(1));
    let (text, layout) = format::whole_text(recipe, &member, most)?;
    let bad = |reason| SourceError::BadDefinition { path: payload.path.clone(), reason };
    if text.contains('\u{fffd}') {
        return Err(bad(Wording::new(
            "it has bytes that are not text: save it as UTF-8",
            "其中有不属于文本的字节：请另存为UTF-8",
        )));
    }
    let definition = Definition::parse(kind, &text).map_err(bad)?;
    let row = DefinitionRow {
        kind: kind.word().to_owned(),
        name: definition.name().to_owned(),
        text: definition.text().to_owned(),
    };
    let batch = definition_batch([row]).map_err(|error| SourceError::Damaged {
        path: payload.path.clone(),
        reason: fupan_market::InLanguage::wording(&error),
    })?;
    progress.advance(1);
    let (digest, id) = identify(recipe, payload, None);
    Ok(Import {
        id,
        source: recipe.source.clone(),
        recipe: recipe.name.clone(),
        file: payload.name(),
        digest,
        batches: vec![(Table::Definition, batch)],
        rows_read: 1,
        rows_left_out: 0,
        lost: Vec::new(),
        rows_not_covered: 0,
        layout,
        findings: Vec::new(),
    })
}
