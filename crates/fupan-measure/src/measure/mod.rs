//! The declaration of a measure.

pub(crate) mod comparison;
pub(crate) mod figure;
pub(crate) mod statistic;

use std::fmt;

use fupan_fact::{Coverage, MeasureText, Unit, Value};
use fupan_market::{SecurityDay, Touch};

use crate::measure::comparison::Comparison;
pub use crate::measure::figure::Rotation;
use crate::measure::figure::{CalendarFigure, OwnFigure};
use crate::measure::statistic::{Across, Contribution, Statistic};
use crate::session::fund::FundView;
use crate::session::held::are_many;
use crate::session::index::IndexView;
use crate::session::pre_open::QuoteCoverage;
use crate::total::cell::Mark;
use crate::total::segment::Scopes;
use crate::total::totals::PartTotals;

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// A text in both languages.
pub(crate) const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

/// What a measure counts or divides over: a mark for the members that are judged, one for those
/// that are not, and one for judged members whose limit rests on the nearest dated name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Population {
    /// The population in words.
    pub text: Text,
    /// Judged members.
    pub judged: Mark,
    /// Members that the data does not decide about; `None` if it always decides.
    pub unjudged: Option<Mark>,
    /// Judged members whose limit rests on the nearest dated name, for measures that rest on
    /// limits.
    pub by_name: Option<Mark>,
}

impl Population {
    /// A population in which everybody is judged.
    pub(crate) const fn all(judged: Mark, text: Text) -> Population {
        Population { text, judged, unjudged: None, by_name: None }
    }

    /// A population in which some members may not be judged.
    pub(crate) const fn some(judged: Mark, unjudged: Mark, text: Text) -> Population {
        Population { text, judged, unjudged: Some(unjudged), by_name: None }
    }

    /// Whether complete data would judge many more members, or any more if the session before is
    /// missing. Too few days to look back on are not a gap in the data, unless a session among them
    /// is missing.
    pub(crate) fn is_judged_in_part(&self, coverage: Coverage, totals: &PartTotals) -> bool {
        use Mark::{
            Average20Unknown, Average50Unknown, Average200Unknown, EverUnknown, WindowUnknown,
            YearUnknown,
        };
        let Coverage { judged, unjudged } = coverage;
        match self.unjudged {
            Some(
                WindowUnknown | YearUnknown | EverUnknown | Average20Unknown | Average50Unknown
                | Average200Unknown,
            ) => are_many(unjudged.min(totals.count(Mark::Gap)), judged),
            _ => {
                are_many(unjudged, judged)
                    || unjudged > 0 && totals.count(Mark::SessionBeforeMissing) > 0
            }
        }
    }

    /// The mark of members whose past rests on a reference price that is not reported; `None` if
    /// the population does not depend on securities' past.
    pub(crate) fn derived_past(&self) -> Option<Mark> {
        use Mark::{
            Average20Unknown, Average50Unknown, Average200Unknown, CohortUnknown, EverUnknown,
            FollowUnknown, PromotionUnknown, StreakUnknown, WindowUnknown, YearUnknown,
        };
        match self.unjudged? {
            WindowUnknown | YearUnknown | Average20Unknown | Average50Unknown
            | Average200Unknown => Some(Mark::PastDerived),
            EverUnknown => Some(Mark::EverDerived),
            CohortUnknown | PromotionUnknown | FollowUnknown | StreakUnknown => {
                Some(Mark::LastDerived)
            }
            _ => None,
        }
    }

    /// The same population, with a mark for members whose limit rests on the nearest dated name.
    pub(crate) const fn by_name(self, by_name: Mark) -> Population {
        Population { by_name: Some(by_name), ..self }
    }
}

/// The data that a measure rests on: a set. It decides which inputs and findings its facts carry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needs(u8);

impl fmt::Debug for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = [
            (Needs::PRICES, "prices"),
            (Needs::TURNOVER, "turnover"),
            (Needs::LIMITS, "limits"),
            (Needs::SHARES, "shares"),
            (Needs::INDICES, "indices"),
            (Needs::WEIGHTS, "weights"),
            (Needs::FUNDS, "funds"),
        ];
        let names = named.into_iter().filter_map(|(need, name)| self.has(need).then_some(name));
        f.write_str(&names.collect::<Vec<_>>().join(" and "))
    }
}

impl Needs {
    /// Nothing but the rules and their calendar.
    pub const NOTHING: Needs = Needs(0);
    /// Prices of the session.
    pub const PRICES: Needs = Needs(1);
    /// Turnover, which may be estimated.
    pub const TURNOVER: Needs = Needs(2);
    /// Price limits, which rest on the securities' status.
    pub const LIMITS: Needs = Needs(4);
    /// Share capital.
    pub const SHARES: Needs = Needs(8);
    /// Index levels.
    pub const INDICES: Needs = Needs(16);
    /// Published weights of indices.
    pub const WEIGHTS: Needs = Needs(32);
    /// Prices of funds.
    pub const FUNDS: Needs = Needs(64);

