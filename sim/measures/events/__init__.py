"""What happened in a world, as events: of deals and drafts one by one, of everything at once, and of those who wait."""
