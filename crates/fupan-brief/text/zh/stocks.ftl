# 当日值得点名的个股。

stock-move = { $name }（{ $move }）
highs-largest = 创近一年新高的公司中，市值居前的是{ $moves }。
highs-largest-ever = 创历史新高的公司中，市值居前的是{ $moves }。
large-movers = 总市值千亿元以上的公司中，涨幅居前的是{ $rose }；跌幅居前的是{ $fell }。
large-rose = 总市值千亿元以上的公司中，涨幅居前的是{ $moves }，无一下跌。
large-fell = 总市值千亿元以上的公司中，跌幅居前的是{ $moves }，无一上涨。
table-most-traded = 成交额居前的个股
column-stock = 个股
column-stock-turnover = 成交额
column-stock-return = 涨跌幅
column-stock-market-value = 总市值
