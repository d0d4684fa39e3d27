//! The rows that imports lost, as a table for the SQL cross-check.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use fupan_market::{LostRows, SessionDate};
use fupan_store::ImportRecord;

use crate::Error;

/// The table `lost_row(import_id, session, exchange, symbol)`: one row for each session, exchange
/// and security of which an import lost rows. A column is NULL if the lost rows do not name it.
/// Sessions outside `from..=to` are left out.
pub(crate) fn of(
    records: &[ImportRecord],
    from: SessionDate,
    to: SessionDate,
) -> Result<RecordBatch, Error> {
    let is_seen =
        |lost: &&LostRows| lost.session.is_none_or(|session| from <= session && session <= to);
    let rows: Vec<(&ImportRecord, &LostRows)> = records
        .iter()
        .flat_map(|import| import.lost.iter().filter(is_seen).map(move |lost| (import, lost)))
        .collect();
    let lost = || rows.iter();
    let imports: StringArray = lost().map(|(import, _)| Some(import.id.0.as_str())).collect();
    let sessions: Date32Array =
        lost().map(|(_, lost)| lost.session.map(|session| session.epoch_days())).collect();
    let exchanges: StringArray =
        lost().map(|(_, lost)| lost.exchange.map(|exchange| exchange.suffix())).collect();
    let symbols: StringArray =
        lost().map(|(_, lost)| lost.symbol.map(|symbol| symbol.to_string())).collect();
    let field = |name: &str, kind: DataType, nullable| Field::new(name, kind, nullable);
    let schema = Schema::new(vec![
        field("import_id", DataType::Utf8, false),
        field("session", DataType::Date32, true),
        field("exchange", DataType::Utf8, true),
        field("symbol", DataType::Utf8, true),
    ]);
    let columns: Vec<ArrayRef> =
        vec![Arc::new(imports), Arc::new(sessions), Arc::new(exchanges), Arc::new(symbols)];
    RecordBatch::try_new(Arc::new(schema), columns).map_err(Error::table)
}
