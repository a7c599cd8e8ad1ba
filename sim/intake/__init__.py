"""A company in about ten plain numbers, and the scenario that follows from them."""
