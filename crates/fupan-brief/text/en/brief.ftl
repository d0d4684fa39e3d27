# The body of the brief. Templates hold no digit: numbers come from facts. ␣ is a space to keep.

# Before the first estimate of a sentence, and after a heading that has one.
estimate = about␣
caption-estimated = , estimated
column-estimated = , est.

kicker = China A-shares, session review
dateline-close = { $date }, at the close
dateline-instant = { $date }, at { $time } Shanghai time
footer = fupan { $version } · computed from exchange data; every figure can be traced
disclaimer = This page states market data. It is not investment advice.

after-sentence = ␣
between-moves = ,␣
before-last-move = ␣and␣
between-levels = ;␣
before-last-level = ;␣
between-names = ,␣
before-last-name = ␣and␣
and-others = , among others

article-index = the␣
headline-move = { $degree ->
    [up_slight] edges up { $move }
    [up] rises { $move }
    [up_strong] climbs { $move }
    [up_great] jumps { $move }
    [down_slight] edges down { $move }
    [down] falls { $move }
    [down_strong] slides { $move }
    [down_great] tumbles { $move }
   *[flat] ends flat
}
portion = { $portion ->
    [over_nine_in_ten] more than nine in ten
    [nine_in_ten] nine in ten
    [over_four_in_five] more than four in five
    [four_in_five] four in five
    [over_three_in_four] more than three in four
    [three_in_four] three in four
    [over_two_in_three] more than two in three
    [two_in_three] two in three
    [over_three_in_five] more than three in five
    [three_in_five] three in five
    [over_half] more than half of
   *[half] about half of
}
headline-together = { "" }
headline-divergence-up = { $place ->
    [named] { "" }
   *[unnamed] China’s␣
}{ $index } { $moved }, but { $told ->
    [portion] { $portion } A‑shares fall
   *[none] the typical A‑share falls
}
headline-divergence-down = { $place ->
    [named] { "" }
   *[unnamed] China’s␣
}{ $index } { $moved }, but { $told ->
    [portion] { $portion } A‑shares rise
   *[none] the typical A‑share rises
}
headline-broad-advance = { $place ->
    [named] { "" }
   *[unnamed] China’s␣
}{ $index } { $moved } as { $told ->
    [portion] { $portion } A‑shares rise
   *[none] A‑shares rise broadly
}
headline-broad-decline = { $place ->
    [named] { "" }
   *[unnamed] China’s␣
}{ $index } { $moved } as { $told ->
    [portion] { $portion } A‑shares fall
   *[none] A‑shares fall broadly
}
headline-leaning-up = { $place ->
    [named] { "" }
   *[unnamed] China’s␣
}{ $index } { $moved } and { $told ->
    [portion] { $portion } A‑shares rise
   *[none] more A‑shares rise than fall
}
headline-leaning-down = { $place ->
    [named] { "" }
   *[unnamed] China’s␣
}{ $index } { $moved } and { $told ->
    [portion] { $portion } A‑shares fall
   *[none] more A‑shares fall than rise
}
headline-mixed = { $place ->
    [named] { "" }
   *[unnamed] China’s␣
}{ $index } { $moved } as { $advances } { $advances_n ->
    [one] A‑share rises
   *[other] A‑shares rise
} and { $declines } fall
headline-index-only = { $place ->
    [named] { "" }
   *[unnamed] China’s␣
}{ $index } { $moved }
headline-breadth-only = { $advances } { $advances_n ->
    [one] A‑share rises
   *[other] A‑shares rise
}, { $declines } fall
headline-nothing = Not enough data: there is no market move to report

deck-indices = { $moves }.
deck-turnover = Turnover in Shanghai and Shenzhen came to { $turnover }, { $change_sign ->
    [up] { $change } more than
    [down] { $change } less than
   *[flat] unchanged from
} the previous session.
deck-turnover-alone = Turnover in Shanghai and Shenzhen came to { $turnover }.

