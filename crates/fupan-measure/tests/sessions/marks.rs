//! Which marks a day has, each by itself: a count alone does not show that two changed places.

use fupan_market::{
    LimitBasis, PastComparison, PrevCloseBasis, PriceLimit, RiskWarning, SecurityDay, Shares,
    TurnoverBasis, Unknown, Unlimited,
};
use fupan_measure::{Cell, Mark};

use crate::market::{bar_day, session, session_number};

fn day(prices: Option<[i64; 4]>) -> SecurityDay {
    let mut day = bar_day("600000.SH", "平安", Some(1_000), prices);
    day.carried.streak = Some(0);
    day.shares = Some(Shares { total: 20, float: 10, on: session() });
    day
}

/// The marks that a day has, of some.
fn marks(day: &SecurityDay, of: &[Mark]) -> Vec<Mark> {
    let cell = Cell::of(day);
    of.iter().copied().filter(|mark| cell.marks.has(*mark)).collect()
}

#[test]
fn each_shape_at_a_limit_has_its_own_marks() {
    use Mark::{
        BrokenUp, CeilingToFloor, FloorToCeiling, OnePriceDown, OnePriceUp, ReopenedDown,
        SealedDown, SealedUp, TShaped, TouchedUp,
    };
    let shapes = [
        SealedUp,
        BrokenUp,
        TouchedUp,
        SealedDown,
        ReopenedDown,
        OnePriceUp,
        OnePriceDown,
        TShaped,
        FloorToCeiling,
        CeilingToFloor,
    ];
    for (prices, expected) in [
        ([1_100, 1_100, 1_100, 1_100], &[SealedUp, TouchedUp, OnePriceUp][..]),
        ([1_100, 1_100, 1_099, 1_100], &[SealedUp, TouchedUp, TShaped]),
        ([1_099, 1_100, 1_099, 1_100], &[SealedUp, TouchedUp]),
        ([1_000, 1_100, 900, 1_100], &[SealedUp, TouchedUp, ReopenedDown, FloorToCeiling]),
        ([1_100, 1_100, 900, 1_100], &[SealedUp, TouchedUp, ReopenedDown, TShaped, FloorToCeiling]),
        ([1_000, 1_100, 901, 1_099], &[BrokenUp, TouchedUp]),
        ([1_100, 1_100, 900, 901], &[BrokenUp, TouchedUp, ReopenedDown]),
        ([1_100, 1_100, 900, 900], &[BrokenUp, TouchedUp, SealedDown, CeilingToFloor]),
        ([900, 900, 900, 900], &[SealedDown, OnePriceDown]),
        ([901, 901, 900, 900], &[SealedDown]),
        ([900, 901, 900, 900], &[SealedDown]),
        ([900, 901, 900, 901], &[ReopenedDown]),
        ([1_000, 1_099, 901, 1_000], &[]),
    ] {
        assert_eq!(marks(&day(Some(prices)), &shapes), expected, "{prices:?}");
    }
}

#[test]
fn a_limit_is_known_or_not_and_so_is_a_streak() {
    use Mark::{
        LimitKnown, LimitUnknown, Limited, StreakKnown, StreakUnknown, Traded, Unlimited as Free,
    };
    let all = [Traded, LimitKnown, Limited, Free, LimitUnknown, StreakKnown, StreakUnknown];
    let sealed = [1_000, 1_100, 1_000, 1_100];
    let of = |prices: Option<[i64; 4]>, streak: Option<u16>, limit: Option<PriceLimit>| {
        let mut day = day(prices);
        (day.carried.streak, day.carried.streak_at_least) = (streak, 3);
        day.limit = limit.unwrap_or(day.limit);
        let Cell { streak, streak_at_least, .. } = Cell::of(&day);
        (marks(&day, &all), streak, streak_at_least)
    };
    let limited = |streak| vec![Traded, LimitKnown, Limited, streak];
    assert_eq!(of(Some(sealed), Some(2), None), (limited(StreakKnown), 3, 0));
    assert_eq!(of(Some(sealed), None, None), (limited(StreakUnknown), 0, 4));
    assert_eq!(of(Some([1_000; 4]), None, None), (limited(StreakKnown), 0, 0));
    let free = Some(PriceLimit::Unlimited(Unlimited::NewListing));
    assert_eq!(of(Some(sealed), None, free), (vec![Traded, LimitKnown, Free], 0, 0));
    let unknown = Some(PriceLimit::Unknown(Unknown::NoStatus));
    assert_eq!(of(Some(sealed), None, unknown), (vec![Traded, LimitUnknown, StreakUnknown], 0, 0));
    assert_eq!(of(None, None, None), (vec![], 0, 0));
}

