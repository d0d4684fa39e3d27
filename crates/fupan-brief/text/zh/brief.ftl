# 复盘正文。模板不含数字：数字只来自事实。␣ 表示须保留的空格。

kicker = A股复盘
dateline-close = { $date }收盘
dateline-instant = { $date }盘中{ $time }
footer = fupan（复盘）{ $version } · 由上列行情数据计算，文中每个数字均可追溯
footer-elsewhere = fupan（复盘）{ $version } · 每个数字均可在复盘原文中追溯
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
headline-theme-up = ，{ $theme }领涨
headline-theme-down = ，{ $theme }领跌
headline-market = { $market ->
    [two] 沪深两市
   *[all] 全市场
}
headline-together = { $together ->
    [up] 三大指数集体收涨，
    [down] 三大指数集体收跌，
   *[apart] { "" }
}
headline-divergence-up = { $together }{ $index }{ $moved }，{ $market }{ $declines_floor ->
    [over] 超
   *[exact] { "" }
}{ $declines }只个股下跌
headline-divergence-down = { $together }{ $index }{ $moved }，{ $market }{ $advances_floor ->
    [over] 超
   *[exact] { "" }
}{ $advances }只个股上涨
headline-broad-advance = { $together }{ $index }{ $moved }，个股普涨，{ $market }{ $advances_floor ->
    [over] 超
   *[exact] { "" }
}{ $advances }只个股上涨
headline-broad-decline = { $together }{ $index }{ $moved }，个股普跌，{ $market }{ $declines_floor ->
    [over] 超
   *[exact] { "" }
}{ $declines }只个股下跌
headline-leaning-up = { $together }{ $index }{ $moved }，{ $market }{ $advances_floor ->
    [over] 超
   *[exact] { "" }
}{ $advances }只个股上涨
headline-leaning-down = { $together }{ $index }{ $moved }，{ $market }{ $declines_floor ->
    [over] 超
   *[exact] { "" }
}{ $declines }只个股下跌
headline-mixed = { $together }{ $index }{ $moved }，{ $market }{ $advances }只个股上涨、{ $declines }只下跌
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
deck-calendar = 当日是{ $holiday ->
    [lunar-new-year] 春节
    [labour-day] 劳动节
    [national-day] 国庆节
    [new-year] 元旦
    [year] 全年
   *[other] 长假
}{ $place ->
    [first] 后首个交易日
    [last] 前最后一个交易日
    [last-but-one] 前倒数第二个交易日
    [last-but-two] 前倒数第三个交易日
    [year-first] 首个交易日
   *[year-last] 最后一个交易日
}。

# 要点
# 指标条
tile-breadth = 上涨 / 下跌
tile-breadth-figures = { $advances } / { $declines }
tile-breadth-more = 中位数{ $median_sign ->
    [up] 涨{ $median }
    [down] 跌{ $median }
   *[flat] 持平
}
tile-turnover = 沪深两市成交额
tile-turnover-figures = { $turnover }
tile-turnover-more = 较上一交易日{ $rate }
tile-limits = 涨停 / 跌停
tile-limits-figures = { $ups } / { $downs }
tile-limits-more = 炸板{ $broken }只
tile-held = 封板率
tile-held-figures = { $seal }
tile-streak = 最高连板
tile-streak-apart = 最高连板（不含ST）
tile-streak-figures = { $streak }板
tile-streak-more = 含ST为{ $streak }板