takeaway-indices-apart = The main indices moved apart: { $moves }.
takeaway-indices-together = The main indices moved closely together: { $moves }.
takeaway-broad-advance = The advance was broad: { $advances } { $advances_n ->
    [one] A-share
   *[other] A-shares
} rose and { $declines } fell, an advance share of { $share }; the median stock returned { $median }.
takeaway-broad-decline = The decline was broad: { $declines } { $declines_n ->
    [one] A-share
   *[other] A-shares
} fell and { $advances } rose, an advance share of { $share }; the median stock returned { $median }.
takeaway-narrow = Decliners led: { $declines } { $declines_n ->
    [one] A-share
   *[other] A-shares
} fell and { $advances } rose, an advance share of { $share }; the median stock returned { $median }.
takeaway-wide = Advancers led: { $advances } { $advances_n ->
    [one] A-share
   *[other] A-shares
} rose and { $declines } fell, an advance share of { $share }; the median stock returned { $median }.
takeaway-mixed = Breadth was mixed: { $advances } { $advances_n ->
    [one] A-share
   *[other] A-shares
} rose and { $declines } fell, an advance share of { $share }; the median stock returned { $median }.
word-sessions = It has been so for { $sessions } sessions in a row.
word-last-held = It was last so { $sessions } sessions ago.
takeaway-industries-apart = Industries moved far apart: { $best } led at { $first } and { $worst } was last at { $last }.
takeaway-turnover-highest = Turnover in Shanghai and Shenzhen reached { $turnover }, the highest in { $window } { $window_n ->
    [one] session
   *[other] sessions
} and { $change }, or { $rate }, more than in the previous one.
takeaway-turnover-expanding = Turnover rose to { $turnover } in Shanghai and Shenzhen, { $change }, or { $rate }, more than in the previous session.
takeaway-turnover-shrinking = Turnover fell to { $turnover } in Shanghai and Shenzhen, { $change }, or { $rate }, less than in the previous session.
takeaway-turnover-steady = Turnover was steady: { $turnover } changed hands in Shanghai and Shenzhen, { $change_sign ->
    [up] { $change }, or { $rate }, more than in the previous session
    [down] { $change }, or { $rate }, less than in the previous session
   *[flat] the same as in the previous session
}.
takeaway-limit-downs-lead = Limit-downs outnumbered limit-ups, { $downs } to { $ups }; { $broken } limit-ups broke, a seal rate of { $seal }.
takeaway-limit-board-hot = Limit-ups were many and held: { $ups } sealed, { $broken } broke, a seal rate of { $seal }; { $downs } { $downs_n ->
    [one] stock
   *[other] stocks
} ended limit-down.
takeaway-seals-weak = Seals were weak: { $ups } limit-ups held and { $broken } broke, a seal rate of { $seal }; { $downs } { $downs_n ->
    [one] stock
   *[other] stocks
} ended limit-down.
takeaway-limit-ups-lead = Limit-ups led: { $ups } sealed and { $downs } ended limit-down; { $broken } limit-ups broke, a seal rate of { $seal }.
takeaway-long-streak = The longest run is { $streak } consecutive { $streak_n ->
    [one] limit-up
   *[other] limit-ups
}: { $names }.
takeaway-highs-lead = New highs outnumbered new lows: { $highs } { $highs_n ->
    [one] stock set a one-year closing high
   *[other] stocks set one-year closing highs
} and { $lows } set { $lows_n ->
    [one] a low
   *[other] lows
}.
takeaway-lows-lead = New lows outnumbered new highs: { $lows } { $lows_n ->
    [one] stock set a one-year closing low
   *[other] stocks set one-year closing lows
} and { $highs } set { $highs_n ->
    [one] a high
   *[other] highs
}.
takeaway-micro-caps-lag = Micro-caps lagged, returning { $micro } on average against { $cap } weighted by tradable value.
takeaway-micro-caps-lead = Micro-caps led, returning { $micro } on average against { $cap } weighted by tradable value.
takeaway-turnover-concentrated = Trading was concentrated: the most traded five per cent of stocks took { $share } of turnover.
takeaway-prior-limit-ups-gain = The previous session’s limit-ups returned { $mean } on average; { $positive } of them rose.
takeaway-prior-limit-ups-lose = The previous session’s limit-ups returned { $mean } on average; { $positive } of them rose.

