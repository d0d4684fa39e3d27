-- Turnover of each exchange and board in each session of the window.
SELECT session, number, exchange, board, sum(turnover_or_estimate) AS fen
FROM bar_day
GROUP BY session, number, exchange, board
