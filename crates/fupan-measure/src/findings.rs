//! What a reader must know about the data behind a session's facts.

use fupan_fact::Scope;
use fupan_market::{
    Calendar, Exchange, Finding, FindingKind, LimitBasis, PriceLimit, SecurityDay, SessionDate,
    Symbol, TurnoverBasis, Unlimited, Wording,
};

use crate::breadth::derived_prev_close;
use crate::held::{Held, Lacking};
use crate::index::BOARD;
use crate::market::MarketSession;
use crate::series::bse_opening;

/// How many symbols a finding names before it only counts.
const NAMED: usize = 40;

fn finding(
    kind: FindingKind,
    count: usize,
    subject: String,
    detail: Wording,
    hint: Option<(&str, &str)>,
) -> Finding {
    let hint = hint.map_or(Wording::none(), |(en, zh)| Wording::new(en, zh));
    Finding { kind, count: count as u64, subject, detail, hint, place: None }
}

/// The history's last day is not a session.
pub(crate) fn not_a_session(date: SessionDate) -> Finding {
    finding(
        FindingKind::NotASession,
        1,
        date.to_string(),
        Wording::new(
            format!("{date} is not a session of the calendar, so nothing was evaluated."),
            format!("{date}不是交易日，未作任何计算。"),
        ),
        Some(("Ask for a session of the exchange.", "请指定一个交易日。")),
    )
}

/// Estimated turnover behind one figure.
pub(crate) fn estimated_turnover(count: u64, scope: &Scope) -> Vec<Finding> {
    if count == 0 {
        return Vec::new();
    }
    let detail = Wording::new(
        format!("{count} daily turnovers are estimated from prices and volume."),
        format!("{count}个日成交额由价格和成交量估算。"),
    );
    let (kind, count) = (FindingKind::EstimatedTurnover, count as usize);
    vec![finding(kind, count, scope.to_string(), detail, None)]
}

/// Whether a day's turnover is an estimate.
pub(crate) fn has_estimated_turnover(day: &SecurityDay) -> bool {
    day.traded.is_some_and(|traded| traded.turnover.basis == TurnoverBasis::Estimated)
}

/// Limits behind one figure that are not certain.
pub(crate) fn uncertain_limits(by_name: u64, undetermined: u64, scope: &Scope) -> Vec<Finding> {
    let mut findings = Vec::new();
    if by_name > 0 {
        let detail = Wording::new(
            format!(
                "{by_name} limits rest on the nearest dated name, since no risk-warning status of \
                 the session is known."
            ),
            format!("{by_name}个涨跌停价按日期最近的证券简称判断，当日是否风险警示（ST）不详。"),
        );
        let (kind, count) = (FindingKind::UnknownStatus, by_name as usize);
        findings.push(finding(kind, count, scope.to_string(), detail, None));
    }
    if undetermined > 0 {
        let detail = Wording::new(
            format!("{undetermined} securities could not be judged: no limit is known."),
            format!("{undetermined}只证券无法判断：涨跌停价不详。"),
        );
        let (kind, count) = (FindingKind::UnknownLimit, undetermined as usize);
        findings.push(finding(kind, count, scope.to_string(), detail, None));
    }
    findings
}

/// Share capital of other dates than the session or the one before it.
pub(crate) fn share_dates(market: &MarketSession, calendar: &Calendar) -> Option<Finding> {
    let session = market.session;
    let previous = calendar.back(session, 1).ok().flatten().unwrap_or(session);
    let mut dates: Vec<SessionDate> = market
        .days
        .iter()
        .filter_map(|day| day.shares.map(|shares| shares.on))
        .filter(|on| *on > session || *on < previous)
        .collect();
    dates.sort_unstable();
    let (first, last) = (*dates.first()?, *dates.last()?);
    let (en, zh) = if first == last {
        (first.to_string(), first.to_string())
    } else {
        (format!("{first} to {last}"), format!("{first}至{last}"))
    };
    let detail = Wording::new(
        format!(
            "Share capital of {} securities is of {en}, not of the session; issues and unlocks in \
             between are not seen.",
            dates.len()
        ),
        format!("{}只证券的股本取自{zh}，而非当日；其间的增发和解禁看不出来。", dates.len()),
    );
    let hint = ("Import share capital of the session.", "请导入当日的股本。");
    let subject = "share_capital".to_owned();
    Some(finding(FindingKind::MissingData, dates.len(), subject, detail, Some(hint)))
}

/// All findings of a session.
pub(crate) fn of_session(market: &MarketSession, held: &Held, calendar: &Calendar) -> Vec<Finding> {
    let mut findings = Vec::new();
    missing_exchanges(market, &mut findings);
    partial_exchanges(market, held, &mut findings);
    missing_indices(market, &mut findings);
    derived_prev_closes(market, &mut findings);
    estimated_turnovers(market, &mut findings);
    unknown_status(market, &mut findings);
    findings.extend(share_dates(market, calendar));
    limit_breaches(market, &mut findings);
    new_listings(market, &mut findings);
    findings
}

