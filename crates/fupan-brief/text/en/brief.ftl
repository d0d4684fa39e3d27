# The body of the brief. Templates hold no digit: numbers come from facts. ␣ is a space to keep.

# Before the first estimate of a sentence, and after a heading that has one.
estimate = about␣
caption-estimated = , est.
column-estimated = , est.

kicker = China A-shares, session review
dateline-close = { $date }, at the close
dateline-instant = { $date }, at { $time } Shanghai time
footer = fupan { $version } · computed from the data listed above; every figure can be traced
footer-elsewhere = fupan { $version } · every figure can be traced in the brief itself
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
headline-market = { "" }
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
headline-theme-up = { " " }with { $theme } in the lead
headline-theme-down = { " " }with { $theme } falling most
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
deck-calendar = It was the { $place ->
    [first] first session after
    [last] last session before
    [last-but-one] last session but one before
    [last-but-two] last session but two before
    [year-first] first session of
   *[year-last] last session of
} the { $holiday ->
    [lunar-new-year] Lunar New Year break
    [labour-day] Labour Day break
    [national-day] National Day break
    [new-year] New Year break
    [year] year
   *[other] long holiday
}.

# Tiles
tile-breadth = Up / down
tile-breadth-figures = { $advances } / { $declines }
tile-breadth-more = median { $median_sign ->
    [up] up { $median }
    [down] down { $median }
   *[flat] flat
}
tile-turnover = Turnover, Shanghai–Shenzhen
tile-turnover-figures = { $turnover }
tile-turnover-more = { $rate } on the previous session
tile-limits = Limit-up / limit-down
tile-limits-figures = { $ups } / { $downs }
tile-limits-more = { $broken } hit the upper limit and fell back
tile-held = Limit-ups that held
tile-held-figures = { $seal }
tile-streak = Longest run of limit-ups
tile-streak-apart = Longest run, without ST
tile-streak-figures = { $streak }
tile-streak-more = { $streak } with ST