/// What rests on the nearest name is marked where the thing itself is.
#[test]
fn what_rests_on_a_name_is_marked_with_what_it_is() {
    use Mark::{
        CohortByName, FollowByName, LimitedByName, PricedByName, PromotionByName, StreakByName,
        TouchedByName, TradedByName,
    };
    let all = [
        TradedByName,
        PricedByName,
        LimitedByName,
        TouchedByName,
        StreakByName,
        CohortByName,
        PromotionByName,
        FollowByName,
    ];
    let named = |prices: Option<[i64; 4]>, change: fn(&mut SecurityDay)| {
        let mut day = day(prices);
        day.limit_basis = LimitBasis::NearestName;
        change(&mut day);
        marks(&day, &all)
    };
    let (flat, sealed) = (Some([1_000; 4]), Some([1_000, 1_100, 1_000, 1_100]));
    let calm = [TradedByName, PricedByName, LimitedByName, StreakByName];
    assert_eq!(named(flat, |_| ()), calm);
    assert_eq!(named(flat, |day| day.limit_basis = LimitBasis::Rules), []);
    let touched = [TradedByName, PricedByName, LimitedByName, TouchedByName, StreakByName];
    assert_eq!(named(sealed, |_| ()), touched);
    assert_eq!(named(Some([1_000, 1_100, 1_000, 1_000]), |_| ()), touched);
    let open =
        |day: &mut SecurityDay| (day.carried.streak, day.carried.streak_at_least) = (None, 1);
    let whole = |without: Mark| all.into_iter().filter(|mark| *mark != without).collect::<Vec<_>>();
    assert_eq!(named(sealed, open), whole(StreakByName));
    assert_eq!(named(sealed, |day| day.carried.streak = Some(1)), all);
    let unpriced = |day: &mut SecurityDay| (day.carried.streak, day.prev_close) = (Some(1), None);
    let left = whole(PricedByName).into_iter().filter(|mark| *mark != FollowByName);
    assert_eq!(named(sealed, unpriced), left.collect::<Vec<_>>());
    assert_eq!(named(None, |day| day.carried.streak = Some(1)), [CohortByName]);
    let unknown = |day: &mut SecurityDay| {
        day.carried.streak = Some(1);
        day.limit = PriceLimit::Unknown(Unknown::NoStatus);
    };
    assert_eq!(named(flat, unknown), [TradedByName, PricedByName, CohortByName, FollowByName]);
}

