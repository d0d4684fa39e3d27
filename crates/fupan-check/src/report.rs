//! What an article claims, and whether facts support it.

mod claim;
mod decimal;
mod json;
mod kind;

use fupan_fact::AsOf;
use fupan_market::{SessionDate, Wording};

pub use self::claim::{Claim, ClaimUnit, ClaimValue, Comparator, Verdict};
pub use self::decimal::{Decimal, DecimalError};
pub use self::kind::ClaimKind;

/// The report of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The file's name, as it was given.
    pub file: String,
    /// The session that the article is about, if it was found or given.
    pub session: Option<SessionDate>,
    /// The instant of the session at which claims were judged.
    pub instant: AsOf,
    /// The claims, by where they start in the file; of those that start together the longest first.
    pub claims: Vec<Claim>,
    /// What holds for all of them.
    pub summary: Summary,
}

/// What holds for all claims of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How the session was found.
    pub session_found: Wording,
    /// What would make the rest checkable, one sentence each.
    pub would_help: Vec<Wording>,
    /// What a reader of the file does not see, or sees wrongly.
    pub remarks: Vec<Wording>,
}

/// How many claims there are by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerdictCounts {
    /// Claims that facts support.
    pub supported: usize,
    /// Claims that facts contradict.
    pub contradicted: usize,
    /// Claims that cannot be judged.
    pub not_checkable: usize,
}

impl VerdictCounts {
    /// Claims of every verdict.
    pub fn all(self) -> usize {
        self.supported + self.contradicted + self.not_checkable
    }

    /// Claims of one verdict.
    pub fn of(self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Supported => self.supported,
            Verdict::Contradicted => self.contradicted,
            Verdict::NotCheckable => self.not_checkable,
        }
    }
}

impl Report {
    /// How many claims there are by verdict.
    pub fn counts(&self) -> VerdictCounts {
        let mut counts = VerdictCounts::default();
        for claim in &self.claims {
            match claim.verdict {
                Verdict::Supported => counts.supported += 1,
                Verdict::Contradicted => counts.contradicted += 1,
                Verdict::NotCheckable => counts.not_checkable += 1,
            }
        }
        counts
    }

    /// Puts the claims in the order of the file.
    pub fn sort(&mut self) {
        self.claims.sort_by_key(|claim| (claim.start, std::cmp::Reverse(claim.end), claim.kind));
    }
}
