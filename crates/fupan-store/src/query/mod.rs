//! SQL over the store's tables, on DataFusion.

pub(crate) mod steps;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Date32Array, Int32Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::catalog::TableProvider;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::memory_pool::{FairSpillPool, MemoryConsumer};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext, lit};
use fupan_market::{Calendar, SessionDate, Wording};
use fupan_table::{Derived, Table};
use futures::StreamExt as _;
use tokio::runtime::Runtime;

use crate::delta::log::DataFile;
use crate::delta::{IMPORTS, Tables, commit};
use crate::{StoreError, append, derived, record};

/// Runs a query. There is always at least one batch, so that an empty result has its columns.
pub(crate) fn run(tables: &Tables, query: &str) -> Result<Vec<RecordBatch>, StoreError> {
    run_within(tables, query, memory())
}

/// [`run`] with a memory limit in bytes; what does not fit is spilled to temporary files where
/// possible.
fn run_within(tables: &Tables, query: &str, bytes: usize) -> Result<Vec<RecordBatch>, StoreError> {
    tables.runtime()?.block_on(async {
        let context = context(tables, bytes).await?;
        let options = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let frame = context.sql_with_options(query, options).await.map_err(refused)?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        let mut batches = Vec::new();
        // The result is held in memory as a whole, so it counts towards the limit.
        let pool = Arc::clone(&context.runtime_env().memory_pool);
        let held = MemoryConsumer::new("the answer").register(&pool);
        let mut stream = frame.execute_stream().await.map_err(failed)?;
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(failed)?;
            held.try_grow(batch.get_array_memory_size()).map_err(failed)?;
            batches.push(batch);
        }
        if batches.is_empty() {
            batches.push(RecordBatch::new_empty(schema));
        }
        Ok(batches)
    })
}

/// A session for multi-step queries on the store's tables: results are kept as tables for later
/// queries. Meant for the program's own queries, not for a user's.
pub struct Workbench<'a> {
    tables: &'a Tables,
    pub(crate) context: SessionContext,
}

impl<'a> Workbench<'a> {
    /// A workbench limited to `bytes` of memory, and to no more than queries may use, in addition
    /// to the rows that it keeps.
    pub(crate) fn new(tables: &'a Tables, bytes: usize) -> Result<Workbench<'a>, StoreError> {
        let context = tables.runtime()?.block_on(context(tables, memory().min(bytes)))?;
        Ok(Workbench { tables, context })
    }

    pub(crate) fn runtime(&self) -> Result<&'a Runtime, StoreError> {
        self.tables.runtime()
    }

    /// Runs a query and keeps its rows in memory as a table, replacing any earlier one of the same
    /// name.
    ///
    /// # Errors
    /// [`StoreError::Sql`] if the query fails.
    pub fn make(&self, name: &str, query: &str) -> Result<(), StoreError> {
        self.tables.runtime()?.block_on(async {
            let frame = self.context.sql(query).await.map_err(failed)?;
            self.keep(name, frame).await
        })
    }

    /// Runs a query and keeps its rows as a table.
    pub(crate) async fn keep(&self, name: &str, frame: DataFrame) -> Result<(), StoreError> {
        let planned = Arc::new(frame.schema().as_arrow().clone());
        let rows = frame.collect().await.map_err(failed)?;
        if rows.iter().all(|rows| rows.num_rows() == 0) {
            let nothing = self.nothing(RecordBatch::new_empty(planned));
            return self.put(name, nothing.map_err(failed)?);
        }
        self.put(name, Arc::new(table_of(planned, rows).map_err(failed)?))
    }

    /// Keeps rows as a table, replacing any earlier one of the same name.
    ///
    /// # Errors
    /// [`StoreError::Sql`] if the name is not valid for a table.
    pub fn hold(&self, name: &str, rows: RecordBatch) -> Result<(), StoreError> {
        if rows.num_rows() == 0 {
            // A table known to be empty lets the planner skip the work on it.
            return self.put(name, self.nothing(rows).map_err(failed)?);
        }
        self.put(name, Arc::new(table_of(rows.schema(), vec![rows]).map_err(failed)?))
    }

    /// A view without rows.
    fn nothing(&self, rows: RecordBatch) -> Result<Arc<dyn TableProvider>, DataFusionError> {
        let frame = self.context.read_batch(rows)?.filter(lit(false))?;
        Ok(frame.into_view())
    }