#[test]
fn the_cohort_is_those_sealed_in_the_session_before() {
    use Mark::{
        Cohort, CohortSuspended, CohortUnknown, FollowKnown, FollowUnknown, FollowUp,
        PromotionKnown, PromotionUnknown, Resumed,
    };
    let all = [
        Cohort,
        CohortUnknown,
        CohortSuspended,
        Resumed,
        PromotionKnown,
        PromotionUnknown,
        FollowKnown,
        FollowUp,
        FollowUnknown,
    ];
    let of = |last: Option<i64>, change: fn(&mut SecurityDay)| {
        let mut day = day(last.map(|last| [1_000, last.max(1_000), last.min(1_000), last]));
        (day.carried.streak, day.carried.streak_at_least) = (Some(2), 2);
        change(&mut day);
        let Cell { prior_streak, prior_at_least, .. } = Cell::of(&day);
        (marks(&day, &all), prior_streak, prior_at_least)
    };
    let known = |up: &[Mark]| [&[Cohort, PromotionKnown, FollowKnown], up].concat();
    assert_eq!(of(Some(1_001), |_| ()), (known(&[FollowUp]), 2, 0));
    assert_eq!(of(Some(1_000), |_| ()), (known(&[]), 2, 0));
    assert_eq!(of(None, |_| ()), (vec![Cohort, CohortSuspended], 2, 0));
    let open = |day: &mut SecurityDay| day.carried.streak = None;
    assert_eq!(of(Some(1_000), open), (known(&[]), 0, 2));
    let none: (Vec<Mark>, u16, u16) = (vec![], 0, 0);
    assert_eq!(of(Some(1_000), |day| day.carried.streak = Some(0)), none);
    let gap = |day: &mut SecurityDay| day.carried.gap_sessions = 1;
    assert_eq!(of(Some(1_000), gap), none);
    // Sealed again after a suspension: the streak goes on, outside the cohort.
    assert_eq!(of(Some(1_100), gap), (vec![Resumed], 0, 0));
    assert_eq!(of(Some(1_099), gap), none);
    assert_eq!(of(None, gap), none);
    let not_before = |day: &mut SecurityDay| {
        day.carried.gap_sessions = 1;
        (day.carried.streak, day.carried.streak_at_least) = (Some(0), 0);
    };
    assert_eq!(of(Some(1_100), not_before), none);
    let nothing_known =
        |day: &mut SecurityDay| (day.carried.streak, day.carried.streak_at_least) = (None, 0);
    let unknown = (vec![CohortUnknown, PromotionUnknown, FollowUnknown], 0, 0);
    assert_eq!(of(Some(1_000), nothing_known), unknown);
    assert_eq!(of(None, nothing_known), (vec![CohortUnknown], 0, 0));
    // Across a missing session nobody knows, whatever was before that.
    let missing = |day: &mut SecurityDay| {
        day.carried.missing = Some(day.session_number - 1);
        day.carried.gap_sessions = 1;
    };
    assert_eq!(of(Some(1_000), missing), unknown);
    let unjudged = |day: &mut SecurityDay| day.limit = PriceLimit::Unknown(Unknown::NoStatus);
    let expected = vec![Cohort, PromotionUnknown, FollowKnown];
    assert_eq!(of(Some(1_000), unjudged), (expected, 2, 0));
    let unpriced = |day: &mut SecurityDay| day.prev_close = None;
    assert_eq!(of(Some(1_000), unpriced), (vec![Cohort, PromotionKnown, FollowUnknown], 2, 0));
}

#[test]
fn sizes_are_known_of_the_calmer_part_of_the_market() {
    use Mark::{CapKnown, CapUnknown, SizeKnown, SizeUnknown};
    let all = [CapKnown, CapUnknown, SizeKnown, SizeUnknown];
    let of = |change: fn(&mut SecurityDay)| {
        let mut day = day(Some([1_000; 4]));
        change(&mut day);
        let Cell { float_cap, total_cap, .. } = Cell::of(&day);
        (marks(&day, &all), float_cap, total_cap)
    };
    assert_eq!(of(|_| ()), (vec![CapKnown, SizeKnown], 1_000_000, 2_000_000));
    let unknown = vec![CapUnknown, SizeUnknown];
    assert_eq!(of(|day| day.shares = None), (unknown.clone(), 0, 0));
    assert_eq!(of(|day| day.prev_close = None), (unknown, 0, 0));
    assert_eq!(of(|day| day.traded = None), (vec![], 0, 0));
    let apart = (vec![CapKnown], 1_000_000, 0);
    assert_eq!(of(|day| day.status.risk_warning = RiskWarning::Yes), apart);
    assert_eq!(of(|day| day.status.delisting_since = Some(session())), apart);
    assert_eq!(of(|day| day.limit = PriceLimit::Unlimited(Unlimited::NewListing)), apart);
    // Whether a share without a name is calm is not known.
    let nameless = |day: &mut SecurityDay| {
        day.status.risk_warning = RiskWarning::Unknown;
        day.status.nearest_risk_warning = RiskWarning::Unknown;
    };
    assert_eq!(of(nameless), (vec![CapKnown, SizeUnknown], 1_000_000, 0));
}

