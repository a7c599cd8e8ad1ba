"""Figures, and what several of them share; those of the questions stand with their questions."""
