# Stocks that a session is remembered by.

stock-move = { $name } ({ $move })
highs-largest = The largest companies at a one-year high: { $moves }.
highs-largest-ever = The largest at an all-time high: { $moves }.
large-movers = Of the companies worth a hundred billion yuan or more, { $rose } rose most, and { $fell } fell most.
large-rose = Of the companies worth a hundred billion yuan or more, { $moves } rose most; none fell.
large-fell = Of the companies worth a hundred billion yuan or more, { $moves } fell most; none rose.
without-limit = Trading without a price limit that day: { $moves }.
afternoon-movers = Since the lunch break { $rose } rose most, and { $fell } fell most.
afternoon-rose = Since the lunch break { $moves } rose most.
afternoon-fell = Since the lunch break { $moves } fell most.
names-of-industry = { $industry }: { $names }
names-of-others = Other: { $names }
group-count = { $group } ({ $count })
limit-up-industries = The { $n ->
    [one] industry
   *[other] industries
} with the most limit-ups { $n ->
    [one] was
   *[other] were
} { $groups }.
limit-down-industries = The { $n ->
    [one] industry
   *[other] industries
} with the most limit-downs { $n ->
    [one] was
   *[other] were
} { $groups }.
table-most-traded = Most traded stocks
table-contributions = Who moved the Shanghai Composite, with their returns
table-best = Largest rises among stocks not at a limit
table-worst = Largest falls among stocks not at a limit
table-afternoon-best = Largest rises since the lunch break
table-afternoon-worst = Largest falls since the lunch break
column-stock = Stock
column-stock-turnover = Turnover
column-stock-points = Points
column-stock-return = Change
column-stock-afternoon = Since the break
column-stock-market-value = Market value
