//! Findings: what a reader must know about the data behind a session's facts.

use fupan_fact::Scope;
use fupan_market::{
    Board, Calendar, Exchange, Finding, FindingKind, InLanguage, LimitBasis, PrevCloseBasis,
    PriceLimit, RiskWarning, SecurityDay, SessionDate, StatusBasis, Symbol, TRACKED_INDICES,
    TurnoverBasis, Unknown, Unlimited, Wording,
};

use crate::evaluate::groups::GroupViews;
use crate::session::held::{Held, Lacking};
use crate::session::share_dates::ShareDates;
use crate::session::window::MarketSession;

/// The most symbols that a finding names.
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
        Some(("Choose a trading session.", "请指定一个交易日。")),
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

/// A fund's previous close is its last traded close.
pub(crate) fn derived_reference(fund: Symbol) -> Finding {
    let detail = Wording::new(
        "The source states no previous close of the fund; its last traded close is used instead, so a \
         day on which it paid out or split is not visible.",
        "来源没有该基金的前收盘价，以其最近一次成交的收盘价代替；基金分红、拆分因此看不出来。",
    );
    finding(FindingKind::DerivedPrevClose, 1, fund.to_string(), detail, None)
}

/// Whether a day's turnover is an estimate.
pub(crate) fn has_estimated_turnover(day: &SecurityDay) -> bool {
    day.traded.is_some_and(|traded| traded.turnover.basis == TurnoverBasis::Estimated)
}

/// Uncertain limits behind one figure.
pub(crate) fn uncertain_limits(by_name: u64, undetermined: u64, scope: &Scope) -> Vec<Finding> {
    let mut findings = Vec::new();
    if by_name > 0 {
        let detail = Wording::new(
            format!(
                "{by_name} price limits are judged by the name of the nearest date, because the \
                 risk-warning (ST) status of the session is not known."
            ),
            format!("{by_name}个涨跌停价按日期最近的证券简称判断，当日是否风险警示（ST）不详。"),
        );
        let (kind, count) = (FindingKind::UnknownStatus, by_name as usize);
        findings.push(finding(kind, count, scope.to_string(), detail, None));
    }
    if undetermined > 0 {
        let detail = Wording::new(
            format!(
                "{undetermined} securities could not be judged: their price limit is not known."
            ),
            format!("{undetermined}只证券无法判断：涨跌停价不详。"),
        );
        let (kind, count) = (FindingKind::UnknownLimit, undetermined as usize);
        findings.push(finding(kind, count, scope.to_string(), detail, None));
    }
    findings
}

/// One date, or the first and the last of several.
fn from_to(first: SessionDate, last: SessionDate) -> Wording {
    match first == last {
        true => Wording::new(first.to_string(), first.to_string()),
        false => Wording::new(format!("{first} to {last}"), format!("{first}至{last}")),
    }
}

/// Share capital dated outside the session and the one before it.
pub(crate) fn share_dates(dates: &ShareDates) -> Option<Finding> {
    let (first, last) = dates.span?;
    let securities = dates.securities;
    let Wording { en, zh } = from_to(first, last);
    let detail = Wording::new(
        format!(
            "Share capital of {} securities is dated {en}, not the session; share issues and \
             unlocks in between are not visible.",
            securities
        ),
        format!("{securities}只证券的股本取自{zh}，而非当日；其间的增发和解禁看不出来。"),
    );
    let hint = ("Import share capital of the session.", "请导入当日的股本。");
    let subject = "share_capital".to_owned();
    Some(finding(FindingKind::MissingData, securities, subject, detail, Some(hint)))
}

/// A security's share capital that is not of the session.
pub(crate) fn share_date(dates: &ShareDates, day: &SecurityDay) -> Option<Finding> {
    let (on, _) = dates.of_one(day).span?;
    let detail = Wording::new(
        format!(
            "The share capital is dated {on}, not the session; share issues and unlocks in between \
             are not visible."
        ),
        format!("股本取自{on}，而非当日；其间的增发和解禁看不出来。"),
    );
    let hint = ("Import share capital of the session.", "请导入当日的股本。");
    Some(finding(FindingKind::MissingData, 1, day.symbol.to_string(), detail, Some(hint)))
}

