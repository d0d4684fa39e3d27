# 行情性质与下一交易日的观察点

heading-kind = 行情性质
heading-watch = 下一交易日观察点

# 在自身历史中的位置
place-first = { $of }处于近{ $window }个交易日的{ $place }分位
place-again = { $of }处于{ $place }分位
place-next = { $of }处于{ $place }分位
place-after = ，处于{ $order ->
    [first] 近{ $window }个交易日的
   *[again] { "" }
}{ $place }分位
between-places = ，
before-last-place = ，
of-turnover = 成交额
of-advances = 上涨家数
of-advance-share = 上涨占比
of-dispersion = 个股涨跌幅离散度
of-limit-ups = 涨停家数
of-limit-downs = 跌停家数
of-seal-rate = 封板率
of-promotion = 连板晋级率
of-followed = 上一交易日涨停股的平均涨跌幅
percentiles = { $places }。
extent-gap = { $index }{ $gap_sign ->
    [down] 跑输个股中位数{ $gap }
    [up] 跑赢个股中位数{ $gap }
   *[flat] 与个股中位数持平
}
extent-tails = 最弱一成个股的涨跌幅不高于{ $low }，最强一成不低于{ $high }
extent-share = 上涨占比{ $share }
after-colon = ：{ $told }

kind-ordinary = 行情平稳：{ $moved }，上涨占比{ $share }{ $told ->
    [past] ，{ $places }
   *[nothing] { "" }
}。
kind-broad-rise = 普涨行情{ $place }。
kind-broad-fall = 普跌行情{ $place }。
kind-index-up = { $index }强、个股弱{ $place }。
kind-index-down = { $index }弱、个股强{ $place }。
kind-rotation = 板块轮动、没有统一方向，{ $best }走强而{ $worst }走弱{ $place }。
kind-up = 个股偏强{ $place }。
kind-down = 个股偏弱{ $place }。
kind-even = 没有统一方向{ $place }。
kind-weights = { $way ->
    [weights_carried] 权重股带动
    [weights_held_up] 权重股相对抗跌
   *[weights_lagged] 权重股落后
}：流通市值加权平均{ $cap_sign ->
    [up] 涨{ $cap }
    [down] 跌{ $cap }
   *[flat] 持平
}，等权平均{ $equal_sign ->
    [up] 涨{ $equal }
    [down] 跌{ $equal }
   *[flat] 持平
}。
kind-index-gap = { $way ->
    [index_ahead] 指数走在个股前面：{ $index }跑赢个股中位数{ $gap }。
    [index_held_up] 指数比个股抗跌：{ $index }跑赢个股中位数{ $gap }。
    [index_behind] 指数落在个股后面：{ $index }跑输个股中位数{ $gap }。
   *[index_fell_further] 指数弱于个股：{ $index }跑输个股中位数{ $gap }。
}
kind-money = { $way ->
    [rise_on_more] { $index }上涨，两市放量
    [rise_on_less] { $index }上涨，两市缩量
    [fall_on_more] { $index }下跌，两市放量
    [fall_on_less] { $index }下跌，两市缩量
    [steady_and_high] 量能变化不大，维持高位
   *[steady_and_low] 量能变化不大，维持低位
}{ $told ->
    [more] ：{ $more }
   *[nothing] { "" }
}。
money-average = 沪深两市成交额{ $long_sign ->
    [down] 较前{ $window }日均额低{ $long }
   *[up] 较前{ $window }日均额高{ $long }
}
money-place = 全市场成交额处于{ $order ->
    [first] 近{ $window }个交易日的
   *[again] { "" }
}{ $place }分位
kind-temper = { $temper ->
    [board_freezing] 涨停情绪接近冰点
    [board_climax] 涨停情绪高潮
    [board_ebbing] 涨停情绪退潮
    [board_warming] 涨停情绪回暖
    [board_unsteady] 封板分歧较大
    [board_hot] 涨停情绪偏热
   *[board_cold] 涨停情绪偏冷
}{ $places }。
temper-past = ：{ $told }（含ST股）
temper-board = { $ups }只涨停，{ $downs }只跌停（含ST股）
temper-cohort = 上一交易日的涨停股中{ $rate }再度涨停，平均{ $mean_sign ->
    [up] 涨{ $mean }
    [down] 跌{ $mean }
   *[flat] 持平
}（含ST股）
kind-lead = { $way ->
    [prior_limit_ups_gain] 强势股延续
   *[prior_limit_ups_lose] 强势股未能延续
}：上一交易日的涨停股今日平均{ $mean_sign ->
    [up] 涨{ $mean }
    [down] 跌{ $mean }
   *[flat] 持平
}{ $place }。
kind-theme = { $all }只涨停股中，领涨题材{ $theme }占{ $ups }只；该题材{ $advances }只上涨，{ $declines }只下跌。

kind-sessions = { $word ->
    [broad_advance] 如此普涨已连续{ $sessions }个交易日。
    [broad_decline] 如此普跌已连续{ $sessions }个交易日。
    [narrow] 跌多涨少已连续{ $sessions }个交易日。
    [wide] 涨多跌少已连续{ $sessions }个交易日。
    [turnover_expanding] 明显放量已连续{ $sessions }个交易日。
    [turnover_shrinking] 明显缩量已连续{ $sessions }个交易日。
    [prior_limit_ups_gain] 涨停股次日如此走强已连续{ $sessions }个交易日。
    [prior_limit_ups_lose] 涨停股次日如此走弱已连续{ $sessions }个交易日。
   *[mixed] 涨跌各半已连续{ $sessions }个交易日。
}
kind-last-held = { $word ->
    [broad_advance] 上一次如此普涨是在{ $sessions }个交易日之前。
    [broad_decline] 上一次如此普跌是在{ $sessions }个交易日之前。
    [narrow] 上一次跌多涨少是在{ $sessions }个交易日之前。
    [wide] 上一次涨多跌少是在{ $sessions }个交易日之前。
    [turnover_expanding] 上一次明显放量是在{ $sessions }个交易日之前。
    [turnover_shrinking] 上一次明显缩量是在{ $sessions }个交易日之前。
    [prior_limit_ups_gain] 涨停股次日上一次如此走强是在{ $sessions }个交易日之前。
    [prior_limit_ups_lose] 涨停股次日上一次如此走弱是在{ $sessions }个交易日之前。
   *[mixed] 上一次涨跌各半是在{ $sessions }个交易日之前。
}

watch-index-run = { $index }收盘若不{ $streak_sign ->
    [down] 低于{ $level }点，{ $streak }连跌即告结束
   *[up] 高于{ $level }点，{ $streak }连涨即告结束
}。
watch-index-high = { $index }收盘若高于{ $level }点，将再创{ $date }以来新高。
watch-turnover-most = 沪深两市成交额若高于{ $turnover }（{ $whose ->
    [this] 当日
   *[other] { $date }
}），将超过此前{ $window }个交易日的任何一日。
watch-turnover-least = 沪深两市成交额若低于{ $turnover }（{ $whose ->
    [this] 当日
   *[other] { $date }
}），将少于此前{ $window }个交易日的任何一日。
watch-promotion = 当日{ $ups }只涨停股若有超过{ $rate }再度涨停，连板晋级率即较当日提高。
