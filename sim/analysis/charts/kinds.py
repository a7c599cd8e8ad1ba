"""The kinds of charts: what each is, and what it needs."""

LINE, HEAT, CONTOUR, SCATTER, BOX, HIST, ECDF, TIME = "line", "heat", "contour", "scatter", "box", "hist", "ecdf", "time"
PAIRS, PARALLEL, TORNADO, SOBOL, HISTORY, IMPORTANCE = "pairs", "parallel", "tornado", "sobol", "history", "importance"
KINDS = (
    LINE, HEAT, CONTOUR, SCATTER, BOX, HIST, ECDF, TIME, PAIRS, PARALLEL, TORNADO, SOBOL, HISTORY, IMPORTANCE,
)  # fmt: skip
OF_TWO = (HEAT, CONTOUR)  # parameters
OF_WORLDS = (BOX, HIST, ECDF)  # one by one, and not their mean
OF_ALL = (PAIRS, PARALLEL)  # parameters of a design at once
OF_SEARCHES = (SOBOL, HISTORY, IMPORTANCE)  # which another command keeps beside the tables

MOST_GROUPS = 12  # colours that can be told apart, with their lines
MOST_ROWS = 60  # of names on an axis
MOST_PAIRS = 7  # of the parameters and outcomes of a scatter matrix
MOST_AXES = 12  # of parallel coordinates
MOST_PANELS = 6
LEAST_CONTOURS = 3  # values of a parameter
