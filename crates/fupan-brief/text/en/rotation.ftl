# Rotation of themes.
rotation-stayed = In the last { $window } sessions, the themes most often among the best tenth were { $themes }.
rotation-days = { $theme } ({ $days })
rotation-order = { $how ->
    [alike] The order of the themes was much like that of the session before: the rank correlation was { $correlation }, where one is the same order and minus one the reverse.
    [reversed] The order of the themes turned against that of the session before: the rank correlation was { $correlation }, where one is the same order and minus one the reverse.
   *[changed] The order of the themes had little to do with that of the session before: the rank correlation was { $correlation }, where one is the same order and minus one the reverse.
}
rotation-apart = The standard deviation across themes was { $dispersion }: the larger it is, the more it mattered which theme a stock belonged to.
rotation-crowded = By the past { $window } sessions of each, an unusually large part of the turnover went to { $themes }.
rotation-share = { $theme } ({ $share } of all turnover, { $place } percentile)
table-rotation = The best themes of the session, session by session, mean return