/// All findings of an instant. Quotes are of some securities, and of no index: what they cover is
/// a figure of its own.
pub(crate) fn of_instant(market: &MarketSession, calendar: &Calendar) -> Vec<Finding> {
    let mut findings = Vec::new();
    derived_prev_closes(market, &mut findings);
    estimated_turnovers(market, &mut findings);
    unknown_status(market, &mut findings);
    findings.extend(share_dates(market, calendar));
    limit_breaches(market, &mut findings);
    new_listings(market, &mut findings);
    findings
}

fn missing_exchanges(market: &MarketSession, findings: &mut Vec<Finding>) {
    for exchange in Exchange::ALL {
        let opened = exchange != Exchange::Bse || market.session >= bse_opening();
        if opened && !market.days.iter().any(|day| day.symbol.exchange() == exchange) {
            let subject = Scope::Exchange(exchange).to_string();
            let (label, session) = (exchange.label(), market.session);
            let detail = Wording::new(
                format!(
                    "There are no bars of {} for {session}; no figure counts its shares.",
                    label.en
                ),
                format!("没有{}{session}的日线；所有数字都不含其个股。", label.zh),
            );
            let hint = ("Import daily bars of this exchange.", "请导入该交易所的日线。");
            findings.push(finding(FindingKind::MissingData, 1, subject, detail, Some(hint)));
        }
    }
}

/// Exchanges of which many securities have no row.
fn partial_exchanges(market: &MarketSession, held: &Held, findings: &mut Vec<Finding>) {
    for exchange in Exchange::ALL {
        let Some(Lacking { held, missing }) = held.lacking(exchange) else { continue };
        if held == 0 {
            continue;
        }
        let (label, session, of) = (exchange.label(), market.session, held + missing);
        let detail = Wording::new(
            format!(
                "Of some {of} shares of {} {held} have a row on {session}; {missing} that are \
                 listed, or traded in the sessions before, have none and are in no figure.",
                label.en
            ),
            format!(
                "{}约{of}只个股中，{session}有数据的为{held}只；其余{missing}只在册或此前有成交而\
                 当日没有数据，未计入任何数字。",
                label.zh
            ),
        );
        let hint = (
            "Import the whole session, or look at what the import left out.",
            "请导入完整的当日行情，或查看导入时遗漏了哪些行。",
        );
        let (kind, subject) = (FindingKind::PartialSession, Scope::Exchange(exchange).to_string());
        findings.push(finding(kind, missing as usize, subject, detail, Some(hint)));
    }
}

fn missing_indices(market: &MarketSession, findings: &mut Vec<Finding>) {
    for (exchange, code, en, zh) in BOARD {
        let has = |symbol: Symbol| (symbol.exchange(), symbol.code()) == (exchange, code);
        let exists = base_date(exchange, code).is_none_or(|base| market.session > base);
        if !exists || market.indices.iter().any(|index| has(index.symbol)) {
            continue;
        }
        let subject = format!("{code:06}.{}", exchange.suffix());
        let session = market.session;
        let detail = Wording::new(
            format!("There is no bar of {en} for {session}."),
            format!("没有{zh}{session}的行情。"),
        );
        let hint = ("Import index bars of the session.", "请导入当日的指数行情。");
        findings.push(finding(FindingKind::MissingData, 1, subject, detail, Some(hint)));
    }
}

/// The base date of the indices that are younger than the data can be, from their publishers'
/// methodologies: before it there is nothing to miss.
fn base_date(exchange: Exchange, code: u32) -> Option<SessionDate> {
    match (exchange, code) {
        (Exchange::Sse, 680 | 688) => SessionDate::new(2019, 12, 31).ok(),
        (Exchange::Bse, 899_050) => SessionDate::new(2022, 4, 29).ok(),
        _ => None,
    }
}

fn derived_prev_closes(market: &MarketSession, findings: &mut Vec<Finding>) {
    for exchange in Exchange::ALL {
        let count = market
            .days
            .iter()
            .filter(|day| day.symbol.exchange() == exchange && derived_prev_close(day))
            .count();
        if count > 0 {
            let label = exchange.label();
            let detail = Wording::new(
                format!(
                    "The previous close of {count} securities of {} is their last traded close; \
                     an ex-rights day among them would show as a fall.",
                    label.en
                ),
                format!(
                    "{}{count}只证券的前收盘价取自上一个成交日的收盘价；其中若有除权除息日，会显示\
                     为下跌。",
                    label.zh
                ),
            );
            let hint = (
                "Import bars with the exchange's reference price.",
                "请导入带有交易所前收盘价（除权参考价）的日线。",
            );
            let subject = Scope::Exchange(exchange).to_string();
            let kind = FindingKind::DerivedPrevClose;
            findings.push(finding(kind, count, subject, detail, Some(hint)));
        }
    }
}

fn estimated_turnovers(market: &MarketSession, findings: &mut Vec<Finding>) {
    let count = market.days.iter().filter(|day| has_estimated_turnover(day)).count();
    if count > 0 {
        let detail = Wording::new(
            format!(
                "The turnover of {count} securities is estimated as volume times the mean of \
                 open, high, low and last: within about 0.3 % for a market and 2 % for a stock."
            ),
            format!(
                "{count}只证券的成交额按成交量乘以开高低收均价估算：全市场误差约0.3%，个股约2%。"
            ),
        );
        let hint = ("Import bars with turnover.", "请导入带成交额的日线。");
        let kind = FindingKind::EstimatedTurnover;
        findings.push(finding(kind, count, String::new(), detail, Some(hint)));
    }
}