takeaway-indices-apart = 主要指数走势分化：{ $moves }。
takeaway-indices-together = 主要指数涨跌幅接近：{ $moves }。
takeaway-members-lifted = { $name }拉升{ $index }{ $lead }点，贡献最大，{ $index }涨{ $points }点；{ $rest }拖累最大。
takeaway-members-fell = { $name }拉低{ $index }{ $lead }点，拖累最大，{ $index }跌{ $points }点；{ $rest }贡献最大。
mover = { $name }（{ $points }点）
takeaway-boards-apart = 板块分化：{ $boards }（不计平盘）。
board-first = { $board }{ $share }个股上涨
board-next = { $board }{ $share }
before-last-board = ，
takeaway-large-caps-lead = 大盘股强于小盘股：市值最大一成平均{ $large_sign ->
    [up] 涨{ $large }
    [down] 跌{ $large }
   *[flat] 持平
}，最小一成平均{ $small_sign ->
    [up] 涨{ $small }
    [down] 跌{ $small }
   *[flat] 持平
}。
takeaway-small-caps-lead = 小盘股强于大盘股：市值最小一成平均{ $small_sign ->
    [up] 涨{ $small }
    [down] 跌{ $small }
   *[flat] 持平
}，最大一成平均{ $large_sign ->
    [up] 涨{ $large }
    [down] 跌{ $large }
   *[flat] 持平
}。
turnover-average = ，{ $turn ->
    [opposite] 仍
   *[same] { "" }
}{ $long_sign ->
    [up] 比前{ $window }日均额高{ $long }
    [down] 比前{ $window }日均额低{ $long }
   *[flat] 与前{ $window }日均额持平
}
limit-warned = ；其中ST股{ $ups }只涨停、{ $downs }只跌停
longest-run = 连板高度{ $streak }板：{ $names }
longest-runs-apart = 不含ST股连板高度{ $outside }板：{ $others }；含ST股最高{ $streak }板：{ $names }
takeaway-broad-advance = 个股普涨：{ $advances }只上涨，{ $declines }只下跌，上涨占比{ $share }；个股中位数{ $median_sign ->
    [up] 涨{ $median }
    [down] 跌{ $median }
   *[flat] 持平
}。
takeaway-broad-decline = 个股普跌：{ $declines }只下跌，{ $advances }只上涨，上涨占比{ $share }；个股中位数{ $median_sign ->
    [up] 涨{ $median }
    [down] 跌{ $median }
   *[flat] 持平
}。
takeaway-narrow = 跌多涨少：{ $declines }只下跌，{ $advances }只上涨，上涨占比{ $share }；个股中位数{ $median_sign ->
    [up] 涨{ $median }
    [down] 跌{ $median }
   *[flat] 持平
}。
takeaway-wide = 涨多跌少：{ $advances }只上涨，{ $declines }只下跌，上涨占比{ $share }；个股中位数{ $median_sign ->
    [up] 涨{ $median }
    [down] 跌{ $median }
   *[flat] 持平
}。
takeaway-mixed = 涨跌各半：{ $advances }只上涨，{ $declines }只下跌，上涨占比{ $share }；个股中位数{ $median_sign ->
    [up] 涨{ $median }
    [down] 跌{ $median }
   *[flat] 持平
}。
word-sessions = { $word ->
    [broad_advance] 如此普涨已连续{ $sessions }个交易日。
    [broad_decline] 如此普跌已连续{ $sessions }个交易日。
    [narrow] 跌多涨少已连续{ $sessions }个交易日。
    [wide] 涨多跌少已连续{ $sessions }个交易日。
    [turnover_expanding] 明显放量已连续{ $sessions }个交易日。
    [turnover_shrinking] 明显缩量已连续{ $sessions }个交易日。
    [limit_ups_lead] 涨停多于跌停已连续{ $sessions }个交易日。
    [limit_downs_lead] 跌停多于涨停已连续{ $sessions }个交易日。
    [highs_lead] 新高多于新低已连续{ $sessions }个交易日。
    [lows_lead] 新低多于新高已连续{ $sessions }个交易日。
   *[other] 已连续{ $sessions }个交易日如此。
}
word-last-held = 上一次如此是在{ $sessions }个交易日之前。
takeaway-themes-apart = 题材：{ $best }领涨；{ $worst }居后。
takeaway-industries-apart = 行业分化明显：{ $best }{ $first }居首，{ $worst }{ $last }垫底。
takeaway-turnover-highest = 沪深两市成交额{ $turnover }，较上一交易日放量{ $change }，增幅{ $rate }，为近{ $window }个交易日最高{ $average }。
takeaway-turnover-expanding = 沪深两市成交额{ $turnover }，较上一交易日放量{ $change }，增幅{ $rate }{ $average }。
takeaway-turnover-shrinking = 沪深两市成交额{ $turnover }，较上一交易日缩量{ $change }，降幅{ $rate }{ $average }。
takeaway-turnover-steady = 沪深两市成交额{ $turnover }，与上一交易日{ $change_sign ->
    [up] 相近，增加{ $change }
    [down] 相近，减少{ $change }
   *[flat] 持平
}{ $average }。
takeaway-limit-downs-lead = 跌停多于涨停：{ $downs }只跌停，{ $ups }只涨停，{ $broken }只炸板，封板率{ $seal }{ $warned }。
takeaway-limit-board-hot = 涨停多且封得住：{ $ups }只涨停，{ $broken }只炸板，封板率{ $seal }，{ $downs }只跌停{ $warned }。
takeaway-seals-weak = 封板偏弱：{ $ups }只涨停，{ $broken }只炸板，封板率{ $seal }，{ $downs }只跌停{ $warned }。
takeaway-limit-ups-lead = 涨停多于跌停：{ $ups }只涨停，{ $downs }只跌停，{ $broken }只炸板，封板率{ $seal }{ $warned }。
takeaway-long-streak = { $longest }。
takeaway-highs-lead = 新高多于新低：{ $highs }只创近一年收盘新高，{ $lows }只创新低。
takeaway-lows-lead = 新低多于新高：{ $lows }只创近一年收盘新低，{ $highs }只创新高。
takeaway-micro-caps-lag = 微盘股落后：微盘股平均{ $micro_sign ->
    [up] 涨{ $micro }
    [down] 跌{ $micro }
   *[flat] 持平
}，流通市值加权平均{ $cap_sign ->
    [up] 涨{ $cap }
    [down] 跌{ $cap }
   *[flat] 持平
}。
takeaway-micro-caps-lead = 微盘股领先：微盘股平均{ $micro_sign ->
    [up] 涨{ $micro }
    [down] 跌{ $micro }
   *[flat] 持平
}，流通市值加权平均{ $cap_sign ->
    [up] 涨{ $cap }
    [down] 跌{ $cap }
   *[flat] 持平
}。
takeaway-turnover-concentrated = 成交集中：成交额前{ $percent }%的个股占全部成交额的{ $share }。
takeaway-prior-limit-ups-gain = 上一交易日的涨停股今日平均涨{ $mean }，{ $positive }收红。
takeaway-prior-limit-ups-lose = 上一交易日的涨停股今日平均跌{ $mean }，{ $positive }收红。

