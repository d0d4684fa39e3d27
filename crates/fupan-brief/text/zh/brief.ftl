# 复盘正文。模板不含数字：数字只来自事实。␣ 表示须保留的空格。

kicker = A股复盘
dateline-close = { $date }收盘
dateline-instant = { $date }盘中{ $time }
footer = fupan（复盘）{ $version } · 由交易数据计算，文中每个数字均可追溯
disclaimer = 本文仅陈述市场数据，不构成投资建议。

# 一句中第一个估算数之前，以及含估算数的标题之后
estimate = 约
caption-estimated = （估算）
column-estimated = （估算）

# 连接
after-sentence = { "" }
between-moves = ，
before-last-move = ，
between-levels = ；
before-last-level = ；
between-names = 、
before-last-name = 、
and-others = 等

# 标题
article-index = { "" }
headline-move = { $degree ->
    [up_slight] 微涨{ $move }
    [up] 涨{ $move }
    [up_strong] 涨{ $move }
    [up_great] 大涨{ $move }
    [down_slight] 微跌{ $move }
    [down] 跌{ $move }
    [down_strong] 跌{ $move }
    [down_great] 大跌{ $move }
   *[flat] 平收
}
portion = { "" }
headline-together = { $together ->
    [up] 三大指数集体收涨，
    [down] 三大指数集体收跌，
   *[apart] { "" }
}
headline-divergence-up = { $together }{ $index }{ $moved }，全市场{ $declines_floor ->
    [over] 超
   *[exact] { "" }
}{ $declines }只个股下跌
headline-divergence-down = { $together }{ $index }{ $moved }，全市场{ $advances_floor ->
    [over] 超
   *[exact] { "" }
}{ $advances }只个股上涨
headline-broad-advance = { $together }{ $index }{ $moved }，个股普涨，全市场{ $advances_floor ->
    [over] 超
   *[exact] { "" }
}{ $advances }只个股上涨
headline-broad-decline = { $together }{ $index }{ $moved }，个股普跌，全市场{ $declines_floor ->
    [over] 超
   *[exact] { "" }
}{ $declines }只个股下跌
headline-leaning-up = { $together }{ $index }{ $moved }，全市场{ $advances_floor ->
    [over] 超
   *[exact] { "" }
}{ $advances }只个股上涨
headline-leaning-down = { $together }{ $index }{ $moved }，全市场{ $declines_floor ->
    [over] 超
   *[exact] { "" }
}{ $declines }只个股下跌
headline-mixed = { $together }{ $index }{ $moved }，全市场{ $advances }只个股上涨、{ $declines }只下跌
headline-index-only = { $together }{ $index }{ $moved }
headline-breadth-only = { $advances }只A股上涨，{ $declines }只下跌
headline-nothing = 数据不足，本次复盘没有可陈述的行情

# 导语
deck-indices = 截至收盘，{ $moves }。
deck-turnover = 沪深两市成交额{ $turnover }，较上一交易日{ $change_sign ->
    [up] 放量{ $change }
    [down] 缩量{ $change }
   *[flat] 持平
}。
deck-turnover-alone = 沪深两市成交额{ $turnover }。

