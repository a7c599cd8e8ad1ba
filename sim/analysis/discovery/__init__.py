"""Scenario discovery: where, among all that cannot be chosen, a condition on outcomes holds."""