# 栏目
heading-indices = 指数
heading-breadth = 涨跌家数
heading-themes = 题材
heading-chain = 产业链
heading-industries = 行业
heading-turnover = 成交额
heading-limit-board = 涨停与连板
heading-size-and-highs = 市值风格与新高新低
heading-past = 均线与历史分位

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
index-gained = ，站上{ $round }点
index-lost = ，跌破{ $round }点
index-streak = { $index }连{ $streak_sign ->
    [down] 跌
   *[up] 涨
}{ $streak }个交易日。
highest-closes = 收盘新高：{ $highs }。
index-high = { $index }为{ $date }以来最高（{ $since }个交易日）
index-record = { $index }为有数据的{ $sessions }个交易日中最高
contributions = { $index }当日{ $points }点，成份股合计贡献{ $explained }点（按流通股本估算，交易所按发行股本加权）。
index-industries = { $ways ->
    [up] 分行业看，对{ $index }贡献居前的是{ $up }。
    [down] 分行业看，对{ $index }拖累居前的是{ $down }。
   *[both] 分行业看，对{ $index }贡献居前的是{ $up }；拖累居前的是{ $down }。
}
other-indices = 其他指数中，{ $moves }。

# 涨跌
breadth-counts = 当日有成交的{ $traded }只A股中，{ $advances }只上涨，{ $declines }只下跌，{ $unchanged }只平盘。
breadth-share = 上涨家数占涨跌家数之和的{ $share }。
breadth-suspended = 另有{ $suspended }只无成交。
breadth-unjudged = { $unjudged }只缺前收盘价，未计入涨跌。
returns-median = 个股中位数{ $median_sign ->
    [up] 涨{ $median }
    [down] 跌{ $median }
   *[flat] 持平
}。
returns-weights = 等权平均{ $equal_sign ->
    [up] 涨{ $equal }
    [down] 跌{ $equal }
   *[flat] 持平
}，流通市值加权平均{ $cap_sign ->
    [up] 涨{ $cap }
    [down] 跌{ $cap }
   *[flat] 持平
}。
returns-gap = { $index }{ $gap_sign ->
    [up] 跑赢个股中位数{ $gap }
    [down] 跑输个股中位数{ $gap }
   *[flat] 与个股中位数持平
}。
returns-tails = 最弱一成个股的涨跌幅不高于{ $low }，最强一成不低于{ $high }。
returns-dispersion = 个股涨跌幅标准差为{ $dispersion }。

