//! The page of the store's tables is what their schemas say.

use std::fmt::Write as _;

use arrow::datatypes::SchemaRef;
use expect_test::expect_file;
use fupan_table::{Derived, Table};

const HEAD: &str = "# Tables

What `fupan sql` and every other reader of a store find.
Printed from the schemas by `UPDATE_EXPECT=1 cargo test -p fupan-table --test reference`.

Numbers are whole: a price of 12.34 yuan is 123400 of 0.0001 CNY.
Every row of an imported table also has `source`, the source it is of, and `import_id`, the import it came with.
";

#[test]
fn the_page_of_tables_is_what_the_schemas_say() {
    let mut page = HEAD.to_owned();
    page.push_str("\n## What imports fill\n");
    for table in Table::ALL {
        page.push_str(&section(table.name(), &table.label().en, table.key(), &table.schema()));
    }
    page.push_str("\n## What `fupan backfill` works out\n\nRows here also have `year`.\n");
    for derived in Derived::ALL {
        let made = "made again when what it rests on changes";
        page.push_str(&section(derived.name(), made, derived.key(), &derived.schema()));
    }
    expect_file!["../../../docs/tables.md"].assert_eq(&page);
}

fn section(name: &str, label: &str, key: &[&str], schema: &SchemaRef) -> String {
    let mut text = format!("\n### {name}\n\nOne row for each `{}`; {label}.\n\n", key.join("`, `"));
    text.push_str("| column | type | unit | may be empty |\n|---|---|---|---|\n");
    for field in schema.fields() {
        let unit = field.metadata().get("unit").map(String::as_str).unwrap_or_default();
        let empty = if field.is_nullable() { "yes" } else { "" };
        let (name, kind) = (field.name(), field.data_type());
        let _ = writeln!(text, "| `{name}` | {kind} | {unit} | {empty} |");
    }
    text
}
