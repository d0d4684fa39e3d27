# What kind of session it was, and what to watch.

heading-kind = What kind of session
heading-watch = What to watch next session

# The place of a figure in its own past
place-first = { $of } stood in the { $place } percentile of the past { $window } sessions
place-again = { $of } stood in the { $place } percentile
place-next = { $of } in the { $place }
place-after = , in the { $place } percentile{ $order ->
    [first] { " " }of the past { $window } sessions
   *[again] { "" }
}
between-places = ,␣
before-last-place = ␣and␣
of-turnover = turnover
of-advances = advancers
of-advance-share = the share of stocks rising
of-dispersion = the spread of returns between stocks
of-limit-ups = limit-ups
of-limit-downs = limit-downs
of-seal-rate = the share of limit-ups that held
of-promotion = the share of limit-ups that hit the limit again
of-followed = the return on the previous session’s limit-ups
percentiles = { $places }.
extent-gap = { $index } { $gap_sign ->
    [down] trailed the median stock by { $gap }
    [up] beat the median stock by { $gap }
   *[flat] matched the median stock
}
extent-tails = the weakest tenth of stocks returned { $low } or less, the strongest tenth { $high } or more
extent-share = { $share } of the stocks that moved rose
after-colon = : { $told }

kind-ordinary = An ordinary session: { $moved }{ $told ->
    [past] , { $share } of the stocks that moved rose, and { $places }
   *[nothing] ␣and { $share } of the stocks that moved rose
}.
kind-broad-rise = A broad rise{ $place }.
kind-broad-fall = A broad fall{ $place }.
kind-index-up = A narrow rise, of { $index } more than of the market{ $place }.
kind-index-down = A narrow fall, of { $index } more than of the market{ $place }.
kind-rotation = Rotation rather than one direction, with { $best } up and { $worst } down{ $place }.
kind-up = A session that leaned up{ $place }.
kind-down = A session that leaned down{ $place }.
kind-even = A session without a common direction{ $place }.
kind-weights = { $way ->
    [weights_carried] Large companies carried the market
    [weights_held_up] Large companies held up better
   *[weights_lagged] Large companies lagged
}: weighted by tradable market value, stocks { $cap_sign ->
    [up] rose { $cap }
    [down] fell { $cap }
   *[flat] were flat
} on average; weighted equally, they { $equal_sign ->
    [up] rose { $equal }
    [down] fell { $equal }
   *[flat] were flat
}.
kind-index-gap = { $way ->
    [index_ahead] The index ran ahead of the typical stock: { $index } beat the median by { $gap }.
    [index_held_up] The index held up better than the typical stock: { $index } beat the median by { $gap }.
    [index_behind] The index lagged the typical stock: { $index } trailed the median by { $gap }.
   *[index_fell_further] The index did worse than the typical stock: { $index } trailed the median by { $gap }.
}
kind-money = { $way ->
    [rise_on_more] { $index } rose as turnover in Shanghai and Shenzhen grew
    [rise_on_less] { $index } rose although turnover in Shanghai and Shenzhen shrank
    [fall_on_more] { $index } fell as turnover in Shanghai and Shenzhen grew
    [fall_on_less] { $index } fell as turnover in Shanghai and Shenzhen shrank
    [steady_and_high] Turnover hardly changed and stayed high
   *[steady_and_low] Turnover hardly changed and stayed low
}{ $told ->
    [more] : { $more }
   *[nothing] { "" }
}.
money-average = in Shanghai and Shenzhen it was { $long_sign ->
    [down] { $long } below
   *[up] { $long } above
} its { $window }-session average
money-place = across all exchanges it stood in the { $place } percentile{ $order ->
    [first] { " " }of the past { $window } sessions
   *[again] { "" }
}
kind-temper = { $temper ->
    [board_freezing] The limit board was near freezing point
    [board_climax] The limit board was at a climax
    [board_ebbing] The limit board was ebbing
    [board_warming] The limit board was warming
    [board_unsteady] The limit board was unsteady
    [board_hot] The limit board was hot
   *[board_cold] The limit board was cool
}{ $places }.
temper-past = : { $told } (ST stocks included)
temper-board = { $ups } { $ups_n ->
    [one] stock
   *[other] stocks
} closed at the upper limit and { $downs } at the lower (ST stocks included)
temper-cohort = { $rate } of the previous session’s limit-ups hit the limit again, and they { $mean_sign ->
    [up] rose { $mean }
    [down] fell { $mean }
   *[flat] were flat
} on average (ST stocks included)
kind-lead = { $way ->
    [prior_limit_ups_gain] The lead lasted
   *[prior_limit_ups_lose] The lead did not last
}: the previous session’s limit-ups { $mean_sign ->
    [up] gained { $mean }
    [down] lost { $mean }
   *[flat] were flat
} on average{ $place }.
kind-theme = Of the { $all } limit-ups, { $ups } were in { $theme }, the leading theme; { $advances } of its stocks rose and { $declines } fell.

kind-sessions = { $word ->
    [broad_advance] Rises as broad have come { $sessions } sessions in a row.
    [broad_decline] Falls as broad have come { $sessions } sessions in a row.
    [narrow] Decliners have led for { $sessions } sessions in a row.
    [wide] Advancers have led for { $sessions } sessions in a row.
    [turnover_expanding] Turnover has grown as markedly { $sessions } sessions in a row.
    [turnover_shrinking] Turnover has shrunk as markedly { $sessions } sessions in a row.
    [prior_limit_ups_gain] Limit-ups have gone on to gain as much { $sessions } sessions in a row.
    [prior_limit_ups_lose] Limit-ups have gone on to lose as much { $sessions } sessions in a row.
   *[mixed] Breadth has been as even for { $sessions } sessions in a row.
}
kind-last-held = { $word ->
    [broad_advance] A rise as broad was last seen { $sessions } sessions ago.
    [broad_decline] A fall as broad was last seen { $sessions } sessions ago.
    [narrow] Decliners last led { $sessions } sessions ago.
    [wide] Advancers last led { $sessions } sessions ago.
    [turnover_expanding] Turnover last grew as markedly { $sessions } sessions ago.
    [turnover_shrinking] Turnover last shrank as markedly { $sessions } sessions ago.
    [prior_limit_ups_gain] Limit-ups last went on to gain as much { $sessions } sessions ago.
    [prior_limit_ups_lose] Limit-ups last went on to lose as much { $sessions } sessions ago.
   *[mixed] Breadth was last as even { $sessions } sessions ago.
}

watch-index-run = A close of { $index } at { $level } or { $streak_sign ->
    [down] higher
   *[up] lower
} would end its run of { $streak } { $streak_sign ->
    [down] losses
   *[up] gains
}.
watch-index-high = A close of { $index } above { $level } would again be its highest since { $date }.
watch-turnover-most = Turnover in Shanghai and Shenzhen above { $turnover }, { $whose ->
    [this] this session’s
   *[other] that of { $date }
}, would be more than in any of the previous { $window } sessions.
watch-turnover-least = Turnover in Shanghai and Shenzhen below { $turnover }, { $whose ->
    [this] this session’s
   *[other] that of { $date }
}, would be less than in any of the previous { $window } sessions.
watch-promotion = If more than { $rate } of this session’s { $ups } { $ups_n ->
    [one] limit-up holds
   *[other] limit-ups hold
} again, the share is higher than for those before them.
