"""Alternative texts of figures, for those who cannot see them: taken only from their own titles, labels and legends."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report.text.translation import say


def alt_text(figure: Figure, *, has_table: bool = True) -> str:
    """Describe a figure in words: its title, and what each panel plots against what."""
    title = figure.get_suptitle()
    panels = [said for said in (_panel(axes) for axes in figure.axes) if said]
    below = [say("The numbers are in the table below.")] if has_table else []
    return " ".join([*([_sentence(title)] if title else []), *panels, *below])


def _panel(axes: Axes) -> str:
    title, across, up = axes.get_title(loc="left") or axes.get_title(), axes.get_xlabel(), axes.get_ylabel()
    both = across and up
    drawn = say("{up} against {across}", up=_line(up), across=_line(across)) if both else _line(across or up)
    _, series = axes.get_legend_handles_labels()
    named = ", ".join(dict.fromkeys(_line(one) for one in series))
    return " ".join(_sentence(one) for one in (title, drawn, named) if one)


def _line(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    line = _line(text)
    return line if line.endswith((".", "!", "?")) else f"{line}."
