//! A reader's own definitions, such as industry chains, from all sources' `definition` rows.

use std::collections::BTreeMap;

use fupan_market::{
    Definition, DefinitionKind, Definitions, Finding, FindingKind, Own, Wording, shown,
};
use fupan_table::{Table, definition_rows};

use crate::StoreError;
use crate::delta::log::DataFile;
use crate::delta::{Tables, scan};

/// The definitions, which files gave one, and what a reader must know about them.
#[derive(Debug)]
pub(crate) struct OwnDefinitions {
    pub definitions: Definitions,
    pub files_used: Vec<bool>,
    pub findings: Vec<Finding>,
}

/// The definitions of a store.
pub(crate) fn of(tables: &Tables) -> Result<OwnDefinitions, StoreError> {
    let visible = tables.visible()?;
    let files = tables.files_among(Table::Definition, &visible)?;
    let digest = |file: &DataFile| visible.get(&file.import_id).cloned().unwrap_or_default();
    let digests: Vec<String> = files.iter().map(digest).collect();
    read(&files, &digests)
}

/// Reads the definitions in files of `definition`, which are sorted by source and import; `digests`
/// are those of their imports. Of several of one kind and name the first counts.
pub(crate) fn read(files: &[DataFile], digests: &[String]) -> Result<OwnDefinitions, StoreError> {
    let rows = scan::groups(files, None, &[], |group| {
        let rows = definition_rows(&group.batch).map_err(|error| group.unlike(&error))?;
        Ok(rows.into_iter().map(|row| (group.file, row)).collect::<Vec<_>>())
    })?;
    let (mut own, mut findings) = (Vec::new(), Vec::new());
    let mut files_used = vec![false; files.len()];
    let mut taken: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (file, row) in rows.into_iter().flatten() {
        let source = &files[file].source;
        let key = (row.kind.clone(), row.name.clone());
        if let Some(first) = taken.get(&key) {
            findings.push(twice(&key, &files[*first].source, source));
            continue;
        }
        let parsed =
            DefinitionKind::named(&row.kind).map(|kind| Definition::parse(kind, &row.text));
        match parsed {
            Some(Ok(of)) => {
                taken.insert(key, file);
                files_used[file] = true;
                let digest = digests.get(file).cloned().unwrap_or_default();
                own.push(Own { of, source: source.clone(), digest });
            }
            // A later program may have more kinds, and read more in a text.
            Some(Err(why)) => findings.push(unread(&key, &why)),
            None => {
                let why = Wording::new("its kind is not known", "其类别未知");
                findings.push(unread(&key, &why));
            }
        }
    }
    Ok(OwnDefinitions { definitions: Definitions::of(own), files_used, findings })
}

fn twice((kind, name): &(String, String), first: &str, second: &str) -> Finding {
    let [kind, name, first, second] = [kind, name, first, second].map(|text| shown(text));
    found(
        FindingKind::SourceConflict,
        Wording::new(
            format!(
                "The sources {first} and {second} both define {kind} `{name}`; that of {first} is \
                 used."
            ),
            format!("来源{first}和{second}都定义了{kind}`{name}`；采用{first}的定义。"),
        ),
        Wording::new("`fupan drop` takes one out.", "可用`fupan drop`去掉其中之一。"),
    )
}

fn unread((kind, name): &(String, String), why: &Wording) -> Finding {
    let [kind, name] = [kind, name].map(|text| shown(text));
    found(
        FindingKind::MissingData,
        Wording::new(
            format!("The definition of {kind} `{name}` in the store is not used: {}.", why.en),
            format!("库中{kind}`{name}`的定义没有采用：{}。", why.zh),
        ),
        Wording::new("Correct its file and import it again.", "请更正文件后重新导入。"),
    )
}

fn found(kind: FindingKind, detail: Wording, hint: Wording) -> Finding {
    let subject = Table::Definition.name().to_owned();
    Finding { kind, count: 1, subject, detail, hint, place: None }
}