/// What a past lacks or has at second hand, as far back as anything looks.
#[test]
fn a_past_is_marked_by_what_it_lacks() {
    use Mark::{EverDerived, Gap, LastDerived, PastDerived, SessionBeforeMissing};
    let all = [Gap, SessionBeforeMissing, PastDerived, EverDerived, LastDerived];
    let of = |prices: Option<[i64; 4]>, change: &dyn Fn(&mut SecurityDay, u32)| {
        let mut day = day(prices);
        change(&mut day, session_number());
        marks(&day, &all)
    };
    let flat = Some([1_000; 4]);
    for (back, expected) in
        [(1, &[Gap, SessionBeforeMissing][..]), (2, &[Gap]), (250, &[Gap]), (251, &[])]
    {
        let missing = |day: &mut SecurityDay, now: u32| day.carried.missing = Some(now - back);
        assert_eq!(of(flat, &missing), expected, "{back}");
        assert_eq!(of(None, &missing), [], "{back}");
    }
    for (back, gap, expected) in [
        (1, 0, &[PastDerived, LastDerived][..]),
        (2, 0, &[PastDerived]),
        (2, 1, &[PastDerived, LastDerived]),
        (3, 1, &[PastDerived]),
        (250, 0, &[PastDerived]),
        (251, 0, &[]),
        (251, 250, &[LastDerived]),
    ] {
        let derived = |day: &mut SecurityDay, now: u32| {
            (day.carried.derived, day.carried.gap_sessions) = (Some(now - back), gap);
        };
        assert_eq!(of(flat, &derived), expected, "{back} {gap}");
        assert_eq!(of(None, &derived), [], "{back} {gap}");
        // Where the whole past is known, it rests on what was derived at any time.
        let known = |day: &mut SecurityDay, now: u32| {
            derived(day, now);
            stand(day, [[Some(false); 2]; 3], [[Some(false); 2]; 3], [None; 3]);
        };
        assert!(of(flat, &known).contains(&EverDerived), "{back} {gap}");
    }
}

fn stand(
    day: &mut SecurityDay,
    closing: [[Option<bool>; 2]; 3],
    intraday: [[Option<bool>; 2]; 3],
    above: [Option<bool>; 3],
) {
    day.carried.stood = Some(PastComparison { beyond: [closing, intraday], above });
}

/// Each comparison with the past has its own mark.
#[test]
fn each_comparison_with_the_past_has_its_own_mark() {
    use Mark::{
        Above20, Above50, Above200, Average20Known, Average20Unknown, Average50Known,
        Average50Unknown, Average200Known, Average200Unknown, EverKnown, EverUnknown,
        IntradayHigh52w, IntradayHigh250, IntradayHighEver, IntradayLow52w, IntradayLow250,
        IntradayLowEver, NewHigh52w, NewHigh250, NewHighEver, NewLow52w, NewLow250, NewLowEver,
        WindowKnown, WindowUnknown, YearKnown, YearUnknown,
    };
    let known = [[WindowKnown, WindowUnknown], [YearKnown, YearUnknown], [EverKnown, EverUnknown]];
    let closing = [[NewHigh250, NewLow250], [NewHigh52w, NewLow52w], [NewHighEver, NewLowEver]];
    let intraday = [
        [IntradayHigh250, IntradayLow250],
        [IntradayHigh52w, IntradayLow52w],
        [IntradayHighEver, IntradayLowEver],
    ];
    let averages = [
        [Average20Known, Average20Unknown, Above20],
        [Average50Known, Average50Unknown, Above50],
        [Average200Known, Average200Unknown, Above200],
    ];
    let all = [&known.concat()[..], &closing.concat(), &intraday.concat(), &averages.concat()];
    let all = all.concat();
    let of = |closing, intraday, above| {
        let mut day = day(Some([1_000; 4]));
        stand(&mut day, closing, intraday, above);
        marks(&day, &all)
    };
    let (no, none) = ([[Some(false); 2]; 3], [[None; 2]; 3]);
    let unknown = [known.map(|[_, unknown]| unknown), averages.map(|[_, unknown, _]| unknown)];
    assert_eq!(of(none, none, [None; 3]), unknown.concat());
    let plain = [known.map(|[known, _]| known), averages.map(|[known, ..]| known)].concat();
    assert_eq!(of(no, no, [Some(false); 3]), plain);
    let with = |mark: Mark| {
        let has = |one: &Mark| *one == mark || plain.contains(one);
        all.iter().copied().filter(has).collect::<Vec<_>>()
    };
    for lookback in 0..3 {
        for side in 0..2 {
            let mut one = no;
            one[lookback][side] = Some(true);
            assert_eq!(of(one, no, [Some(false); 3]), with(closing[lookback][side]));
            assert_eq!(of(no, one, [Some(false); 3]), with(intraday[lookback][side]));
        }
        let mut above = [Some(false); 3];
        above[lookback] = Some(true);
        assert_eq!(of(no, no, above), with(averages[lookback][2]));
    }
}

