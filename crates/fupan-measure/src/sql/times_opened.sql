SELECT times_opened FROM seal_day WHERE symbol = :symbol