# 要点
takeaway-indices-apart = 主要指数走势分化：{ $moves }。
takeaway-indices-together = 主要指数涨跌幅接近：{ $moves }。
takeaway-broad-advance = 个股普涨：{ $advances }只上涨，{ $declines }只下跌，上涨占比{ $share }；个股涨跌幅中位数为{ $median }。
takeaway-broad-decline = 个股普跌：{ $declines }只下跌，{ $advances }只上涨，上涨占比{ $share }；个股涨跌幅中位数为{ $median }。
takeaway-narrow = 跌多涨少：{ $declines }只下跌，{ $advances }只上涨，上涨占比{ $share }；个股涨跌幅中位数为{ $median }。
takeaway-wide = 涨多跌少：{ $advances }只上涨，{ $declines }只下跌，上涨占比{ $share }；个股涨跌幅中位数为{ $median }。
takeaway-mixed = 涨跌互现：{ $advances }只上涨，{ $declines }只下跌，上涨占比{ $share }；个股涨跌幅中位数为{ $median }。
word-sessions = 已连续{ $sessions }个交易日如此。
word-last-held = 上一次如此是在{ $sessions }个交易日之前。
takeaway-industries-apart = 行业分化明显：{ $best }{ $first }居首，{ $worst }{ $last }垫底。
takeaway-turnover-highest = 沪深两市成交额{ $turnover }，为近{ $window }个交易日最高，较上一交易日放量{ $change }，增幅{ $rate }。
takeaway-turnover-expanding = 沪深两市成交额{ $turnover }，较上一交易日放量{ $change }，增幅{ $rate }。
takeaway-turnover-shrinking = 沪深两市成交额{ $turnover }，较上一交易日缩量{ $change }，降幅{ $rate }。
takeaway-turnover-steady = 成交额与上一交易日相近：沪深两市成交{ $turnover }，{ $change_sign ->
    [up] 放量{ $change }，增幅{ $rate }
    [down] 缩量{ $change }，降幅{ $rate }
   *[flat] 持平
}。
takeaway-limit-downs-lead = 跌停多于涨停：{ $downs }只跌停，{ $ups }只涨停，另有{ $broken }只炸板，封板率{ $seal }。
takeaway-limit-board-hot = 涨停家数多且封得住：{ $ups }只涨停，{ $broken }只炸板，封板率{ $seal }；{ $downs }只跌停。
takeaway-seals-weak = 封板偏弱：{ $ups }只涨停，{ $broken }只炸板，封板率{ $seal }；{ $downs }只跌停。
takeaway-limit-ups-lead = 涨停多于跌停：{ $ups }只涨停，{ $downs }只跌停；{ $broken }只炸板，封板率{ $seal }。
takeaway-long-streak = 连板高度为{ $streak }板：{ $names }。
takeaway-highs-lead = 新高多于新低：{ $highs }只创近一年收盘新高，{ $lows }只创新低。
takeaway-lows-lead = 新低多于新高：{ $lows }只创近一年收盘新低，{ $highs }只创新高。
takeaway-micro-caps-lag = 微盘股落后：微盘股平均{ $micro }，流通市值加权平均{ $cap }。
takeaway-micro-caps-lead = 微盘股领先：微盘股平均{ $micro }，流通市值加权平均{ $cap }。
takeaway-turnover-concentrated = 成交集中：成交额居前百分之五的个股占全部成交额的{ $share }。
takeaway-prior-limit-ups-gain = 上一交易日的涨停股平均{ $mean }，其中{ $positive }收涨。
takeaway-prior-limit-ups-lose = 上一交易日的涨停股平均{ $mean }，其中{ $positive }收涨。

# 栏目
heading-indices = 指数
heading-breadth = 涨跌家数
heading-industries = 行业
heading-turnover = 成交额
heading-limit-board = 涨停与连板
heading-size-and-highs = 市值风格与新高新低
heading-past = 历史分位

# 指数
index-move = { $index }{ $degree ->
    [up_slight] 微涨{ $move }
    [up] 涨{ $move }
    [up_strong] 涨{ $move }
    [up_great] 大涨{ $move }
    [down_slight] 微跌{ $move }
    [down] 跌{ $move }
    [down_strong] 跌{ $move }
    [down_great] 大跌{ $move }
   *[flat] 平收
}
index-at = ，报{ $level }点
index-run = ，录得{ $streak }连{ $streak_sign ->
    [down] 跌
   *[up] 涨
}
index-streak = { $index }连{ $streak_sign ->
    [down] 跌
   *[up] 涨
}{ $streak }个交易日。
highest-closes = 收盘新高：{ $highs }。
index-high = { $index }为{ $date }以来最高（{ $since }个交易日）
index-record = { $index }为有数据的{ $sessions }个交易日中最高
contributions = { $index }当日{ $points }点，成份股合计贡献{ $explained }点（按流通股本估算，交易所按发行股本加权）。
other-indices = 其他指数中，{ $moves }。

# 涨跌
breadth-counts = 当日有成交的{ $traded }只A股中，{ $advances }只上涨，{ $declines }只下跌，{ $unchanged }只平盘。
breadth-share = 上涨家数占涨跌家数之和的{ $share }。
breadth-suspended = 另有{ $suspended }只无成交。
breadth-unjudged = { $unjudged }只缺前收盘价，未计入涨跌。
returns-median = 个股涨跌幅中位数为{ $median }。
returns-weights = 等权平均为{ $equal }，流通市值加权平均为{ $cap }。
returns-gap = { $index }{ $gap_sign ->
    [up] 跑赢个股中位数{ $gap }
    [down] 跑输个股中位数{ $gap }
   *[flat] 与个股中位数持平
}。
returns-tails = 最弱一成个股的涨跌幅不高于{ $low }，最强一成不低于{ $high }。
returns-dispersion = 个股涨跌幅标准差为{ $dispersion }。

