"""Analyses: results to frames, keyed by stable ids. No language, no pages, no pictures."""
