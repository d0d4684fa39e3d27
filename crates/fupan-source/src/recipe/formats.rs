//! The formats that a recipe names.

use fupan_market::{DefinitionKind, Wording};
use serde::Deserialize;
use toml::Spanned;

use super::Format;
use super::fault::Fault;
use crate::vendor::layout::Layout;

/// One format, or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Formats {
    One(String),
    Several(Vec<String>),
}

pub(super) fn formats(text: &Spanned<Formats>) -> Result<Vec<Format>, Fault> {
    let names = match text.get_ref() {
        Formats::One(name) => std::slice::from_ref(name),
        Formats::Several(names) => names,
    };
    let fault = |reason| Fault { offset: text.span().start, reason };
    let formats: Result<Vec<Format>, Fault> = names
        .iter()
        .map(|name| match name.as_str() {
            "parquet" => Ok(Format::Parquet),
            "csv" => Ok(Format::Csv),
            "workbook" => Ok(Format::Workbook),
            "json" => Ok(Format::Json),
            "tdx-day" => Ok(Format::TdxDay),
            "tdx-block" => Ok(Format::TdxBlock),
            "tdx-industry" => Ok(Format::TdxIndustry),
            "tdx-base" => Ok(Format::TdxBase),
            "tdx-names" => Ok(Format::TdxNames),
            "tdx-minutes" => Ok(Format::TdxMinutes),
            "tdx-five-minutes" => Ok(Format::TdxFiveMinutes),
            "qlib-bin" => Ok(Format::QlibBin),
            "em-boards" => Ok(Format::EmBoards),
            name if let Some(layout) = Layout::of_format(name) => Ok(Format::Answers(layout)),
            "chain" => Ok(Format::Definition(DefinitionKind::Chain)),
            "not-themes" => Ok(Format::Definition(DefinitionKind::NotThemes)),
            other => Err(fault(Wording::new(
                format!("no format `{other}`; write parquet, csv, workbook, json, tdx-day, tdx-block, tdx-industry, tdx-base, tdx-names, tdx-minutes, tdx-five-minutes, qlib-bin, em-boards, em-list, em-bars, tencent-quotes, sina-quotes, tushare, chain or not-themes"),
                format!(
                    "没有格式`{other}`；请写`parquet`、`csv`、`workbook`、`json`、`tdx-day`、`tdx-block`、`tdx-industry`、`tdx-base`、`tdx-names`、`tdx-minutes`、`tdx-five-minutes`、`qlib-bin`、`em-boards`、`em-list`、`em-bars`、`tencent-quotes`、`sina-quotes`、`tushare`、`chain`或`not-themes`"
                ),
            ))),
        })
        .collect();
    let formats = formats?;
    let columnar =
        |f: &Format| matches!(f, Format::Parquet | Format::Csv | Format::Workbook | Format::Json);
    match formats.len() {
        0 => Err(fault(Wording::new("no format", "没有写格式"))),
        1 => Ok(formats),
        _ if formats.iter().all(columnar) => Ok(formats),
        _ => Err(fault(Wording::new(
            "only parquet, csv, workbook and json can be combined",
            "只有`parquet`、`csv`、`workbook`和`json`可以同时写",
        ))),
    }
}

pub(super) fn answers(text: &Spanned<String>) -> Result<Layout, Fault> {
    let name = text.get_ref();
    Layout::of_answers(name).ok_or_else(|| {
        let reason = Wording::new(
            format!("no answers `{name}`; write tushare or objects"),
            format!("没有应答格式`{name}`；请写`tushare`或`objects`"),
        );
        Fault { offset: text.span().start, reason }
    })
}
