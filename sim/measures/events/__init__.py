"""Events of a world: of deals and drafts one by one, of everything at once, and of what waits."""