takeaway-indices-apart = The main indices moved apart: { $moves }.
takeaway-indices-together = The main indices moved closely together: { $moves }.
takeaway-members-lifted = { $name } lifted { $index } most, by { $lead } points against a gain of { $points } for the index; { $rest } weighed on it most.
takeaway-members-fell = { $name } weighed on { $index } most, by { $lead } points against a loss of { $points } for the index; { $rest } lifted it most.
mover = { $name } ({ $points } points)
takeaway-boards-apart = The split ran by board: { $boards }.
board-first = { $of ->
    [main] { $share } of the main-board stocks that moved rose
   *[other] { $share } of the { $board } stocks that moved rose
}
board-next = { $of ->
    [main] { $share } on the main board
   *[other] { $share } on { $board }
}
before-last-board = ␣and␣
takeaway-large-caps-lead = Large caps beat small: the largest tenth of stocks { $large_sign ->
    [up] rose { $large }
    [down] fell { $large }
   *[flat] was flat
} on average, the smallest { $small_sign ->
    [up] rose { $small }
    [down] fell { $small }
   *[flat] was flat
}.
takeaway-small-caps-lead = Small caps beat large: the smallest tenth of stocks { $small_sign ->
    [up] rose { $small }
    [down] fell { $small }
   *[flat] was flat
} on average, the largest { $large_sign ->
    [up] rose { $large }
    [down] fell { $large }
   *[flat] was flat
}.
turnover-average = { $turn ->
    [opposite] ␣but stayed
   *[same] , and was
} { $long_sign ->
    [up] { $long } above
    [down] { $long } below
   *[flat] level with
} its { $window }-session average
limit-warned = ; ST stocks were { $ups } of the limit-ups and { $downs } of the limit-downs
longest-run = The longest run is { $streak } consecutive { $streak_n ->
    [one] limit-up
   *[other] limit-ups
}: { $names }
longest-runs-apart = The longest run outside ST stocks is { $outside } consecutive limit-ups: { $others }; with them it is { $streak }: { $names }
takeaway-broad-advance = The advance was broad: { $advances } { $advances_n ->
    [one] A-share
   *[other] A-shares
} rose and { $declines } fell, an advance share of { $share }; the median stock { $median_sign ->
    [up] rose { $median }
    [down] fell { $median }
   *[flat] was flat
}.
takeaway-broad-decline = The decline was broad: { $declines } { $declines_n ->
    [one] A-share
   *[other] A-shares
} fell and { $advances } rose, an advance share of { $share }; the median stock { $median_sign ->
    [up] rose { $median }
    [down] fell { $median }
   *[flat] was flat
}.
takeaway-narrow = Decliners led: { $declines } { $declines_n ->
    [one] A-share
   *[other] A-shares
} fell and { $advances } rose, an advance share of { $share }; the median stock { $median_sign ->
    [up] rose { $median }
    [down] fell { $median }
   *[flat] was flat
}.
takeaway-wide = Advancers led: { $advances } { $advances_n ->
    [one] A-share
   *[other] A-shares
} rose and { $declines } fell, an advance share of { $share }; the median stock { $median_sign ->
    [up] rose { $median }
    [down] fell { $median }
   *[flat] was flat
}.
takeaway-mixed = Breadth was mixed: { $advances } { $advances_n ->
    [one] A-share
   *[other] A-shares
} rose and { $declines } fell, an advance share of { $share }; the median stock { $median_sign ->
    [up] rose { $median }
    [down] fell { $median }
   *[flat] was flat
}.
word-sessions = { $word ->
    [broad_advance] Rises as broad have come { $sessions } sessions in a row.
    [broad_decline] Falls as broad have come { $sessions } sessions in a row.
    [narrow] Decliners have led for { $sessions } sessions in a row.
    [wide] Advancers have led for { $sessions } sessions in a row.
    [turnover_expanding] Turnover has grown as markedly { $sessions } sessions in a row.
    [turnover_shrinking] Turnover has shrunk as markedly { $sessions } sessions in a row.
    [limit_ups_lead] Limit-ups have outnumbered limit-downs for { $sessions } sessions in a row.
    [limit_downs_lead] Limit-downs have outnumbered limit-ups for { $sessions } sessions in a row.
    [highs_lead] Highs have outnumbered lows for { $sessions } sessions in a row.
    [lows_lead] Lows have outnumbered highs for { $sessions } sessions in a row.
   *[other] It has been so for { $sessions } sessions in a row.
}
word-last-held = It was last so { $sessions } sessions ago.
takeaway-themes-apart = Themes: { $best } led; { $worst } fell furthest behind.
takeaway-industries-apart = Industries moved far apart, from { $best } at { $first } to { $worst } at { $last }.
takeaway-turnover-highest = Turnover in Shanghai and Shenzhen rose { $rate } to { $turnover }, the highest in { $window } { $window_n ->
    [one] session
   *[other] sessions
}{ $average }.
takeaway-turnover-expanding = Turnover in Shanghai and Shenzhen rose { $rate } to { $turnover }{ $average }.
takeaway-turnover-shrinking = Turnover in Shanghai and Shenzhen fell { $rate } to { $turnover }{ $average }.
takeaway-turnover-steady = Turnover in Shanghai and Shenzhen was little changed at { $turnover }, { $rate_sign ->
    [up] up { $rate }
    [down] down { $rate }
   *[flat] the same as in the previous session
}{ $average }.
takeaway-limit-downs-lead = Limit-downs outnumbered limit-ups, { $downs } to { $ups }; another { $broken } { $broken_n ->
    [one] stock
   *[other] stocks
} hit the upper limit but did not hold it ({ $seal } held){ $warned }.
takeaway-limit-board-hot = Limit-ups were many and held: { $ups } { $ups_n ->
    [one] stock
   *[other] stocks
} closed at the upper limit and { $broken } hit it but did not hold it ({ $seal } held); { $downs } closed at the lower limit{ $warned }.
takeaway-seals-weak = Few limit-ups held: { $ups } { $ups_n ->
    [one] stock
   *[other] stocks
} closed at the upper limit and { $broken } hit it but did not hold it ({ $seal } held); { $downs } closed at the lower limit{ $warned }.
takeaway-limit-ups-lead = Limit-ups outnumbered limit-downs, { $ups } to { $downs }; another { $broken } { $broken_n ->
    [one] stock
   *[other] stocks
} hit the upper limit but did not hold it ({ $seal } held){ $warned }.
takeaway-long-streak = { $longest }.
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
takeaway-micro-caps-lag = Micro-caps lagged: on average they { $micro_sign ->
    [up] rose { $micro }
    [down] fell { $micro }
   *[flat] were flat
}, while the mean weighted by tradable market value { $cap_sign ->
    [up] rose { $cap }
    [down] fell { $cap }
   *[flat] was flat
}.
takeaway-micro-caps-lead = Micro-caps led: on average they { $micro_sign ->
    [up] rose { $micro }
    [down] fell { $micro }
   *[flat] were flat
}, while the mean weighted by tradable market value { $cap_sign ->
    [up] rose { $cap }
    [down] fell { $cap }
   *[flat] was flat
}.
takeaway-turnover-concentrated = Trading was concentrated: the most traded { $percent }% of stocks took { $share } of turnover.
takeaway-prior-limit-ups-gain = The previous session’s limit-ups gained { $mean } on average; { $positive } of them rose.
takeaway-prior-limit-ups-lose = The previous session’s limit-ups lost { $mean } on average; { $positive } of them rose.