/// All findings of a session.
pub(crate) fn of_session(market: &MarketSession, held: &Held, calendar: &Calendar) -> Vec<Finding> {
    let mut findings = Vec::new();
    missing_exchanges(market, &mut findings);
    missing_codes(market, &mut findings);
    partial_exchanges(market, held, &mut findings);
    missing_indices(market, &mut findings);
    derived_prev_closes(market, &mut findings);
    estimated_turnovers(market, &mut findings);
    unknown_status(market, &mut findings);
    findings.extend(share_dates(&ShareDates::of(market, calendar)));
    status_conflicts(market, &mut findings);
    limit_breaches(market, &mut findings);
    new_listings(market, &mut findings);
    findings
}

/// What is unknown about membership in industries.
pub(crate) fn of_groups(groups: &GroupViews) -> Vec<Finding> {
    let mut findings = Vec::new();
    let subject = || "industry".to_owned();
    if let Some((first, last)) = groups.later_dates {
        let Wording { en, zh } = from_to(first, last);
        let detail = Wording::new(
            format!(
                "{} securities that traded are classified by the industries of {en}, which is \
                 after the session; whether they were in others before is not known.",
                groups.later
            ),
            format!(
                "{}只有成交的证券按{zh}（晚于当日）的行业归类；此前是否属于其他行业不详。",
                groups.later
            ),
        );
        findings.push(finding(FindingKind::MissingData, groups.later, subject(), detail, None));
    }
    if groups.ungrouped > 0 {
        let detail = Wording::new(
            format!(
                "{} securities that traded are in no industry of the list and are not counted in \
                 any industry's figures.",
                groups.ungrouped
            ),
            format!("{}只有成交的证券不在行业名单之中，未计入任何行业的数字。", groups.ungrouped),
        );
        let hint = ("Import a list of industries of the day.", "请导入当日的行业名单。");
        let count = groups.ungrouped;
        findings.push(finding(FindingKind::MissingData, count, subject(), detail, Some(hint)));
    }
    for missing in &groups.missing {
        let Wording { en, zh } = missing.wording();
        let detail =
            Wording::new(format!("In industry chains, {en}."), format!("产业链中，{zh}。"));
        let subject = "group_member".to_owned();
        findings.push(finding(FindingKind::MissingData, 1, subject, detail, None));
    }
    if let Some(unlisted) = groups.themes.as_ref().map(|list| list.unlisted).filter(|n| *n > 0) {
        let detail = Wording::new(
            format!(
                "{unlisted} securities that traded are in no group of the list of concepts; \
                 whether they belong to a theme is not known."
            ),
            format!("{unlisted}只有成交的证券不在概念名单的任何分组之中，是否属于某一题材不详。"),
        );
        let hint = ("Import a list that names them.", "请导入包含这些证券的名单。");
        let subject = "group_member".to_owned();
        findings.push(finding(
            FindingKind::MissingData,
            unlisted as usize,
            subject,
            detail,
            Some(hint),
        ));
    }
    findings
}

/// All findings of an instant. Quotes cover some securities and no index; their coverage is a
/// figure of its own.
pub(crate) fn of_instant(market: &MarketSession, calendar: &Calendar) -> Vec<Finding> {
    let mut findings = Vec::new();
    derived_prev_closes(market, &mut findings);
    estimated_turnovers(market, &mut findings);
    unknown_status(market, &mut findings);
    findings.extend(share_dates(&ShareDates::of(market, calendar)));
    status_conflicts(market, &mut findings);
    limit_breaches(market, &mut findings);
    new_listings(market, &mut findings);
    findings
}

fn missing_exchanges(market: &MarketSession, findings: &mut Vec<Finding>) {
    for exchange in Exchange::ALL {
        if exchange.is_open_in(market.session)
            && !market.days.iter().any(|day| day.symbol.exchange() == exchange)
        {
            let subject = Scope::Exchange(exchange).to_string();
            let (label, session) = (exchange.label(), market.session);
            let detail = Wording::new(
                format!(
                    "There are no bars of {} for {session}; no figure includes its shares.",
                    label.en
                ),
                format!("没有{}{session}的日线；所有数字都不含其个股。", label.zh),
            );
            let hint = ("Import daily bars of this exchange.", "请导入该交易所的日线。");
            findings.push(finding(FindingKind::MissingData, 1, subject, detail, Some(hint)));
        }
    }
}

