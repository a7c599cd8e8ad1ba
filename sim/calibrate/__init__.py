"""A company's own exports: what they tell about the parameters, and how surely."""
