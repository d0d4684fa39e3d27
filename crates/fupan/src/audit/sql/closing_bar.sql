-- The chosen bars of the whole session: what they say of it, an instant does not know yet.
SELECT * FROM daily_bar WHERE session = :last
