//! The brief of a simulated market, with figures that were measured. What a reader sees of it in
//! each channel is written to a folder `fupan-push` among the temporary files.

use fupan_brief::{Language, MarketColours, compose};
use fupan_market::Rulebook;
use fupan_measure::{Selection, review};
use fupan_push::{Edition, PushMessage};
use fupan_sim::{MarketPlan, SimulatedMarket};

use crate::channels::{all, no_number_is_cut, through};
use crate::said::said;

#[test]
fn the_brief_of_a_simulated_market_arrives_whole() {
    let plan = MarketPlan { securities: 2_400, sessions: 262, ..MarketPlan::default() };
    let history = SimulatedMarket::generate(&plan).history(261);
    let facts = review(&history, &Selection::review(), Rulebook::builtin(), &[]);
    for language in [Language::Zh, Language::En] {
        let document = compose(&facts, language);
        for (edition, least) in [(Edition::Short, 2_000), (Edition::Full, 8_000)] {
            let message = PushMessage::brief(&document, &facts, edition);
            let folder = std::env::temp_dir().join("fupan-push");
            std::fs::create_dir_all(&folder).unwrap();
            let length = said(&message.outline).chars().count();
            for channel in all() {
                let told = through(&channel, &message, MarketColours::RedUp);
                no_number_is_cut(&told, &message);
                let (source, parts) = (channel.source(), told.len());
                let file = format!("{source}-{edition:?}-{}.txt", language.tag());
                std::fs::write(folder.join(file), told.join("\n\n━━━━\n\n")).unwrap();
                assert!(parts < 60, "{parts}");
            }
            assert!(length > least, "{length}");
        }
    }
}
