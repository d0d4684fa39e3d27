# Wording at an instant inside a session: if `x-instant` is defined here, it replaces `x`.

note-quoted = Partial data: the quotes at this instant cover { $count } of { $count_of } A-shares, with { $share } of the session’s turnover; every figure here covers only these.
note-quoted-alone = Partial data: every figure here covers only the { $count } A-shares that have quotes at this instant; their share of the market is not known without the session’s daily bars.

headline-move-instant = { $degree ->
    [up_slight] edges up { $move }
    [up] rises { $move }
    [up_strong] climbs { $move }
    [up_great] jumps { $move }
    [down_slight] edges down { $move }
    [down] falls { $move }
    [down_strong] slides { $move }
    [down_great] tumbles { $move }
   *[flat] is flat
}
index-move-instant = { $index } { $degree ->
    [up_slight] is up { $move }
    [up] is up { $move }
    [up_strong] is up { $move }
    [up_great] is up { $move }
    [down_slight] is down { $move }
    [down] is down { $move }
    [down_strong] is down { $move }
    [down_great] is down { $move }
   *[flat] is flat
}
headline-together-instant = { "" }
index-at-instant = ␣at { $level }
index-gained-instant = , having risen above { $round }
index-lost-instant = , having fallen below { $round }
deck-indices-instant = { $moves }.
tile-turnover-instant = Turnover of stocks with quotes
tile-turnover-more-instant = { $rate } on the same moment of the previous session
deck-turnover-instant = Turnover of the stocks with quotes came to { $turnover }, { $change_sign ->
    [up] { $change } more than
    [down] { $change } less than
   *[flat] the same as
} at the same moment of the previous session.
deck-turnover-alone-instant = Turnover of the stocks with quotes came to { $turnover }.
deck-calendar-instant = It is the { $place ->
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
turnover-change-instant = Turnover of the securities with quotes came to { $turnover }, { $change_sign ->
    [up] { $change }, or { $rate }, more than at the same moment of the previous session
    [down] { $change }, or { $rate }, less than at the same moment of the previous session
   *[flat] the same as at the same moment of the previous session
}.
turnover-alone-instant = Turnover of the securities with quotes came to { $turnover }.
takeaway-turnover-expanding-instant = Turnover of the securities with quotes rose { $rate } from the same moment of the previous session to { $turnover }.
takeaway-turnover-shrinking-instant = Turnover of the securities with quotes fell { $rate } from the same moment of the previous session to { $turnover }.
takeaway-turnover-steady-instant = Turnover was steady: { $turnover } changed hands among the securities with quotes, { $change_sign ->
    [up] { $change }, or { $rate }, more than at the same moment of the previous session
    [down] { $change }, or { $rate }, less than at the same moment of the previous session
   *[flat] the same as at the same moment of the previous session
}.
takeaway-limit-board-hot-instant = Limit-ups are many and hold: { $ups } { $ups_n ->
    [one] stock is
   *[other] stocks are
} at the upper limit and { $broken } hit it but did not hold it ({ $seal } hold); { $downs } { $downs_n ->
    [one] is
   *[other] are
} at the lower limit{ $warned }.
takeaway-seals-weak-instant = Few limit-ups hold: { $ups } { $ups_n ->
    [one] stock is
   *[other] stocks are
} at the upper limit and { $broken } hit it but did not hold it ({ $seal } hold); { $downs } { $downs_n ->
    [one] is
   *[other] are
} at the lower limit{ $warned }.
takeaway-limit-ups-lead-instant = Limit-ups outnumber limit-downs, { $ups } to { $downs }; another { $broken } { $broken_n ->
    [one] stock
   *[other] stocks
} hit the upper limit but did not hold it ({ $seal } hold){ $warned }.
limit-sealed-instant = ST stocks included, { $ups } { $ups_n ->
    [one] stock is
   *[other] stocks are
} at the upper limit and { $broken } hit it but did not hold it; { $seal } hold.
limit-sealed-alone-instant = ST stocks included, { $ups } { $ups_n ->
    [one] stock is
   *[other] stocks are
} at the upper limit.
limit-shapes-instant = Of the limit-ups, { $one } traded at one price so far and { $tee } opened at the limit and returned to it after a dip.
limit-down-instant = { $downs } { $downs_n ->
    [one] stock is
   *[other] stocks are
} at the lower limit and { $reopened } recovered after touching it.
streak-promotion-instant = { $part } of the previous session’s { $whole } { $whole_n ->
    [one] limit-up
   *[other] limit-ups
} that traded { $part_n ->
    [one] is
   *[other] are
} at the upper limit again ({ $rate }){ $more }.
all-time-instant = { $highs } of { $judged } { $judged_n ->
    [one] stock
   *[other] stocks
} with full history { $highs_n ->
    [one] is
   *[other] are
} above every close on record and { $lows } below.
above-averages-instant = { $short } of stocks are above their { $short_window }-day average, { $middle } above the { $middle_window }-day and { $long } above the { $long_window }-day one.
prior-return-instant = The previous session’s limit-ups opened { $open_sign ->
    [up] up { $open }
    [down] down { $open }
   *[flat] flat
} on average and are { $mean_sign ->
    [up] up { $mean }
    [down] down { $mean }
   *[flat] flat
} so far; { $positive } of them are up.
takeaway-prior-limit-ups-gain-instant = The previous session’s limit-ups are up { $mean } on average so far; { $positive } of them are up.
takeaway-prior-limit-ups-lose-instant = The previous session’s limit-ups are down { $mean } on average so far; { $positive } of them are up.
highs-lows-instant = Of { $judged } stocks with enough history, { $highs } { $highs_n ->
    [one] is
   *[other] are
} above every close of the past year and { $lows } below, on adjusted prices.
takeaway-highs-lead-instant = More highs than lows: { $highs } { $highs_n ->
    [one] stock is
   *[other] stocks are
} above every close of the past year and { $lows } below.
takeaway-lows-lead-instant = More lows than highs: { $lows } { $lows_n ->
    [one] stock is
   *[other] stocks are
} below every close of the past year and { $highs } above.
breadth-counts-instant = Of { $traded } { $traded_n ->
    [one] A-share
   *[other] A-shares
} that traded so far, { $advances } { $advances_n ->
    [one] is
   *[other] are
} up, { $declines } down and { $unchanged } unchanged.
column-close-instant = Level
highest-closes-instant = Highs against earlier closes: { $highs }.
index-streak-instant = This session so far included, { $index } has { $streak_sign ->
    [down] fallen
   *[up] risen
} for { $streak } { $streak_n ->
    [one] session
   *[other] sessions
} in a row.
