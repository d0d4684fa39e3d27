# 首段说明与数据说明。

note-simulated = 模拟数据：本页行情由程序模拟生成，并非真实交易。
note-partial-session = 数据不全：{ $listed }只左右A股中，当日有数据的为{ $held }只，各项数字只计这些。
note-missing-parts = 数据不全：缺少{ $parts }，相关内容从略。
part-indices = 指数
part-breadth = 涨跌家数
part-turnover = 沪深两市成交额
part-limit-board = 涨停家数
note-missing-exchange = 数据不全：没有{ $exchange }个股的成交，全市场数字不含{ $exchange }。
note-missing-data = 数据缺失：{ $subjects }。
missing-past-sessions = { $exchange }部分历史交易日
missing-themes = 部分个股所属的题材
missing-share-capital = 当日股本（以日期最近的股本代替，其日期可能晚于当日）
missing-industry = 个股在当日所属的行业
missing-code-change = 北交所新旧代码对照表
note-estimated = 成交额为估算：数据源未提供成交额，以成交量乘以均价估算；文中各句与表头已注明何者为估算。
note-undetermined = { $count }只个股的涨跌停价无法确定（风险警示（ST）等状态或前收盘价不详，或价格超出任何可能的涨跌停价），未计入涨跌停家数。
note-unknown-status = 部分个股的风险警示（ST）状态不明，涨跌停家数可能受影响。
note-derived-prev-close = 部分前收盘价由上一收盘价推算，除权日的涨跌幅可能失真。
note-source-conflict = 不同来源的数据存在出入，详见文末。

heading-data = 数据说明
data-method = 文中数字由所列数据逐一计算，定性措辞均有公式与阈值。估算与推得的数字均已标明，其余未知者不填补。
data-no-industries = 未载入行业数据。
data-no-source = 没有可列出的数据来源。
column-figure = 指标
column-judged = 已判定
column-unjudged = 未判定

finding-unreadable-field = { $count }行有无法读取的字段，已剔除{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-unknown-symbol = { $count }行证券代码无法识别，已剔除{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-duplicate-row = { $count }行重复，保留首行{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-not-a-session = { $count }行的日期不是交易日，已剔除{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-inconsistent-prices = { $count }行的开高低收价格自相矛盾，已剔除{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-suspect-units = { $count }行的成交额与成交量不匹配，单位可能有误{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-ahead-of-time = 日期晚于导入之日的行：{ $count }行{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-status-conflict = { $count }只的简称在风险警示（ST）等状态上互相矛盾，或与当日价格矛盾{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-limit-breach = { $count }行价格超出当日任何涨跌停价{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-estimated-turnover = { $count }行没有成交额，以均价与成交量估算{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-derived-prev-close = { $count }行没有前收盘价，取上一收盘价{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-unknown-status = { $count }只的风险警示（ST）状态不明{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-unknown-limit = { $count }只没有可供判断的涨跌停价{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-missing-data = 数据缺失{ $concerns ->
    [some] ：{ $subject }
   *[all] { "" }
}（涉及{ $count }项）。
finding-partial-session = 应有而缺少当日数据的个股{ $concerns ->
    [some] ：{ $subject }
   *[all] { "" }
}（涉及{ $count }只）。
finding-source-conflict = { $count }行在不同来源中数值不同{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-sources-compared = 另一来源中一致的证券{ $count }只{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。

# 标题下的一行与说明的标题
between-notes = ；
notes-estimated = 成交额为估算
notes-estimated-and-more = 成交额为估算，另有数据说明
notes-more = 数据说明
first-simulated = 模拟数据，并非真实交易
note-missing-data-some = 部分数据缺失，详见文末。

# 数据所指
subject-daily-bar = 日线
subject-index-bar = 指数日线
subject-index-quote = 指数盘中点位
subject-fund-bar = 基金日线
subject-security = 证券名单
subject-share-capital = 股本
subject-group-member = 题材成份
subject-index-weight = 指数权重
subject-definition = 自定义产业链等
subject-industry = 行业分类
subject-code-change = 代码变更表
subject-margin = 融资融券
subject-quote = 盘中报价
subject-calendar = 交易日历
subject-fact = 指标
subject-security-day = 个股日况
subject-session-turnover = 每日成交额
subject-risk-warning = 风险警示（ST）状态
subject-nearest-name = 按日期最近的简称判断
subject-undetermined = 无法确定
subject-new-listing = 新上市
