-- The chosen bars of the whole session, which are not known yet at an instant.
SELECT * FROM daily_bar WHERE session = :last
