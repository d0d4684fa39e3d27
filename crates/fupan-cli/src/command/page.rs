//! Output of the page of a share, an index or a fund.

use fupan::FactSet;
use fupan::fact_table::{FactWriter, Form};

use crate::arguments::{FactFormat, StockArgs};
use crate::{Answer, terminal};

/// Writes a page as text, or its facts in the form that is asked for.
pub fn write(
    asked: &StockArgs,
    facts: &FactSet,
    as_text: impl FnOnce() -> String,
) -> anyhow::Result<Answer> {
    let form = match asked.format {
        FactFormat::Table => {
            terminal::print_table(&as_text())?;
            return Ok(Answer::Yes);
        }
        FactFormat::Csv => Form::Csv,
        FactFormat::Json => Form::Json,
        FactFormat::Parquet => Form::Parquet,
    };
    terminal::write_with(&asked.output, |sink| {
        let mut writer = FactWriter::new(form, sink);
        writer.write(facts)?;
        writer.finish()?;
        Ok(())
    })?;
    Ok(Answer::Yes)
}