    /// Registers a query as a view: it runs again each time it is used.
    ///
    /// # Errors
    /// [`StoreError::Sql`] if the query fails.
    pub fn view(&self, name: &str, query: &str) -> Result<(), StoreError> {
        self.tables.runtime()?.block_on(async {
            let frame = self.context.sql(query).await.map_err(failed)?;
            self.put(name, frame.into_view())
        })
    }

    /// Writes a query's rows to files below a folder, in a folder `by=VALUE` for each value of the
    /// column `by`, next to those written there before.
    ///
    /// # Errors
    /// [`StoreError::Sql`] if the query fails or the folder cannot be written.
    pub fn spill(&self, query: &str, folder: &Path, by: &str) -> Result<(), StoreError> {
        let folder = folder.display().to_string().replace('\'', "''");
        let copy = format!(
            "COPY ({query}) TO '{folder}/' STORED AS PARQUET PARTITIONED BY ({by}) \
             OPTIONS ('format.compression' 'lz4_raw')"
        );
        self.tables.runtime()?.block_on(async {
            let frame = self.context.sql(&copy).await.map_err(failed)?;
            frame.collect().await.map(|_| ()).map_err(failed)
        })
    }

    /// Registers the files of a folder as a table, replacing any earlier one of the same name.
    ///
    /// # Errors
    /// [`StoreError::Sql`] if they cannot be read.
    pub fn show(&self, name: &str, folder: &Path) -> Result<(), StoreError> {
        self.tables.runtime()?.block_on(async {
            let folder = format!("{}/", folder.display());
            let frame = self.context.read_parquet(folder, ParquetReadOptions::default());
            self.put(name, frame.await.map_err(failed)?.into_view())
        })
    }

    /// Runs a query and returns its rows.
    ///
    /// # Errors
    /// [`StoreError::Sql`] if the query fails.
    pub fn ask(&self, query: &str) -> Result<Vec<RecordBatch>, StoreError> {
        self.tables.runtime()?.block_on(async {
            let frame = self.context.sql(query).await.map_err(failed)?;
            frame.collect().await.map_err(failed)
        })
    }

    pub(crate) fn put(&self, name: &str, table: Arc<dyn TableProvider>) -> Result<(), StoreError> {
        self.context.deregister_table(name).map_err(failed)?;
        self.context.register_table(name, table).map_err(failed)?;
        Ok(())
    }
}

/// Rows as a table. A plan and its parts may differ in nullability; the table allows nulls.
fn table_of(planned: Arc<Schema>, rows: Vec<RecordBatch>) -> Result<MemTable, DataFusionError> {
    let found = rows.first().map_or(planned, RecordBatch::schema);
    let fields: Vec<Field> = found
        .fields()
        .iter()
        .map(|field| Field::new(field.name(), field.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let rows: Result<Vec<RecordBatch>, _> = rows
        .into_iter()
        .map(|batch| RecordBatch::try_new(Arc::clone(&schema), batch.columns().to_vec()))
        .collect();
    MemTable::try_new(schema, vec![rows?])
}

/// Bytes that a query may use: half of the machine's memory, up to a fixed limit.
fn memory() -> usize {
    const MOST: usize = 16 << 30;
    const WHERE_UNKNOWN: usize = 2 << 30;
    let said = std::fs::read_to_string("/proc/meminfo").ok();
    let total = said.as_deref().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()?.checked_mul(1024)
    });
    total.map_or(WHERE_UNKNOWN, |total| (total / 2).min(MOST))
}

