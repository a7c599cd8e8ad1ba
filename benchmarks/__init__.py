"""Timings, as ratios that carry over from one machine to another. Run: python -m benchmarks."""
