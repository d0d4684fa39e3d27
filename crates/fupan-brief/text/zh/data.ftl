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
missing-share-capital = 当日股本（以日期最近的股本代替）
note-estimated = 成交额为估算：数据源未提供成交额，以成交量乘以均价估算，文中以“约”标出。
note-undetermined = { $count }家个股缺少风险警示（ST）等状态，涨跌停价无法确定，未计入涨跌停家数。
note-unknown-status = 部分个股的风险警示（ST）状态不明，涨跌停家数可能受影响。
note-derived-prev-close = 部分前收盘价由上一收盘价推得，除权日的涨跌幅可能失真。
note-source-conflict = 不同来源的数据存在出入，详见文末。

heading-data = 数据说明
data-method = 文中数字由所列数据逐一计算，悬停、聚焦或点按可见其定义、分母与来源；定性措辞均有公式与阈值。未知的数字不填补。
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
finding-limit-breach = { $count }行价格超出当日涨跌停价{ $concerns ->
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
finding-unknown-status = { $count }家的风险警示（ST）状态不明{ $concerns ->
    [some] （{ $subject }）
   *[all] { "" }
}。
finding-unknown-limit = { $count }家的涨跌停价无法确定{ $concerns ->
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