    /// Both.
    pub(crate) const fn and(self, other: Needs) -> Needs {
        Needs(self.0 | other.0)
    }

    /// Whether one of the named data is among them.
    pub const fn has(self, other: Needs) -> bool {
        self.0 & other.0 != 0
    }
}

/// Whether a count comes with the list of its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// The members are listed.
    Listed,
    /// The members are only counted.
    Counted,
}

/// One measure. To add a measure, add a declaration.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// The identifier, including the parameter if it is fixed: `promotion_suspended:all`.
    pub id: &'static str,
    /// The display name.
    pub label: Text,
    /// The definition, in one sentence.
    pub definition: Text,
    /// The unit of its values.
    pub unit: Unit,
    /// The version of its meaning. The meaning changes only together with the version.
    pub version: u32,
    /// The data it rests on.
    pub needs: Needs,
    /// What its figures are about, and how they are computed.
    pub kind: Kind,
}

/// What a measure's figures are about, with what only measures of that kind have: how they are
/// computed, their twin in SQL, and what they are counted or divided over, in words.
///
/// Each kind is evaluated in one place and has its own rows in SQL; see [`crate::sql::TwinRows`].
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Sets of shares: figures read from their totals of the session.
    Shares(SharesMeasure),
    /// The market's sets of shares: their turnover compared with that of earlier sessions.
    Turnover {
        /// What is compared.
        population: Text,
        /// How.
        comparison: Comparison,
        /// The column of `turnover_series`.
        column: &'static str,
    },
    /// All A-shares: figures of a session's figures and those of the sessions before.
    Across {
        /// What they are taken over.
        population: Text,
        /// How.
        across: Across,
        /// Aggregates over a session's rows of `across_day`.
        sql: Sql,
    },
    /// Groups of shares over the last sessions, or the order of the themes.
    Rotation {
        /// Whose returns it is of.
        population: Text,
        /// The figure.
        rotation: Rotation,
        /// Columns of `group_past`, or of `theme_session` for a figure of all themes.
        sql: Sql,
    },
    /// Tracked indices.
    Index {
        /// What the index is compared with.
        population: Text,
        /// The figure of an index.
        read: fn(&IndexView) -> Value,
        /// The column of `index_session`.
        column: &'static str,
    },
    /// Tracked indices, compared with the close of an earlier session that is asked for.
    IndexSince {
        /// What is compared.
        population: Text,
        /// The column over an index's row of the session and that of the earlier one.
        column: &'static str,
    },
    /// What the members of an index did to it.
    Contribution {
        /// The members.
        population: Text,
        /// The figure.
        contribution: Contribution,
        /// Columns of `contribution_day` for a member's figure, of `group_points` for one of groups, of
        /// `index_session` for others.
        sql: Sql,
    },
    /// Single securities.
    Security {
        /// Which securities have the figure.
        population: Text,
        /// Which of them have it unasked.
        reported: Reported,
        /// The figure of a security; `None` if it has none.
        read: fn(&SecurityDay) -> Option<Value>,
        /// Columns of `security_day`.
        sql: Sql,
    },
    /// Single securities: their place among all that traded, the largest first.
    Rank {
        /// Among which securities.
        population: Text,
        /// What they are ordered by.
        by: RankedBy,
        /// The number in SQL, over the rows of `security_day`.
        column: &'static str,
    },
    /// Single securities that are asked for, over several sessions or against their industry.
    OwnPast {
        /// Which securities have the figure.
        population: Text,
        /// The figure.
        figure: OwnFigure,
        /// The column of `own_past`, or for a figure against an industry one of `d`, the security's
        /// row of `security_day`, and `m`, the industry's mean.
        column: &'static str,
    },
    /// Funds that are asked for.
    Fund {
        /// Which funds have the figure.
        population: Text,
        /// The figure of a fund that traded.
        read: fn(&FundView) -> Value,
        /// The column of `fund_day`.
        column: &'static str,
    },
    /// Single securities, by what only quotes show of them.
    Intraday {
        /// Which securities have the figure.
        population: Text,
        /// The figure of a security; `None` if it has none.
        read: fn(&SecurityDay) -> Option<Value>,
        /// The step with a row for each of them; see [`crate::sql::INSTANT_STEPS`].
        step: &'static str,
        /// Its column.
        column: &'static str,
    },
    /// The calendar.
    Calendar {
        /// Whose.
        population: Text,
        /// The figure.
        figure: CalendarFigure,
        /// Columns of `calendar_day`.
        sql: Sql,
    },
    /// How much of the market the quotes of an instant cover.
    Coverage {
        /// What the quotes are compared with.
        population: Text,
        /// The figure.
        read: fn(&QuoteCoverage) -> Value,
        /// Columns of `quoted_day`.
        sql: Sql,
    },
}