# 成交
industries-weighted = 按流通市值加权，多数个股上涨的行业中，{ $best }涨幅居前；多数个股下跌的行业中，{ $worst }跌幅居前。
industries-equal = 按等权平均，多数个股上涨的行业中，{ $best }涨幅居前；多数个股下跌的行业中，{ $worst }跌幅居前。
group-move = { $group }（{ $move }）
chain-led = { $chain }成份五只以上的环节中，{ $best }领先，{ $worst }居后。
themes-equal = 按等权平均，表现居前的题材为{ $best }；居后的为{ $worst }。
themes-list = { $when ->
    [later] 题材成份取自{ $days }的名单，晚于当日。
   *[by-then] 题材成份取自{ $days }的名单。
    }
themes-days = { $first }至{ $last }
themes-limit-ups = 领涨题材中涨停的有：{ $themes }。
themes-limit-downs = 领跌题材中跌停的有：{ $themes }。
themes-stocks = { $theme }的{ $names }
theme-also = （另有{ $names }）
leader-streak = { $name }（{ $streak }连板）
between-clauses = ；
turnover-change = 沪深两市成交额{ $turnover }，较上一交易日{ $change_sign ->
    [up] 放量{ $change }，增幅{ $rate }
    [down] 缩量{ $change }，降幅{ $rate }
   *[flat] 持平
}。
turnover-alone = 沪深两市成交额{ $turnover }。
turnover-averages = { $short_sign ->
    [up] 较前{ $short_window }日均额高{ $short }
    [down] 较前{ $short_window }日均额低{ $short }
   *[flat] 与前{ $short_window }日均额持平
}，{ $long_sign ->
    [up] 较前{ $long_window }日均额高{ $long }
    [down] 较前{ $long_window }日均额低{ $long }
   *[flat] 与前{ $long_window }日均额持平
}。
turnover-level = 沪深两市成交额已连续{ $sessions }个交易日不低于{ $trillions ->
    [one] 一万亿元
    [two] 两万亿元
   *[three] 三万亿元
}。
turnover-all = 全部A股成交额{ $all }。
turnover-top = 成交额前{ $percent }%的个股占全部成交额的{ $share }。
turnover-large = 成交额百亿元以上的个股{ $count }只，占全部成交额的{ $share }。
turnover-up-volume = 上涨个股成交量占比{ $volume }，{ $way ->
    [more] 高于
    [less] 低于
   *[same] 等于
}上涨家数占比{ $share }（不计平盘）。