/// Rows, prices and turnover.
#[test]
fn a_day_is_marked_by_its_row() {
    use Mark::{
        Absent, Down, Estimated, Flat, Listed, Moved, PrevDerived, Priced, Suspended, Traded,
        Unpriced, Up,
    };
    let all = [
        Listed,
        Traded,
        Suspended,
        Absent,
        PrevDerived,
        Estimated,
        Priced,
        Unpriced,
        Up,
        Down,
        Flat,
        Moved,
    ];
    let of = |last: Option<i64>, change: fn(&mut SecurityDay)| {
        let mut day = day(last.map(|last| [1_000, last.max(1_000), last.min(1_000), last]));
        change(&mut day);
        marks(&day, &all)
    };
    assert_eq!(of(Some(1_001), |_| ()), [Listed, Traded, Priced, Up, Moved]);
    assert_eq!(of(Some(999), |_| ()), [Listed, Traded, Priced, Down, Moved]);
    assert_eq!(of(Some(1_000), |_| ()), [Listed, Traded, Priced, Flat]);
    assert_eq!(of(Some(1_000), |day| day.prev_close = None), [Listed, Traded, Unpriced]);
    let derived: fn(&mut SecurityDay) = |day| day.prev_close_basis = PrevCloseBasis::Derived;
    assert_eq!(of(Some(1_000), derived), [Listed, Traded, PrevDerived, Priced, Flat]);
    assert_eq!(of(None, derived), [Listed, Suspended]);
    let estimated = |day: &mut SecurityDay| {
        day.traded.as_mut().unwrap().turnover.basis = TurnoverBasis::Estimated;
    };
    assert_eq!(of(Some(1_000), estimated), [Listed, Traded, Estimated, Priced, Flat]);
    assert_eq!(of(None, |day| day.has_row = false), [Listed, Suspended, Absent]);
    let longer = |day: &mut SecurityDay| (day.has_row, day.carried.gap_sessions) = (false, 1);
    assert_eq!(of(None, longer), [Listed, Suspended]);
}

/// A return at the bound of two classes is in the one nearer to zero.
#[test]
fn each_return_is_in_one_class() {
    use Mark::{
        BinDown0To1, BinDown1To3, BinDown3To5, BinDown5To7, BinDownLimit, BinDownOver7, BinFlat,
        BinUp0To1, BinUp1To3, BinUp3To5, BinUp5To7, BinUpLimit, BinUpOver7,
    };
    let all = [
        BinDownLimit,
        BinDownOver7,
        BinDown5To7,
        BinDown3To5,
        BinDown1To3,
        BinDown0To1,
        BinFlat,
        BinUp0To1,
        BinUp1To3,
        BinUp3To5,
        BinUp5To7,
        BinUpOver7,
        BinUpLimit,
    ];
    for (closes, class) in [
        ([900, 900], BinDownLimit),
        ([901, 929], BinDownOver7),
        ([930, 949], BinDown5To7),
        ([950, 969], BinDown3To5),
        ([970, 989], BinDown1To3),
        ([990, 999], BinDown0To1),
        ([1_000, 1_000], BinFlat),
        ([1_001, 1_010], BinUp0To1),
        ([1_011, 1_030], BinUp1To3),
        ([1_031, 1_050], BinUp3To5),
        ([1_051, 1_070], BinUp5To7),
        ([1_071, 1_099], BinUpOver7),
        ([1_100, 1_100], BinUpLimit),
    ] {
        for last in closes {
            let day = day(Some([1_000, last.max(1_000), last.min(1_000), last]));
            assert_eq!(marks(&day, &all), [class], "{last}");
        }
    }
    assert_eq!(marks(&day(None), &all), []);
}