heading-indices = Indices
heading-breadth = Breadth
heading-industries = Industries
heading-turnover = Turnover
heading-limit-board = Limit-ups and limit-downs
heading-size-and-highs = Size, highs and lows
heading-past = In context

index-move = { $index } { $degree ->
    [up_slight] edged up { $move }
    [up] rose { $move }
    [up_strong] climbed { $move }
    [up_great] jumped { $move }
    [down_slight] edged down { $move }
    [down] fell { $move }
    [down_strong] slid { $move }
    [down_great] tumbled { $move }
   *[flat] was flat
}
index-at = { $degree ->
    [flat] ␣at { $level }
   *[moved] ␣to { $level }
}
index-run = , its { $streak } straight { $streak_sign ->
    [down] loss
   *[up] gain
}
index-streak = { $index } has { $streak_sign ->
    [down] fallen
   *[up] risen
} for { $streak } { $streak_n ->
    [one] session
   *[other] sessions
} in a row.
highest-closes = Closing highs: { $highs }.
index-high = { $index }, the highest since { $date } ({ $since } { $since_n ->
    [one] session
   *[other] sessions
})
index-record = { $index }, the highest of all { $sessions } { $sessions_n ->
    [one] session
   *[other] sessions
} on record
contributions = The members of { $index } account for { $explained } of its { $points } points (weights by tradable shares; the exchange weights by issued shares).
other-indices = Among other indices, { $moves }.

breadth-counts = Of { $traded } { $traded_n ->
    [one] A-share
   *[other] A-shares
} that traded, { $advances } rose, { $declines } fell and { $unchanged } ended unchanged.
breadth-share = Advancers made up { $share } of all that moved.
breadth-suspended = A further { $suspended } did not trade.
breadth-unjudged = Another { $unjudged } had no previous close on record and { $unjudged_n ->
    [one] is
   *[other] are
} not counted as moved.
returns-median = The median stock returned { $median }.
returns-weights = The equal-weighted mean was { $equal }, the mean weighted by tradable value { $cap }.
returns-gap = { $index } { $gap_sign ->
    [up] beat the median stock by { $gap }
    [down] trailed the median stock by { $gap }
   *[flat] matched the median stock
}.
returns-tails = The weakest tenth of stocks returned { $low } or less, the strongest tenth { $high } or more.
returns-dispersion = The standard deviation across stocks was { $dispersion }.

industries-weighted = Weighted by tradable value, the leaders were { $best }; the laggards were { $worst }.
industries-equal = With stocks weighted equally, the leaders were { $best }; the laggards were { $worst }.
industry-move = { $industry } ({ $move })
turnover-change = Turnover in Shanghai and Shenzhen came to { $turnover }, { $change_sign ->
    [up] { $change }, or { $rate }, more than in the previous session
    [down] { $change }, or { $rate }, less than in the previous session
   *[flat] the same as in the previous session
}.
turnover-alone = Turnover in Shanghai and Shenzhen came to { $turnover }.
turnover-averages = That is { $short_sign ->
    [up] { $short } above
    [down] { $short } below
   *[flat] level with
} the mean of the five sessions before and { $long_sign ->
    [up] { $long } above
    [down] { $long } below
   *[flat] level with
} the mean of the twenty before.
turnover-rank = It ranks number { $rank }, counting from the highest, among the last { $window } { $window_n ->
    [one] session
   *[other] sessions
}.
turnover-all = All A-shares together traded { $all }.
turnover-top = The most traded five per cent of stocks took { $share } of all turnover.
turnover-up-volume = Rising stocks took { $share } of the shares traded in stocks that moved.

