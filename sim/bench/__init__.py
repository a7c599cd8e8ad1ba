"""A bench for the tools that measure marketing: worlds whose truth is known, given to each tool, and what it says graded.

`families` says which worlds there are, `worlds` makes them, `contract` reads what a tool answers, `tools` and `environments`
say what is run and where, `running` runs it world by world. Grades are in `sim.analysis.grades`. See docs/other-tools.md.
"""
