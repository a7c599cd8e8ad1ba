"""Output for people: tables, figures, the answer in words, the report."""
