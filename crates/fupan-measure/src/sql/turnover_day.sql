-- Turnover of each exchange and board in each session of the past.
SELECT b.session, c.number, b.exchange, b.board, count(*) AS traded,
       sum(coalesce(b.turnover, b.volume * (b.open + b.high + b.low + b.close) / 400)) AS fen
FROM daily_bar b JOIN calendar c ON c.session = b.session
WHERE b.volume > 0 AND b.open IS NOT NULL AND b.high IS NOT NULL AND b.low IS NOT NULL
  AND b.close IS NOT NULL
GROUP BY b.session, c.number, b.exchange, b.board
