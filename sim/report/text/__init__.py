"""What people read: words for ids and numbers, and their translation."""