/// Beijing securities whose past is under another code.
fn missing_codes(market: &MarketSession, findings: &mut Vec<Finding>) {
    let Ok(recoded) = SessionDate::new(2025, 10, 9) else { return };
    let beijing = Scope::Exchange(Exchange::Bse);
    let held = market.past.iter().any(|past| past.session < recoded && past.of(&beijing).fen > 0);
    let begins = |day: &SecurityDay| {
        day.board == Board::Bse
            && day.listed_on.is_none()
            && day.carried.first_seen.unwrap_or(market.session) == recoded
    };
    let found = traded(market, begins);
    if !held || found.is_empty() {
        return;
    }
    let (count, named) = (found.len(), listed(&found));
    let detail = Wording::new(
        format!(
            "{count} Beijing securities have no rows before {recoded}, when the exchange changed \
             its codes{}: their history is under the old codes and not known.",
            named.en
        ),
        format!(
            "{count}只北交所证券在{recoded}代码切换之前没有日线{}：其历史在旧代码之下，无法得知。",
            named.zh
        ),
    );
    let hint = (
        "Import the list of codes: `fupan import bse-mapping FILE` or `code-change`.",
        "请导入新旧代码对照表：`fupan import bse-mapping 文件`或`code-change`。",
    );
    let (kind, subject) = (FindingKind::MissingData, "code_change".to_owned());
    findings.push(finding(kind, count, subject, detail, Some(hint)));
}

/// Exchanges with many securities that have no row.
fn partial_exchanges(market: &MarketSession, held: &Held, findings: &mut Vec<Finding>) {
    for exchange in Exchange::ALL {
        let Some(Lacking { held, missing }) = held.lacking(exchange) else { continue };
        if held == 0 {
            continue;
        }
        let (label, session, of) = (exchange.label(), market.session, held + missing);
        let detail = Wording::new(
            format!(
                "Of about {of} shares of {}, {held} have a row for {session}; the other {missing} \
                 are listed or traded recently but have none, and are in no figure.",
                label.en
            ),
            format!(
                "{}约{of}只个股中，{session}有数据的为{held}只；其余{missing}只在册或此前有成交而\
                 当日没有数据，未计入任何数字。",
                label.zh
            ),
        );
        let hint = (
            "Import the whole session, or check which rows the import left out.",
            "请导入完整的当日行情，或查看导入时遗漏了哪些行。",
        );
        let (kind, subject) = (FindingKind::PartialSession, Scope::Exchange(exchange).to_string());
        findings.push(finding(kind, missing as usize, subject, detail, Some(hint)));
    }
}

fn missing_indices(market: &MarketSession, findings: &mut Vec<Finding>) {
    for index in TRACKED_INDICES {
        let exists = index.has_bar_in(market.session);
        if !exists || market.indices.iter().any(|view| index.is(view.symbol)) {
            continue;
        }
        let subject = index.symbol().to_string();
        let (session, Wording { en, zh }) = (market.session, index.name());
        let detail = Wording::new(
            format!("There is no bar of {en} for {session}."),
            format!("没有{zh}在{session}的行情。"),
        );
        let hint = ("Import index bars of the session.", "请导入当日的指数行情。");
        findings.push(finding(FindingKind::MissingData, 1, subject, detail, Some(hint)));
    }
}

