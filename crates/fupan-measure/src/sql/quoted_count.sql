SELECT count(DISTINCT symbol) FROM quote_row
