"""Text for people: words for ids and numbers, and their translation."""
