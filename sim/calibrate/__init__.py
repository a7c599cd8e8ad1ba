"""A company's own exports: what can be learned from them about the parameters, and how surely."""
