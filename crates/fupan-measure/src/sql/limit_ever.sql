-- The rows up to the last requested session that may be part of a streak.
SELECT symbol, segment, segment_place, place, number, is_new, sealed, doubtful FROM limit_past
UNION ALL
SELECT symbol, segment, segment_place, place, number, is_new, sealed, doubtful FROM limit_day
