# 网页与导出文件的界面文字。

page-title-suffix = 复盘
page-skip = 跳到正文
page-takeaways = 要点
page-why = 要点依据
page-headline-basis = 标题依据
page-indices-strip = 主要指数
page-notes = 阅读前须知
page-figure-data = 图中数据
page-sources = 输入数据与摘要值
page-findings = 数据问题
page-unknown = 未知的数字
page-facts = 数字出处
page-hover = 悬停、聚焦或点按数字，可见其定义、分母与来源。
page-overview = fupan（复盘）· 本图为概览；全文另有各节文字、表格与数据来源，每个数字均可追溯。
page-keys = 各数字的键列于文末。
page-rest = 其余
page-tiles = 市场概览
legend-red-up = { "" }
legend-green-up = 绿涨红跌。
legend-colour-blind = 橙涨蓝跌。

column-mark = 项目
column-value = 数值
column-table = 数据表
column-source = 来源
column-digest = 摘要值
column-key = 键

card-exact = 精确值
card-definition = 定义
card-population = 范围
card-coverage = 覆盖
card-coverage-value = 已判定 { $judged }，未判定 { $unjudged }
card-basis = 性质
card-basis-exact = 精确：全部输入均为来源所报
card-basis-derived = 推算：所据前收盘价取自上一个成交日的收盘价，并非来源所报
card-basis-restated = 追溯：分组成员取自晚于当日的名单
card-basis-estimated = 估算：至少一项输入为估算
card-basis-partial = 不完整：数据缺少应计入的股票、交易日，或判断它们所需的数据
card-basis-none = 无：没有数值
card-inputs = 来源
card-explain = 复核
card-close = 关闭
card-unknown = 未知
card-no-reason = 数据中没有这个数字
