"""Files for people and for other tools: figures, tables, data."""
