# 盘中时刻的另一种说法：凡有 `x-instant`，即代替 `x`。

note-quoted = 数据不全：该时刻的分时数据覆盖{ $count_of }只A股中的{ $count }只，占全日成交额的{ $share }；本文数字均只计这些股票。
note-quoted-alone = 数据不全：本文数字均只计该时刻有分时数据的{ $count }只A股；尚无当日日线，其占全市场的比重不明。

headline-move-instant = { $degree ->
    [up_slight] 微涨{ $move }
    [up] 涨{ $move }
    [up_strong] 涨{ $move }
    [up_great] 大涨{ $move }
    [down_slight] 微跌{ $move }
    [down] 跌{ $move }
    [down_strong] 跌{ $move }
    [down_great] 大跌{ $move }
   *[flat] 持平
}
index-move-instant = { $index }{ $degree ->
    [up_slight] 微涨{ $move }
    [up] 涨{ $move }
    [up_strong] 涨{ $move }
    [up_great] 大涨{ $move }
    [down_slight] 微跌{ $move }
    [down] 跌{ $move }
    [down_strong] 跌{ $move }
    [down_great] 大跌{ $move }
   *[flat] 持平
}
headline-together-instant = { $together ->
    [up] 三大指数集体上涨，
    [down] 三大指数集体下跌，
   *[apart] { "" }
}
index-at-instant = ，报{ $level }点
index-gained-instant = ，站上{ $round }点
index-lost-instant = ，跌破{ $round }点
deck-indices-instant = 截至发稿，{ $moves }。
tile-turnover-instant = 有分时数据的股票成交额
tile-turnover-more-instant = 较上一交易日同一时刻{ $rate }
deck-turnover-instant = 有分时数据的股票成交额{ $turnover }，较上一交易日同一时刻{ $change_sign ->
    [up] 放量{ $change }
    [down] 缩量{ $change }
   *[flat] 持平
}。
deck-turnover-alone-instant = 有分时数据的股票成交额{ $turnover }。
deck-calendar-instant = 当日是{ $holiday ->
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
turnover-change-instant = 有分时数据的股票成交额{ $turnover }，较上一交易日同一时刻{ $change_sign ->
    [up] 放量{ $change }，增幅{ $rate }
    [down] 缩量{ $change }，降幅{ $rate }
   *[flat] 持平
}。
turnover-alone-instant = 有分时数据的股票成交额{ $turnover }。
takeaway-turnover-expanding-instant = 有分时数据的股票成交额{ $turnover }，较上一交易日同一时刻放量{ $change }，增幅{ $rate }。
takeaway-turnover-shrinking-instant = 有分时数据的股票成交额{ $turnover }，较上一交易日同一时刻缩量{ $change }，降幅{ $rate }。
takeaway-turnover-steady-instant = 成交额与上一交易日同一时刻相近：有分时数据的股票成交{ $turnover }，{ $change_sign ->
    [up] 放量{ $change }，增幅{ $rate }
    [down] 缩量{ $change }，降幅{ $rate }
   *[flat] 持平
}。
takeaway-limit-board-hot-instant = 涨停多且封得住：{ $ups }只涨停，{ $broken }只炸板，封板率{ $seal }，{ $downs }只跌停{ $warned }。
takeaway-seals-weak-instant = 封板偏弱：{ $ups }只涨停，{ $broken }只炸板，封板率{ $seal }，{ $downs }只跌停{ $warned }。
takeaway-limit-ups-lead-instant = 涨停多于跌停：{ $ups }只涨停，{ $downs }只跌停，{ $broken }只炸板，封板率{ $seal }{ $warned }。
limit-sealed-instant = 含ST股，目前{ $ups }只涨停，{ $broken }只炸板，封板率{ $seal }。
limit-sealed-alone-instant = 含ST股，目前{ $ups }只涨停。
limit-shapes-instant = 涨停股中，一字板{ $one }只，T字板{ $tee }只。
limit-down-instant = { $downs }只跌停，{ $reopened }只跌停打开。
streak-promotion-instant = 上一交易日{ $whole }只涨停股（不计停牌）中{ $part }只目前涨停，连板晋级率{ $rate }{ $more }。
all-time-instant = 历史数据完整的{ $judged }只中，{ $highs }只现价高于历史所有收盘价，{ $lows }只低于历史所有收盘价。
above-averages-instant = { $short }的个股目前在{ $short_window }日均线之上，{ $middle }在{ $middle_window }日均线之上，{ $long }在{ $long_window }日均线之上。
prior-return-instant = 上一交易日涨停股今日平均{ $open_sign ->
    [up] 高开{ $open }
    [down] 低开{ $open }
   *[flat] 平开
}，目前平均{ $mean_sign ->
    [up] 涨{ $mean }
    [down] 跌{ $mean }
   *[flat] 持平
}，{ $positive }上涨。
takeaway-prior-limit-ups-gain-instant = 上一交易日的涨停股目前平均涨{ $mean }，{ $positive }上涨。
takeaway-prior-limit-ups-lose-instant = 上一交易日的涨停股目前平均跌{ $mean }，{ $positive }上涨。
highs-lows-instant = 有足够历史的{ $judged }只中，{ $highs }只现价高于近一年所有收盘价，{ $lows }只低于近一年所有收盘价（复权比较）。
takeaway-highs-lead-instant = 新高多于新低：{ $highs }只现价高于近一年所有收盘价，{ $lows }只低于。
takeaway-lows-lead-instant = 新低多于新高：{ $lows }只现价低于近一年所有收盘价，{ $highs }只高于。
breadth-counts-instant = 目前有成交的{ $traded }只A股中，{ $advances }只上涨，{ $declines }只下跌，{ $unchanged }只平盘。
column-close-instant = 点位
highest-closes-instant = 目前点位高于此前收盘：{ $highs }。
index-streak-instant = 计入当日目前走势，{ $index }连{ $streak_sign ->
    [down] 跌
   *[up] 涨
}{ $streak }个交易日。
