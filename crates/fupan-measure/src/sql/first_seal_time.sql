SELECT first_seal FROM seal_day WHERE symbol = :symbol
