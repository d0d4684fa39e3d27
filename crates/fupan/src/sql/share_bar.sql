-- The stored bars of A-shares. Before 2021-11-15 the codes of the BSE were traded elsewhere.
SELECT b.*, s.exchange, s.board, s.listed_on
FROM window_bar b JOIN listed_share s ON s.symbol = b.symbol
WHERE s.exchange <> 'BJ' OR b.session >= DATE '2021-11-15'
