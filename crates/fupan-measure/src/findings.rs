//! What a reader must know about the data behind a session's facts.

use fupan_fact::Scope;
use fupan_market::{
    Calendar, Exchange, Finding, FindingKind, LimitBasis, PriceLimit, SecurityDay, SessionDate,
    Symbol, TurnoverBasis, Unlimited,
};

use crate::breadth::derived_prev_close;
use crate::index::BOARD;
use crate::market::MarketSession;
use crate::series::bse_opening;

/// How many symbols a finding names before it only counts.
const NAMED: usize = 40;

fn finding(kind: FindingKind, count: u64, subject: String, detail: String, hint: &str) -> Finding {
    Finding { kind, count, subject, detail, hint: hint.to_owned(), place: None }
}

/// The history's last day is not a session.
pub(crate) fn not_a_session(date: SessionDate) -> Finding {
    finding(
        FindingKind::NotASession,
        1,
        date.to_string(),
        format!("{date} is not a session of the calendar, so nothing was evaluated."),
        "Ask for a session of the exchange.",
    )
}

/// Estimated turnover behind one figure.
pub(crate) fn estimated_turnover(count: u64, scope: &Scope) -> Vec<Finding> {
    if count == 0 {
        return Vec::new();
    }
    let detail = format!("{count} daily turnovers are estimated from prices and volume.");
    vec![finding(FindingKind::EstimatedTurnover, count, scope.to_string(), detail, "")]
}

/// Whether a day's turnover is an estimate.
pub(crate) fn has_estimated_turnover(day: &SecurityDay) -> bool {
    day.traded.is_some_and(|traded| traded.turnover.basis == TurnoverBasis::Estimated)
}

/// Limits behind one figure that are not certain.
pub(crate) fn uncertain_limits(by_name: u64, undetermined: u64, scope: &Scope) -> Vec<Finding> {
    let mut findings = Vec::new();
    if by_name > 0 {
        let detail = format!(
            "{by_name} limits rest on the nearest dated name, since no risk-warning status of the \
             session is known."
        );
        findings.push(finding(FindingKind::UnknownStatus, by_name, scope.to_string(), detail, ""));
    }
    if undetermined > 0 {
        let detail = format!("{undetermined} securities could not be judged: no limit is known.");
        let kind = FindingKind::UnknownLimit;
        findings.push(finding(kind, undetermined, scope.to_string(), detail, ""));
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
    let spoken = if first == last { first.to_string() } else { format!("{first} to {last}") };
    let detail = format!(
        "Share capital of {} securities is of {spoken}, not of the session; issues and unlocks in \
         between are not seen.",
        dates.len()
    );
    Some(finding(
        FindingKind::MissingData,
        dates.len() as u64,
        "share_capital".to_owned(),
        detail,
        "Import share capital of the session.",
    ))
}

/// All findings of a session.
pub(crate) fn of_session(market: &MarketSession, calendar: &Calendar) -> Vec<Finding> {
    let mut findings = Vec::new();
    missing_exchanges(market, &mut findings);
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
            let detail = format!(
                "There are no bars of {} for {}; no figure counts its shares.",
                exchange.mic(),
                market.session
            );
            let hint = "Import daily bars of this exchange.";
            findings.push(finding(FindingKind::MissingData, 1, subject, detail, hint));
        }
    }
}

fn missing_indices(market: &MarketSession, findings: &mut Vec<Finding>) {
    for (exchange, code, en, _) in BOARD {
        let has = |symbol: Symbol| (symbol.exchange(), symbol.code()) == (exchange, code);
        let exists = base_date(exchange, code).is_none_or(|base| market.session > base);
        if !exists || market.indices.iter().any(|index| has(index.symbol)) {
            continue;
        }
        let subject = format!("{code:06}.{}", exchange.suffix());
        let detail = format!("There is no bar of {en} for {}.", market.session);
        let hint = "Import index bars of the session.";
        findings.push(finding(FindingKind::MissingData, 1, subject, detail, hint));
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
            let detail = format!(
                "The previous close of {count} securities of {} is their last traded close; an \
                 ex-rights day among them would show as a fall.",
                exchange.mic()
            );
            findings.push(finding(
                FindingKind::DerivedPrevClose,
                count as u64,
                Scope::Exchange(exchange).to_string(),
                detail,
                "Import bars with the exchange's reference price.",
            ));
        }
    }
}

fn estimated_turnovers(market: &MarketSession, findings: &mut Vec<Finding>) {
    let count = market.days.iter().filter(|day| has_estimated_turnover(day)).count();
    if count > 0 {
        let detail = format!(
            "The turnover of {count} securities is estimated as volume times the mean of open, \
             high, low and last: within about 0.3 % for a market and 2 % for a stock."
        );
        findings.push(finding(
            FindingKind::EstimatedTurnover,
            count as u64,
            String::new(),
            detail,
            "Import bars with turnover.",
        ));
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
    let detail = format!(
        "The risk-warning status of {total} securities is not known for the session: for {alike} \
         the rules give one limit either way, for {shown} the day's prices show that it does not \
         matter, for {} the nearest dated name decided{}, and {} are undetermined{}.",
        by_name.len(),
        listed(&by_name),
        undetermined.len(),
        listed(&undetermined),
    );
    let hint = "Import the securities' names of the session.";
    findings.push(finding(
        FindingKind::UnknownStatus,
        total as u64,
        "risk_warning".to_owned(),
        detail,
        hint,
    ));
    let one = |count: usize, subject: &str, detail: String| {
        finding(FindingKind::UnknownStatus, count as u64, subject.to_owned(), detail, "")
    };
    if !by_name.is_empty() {
        let detail = format!("The nearest dated name decided{}.", listed(&by_name));
        findings.push(one(by_name.len(), "nearest_name", detail));
    }
    if !undetermined.is_empty() {
        let detail = format!("Neither prices nor a name decide{}.", listed(&undetermined));
        findings.push(one(undetermined.len(), "undetermined", detail));
    }
}

/// ` (000001.SZ, 000002.SZ)`, or nothing.
fn listed(symbols: &[Symbol]) -> String {
    if symbols.is_empty() {
        return String::new();
    }
    let names: Vec<String> = symbols.iter().take(NAMED).map(Symbol::to_string).collect();
    let more = if symbols.len() > NAMED { ", …" } else { "" };
    format!(" ({}{more})", names.join(", "))
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
        let detail = format!(
            "{} securities traded outside their price limit{}: the data or their status is wrong.",
            breaching.len(),
            listed(&breaching)
        );
        let hint = "Compare the bars with another source.";
        let count = breaching.len() as u64;
        findings.push(finding(FindingKind::LimitBreach, count, String::new(), detail, hint));
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
        let detail = format!(
            "{} newly listed securities had no price limit{}; they count in breadth and turnover, \
             not on the limit board.",
            new.len(),
            listed(&new)
        );
        let (count, subject) = (new.len() as u64, "new_listing".to_owned());
        findings.push(finding(FindingKind::UnknownLimit, count, subject, detail, ""));
    }
}
