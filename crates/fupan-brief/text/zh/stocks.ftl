# 当日值得点名的个股。

stock-move = { $name }（{ $move }）
highs-largest = 创近一年新高的公司中，市值居前的是{ $moves }。
highs-largest-ever = 创历史新高的公司中，市值居前的是{ $moves }。
large-movers = 总市值千亿元以上的公司中，涨幅居前的是{ $rose }；跌幅居前的是{ $fell }。
large-rose = 总市值千亿元以上的公司中，涨幅居前的是{ $moves }，无一下跌。
large-fell = 总市值千亿元以上的公司中，跌幅居前的是{ $moves }，无一上涨。
without-limit = 当日无涨跌幅限制的个股：{ $moves }。
names-of-industry = { $industry }：{ $names }
names-of-others = 其他：{ $names }
group-count = { $group }（{ $count }只）
limit-up-industries = 涨停股最多的行业为{ $groups }。
limit-down-industries = 跌停股最多的行业为{ $groups }。
table-most-traded = 成交额居前的个股
table-contributions = 上证指数贡献点数与个股涨跌幅
table-best = 涨幅居前的个股（不含涨停）
table-worst = 跌幅居前的个股（不含跌停）
column-stock = 个股
column-stock-turnover = 成交额
column-stock-points = 贡献点数
column-stock-return = 涨跌幅
column-stock-market-value = 总市值