heading-indices = Indices
heading-breadth = Breadth
heading-themes = Themes
heading-chain = Industry chains
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
index-gained = , closing above { $round }
index-lost = , closing below { $round }
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
contributions = { $index } moved { $points } points; weighted by tradable shares, its members add up to { $explained } (the exchange weights them by issued shares).
index-industries = { $ways ->
    [up] By industry, { $up } lifted { $index } most.
    [down] By industry, { $down } weighed on { $index } most.
   *[both] By industry, { $up } lifted { $index } most, and { $down } weighed on it most.
}
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
returns-median = The median stock { $median_sign ->
    [up] rose { $median }
    [down] fell { $median }
   *[flat] was flat
}.
returns-weights = The equal-weighted mean { $equal_sign ->
    [up] rose { $equal }
    [down] fell { $equal }
   *[flat] was flat
}; the mean weighted by tradable market value { $cap_sign ->
    [up] rose { $cap }
    [down] fell { $cap }
   *[flat] was flat
}.
returns-gap = { $index } { $gap_sign ->
    [up] beat the median stock by { $gap }
    [down] trailed the median stock by { $gap }
   *[flat] matched the median stock
}.
returns-tails = The weakest tenth of stocks returned { $low } or less, the strongest tenth { $high } or more.
returns-dispersion = The standard deviation across stocks was { $dispersion }.

industries-weighted = Weighted by tradable market value, the leaders among industries in which most stocks rose were { $best }; the laggards among those in which most fell were { $worst }.
industries-equal = With stocks weighted equally, the leaders among industries in which most stocks rose were { $best }; the laggards among those in which most fell were { $worst }.
group-move = { $group } ({ $move })
chain-led = Along the chain of { $chain }, among segments of five stocks or more, { $best } led and { $worst } lagged.
themes-equal = With stocks weighted equally, the leading themes were { $best }; the laggards were { $worst }.
themes-list = { $when ->
    [later] Members are as listed on { $days }, after the session.
   *[by-then] Members are as listed on { $days }.
    }
themes-days = { $first } to { $last }
themes-limit-ups = At their upper limit: { $themes }.
themes-limit-downs = At their lower limit: { $themes }.
themes-stocks = { $names } in { $theme }
theme-also = { " " }(also { $names })
leader-streak = { $name } ({ $streak } in a row)
between-clauses = { "; " }
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
} its { $short_window }-session average and { $long_sign ->
    [up] { $long } above
    [down] { $long } below
   *[flat] level with
} its { $long_window }-session average.
turnover-level = Turnover has been { $trillions ->
    [one] one trillion yuan
    [two] two trillion yuan
   *[three] three trillion yuan
} or more for { $sessions } sessions in a row.
turnover-all = All A-shares together traded { $all }.
turnover-top = The most traded { $percent }% of stocks took { $share } of all turnover.
turnover-large = { $count } { $count_n ->
    [one] stock
   *[other] stocks
} traded ten billion yuan or more and took { $share } of all turnover.
turnover-up-volume = Advancers took { $volume } of the volume of stocks that moved, { $way ->
    [more] more than
    [less] less than
   *[same] the same as
} their { $share } of these stocks.