/// Which single securities have a figure in every session, whether or not they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// Those sealed at a limit, and those that broke from limit-up.
    AtLimit,
    /// Those sealed at limit-up.
    Sealed,
    /// None.
    OnRequest,
}

/// What securities are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankedBy {
    /// Turnover.
    Turnover,
    /// The day's return.
    Return,
    /// Market value of all shares at the last price.
    MarketValue,
}

impl Reported {
    /// Whether a security has the figure unasked.
    pub(crate) fn admits(self, day: &SecurityDay) -> bool {
        let sealed = day.limit_up_touch() == Some(Touch::Sealed);
        match self {
            Reported::Sealed => sealed,
            Reported::AtLimit => {
                sealed
                    || day.limit_up_touch() == Some(Touch::Broken)
                    || day.limit_down_touch() == Some(Touch::Sealed)
            }
            Reported::OnRequest => false,
        }
    }
}

/// A figure of sets of shares.
#[derive(Clone, Copy, Debug)]
pub struct SharesMeasure {
    /// What it is counted or divided over.
    pub population: Population,
    /// The sets it is computed for.
    pub scopes: Scopes,
    /// Whether its members are listed.
    pub members: Members,
    /// How it is computed.
    pub statistic: Statistic,
    /// Aggregates over the rows of `security_day` of a session and scope; over those of
    /// `ranked_day`, which are sorted, if the statistic is read from sorted securities.
    pub sql: Sql,
}

/// A value in SQL: expressions over each session's rows. `:parameter` is a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sql {
    /// One expression.
    Value(&'static str),
    /// A part and a whole.
    Share(&'static str, &'static str),
}

impl Sql {
    /// Whether the expressions contain the placeholder for a parameter.
    pub fn has_parameter(&self) -> bool {
        self.expressions().iter().any(|sql| sql.contains(":parameter"))
    }

    /// The expressions.
    pub fn expressions(&self) -> Vec<&'static str> {
        match *self {
            Sql::Value(sql) => vec![sql],
            Sql::Share(part, whole) => vec![part, whole],
        }
    }
}