async fn context(tables: &Tables, bytes: usize) -> Result<SessionContext, StoreError> {
    let mut config = SessionConfig::new().with_information_schema(true);
    // A second pass finds next to nothing, and planning is most of the cost of a small query.
    config.options_mut().optimizer.max_passes = 1;
    let pool = Arc::new(FairSpillPool::new(bytes));
    let runtime = RuntimeEnvBuilder::new().with_memory_pool(pool).build_arc().map_err(failed)?;
    let context = SessionContext::new_with_config_rt(config, runtime);
    // The record is committed last: the rows that it makes visible are in logs read after it.
    let visible = tables.visible()?;
    let imported = Table::ALL
        .map(|table| (table.name(), table.schema(), append::PARTITIONS))
        .into_iter()
        .chain([(IMPORTS, record::schema(), record::PARTITIONS)]);
    for (name, schema, partitions) in imported {
        let schema = append::with_partitions(&schema, &partitions);
        let whole = |file: &DataFile| visible.contains_key(&file.import_id);
        let provider = provider(tables, name, schema, &whole).await?;
        context.register_table(name, provider).map_err(failed)?;
    }
    for table in Derived::ALL {
        let schema = append::with_partitions(&table.schema(), &derived::PARTITIONS);
        let provider = provider(tables, table.name(), schema, &|_| true).await?;
        context.register_table(table.name(), provider).map_err(failed)?;
    }
    let calendar =
        calendar(tables.calendar()).and_then(|batch| context.register_batch("calendar", batch));
    calendar.map_err(failed)?;
    Ok(context)
}

/// A table's rows, from the files for which `shown` is true.
async fn provider(
    tables: &Tables,
    name: &str,
    schema: Schema,
    shown: &(dyn Fn(&DataFile) -> bool + Sync),
) -> Result<Arc<dyn TableProvider>, StoreError> {
    let dir = tables.table_dir(name);
    let log = tables.log(name)?;
    let files: Vec<String> =
        log.files.iter().filter(|file| shown(file)).map(|file| file.name.clone()).collect();
    if files.is_empty() {
        let empty = MemTable::try_new(Arc::new(schema), vec![vec![]]).map_err(failed)?;
        return Ok(Arc::new(empty));
    }
    let delta = |error| StoreError::delta(&dir, error);
    let mut table = commit::open(&dir).await.map_err(delta)?;
    if table.version() != log.version
        && let Some(version) = log.version
    {
        table.load_version(version).await.map_err(delta)?;
    }
    let mut provider = table.table_provider();
    if files.len() < log.files.len() {
        provider = provider.with_file_paths(files);
    }
    provider.await.map_err(failed)
}

/// The table `calendar`: each session with its number.
fn calendar(calendar: &Calendar) -> Result<RecordBatch, DataFusionError> {
    let sessions: Vec<i32> =
        (0..).map_while(|number| calendar.session(number)).map(SessionDate::epoch_days).collect();
    let numbers: Int32Array = (0..).take(sessions.len()).collect();
    let schema = Schema::new(vec![
        Field::new("session", DataType::Date32, false),
        Field::new("number", DataType::Int32, false),
    ]);
    let columns = vec![Arc::new(Date32Array::from(sessions)) as _, Arc::new(numbers) as _];
    Ok(RecordBatch::try_new(Arc::new(schema), columns)?)
}

fn refused(error: DataFusionError) -> StoreError {
    let text = error.strip_backtrace();
    StoreError::Sql(match text.split_once(" not supported: ") {
        Some((_, statement)) => Wording::new(
            format!("{statement} would change something; only questions are answered: SELECT …"),
            format!("`{statement}`会改动数据；这里只回答查询，即`SELECT …`"),
        ),
        None => Wording::of_library("查询引擎", &text),
    })
}

pub(crate) fn failed(error: DataFusionError) -> StoreError {
    match error.find_root() {
        DataFusionError::ResourcesExhausted(said) => StoreError::TooLarge(said.clone()),
        _ => StoreError::Sql(Wording::of_library("查询引擎", &error.strip_backtrace())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fupan_market::Rulebook;

    use crate::delta::marker;

    #[test]
    fn a_query_beyond_its_memory_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        marker::create(folder.path()).unwrap();
        let tables = Tables::open(folder.path(), Rulebook::builtin()).unwrap();
        let pairs = "SELECT a.number AS a, b.number AS b FROM calendar a CROSS JOIN calendar b";
        let sorted = format!("{pairs} ORDER BY b.number * 7919 % 1009, a.number");
        for query in [pairs, &sorted] {
            let error = run_within(&tables, query, 1 << 20).unwrap_err();
            assert!(matches!(error, StoreError::TooLarge(_)), "{error:?}");
            let told = error.to_string();
            assert!(told.contains("memory") && told.contains("LIMIT"), "{told}");
            assert!(error.is_usage());
        }
        let counted = format!("SELECT count(*) AS n FROM ({pairs}) p");
        assert_eq!(run_within(&tables, &counted, 64 << 20).unwrap()[0].num_rows(), 1);
    }
}