/// What is not known of the securities' risk-warning status, and how much hangs on it.
fn unknown_status(market: &MarketSession, findings: &mut Vec<Finding>) {
    use fupan_market::RiskWarning::Unknown;
    let of = |basis: LimitBasis| -> Vec<Symbol> {
        market
            .days
            .iter()
            .filter(|day| day.traded.is_some() && day.status.risk_warning == Unknown)
            .filter(|day| day.limit_basis == basis)
            .map(|day| day.symbol)
            .collect()
    };
    let alike = of(LimitBasis::Rules).len();
    let shown = of(LimitBasis::ShownByPrices).len();
    let (by_name, undetermined) = (of(LimitBasis::NearestName), of(LimitBasis::Undetermined));
    let total = alike + shown + by_name.len() + undetermined.len();
    if total == 0 {
        return;
    }
    let (named, open) = (listed(&by_name), listed(&undetermined));
    let (named_count, open_count) = (by_name.len(), undetermined.len());
    let detail = Wording::new(
        format!(
            "The risk-warning status of {total} securities is not known for the session: for \
             {alike} the rules give one limit either way, for {shown} the day's prices show that \
             it does not matter, for {named_count} the nearest dated name decided{}, and \
             {open_count} are undetermined{}.",
            named.en, open.en
        ),
        format!(
            "{total}只证券当日是否风险警示（ST）不详：{alike}只按规则涨跌停价相同，{shown}只由当日\
             价格可知没有影响，{named_count}只按日期最近的简称判断{}，{open_count}只无法确定{}。",
            named.zh, open.zh
        ),
    );
    let hint = ("Import the securities' names of the session.", "请导入当日的证券简称。");
    let kind = FindingKind::UnknownStatus;
    findings.push(finding(kind, total, "risk_warning".to_owned(), detail, Some(hint)));
    let mut add = |count: usize, subject: &str, detail: Wording| {
        if count > 0 {
            findings.push(finding(kind, count, subject.to_owned(), detail, None));
        }
    };
    let detail = Wording::new(
        format!("The nearest dated name decided{}.", named.en),
        format!("按日期最近的简称判断{}。", named.zh),
    );
    add(named_count, "nearest_name", detail);
    let detail = Wording::new(
        format!("Neither prices nor a name decide{}.", open.en),
        format!("价格和简称都无法确定{}。", open.zh),
    );
    add(open_count, "undetermined", detail);
}

/// ` (000001.SZ, 000002.SZ)`, or nothing.
fn listed(symbols: &[Symbol]) -> Wording {
    if symbols.is_empty() {
        return Wording::none();
    }
    let names: Vec<String> = symbols.iter().take(NAMED).map(Symbol::to_string).collect();
    let (en, zh) = if symbols.len() > NAMED { (", …", "等") } else { ("", "") };
    Wording::new(format!(" ({}{en})", names.join(", ")), format!("（{}{zh}）", names.join("、")))
}

fn limit_breaches(market: &MarketSession, findings: &mut Vec<Finding>) {
    let breaching: Vec<Symbol> = market
        .days
        .iter()
        .filter(|day| match (day.traded, day.limit) {
            (Some(traded), PriceLimit::Limited { up, down }) => {
                traded.high > up || traded.low < down
            }
            _ => false,
        })
        .map(|day| day.symbol)
        .collect();
    if !breaching.is_empty() {
        let (count, names) = (breaching.len(), listed(&breaching));
        let detail = Wording::new(
            format!(
                "{count} securities traded outside their price limit{}: the data or their status \
                 is wrong.",
                names.en
            ),
            format!("{count}只证券的成交价超出涨跌停价{}：行情或其风险警示状态有误。", names.zh),
        );
        let hint = ("Compare the bars with another source.", "请与另一来源核对行情。");
        let kind = FindingKind::LimitBreach;
        findings.push(finding(kind, count, String::new(), detail, Some(hint)));
    }
}

fn new_listings(market: &MarketSession, findings: &mut Vec<Finding>) {
    let new: Vec<Symbol> = market
        .days
        .iter()
        .filter(|day| day.traded.is_some())
        .filter(|day| day.limit == PriceLimit::Unlimited(Unlimited::NewListing))
        .map(|day| day.symbol)
        .collect();
    if !new.is_empty() {
        let (count, names) = (new.len(), listed(&new));
        let detail = Wording::new(
            format!(
                "{count} newly listed securities had no price limit{}; they count in breadth and \
                 turnover, not on the limit board.",
                names.en
            ),
            format!(
                "{count}只新上市证券当日不设涨跌停{}；计入涨跌家数和成交额，不计入涨停板。",
                names.zh
            ),
        );
        let (kind, subject) = (FindingKind::UnknownLimit, "new_listing".to_owned());
        findings.push(finding(kind, count, subject, detail, None));
    }
}
