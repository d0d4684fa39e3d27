//! The sample market: simulated from a seed, the same on every machine.

use fupan_market::SessionDate;
use fupan_sim::{MarketPlan, SimulatedMarket};

use crate::{Error, Market};
use fupan_store::{SourceChoice, Store};

/// The full sample: 5,500 securities over 300 sessions.
pub fn full() -> Box<SimulatedMarket> {
    Box::new(SimulatedMarket::generate(&MarketPlan::default()))
}

/// A small sample for trials and tests: 400 securities over 300 sessions.
pub fn small() -> Box<SimulatedMarket> {
    Box::new(SimulatedMarket::generate(&MarketPlan { securities: 400, ..MarketPlan::default() }))
}

/// Writes the folder of a TDX terminal whose data are those of a sample market up to a session.
///
/// # Errors
/// If the folder cannot be written.
pub fn write_tdx(
    market: &SimulatedMarket,
    folder: &std::path::Path,
    last: SessionDate,
) -> std::io::Result<()> {
    for (name, bytes) in market.tdx_folder(last) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, bytes)?;
    }
    Ok(())
}

/// Puts a sample market into a store in a folder, by imports as for real data.
///
/// # Errors
/// If the store cannot be written.
pub fn stored(market: &SimulatedMarket, folder: &std::path::Path) -> Result<Market, Error> {
    let store = Store::open_or_create(folder)?;
    for import in market.imports()? {
        store.append(&import)?;
    }
    Ok(Market::Store { store, choice: SourceChoice::Best })
}
