//! Delta tables with sealed versions, session reads, and SQL.