limit-sealed = In all, { $ups } { $ups_n ->
    [one] stock
   *[other] stocks
} ended at the limit-up price and { $broken } touched it and fell back, a seal rate of { $seal }.
limit-sealed-alone = In all, { $ups } { $ups_n ->
    [one] stock
   *[other] stocks
} ended at the limit-up price.
limit-shapes = Among the limit-ups, { $one } traded at one price all session and { $tee } opened and closed at the limit after a dip.
limit-down = On the other side, { $downs } ended limit-down and { $reopened } recovered after touching the limit-down price.
limit-floor-to-ceiling = Within the session { $count } went from limit-down to limit-up.
limit-ceiling-to-floor = Within the session { $count } went from limit-up to limit-down.
limit-undetermined = { $count } { $count_n ->
    [one] stock
   *[other] stocks
} could not be classified.
streak-top = The longest run is { $streak } consecutive { $streak_n ->
    [one] limit-up
   *[other] limit-ups
}: { $names }.
streak-promotion = Of the { $cohort } { $cohort_n ->
    [one] limit-up
   *[other] limit-ups
} of the previous session that traded, { $rate } sealed again.
streak-promotion-first = From a first limit-up to a second, the rate was { $rate }.
streak-promotion-further = Of the { $cohort } already on a streak of two or more, { $rate } added another.
prior-return = The previous session’s limit-ups returned { $mean } on average; { $positive } of them rose.
prior-open = They opened { $open } from the previous close on average.
rung = { $rung } in a row
rung-first = First limit-up
rung-at-least = ≥{ $rung } in a row
size-group = Group { $group }

highs-lows = Of { $judged } { $judged_n ->
    [one] stock
   *[other] stocks
} with enough history, { $highs } closed at a one-year high and { $lows } at a one-year low, on adjusted prices.
highs-lows-intraday = Counting highs and lows within sessions instead of closes, { $highs } set a one-year high and { $lows } a one-year low.
above-averages = { $short } of stocks closed above their twenty-day average, { $middle } above the fifty-day and { $long } above the two-hundred-day one.
all-time = Among stocks with a complete price history, { $highs } closed at an all-time high and { $lows } at an all-time low.
percentiles = Share of the last two hundred and fifty sessions at or below the current level: turnover { $turnover }, advances { $advances }, limit-ups { $limit_ups }.
turnover-high-since = Turnover was last higher { $sessions } { $sessions_n ->
    [one] session
   *[other] sessions
} ago.
size-micro = Micro-caps, the four hundred smallest companies, returned { $micro } on average.
size-deciles = Of ten groups by market value, the smallest returned { $small } on average and the largest { $large }.

figure-contributions = Who moved the Shanghai Composite, in points
figure-distribution = Stocks by return (count; horizontal axis in per cent)
figure-industries = Industries: the best and the worst, return
figure-turnover = Daily turnover, Shanghai and Shenzhen
figure-ladder = Limit-up ladder (count)
figure-size = Mean return by market value (group one is the smallest)

table-indices = Main indices
table-breadth = Breadth by market
table-industries = Industries, best return first
table-industries-ends = The best and the worst industries by return
table-turnover = Turnover by market
table-ladder = Limit-up ladder
table-limit-board = Limit-ups and limit-downs by price limit
table-coverage = Coverage
column-index = Index
column-market = Market
column-turnover = Turnover, yuan bn
column-industry = Industry
column-cap = Cap-weighted
column-highs = New highs
column-turnover-share = Of all turnover
column-class = Class
column-close = Close
column-change = Change
column-points = Points
column-gap = vs median, pp
column-month = Month to date
column-year = Year to date
column-advances = Advances
column-declines = Declines
column-unchanged = Unchanged
column-share = Advance share
column-median = Median
column-equal = Equal-weighted
column-turnover-change = vs previous, yuan bn
column-turnover-rate = vs previous
column-turnover-long = On twenty-session mean
column-ups = Limit-ups
column-broken = Failed
column-seal = Held
column-one-price = Locked all day
column-downs = Limit-downs
column-highest = Longest run
column-rung = Streak
column-count = Stocks
column-names = Names