impl Measure {
    /// The identifier without its parameter.
    pub fn name(&self) -> &'static str {
        self.id.split_once(':').map_or(self.id, |(name, _)| name)
    }

    /// What it is counted or divided over, in words.
    pub const fn population(&self) -> Text {
        match self.kind {
            Kind::Shares(SharesMeasure {
                population: Population { text: population, .. }, ..
            })
            | Kind::Turnover { population, .. }
            | Kind::Across { population, .. }
            | Kind::Rotation { population, .. }
            | Kind::Index { population, .. }
            | Kind::IndexSince { population, .. }
            | Kind::Contribution { population, .. }
            | Kind::Security { population, .. }
            | Kind::Rank { population, .. }
            | Kind::OwnPast { population, .. }
            | Kind::Fund { population, .. }
            | Kind::Intraday { population, .. }
            | Kind::Calendar { population, .. }
            | Kind::Coverage { population, .. } => population,
        }
    }

    /// Its twin in SQL.
    pub const fn sql(&self) -> Sql {
        match self.kind {
            Kind::Shares(SharesMeasure { sql, .. })
            | Kind::Across { sql, .. }
            | Kind::Rotation { sql, .. }
            | Kind::Contribution { sql, .. }
            | Kind::Security { sql, .. }
            | Kind::Calendar { sql, .. }
            | Kind::Coverage { sql, .. } => sql,
            Kind::Turnover { column, .. }
            | Kind::Index { column, .. }
            | Kind::IndexSince { column, .. }
            | Kind::Rank { column, .. }
            | Kind::OwnPast { column, .. }
            | Kind::Fund { column, .. }
            | Kind::Intraday { column, .. } => Sql::Value(column),
        }
    }

    /// The figure of sets of shares that it is, if it is one.
    pub const fn shares(&self) -> Option<&SharesMeasure> {
        match &self.kind {
            Kind::Shares(shares) => Some(shares),
            _ => None,
        }
    }

    /// The same figure of sets of shares over another population.
    pub(crate) const fn over(self, population: Population) -> Measure {
        match self.kind {
            Kind::Shares(shares) => {
                Measure { kind: Kind::Shares(SharesMeasure { population, ..shares }), ..self }
            }
            _ => panic!("only a figure of sets of shares has a population of its own"),
        }
    }

    /// Whether its figures are about indices.
    pub const fn is_of_indices(&self) -> bool {
        match self.kind {
            Kind::Index { .. } | Kind::IndexSince { .. } => true,
            Kind::Contribution { contribution, .. } => {
                !matches!(contribution, Contribution::Member | Contribution::OfGroup(_))
            }
            _ => false,
        }
    }

    /// Whether its figures are about single securities.
    pub const fn is_of_securities(&self) -> bool {
        matches!(
            self.kind,
            Kind::Security { .. }
                | Kind::Rank { .. }
                | Kind::OwnPast { .. }
                | Kind::Fund { .. }
                | Kind::Intraday { .. }
                | Kind::Contribution { contribution: Contribution::Member, .. }
        )
    }

    /// Whether its figures are about funds.
    pub const fn is_of_funds(&self) -> bool {
        matches!(self.kind, Kind::Fund { .. })
    }

    /// Whether its figures exist only for securities that are asked for or that a review names.
    pub const fn is_on_request(&self) -> bool {
        matches!(
            self.kind,
            Kind::Rank { .. }
                | Kind::OwnPast { .. }
                | Kind::Fund { .. }
                | Kind::Security { reported: Reported::OnRequest, .. }
        )
    }

    /// Whether a review has its figure of the securities that it names: those most traded, the large
    /// ones at highs, and the large ones that moved most.
    pub fn is_of_named(&self) -> bool {
        const OF_NAMED: [&str; 5] =
            ["last_price", "security_return", "turnover_of", "market_value", "turnover_rank_of"];
        OF_NAMED.contains(&self.id)
    }

    /// Whether its figures are read from securities' days instead of totals.
    pub const fn is_of_days(&self) -> bool {
        matches!(
            self.kind,
            Kind::Security { .. }
                | Kind::Rank { .. }
                | Kind::OwnPast { .. }
                | Kind::Intraday { .. }
                | Kind::Contribution { .. }
        )
    }

    /// The scopes it is evaluated for, as text for documentation.
    pub fn described_scopes(&self) -> String {
        let scopes = match &self.kind {
            Kind::Shares(shares) => shares.scopes.describe(),
            Kind::Turnover { .. } => Scopes::Market.describe(),
            Kind::Across { .. } | Kind::Calendar { .. } | Kind::Coverage { .. } => {
                Scopes::AllA.describe()
            }
            Kind::Rotation { rotation, .. } => match rotation {
                Rotation::Return(_) => "industry, theme, chain segment",
                _ if rotation.is_of_groups() => Scopes::Groups.describe(),
                _ => Scopes::AllA.describe(),
            },
            Kind::Contribution { contribution: Contribution::OfGroup(_), .. } => "industry",
            _ if self.is_of_indices() => "index",
            Kind::Fund { .. } => "fund",
            _ => "security",
        };
        match self.shares().is_some() && self.is_of_groups() && !self.is_of_groups_only() {
            true => format!("{scopes}, {}", Scopes::Groups.describe()),
            false => scopes.to_owned(),
        }
    }

    /// Whether it is evaluated for groups of shares and nothing else.
    pub fn is_of_groups_only(&self) -> bool {
        self.is_of_groups_of_indices()
            || self.shares().is_some_and(|shares| shares.scopes == Scopes::Groups)
    }

    /// Whether its figures are of what groups of shares did to an index.
    const fn is_of_groups_of_indices(&self) -> bool {
        matches!(self.kind, Kind::Contribution { contribution: Contribution::OfGroup(_), .. })
    }

    /// Whether it is evaluated for groups of shares, such as industries.
    pub fn is_of_groups(&self) -> bool {
        /// Measures of the market that are also reported for industries and themes.
        const OF_GROUPS: [&str; 9] = [
            "advances",
            "declines",
            "unchanged",
            "equal_weight_return",
            "cap_weight_return",
            "turnover",
            "limit_up_count",
            "limit_down_count",
            "new_high_250",
        ];
        match self.kind {
            Kind::Rotation { rotation, .. } => rotation.is_of_groups(),
            _ => self.is_of_groups_only() || OF_GROUPS.contains(&self.id),
        }
    }

    /// Whether a figure of one security rests on its previous close.
    pub(crate) fn of_prev_close(&self) -> bool {
        self.needs.has(Needs::LIMITS) || self.unit == Unit::Ppb
    }

    /// The declaration in the form that facts carry.
    pub fn text(&self) -> MeasureText {
        MeasureText {
            label_zh: self.label.zh.to_owned(),
            label_en: self.label.en.to_owned(),
            definition_zh: self.definition.zh.to_owned(),
            definition_en: self.definition.en.to_owned(),
            population_zh: self.population().zh.to_owned(),
            population_en: self.population().en.to_owned(),
            unit: self.unit,
            version: self.version,
        }
    }
}
