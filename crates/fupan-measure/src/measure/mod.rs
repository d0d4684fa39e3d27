//! The declaration of a measure.

pub(crate) mod comparison;
pub(crate) mod statistic;

use fupan_fact::{Coverage, MeasureText, Unit};

use crate::measure::statistic::Statistic;
use crate::session::held::are_many;
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

/// The data a measure rests on. It decides which inputs and findings its facts carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Prices of the session.
    Prices,
    /// Turnover, which may be estimated.
    Turnover,
    /// Price limits, which rest on the securities' status.
    Limits,
    /// Share capital.
    Shares,
    /// Index levels.
    Indices,
    /// Index levels and prices.
    IndicesAndPrices,
    /// Index levels, prices and share capital.
    IndicesAndShares,
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
    /// What it is counted or divided over. For a measure of an index or of one security, only the
    /// text is used.
    pub population: Population,
    /// The unit of its values.
    pub unit: Unit,
    /// The version of its meaning. The meaning changes only together with the version.
    pub version: u32,
    /// The scopes it is evaluated for.
    pub scopes: Scopes,
    /// The data it rests on.
    pub needs: Needs,
    /// Whether its members are listed.
    pub members: Members,
    /// How it is computed.
    pub shape: Statistic,
    /// The same figure in SQL over the stored tables; see [`crate::sql`].
    pub sql: Sql,
}

/// A measure's SQL twin: expressions over each session's rows. `:parameter` is a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sql {
    /// An aggregate over the rows of `security_day` of a session and scope.
    Aggregate(&'static str),
    /// A part and a whole, both such aggregates.
    Share(&'static str, &'static str),
    /// An aggregate over the same rows after sorting: those of `ranked_day`.
    Ranked(&'static str),
    /// A part and a whole, both such aggregates.
    RankedShare(&'static str, &'static str),
    /// A column of `security_day`: a figure of one security.
    Security(&'static str),
    /// A column of `turnover_series`: a figure of a session and scope.
    Turnover(&'static str),
    /// A column of `index_session`: a figure of one index.
    Index(&'static str),
    /// A column of `contribution_day`: a figure of one security's part in an index.
    Contribution(&'static str),
    /// An aggregate over the rows of `across_day` of a session.
    Across(&'static str),
    /// A part and a whole, both such aggregates.
    AcrossShare(&'static str, &'static str),
    /// A column of `seal_day`: a figure of one security at an instant.
    Seal(&'static str),
    /// A column of `quoted_day`: a figure of an instant.
    Quoted(&'static str),
    /// A part and a whole, both such columns.
    QuotedShare(&'static str, &'static str),
}

impl Sql {
    /// Whether the expressions contain the placeholder for a parameter.
    pub fn has_parameter(&self) -> bool {
        let of = |sql: &str| sql.contains(":parameter");
        match self {
            Sql::Share(part, whole)
            | Sql::RankedShare(part, whole)
            | Sql::AcrossShare(part, whole)
            | Sql::QuotedShare(part, whole) => of(part) || of(whole),
            Sql::Aggregate(sql)
            | Sql::Ranked(sql)
            | Sql::Security(sql)
            | Sql::Turnover(sql)
            | Sql::Index(sql)
            | Sql::Contribution(sql)
            | Sql::Across(sql)
            | Sql::Seal(sql)
            | Sql::Quoted(sql) => of(sql),
        }
    }
}

impl Measure {
    /// The identifier without its parameter.
    pub fn name(&self) -> &'static str {
        self.id.split_once(':').map_or(self.id, |(name, _)| name)
    }

    /// Whether its figures are read from securities' days instead of totals.
    pub fn is_of_days(&self) -> bool {
        matches!(self.shape, Statistic::Each(_) | Statistic::Contribution(_))
    }

    /// The scopes it is evaluated for, as text for documentation.
    pub fn described_scopes(&self) -> String {
        let scopes = self.scopes.describe();
        match self.is_of_groups() && self.scopes != Scopes::Groups {
            true => format!("{scopes}, {}", Scopes::Groups.describe()),
            false => scopes.to_owned(),
        }
    }

    /// Whether it is evaluated for groups of shares, such as industries.
    pub fn is_of_groups(&self) -> bool {
        /// Measures of the market that are also reported for industries.
        const OF_GROUPS: [&str; 8] = [
            "advances",
            "declines",
            "unchanged",
            "equal_weight_return",
            "cap_weight_return",
            "turnover",
            "limit_up_count",
            "new_high_250",
        ];
        self.scopes == Scopes::Groups || OF_GROUPS.contains(&self.id)
    }

    /// Whether a figure of one security rests on its previous close.
    pub(crate) fn of_prev_close(&self) -> bool {
        self.needs == Needs::Limits || self.unit == Unit::Ppb
    }

    /// The declaration in the form that facts carry.
    pub fn text(&self) -> MeasureText {
        MeasureText {
            label_zh: self.label.zh.to_owned(),
            label_en: self.label.en.to_owned(),
            definition_zh: self.definition.zh.to_owned(),
            definition_en: self.definition.en.to_owned(),
            population_zh: self.population.text.zh.to_owned(),
            population_en: self.population.text.en.to_owned(),
            unit: self.unit,
            version: self.version,
        }
    }
}
