-- The stored bars of A-shares. BSE codes are left out before 2021-11-15: they traded elsewhere.
SELECT b.*, s.exchange, s.board, s.listed_on
FROM listed_share s JOIN window_bar b ON b.symbol = s.symbol
WHERE s.exchange <> 'BJ' OR b.session >= DATE '2021-11-15'