# 成交
industries-weighted = 按流通市值加权，涨幅居前的行业为{ $best }；居后的为{ $worst }。
industries-equal = 按等权平均，涨幅居前的行业为{ $best }；居后的为{ $worst }。
industry-move = { $industry }（{ $move }）
turnover-change = 沪深两市成交额{ $turnover }，较上一交易日{ $change_sign ->
    [up] 放量{ $change }，增幅{ $rate }
    [down] 缩量{ $change }，降幅{ $rate }
   *[flat] 持平
}。
turnover-alone = 沪深两市成交额{ $turnover }。
turnover-averages = { $short_sign ->
    [up] 较前五日均额高{ $short }
    [down] 较前五日均额低{ $short }
   *[flat] 与前五日均额持平
}，{ $long_sign ->
    [up] 较前二十日均额高{ $long }
    [down] 较前二十日均额低{ $long }
   *[flat] 与前二十日均额持平
}。
turnover-rank = 在近{ $window }个交易日中由高到低排第{ $rank }位。
turnover-all = 全部A股成交额{ $all }。
turnover-top = 成交额居前百分之五的个股占全部成交额的{ $share }。
turnover-up-volume = 上涨个股的成交量占涨跌个股成交量之和的{ $share }。

# 涨停板
limit-sealed = 收盘{ $ups }只涨停，{ $broken }只触及涨停后打开，封板率{ $seal }。
limit-sealed-alone = 收盘{ $ups }只涨停。
limit-shapes = 涨停股中，一字板{ $one }只，T字板{ $tee }只。
limit-down = { $downs }只跌停，{ $reopened }只跌停打开。
limit-floor-to-ceiling = { $count }只由跌停拉至涨停。
limit-ceiling-to-floor = { $count }只由涨停跌至跌停。
limit-undetermined = 另有{ $count }只无法确定涨跌停价，未计入。
streak-top = 连板高度为{ $streak }板：{ $names }。
streak-promotion = 上一交易日涨停、当日有成交的{ $cohort }只中，{ $rate }再度涨停。
streak-promotion-first = 首板晋级二板的比例为{ $rate }。
streak-promotion-further = 两板及以上的{ $cohort }只中，{ $rate }继续晋级。
prior-return = 上一交易日的涨停股当日平均{ $mean }，其中{ $positive }收涨。
prior-open = 其开盘价较前收盘价平均{ $open }。
rung = { $rung }连板
rung-first = 首板
rung-at-least = ≥{ $rung }连板
size-group = 第{ $group }组

# 新高新低与大小盘
highs-lows = 有足够历史的{ $judged }只中，{ $highs }只收盘价创近一年新高，{ $lows }只创近一年新低（复权比较）。
highs-lows-intraday = 若按盘中最高、最低价比较，则{ $highs }只创近一年新高，{ $lows }只创近一年新低。
above-averages = { $short }的股票收于二十日均线之上，{ $middle }在五十日均线之上，{ $long }在二百日均线之上。
all-time = 历史数据完整的股票中，{ $highs }只收盘价创历史新高，{ $lows }只创历史新低。
percentiles = 近二百五十个交易日分位：成交额{ $turnover }，上涨家数{ $advances }，涨停家数{ $limit_ups }。
turnover-high-since = 成交额上一次高于当日是在{ $sessions }个交易日之前。
size-micro = 微盘股（市值最小的四百只）平均{ $micro }。
size-deciles = 按市值分十组，最小一组平均{ $small }，最大一组平均{ $large }。

# 图
figure-contributions = 上证指数贡献点数
figure-distribution = 个股涨跌幅分布（只数；横轴为涨跌幅，%）
figure-industries = 涨幅居前与居后的行业
figure-turnover = 沪深两市每日成交额
figure-ladder = 连板梯队（只数）
figure-size = 按市值分组的平均涨跌幅（第一组最小）

# 表
table-indices = 主要指数
table-breadth = 各市场涨跌家数
table-industries = 各行业表现（按涨跌幅排序）
table-industries-ends = 涨幅居前与居后的行业
table-turnover = 各市场成交额
table-ladder = 连板梯队
table-limit-board = 涨停分类统计
table-coverage = 覆盖情况
column-index = 指数
column-market = 市场
column-turnover = { $basis ->
    [estimated] 成交额（亿元，估算）
   *[exact] 成交额（亿元）
}
column-industry = 行业
column-cap = 市值加权
column-highs = 创一年新高
column-turnover-share = 成交占比
column-class = 分类
column-close = 收盘
column-change = 涨跌幅
column-points = 涨跌点
column-gap = 较中位数（百分点）
column-month = 本月以来
column-year = 今年以来
column-advances = 上涨
column-declines = 下跌
column-unchanged = 平盘
column-share = 上涨占比
column-median = 中位数
column-equal = 等权平均
column-turnover-change = { $basis ->
    [estimated] 较上一交易日（亿元，估算）
   *[exact] 较上一交易日（亿元）
}
column-turnover-rate = 变动幅度
column-turnover-long = 较二十日均额
column-ups = 涨停
column-broken = 炸板
column-seal = 封板率
column-one-price = 一字板
column-downs = 跌停
column-highest = 最高连板
column-rung = 梯队
column-count = 只数
column-names = 个股
