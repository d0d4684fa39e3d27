-- Every stored bar of the past that is looked at.
SELECT session, CAST(symbol AS VARCHAR) AS symbol, open, high, low, close, prev_close, volume,
       turnover, source, import_id
FROM daily_bar
WHERE session BETWEEN :from AND :last AND :source
