# Stocks that a session is remembered by.

stock-move = { $name } ({ $move })
highs-largest = The largest companies at a one-year high: { $moves }.
highs-largest-ever = The largest at an all-time high: { $moves }.
large-movers = Of the companies worth a hundred billion yuan or more, { $rose } rose most, and { $fell } fell most.
large-rose = Of the companies worth a hundred billion yuan or more, { $moves } rose most; none fell.
large-fell = Of the companies worth a hundred billion yuan or more, { $moves } fell most; none rose.
table-most-traded = Most traded stocks
column-stock = Stock
column-stock-turnover = Turnover
column-stock-return = Change
column-stock-market-value = Market value
