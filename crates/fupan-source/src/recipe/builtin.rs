//! The built-in recipes.

/// Name and text of each, in alphabetical order.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("akshare-hist-em", include_str!("../../recipes/akshare-hist-em.toml")),
    ("akshare-spot-em", include_str!("../../recipes/akshare-spot-em.toml")),
    ("baostock-daily", include_str!("../../recipes/baostock-daily.toml")),
    ("bars-15m", include_str!("../../recipes/bars-15m.toml")),
    ("bse-mapping", include_str!("../../recipes/bse-mapping.toml")),
    ("bse-tushare", include_str!("../../recipes/bse-tushare.toml")),
    ("code-change", include_str!("../../recipes/code-change.toml")),
    ("daily-bars", include_str!("../../recipes/daily-bars.toml")),
    ("em-spot", include_str!("../../recipes/em-spot.toml")),
    ("em-table", include_str!("../../recipes/em-table.toml")),
    ("groups-csv", include_str!("../../recipes/groups-csv.toml")),
    ("index-baostock", include_str!("../../recipes/index-baostock.toml")),
    ("index-csv", include_str!("../../recipes/index-csv.toml")),
    ("index-parquet", include_str!("../../recipes/index-parquet.toml")),
    ("margin-csv", include_str!("../../recipes/margin-csv.toml")),
    ("qlib-bin", include_str!("../../recipes/qlib-bin.toml")),
    ("security-list", include_str!("../../recipes/security-list.toml")),
    ("share-list", include_str!("../../recipes/share-list.toml")),
    ("star50-csv", include_str!("../../recipes/star50-csv.toml")),
    ("sw-industry", include_str!("../../recipes/sw-industry.toml")),
    ("tdx-day", include_str!("../../recipes/tdx-day.toml")),
    ("tdx-text", include_str!("../../recipes/tdx-text.toml")),
    ("ths-table", include_str!("../../recipes/ths-table.toml")),
    ("tushare-daily", include_str!("../../recipes/tushare-daily.toml")),
];
