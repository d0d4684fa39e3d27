//! Multi-step queries that compute only what the final query needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{FieldRef, Schema};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Constraint, Constraints, ScalarValue};
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::{ident, lit};

use crate::StoreError;
use crate::query::{Workbench, failed};

/// A query whose rows later queries see as a table under its name. The name may be that of a table
/// it reads itself.
#[derive(Clone, Debug)]
pub struct SqlStep {
    /// The table's name.
    pub name: &'static str,
    /// The query.
    pub query: String,
    /// Whether its rows are kept.
    pub kept: Kept,
    /// Columns in which any two rows differ; empty if none are known. If a query joins the step by
    /// them and reads none of its other columns, a `LEFT JOIN` of it is not run.
    pub key: &'static [&'static str],
}

/// When the rows of a step are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Never: it runs again in each place that uses it.
    Never,
    /// If several places use it.
    WhereShared,
    /// Always: if it has no rows, the steps that read it need no work.
    Always,
}

/// The columns read from a table, and the number of places that read it.
#[derive(Default)]
struct Asked {
    columns: BTreeSet<String>,
    places: usize,
}

/// What a query reads from each table.
type AskedOf = BTreeMap<String, Asked>;

impl Workbench<'_> {
    /// Runs a query over steps, each of which may read those before it. Only the steps that the
    /// query needs are run, with the columns that it needs. A step used in one place becomes part
    /// of the query that uses it, unless it is always kept.
    ///
    /// # Errors
    /// [`StoreError::Sql`] if a query fails.
    pub fn answer(
        &self,
        steps: &[SqlStep],
        question: &str,
    ) -> Result<Vec<RecordBatch>, StoreError> {
        let wanted = self.wanted(steps, question)?;
        for (step, asked) in steps.iter().zip(&wanted) {
            let Some(asked) = asked else { continue };
            self.take(step, asked)?;
        }
        self.ask(question)
    }

    /// What is read from each step, if anything.
    fn wanted(&self, steps: &[SqlStep], question: &str) -> Result<Vec<Option<Asked>>, StoreError> {
        self.runtime()?.block_on(async {
            let mut planned = Vec::with_capacity(steps.len());
            let mut hidden = Vec::new();
            for step in steps {
                let frame = self.context.sql(&step.query).await.map_err(failed)?;
                // An empty table takes its place while planning.
                let schema = Arc::new(frame.schema().as_arrow().clone());
                let key = key_of(step, &schema).map_err(failed)?;
                let empty = MemTable::try_new(schema, vec![vec![]]).map_err(failed)?;
                let empty = empty.with_constraints(Constraints::new_unverified(key));
                let before = self.context.deregister_table(step.name).map_err(failed)?;
                hidden.extend(before.map(|table| (step.name, table)));
                self.put(step.name, Arc::new(empty))?;
                planned.push(frame);
            }
            let mut asked = AskedOf::new();
            note(self.context.sql(question).await.map_err(failed)?, &mut asked).map_err(failed)?;
            let mut wanted = Vec::with_capacity(steps.len());
            for (step, frame) in steps.iter().zip(planned).rev() {
                let of_step = asked.remove(step.name);
                if let Some(of_step) = &of_step {
                    let frame = of_columns(frame, of_step).map_err(failed)?;
                    note(frame, &mut asked).map_err(failed)?;
                }
                wanted.push(of_step);
            }
            wanted.reverse();
            for (name, table) in hidden.into_iter().rev() {
                self.put(name, table)?;
            }
            Ok(wanted)
        })
    }

    /// Registers a step as a view, or keeps its rows.
    fn take(&self, step: &SqlStep, asked: &Asked) -> Result<(), StoreError> {
        self.runtime()?.block_on(async {
            let frame = self.context.sql(&step.query).await.map_err(failed)?;
            let is_kept = match step.kept {
                Kept::Never => false,
                Kept::WhereShared => asked.places > 1,
                Kept::Always => true,
            };
            if !is_kept {
                return self.put(step.name, frame.into_view());
            }
            let schema = Arc::new(frame.schema().as_arrow().clone());
            self.keep(step.name, of_columns(frame, asked).map_err(failed)?).await?;
            // Queries may name columns that are not needed in the end.
            let kept = self.context.table(step.name).await.map_err(failed)?;
            let shown = with_columns(kept, &schema).map_err(failed)?;
            self.put(step.name, shown.into_view())
        })
    }
}

/// A step's key, as a constraint on its columns.
fn key_of(step: &SqlStep, schema: &Schema) -> Result<Vec<Constraint>, DataFusionError> {
    let places = step.key.iter().map(|name| schema.index_of(name));
    let places = places.collect::<Result<Vec<_>, _>>()?;
    Ok(if places.is_empty() { Vec::new() } else { vec![Constraint::PrimaryKey(places)] })
}

/// Only the needed columns of a query; at least one, so that its rows can be counted.
fn of_columns(frame: DataFrame, asked: &Asked) -> Result<DataFrame, DataFusionError> {
    let names: Vec<String> = frame.schema().fields().iter().map(|f| f.name().clone()).collect();
    let mut kept: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| asked.columns.contains(*name)).collect();
    if kept.is_empty() {
        kept.extend(names.first().map(String::as_str));
    }
    frame.select_columns(&kept)
}

/// Adds the columns of a schema that rows lack, as nulls.
fn with_columns(frame: DataFrame, schema: &Schema) -> Result<DataFrame, DataFusionError> {
    let kept = frame.schema().as_arrow().clone();
    let column = |field: &FieldRef| match kept.field_with_name(field.name()) {
        Ok(_) => Ok(ident(field.name())),
        Err(_) => Ok(lit(ScalarValue::try_from(field.data_type())?).alias(field.name())),
    };
    let columns =
        schema.fields().iter().map(column).collect::<Result<Vec<_>, DataFusionError>>()?;
    frame.select(columns)
}

/// Records what a query reads from tables once it is optimized: first it loses the columns that
/// nobody reads, then the joins that were for them.
fn note(frame: DataFrame, asked: &mut AskedOf) -> Result<(), DataFusionError> {
    let (state, plan) = frame.into_parts();
    let plan = state.optimize(&state.optimize(&plan)?)?;
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let of_table = asked.entry(scan.table_name.table().to_owned()).or_default();
            let fields = scan.projected_schema.fields().iter();
            of_table.columns.extend(fields.map(|field| field.name().clone()));
            of_table.places += 1;
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(())
}