# 涨停板
limit-sealed = 含ST股，收盘{ $ups }只涨停，{ $broken }只炸板，封板率{ $seal }。
limit-sealed-alone = 含ST股，收盘{ $ups }只涨停。
limit-shapes = 涨停股中，一字板{ $one }只，T字板{ $tee }只。
limit-down = { $downs }只跌停，{ $reopened }只跌停打开。
limit-floor-to-ceiling = { $count }只由跌停拉至涨停。
limit-ceiling-to-floor = { $count }只由涨停跌至跌停。
limit-undetermined = 另有{ $count }只无法确定涨跌停价，未计入。
streak-top = { $longest }。
streak-promotion = 上一交易日{ $whole }只涨停股（不计停牌）中{ $part }只晋级，连板晋级率{ $rate }{ $more }。
streak-suspended = ；另有{ $suspended }只停牌
streak-resumed = 另有{ $count }只停牌后续板，不计入晋级率：{ $names }。
streak-promotion-first = 首板晋级率（一进二）{ $rate }（{ $part }/{ $whole }）。
streak-promotion-further = 两板及以上晋级率{ $rate }（{ $part }/{ $whole }）。
prior-return = 上一交易日涨停股今日平均{ $open_sign ->
    [up] 高开{ $open }
    [down] 低开{ $open }
   *[flat] 平开
}，收盘平均{ $mean_sign ->
    [up] 涨{ $mean }
    [down] 跌{ $mean }
   *[flat] 持平
}，{ $positive }收红。
rung = { $rung }连板
rung-first = 首板
rung-at-least = ≥{ $rung }连板
size-group = { $place ->
    [smallest] 最小
    [largest] 最大
   *[between] 第{ $group }组
}

# 新高新低与大小盘
highs-lows = 有足够历史的{ $judged }只中，{ $highs }只收盘价创近一年新高，{ $lows }只创近一年新低（复权比较）。
above-averages = { $short }的个股站上{ $short_window }日均线，{ $middle }站上{ $middle_window }日均线，{ $long }站上{ $long_window }日均线。
all-time = 历史数据完整的{ $judged }只中，{ $highs }只收盘创历史新高，{ $lows }只创历史新低。
turnover-high-since = 成交额上一次高于当日是在{ $sessions }个交易日之前。
size-micro = 微盘股（市值最小的{ $members }只）平均{ $micro_sign ->
    [up] 涨{ $micro }
    [down] 跌{ $micro }
   *[flat] 持平
}。
size-deciles = 按市值分十组，最小一组平均{ $small_sign ->
    [up] 涨{ $small }
    [down] 跌{ $small }
   *[flat] 持平
}，最大一组平均{ $large_sign ->
    [up] 涨{ $large }
    [down] 跌{ $large }
   *[flat] 持平
}。

# 图
figure-contributions = 上证指数贡献点数
figure-distribution = 个股涨跌幅分布（只）
figure-themes = 涨幅居前与居后的题材（等权平均）
figure-treemap-weighted = 行业全景：面积为成交额，颜色为流通市值加权涨跌幅
figure-treemap-equal = 行业全景：面积为成交额，颜色为等权平均涨跌幅
figure-industries = 涨幅居前与居后的行业
figure-chain = { $chain }产业链：自上游至下游，各环节平均涨跌幅
figure-turnover = 沪深两市每日成交额
figure-size = 按市值分组的平均涨跌幅

# 表
table-indices = 主要指数
table-breadth = 各市场涨跌家数
table-chain = { $chain }：自上游至下游
table-themes = 涨幅居前与居后的题材（等权平均）
table-index-industries = 对上证指数影响居前的行业（点）
table-industries = 各行业表现（按涨跌幅排序）
table-industries-ends = 涨幅居前与居后的行业
table-turnover = 各市场成交额
table-ladder = 连板梯队
table-touched = 跌停与炸板
table-records = 创历史新高与新低
table-flag = （{ $flag }{ $band }）
table-limit-board = 涨停分类统计（ST股单列）
table-coverage = 覆盖情况
column-index = 指数
column-market = 市场
column-turnover = { $basis ->
    [estimated] 成交额（亿元，估算）
   *[exact] 成交额（亿元）
}
column-segment = 层级与环节
column-theme = 题材
column-at-limit = 涨停或跌停
column-industry = 行业
column-cap = 市值加权
column-highs = 创一年新高
column-turnover-share = 成交占比
column-class = 分类
column-close = 收盘
column-change = 涨跌幅
column-points = 涨跌点
column-index-members = 成份股
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
column-turnover-rate = 增减幅
column-turnover-long = 较{ $window }日均额
column-ups = 涨停
column-broken = 炸板
column-seal = 封板率
column-one-price = 一字板
column-downs = 跌停
column-highest = 最高连板
column-record-highs = 历史新高
column-record-lows = 历史新低
column-rung = 梯队
column-count = 只数
column-names = 个股
