# 题材轮动
rotation-stayed = 近{ $window }个交易日中，居题材前一成日数最多的是{ $themes }。
rotation-days = { $theme }（{ $days }日）
rotation-order = { $how ->
    [alike] 题材强弱的次序与前一日大体相同：秩相关系数为{ $correlation }，同序为一，反序为负一。
    [reversed] 题材强弱的次序较前一日多有颠倒：秩相关系数为{ $correlation }，同序为一，反序为负一。
   *[changed] 题材强弱的次序与前一日关联不大：秩相关系数为{ $correlation }，同序为一，反序为负一。
}
rotation-apart = 题材间涨跌幅的标准差为{ $dispersion }，数值越大，个股所属题材的影响越大。
rotation-crowded = 成交额占比处于自身近{ $window }个交易日高位的题材有{ $themes }。
rotation-share = { $theme }（占全部成交额{ $share }，分位{ $place }）
table-rotation = 当日涨幅居前的题材：逐日等权平均涨跌幅
