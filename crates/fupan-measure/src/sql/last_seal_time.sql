SELECT last_seal FROM seal_day WHERE symbol = :symbol