fn derived_prev_closes(market: &MarketSession, findings: &mut Vec<Finding>) {
    for exchange in Exchange::ALL {
        let count = market
            .days
            .iter()
            .filter(|day| day.symbol.exchange() == exchange && day.has_derived_prev_close())
            .count();
        if count > 0 {
            let label = exchange.label();
            let detail = Wording::new(
                format!(
                    "The previous close of {count} securities of {} is their last traded close; an \
                     ex-rights day would show as a fall.",
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

/// What is unknown about the securities' risk-warning status, and how much depends on it.
fn unknown_status(market: &MarketSession, findings: &mut Vec<Finding>) {
    let is_open = |day: &SecurityDay| day.limit == PriceLimit::Unknown(Unknown::NoStatus);
    let of = |basis: LimitBasis| {
        traded(market, |day| {
            let unknown = day.status.risk_warning == RiskWarning::Unknown;
            let hangs_on_it = basis != LimitBasis::Undetermined || is_open(day);
            unknown && day.limit_basis == basis && hangs_on_it
        })
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
            "The risk-warning (ST) status of {total} securities is not known for the session: for \
             {alike} the limit is the same either way, for {shown} the day's prices show that it \
             does not matter, {named_count} are judged by the name of the nearest date{}, and \
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
        format!("Judged by the name of the nearest date{}.", named.en),
        format!("按日期最近的简称判断{}。", named.zh),
    );
    add(named_count, "nearest_name", detail);
    let detail = Wording::new(
        format!("Neither prices nor names settle it{}.", open.en),
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

/// The securities that traded and meet a condition.
fn traded(market: &MarketSession, holds: impl Fn(&SecurityDay) -> bool) -> Vec<Symbol> {
    let days = market.days.iter().filter(|day| day.traded.is_some() && holds(day));
    days.map(|day| day.symbol).collect()
}

/// Names that contradict each other, or the prices.
fn status_conflicts(market: &MarketSession, findings: &mut Vec<Finding>) {
    let of = |basis: StatusBasis| traded(market, |day| day.status.basis == basis);
    let mut add = |subject: &str, found: &[Symbol], detail: Wording, hint: (&str, &str)| {
        let (kind, subject) = (FindingKind::StatusConflict, subject.to_owned());
        if !found.is_empty() {
            findings.push(finding(kind, found.len(), subject, detail, Some(hint)));
        }
    };
    let conflicting = of(StatusBasis::Conflict);
    let (count, named) = (conflicting.len(), listed(&conflicting));
    let detail = Wording::new(
        format!(
            "The names of {count} securities on one date disagree on the risk warning (ST) or \
             another status{}: the status is treated as unknown.",
            named.en
        ),
        format!(
            "{count}只证券同一日期的简称在风险警示（ST）等状态上互相矛盾{}：状态按不详处理。",
            named.zh
        ),
    );
    let hint = (
        "`fupan doctor` shows the dates; import a correct list of a nearby date.",
        "运行`fupan doctor`可看到日期；请导入邻近日期的正确列表。",
    );
    add("names", &conflicting, detail, hint);
    let disproved = of(StatusBasis::Disproved);
    let (count, named) = (disproved.len(), listed(&disproved));
    let detail = Wording::new(
        format!(
            "The names of {count} securities imply a narrower price limit, but their prices went \
             beyond it{}: the prices take precedence.",
            named.en
        ),
        format!(
            "{count}只证券的简称表明其涨跌幅限制较窄，而当日价格已超出该范围{}：以价格为准。",
            named.zh
        ),
    );
    let hint = ("Import the securities' names of the session.", "请导入当日的证券简称。");
    add("prices", &disproved, detail, hint);
}

/// Prices outside every limit that the security could have.
fn limit_breaches(market: &MarketSession, findings: &mut Vec<Finding>) {
    let outside = |basis: PrevCloseBasis| {
        traded(market, |day| {
            day.limit == PriceLimit::Unknown(Unknown::OutsideEveryBand)
                && day.prev_close_basis == basis
        })
    };
    let breaching = outside(PrevCloseBasis::Reported);
    if !breaching.is_empty() {
        let (count, names) = (breaching.len(), listed(&breaching));
        let detail = Wording::new(
            format!(
                "{count} securities traded outside every price limit they could have{}: no limit \
                 is used for them.",
                names.en
            ),
            format!("{count}只证券的成交价超出其可能的任何涨跌停价{}：不采用涨跌停价。", names.zh),
        );
        let hint = (
            "Compare the bars with another source; the day on which listing resumes has no price \
             limit.",
            "请与另一来源核对行情；恢复上市首日不设涨跌幅限制。",
        );
        let kind = FindingKind::LimitBreach;
        findings.push(finding(kind, count, String::new(), detail, Some(hint)));
    }
    let ruled_out = outside(PrevCloseBasis::Derived);
    if !ruled_out.is_empty() {
        let (count, names) = (ruled_out.len(), listed(&ruled_out));
        let detail = Wording::new(
            format!(
                "{count} securities traded outside every price limit that their last traded close \
                 allows{}: probably an ex-rights day without its reference price. Their return \
                 is unknown.",
                names.en
            ),
            format!(
                "{count}只证券的成交价超出以上一收盘价计算的任何涨跌停价{}：可能是没有除权参考价\
                 的除权除息日，其涨跌幅不详。",
                names.zh
            ),
        );
        let hint = (
            "Import bars with the exchange's reference price.",
            "请导入带有交易所前收盘价（除权参考价）的日线。",
        );
        let (kind, subject) = (FindingKind::DerivedPrevClose, "ruled_out".to_owned());
        findings.push(finding(kind, count, subject, detail, Some(hint)));
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
                 turnover but not on the limit board.",
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