limit-sealed = ST stocks included, { $ups } { $ups_n ->
    [one] stock
   *[other] stocks
} closed at the upper limit and { $broken } hit it but did not hold it; { $seal } held.
limit-sealed-alone = ST stocks included, { $ups } { $ups_n ->
    [one] stock
   *[other] stocks
} closed at the upper limit.
limit-shapes = Of the limit-ups, { $one } traded at one price all session and { $tee } opened and closed at the limit after a dip.
limit-down = { $downs } { $downs_n ->
    [one] stock
   *[other] stocks
} closed at the lower limit and { $reopened } recovered after touching it.
limit-floor-to-ceiling = Within the session { $count } went from limit-down to limit-up.
limit-ceiling-to-floor = Within the session { $count } went from limit-up to limit-down.
limit-undetermined = { $count } { $count_n ->
    [one] stock
   *[other] stocks
} could not be classified.
streak-top = { $longest }.
streak-promotion = { $part } of the previous session’s { $whole } { $whole_n ->
    [one] limit-up
   *[other] limit-ups
} that traded hit the limit again ({ $rate }){ $more }.
streak-suspended = ; another { $suspended } did not trade
streak-resumed = These rates leave out { $count } { $count_n ->
    [one] limit-up that extended a run
   *[other] limit-ups that extended runs
} from before a suspension: { $names }.
streak-promotion-first = { $part } of { $whole } first { $whole_n ->
    [one] limit-up
   *[other] limit-ups
} became a second ({ $rate }).
streak-promotion-further = { $part } of { $whole } already on a streak added another ({ $rate }).
prior-return = The previous session’s limit-ups opened { $open_sign ->
    [up] up { $open }
    [down] down { $open }
   *[flat] flat
} on average and closed { $mean_sign ->
    [up] up { $mean }
    [down] down { $mean }
   *[flat] flat
}; { $positive } of them rose.
rung = { $rung } in a row
rung-first = First limit-up
rung-at-least = ≥{ $rung } in a row
size-group = { $place ->
    [smallest] Smallest
    [largest] Largest
   *[between] Group { $group }
}

highs-lows = Of { $judged } { $judged_n ->
    [one] stock
   *[other] stocks
} with enough history, { $highs } closed at a one-year high and { $lows } at a one-year low, on adjusted prices.
above-averages = { $short } of stocks closed above their { $short_window }-day average, { $middle } above the { $middle_window }-day and { $long } above the { $long_window }-day one.
all-time = { $highs } of { $judged } { $judged_n ->
    [one] stock
   *[other] stocks
} with full history closed at a record high and { $lows } at a record low.
turnover-high-since = Turnover was last higher { $sessions } { $sessions_n ->
    [one] session
   *[other] sessions
} ago.
size-micro = Micro-caps, the { $members } smallest companies, { $micro_sign ->
    [up] rose { $micro }
    [down] fell { $micro }
   *[flat] were flat
} on average.
size-deciles = Of ten groups by market value, the smallest { $small_sign ->
    [up] rose { $small }
    [down] fell { $small }
   *[flat] was flat
} on average and the largest { $large_sign ->
    [up] rose { $large }
    [down] fell { $large }
   *[flat] was flat
}.

figure-contributions = Who moved the Shanghai Composite, in points
figure-distribution = Stocks by return (number of stocks)
figure-themes = Themes: the best and the worst, mean return
figure-treemap-weighted = Industries: area by turnover, colour by return weighted by tradable market value
figure-treemap-equal = Industries: area by turnover, colour by mean return
figure-industries = Industries: the best and the worst, return
figure-chain = { $chain }: mean return of each segment, upstream to downstream
figure-turnover = Daily turnover, Shanghai and Shenzhen
figure-size = Mean return by market value, in tenths

table-indices = Main indices
table-breadth = Breadth by market
table-chain = { $chain }: from upstream to downstream
table-themes = The best and the worst themes by mean return
table-index-industries = Industries that moved the Shanghai Composite most, in points
table-industries = Industries, best return first
table-industries-ends = The best and the worst industries by return
table-turnover = Turnover by market
table-ladder = Limit-up ladder
table-touched = Limit-downs and failed limit-ups
table-records = Record highs and lows
table-flag = ␣({ $flag } { $band })
table-limit-board = Limit-ups and limit-downs by price limit, ST stocks apart
table-coverage = Coverage
column-index = Index
column-market = Market
column-turnover = Turnover, yuan bn
column-segment = Layer and segment
column-theme = Theme
column-at-limit = At their limit
column-industry = Industry
column-cap = Cap-weighted
column-highs = New highs
column-turnover-share = Of all turnover
column-class = Class
column-close = Close
column-change = Change
column-points = Points
column-index-members = Members
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
column-turnover-long = vs { $window }-day
column-ups = Limit-ups
column-broken = Failed
column-seal = Held
column-one-price = Locked all day
column-downs = Limit-downs
column-highest = Longest run
column-record-highs = Record highs
column-record-lows = Record lows
column-rung = Streak
column-count = Stocks
column-names = Names
