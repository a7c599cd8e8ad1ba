"""The live page: stored results by sliders, deals one by one, and new runs; in a browser on this machine."""
