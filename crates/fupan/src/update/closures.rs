//! The exchanges' closures of a year that the calendar does not know yet.

use fupan_fetch::{FetchProgress, Fetcher, Freshness};
use fupan_market::Wording;
use fupan_source::vendor::ClosuresOf;
use fupan_store::Store;
use jiff::Timestamp;

use crate::Error;
use crate::calendar;
use crate::shanghai::moment_in_shanghai;
use crate::update::Update;

/// The source that has them.
const SOURCE: &str = "tushare";

/// The month from which on the next year's are asked for: the exchanges announce them in December.
const ANNOUNCED: i8 = 12;

/// What became of the closures of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosuresDone {
    /// The store knows them, from its next opening on.
    Added,
    /// They cannot be those of a whole year, or are not there: as a rule they are not announced yet.
    NotYet(Wording),
}

/// The year whose closures are to be asked for at a time: the next one from December on, if neither
/// the program nor the store knows it and the source that has them is among those named.
///
/// # Errors
/// If what the store knows cannot be read.
pub fn closures_due(
    store: &Store,
    sources: &[String],
    at: Timestamp,
) -> Result<Option<i16>, Error> {
    let Some((today, _)) = moment_in_shanghai(at) else { return Ok(None) };
    let own = calendar::own_years(store.dir())?.into_iter().map(|own| own.closed.year);
    let built_in = store.rulebook().calendar().last().date().year();
    let next = own.fold(built_in, i16::max) + 1;
    let wanted = today.date().year() + i16::from(today.date().month() >= ANNOUNCED);
    Ok((next <= wanted && sources.iter().any(|source| source == SOURCE)).then_some(next))
}

impl Update<'_> {
    /// Asks for the closures of a year and adds them to the store's calendar.
    ///
    /// # Errors
    /// If the vendor does not answer, or the store cannot be written.
    pub fn closures(
        &mut self,
        year: i16,
        fetcher: &Fetcher,
        progress: &dyn FetchProgress,
    ) -> Result<ClosuresDone, Error> {
        let Some(closures) = ClosuresOf::year(year) else {
            return Ok(ClosuresDone::NotYet(Wording::new("no such year", "没有这一年")));
        };
        let folder = self.evidence_of("tushare-calendar", &year.to_string());
        let mut conversation = closures.ask();
        // What is announced late changes what was answered before.
        let gathered =
            fetcher.fetch(conversation.as_mut(), &folder, Freshness::Checked, progress)?;
        let kept = gathered.map(|gathered| gathered.manifest.answers).unwrap_or_default();
        let read = |file: &str| {
            let path = folder.join(file);
            std::fs::read(&path).map_err(|source| {
                let path = path.display().to_string();
                Error::Io { action: "read", path, source }
            })
        };
        let answers = kept.values().map(|kept| read(&kept.file)).collect::<Result<Vec<_>, _>>()?;
        let table = match closures.table(answers.iter().map(Vec::as_slice)) {
            Ok(table) => table,
            Err(reason) => return Ok(ClosuresDone::NotYet(reason)),
        };
        match calendar::add_text(self.store.dir(), &folder, &table) {
            Ok(_) => Ok(ClosuresDone::Added),
            Err(error @ Error::Closures { .. }) => {
                Ok(ClosuresDone::NotYet(fupan_market::InLanguage::wording(&error)))
            }
            Err(error) => Err(error),
        }
    }
}
