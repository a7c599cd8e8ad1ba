"""Guesses by what they are about: one theme per subject that a team could look into. The report has the words for them."""

from collections.abc import Iterable

MINDS, REACH, CONTENT, TALKS, CUSTOMERS, DEMAND, SALES, TEAM, SIGNALS, CRISES, RECORDS = (
    "minds", "reach", "content", "talks", "customers", "demand", "sales", "team", "signals", "crises", "records",
)  # fmt: skip
OF_SECTIONS = {
    MINDS: ("effects",),
    REACH: ("channels", "selection", "recruiting", "profiles", "sponsoring"),
    CONTENT: ("content", "validation"),
    TALKS: ("dialogue", "animation", "outside"),
    CUSTOMERS: ("customers",),
    DEMAND: ("market", "web", "company"),
    SALES: ("sales",),
    TEAM: ("team", "hours_policy", "presence", "time"),
    SIGNALS: ("weak_signals", "listening"),
    CRISES: ("crises",),
    RECORDS: ("measurement",),
}
BY_SECTION = {section: theme for theme, sections in OF_SECTIONS.items() for section in sections}


def by_theme(paths: Iterable[str]) -> dict[str, list[str]]:
    """Sort the paths of guesses by theme, in the order of themes; a section of no theme is one of its own."""
    found: dict[str, list[str]] = {theme: [] for theme in OF_SECTIONS}
    for path in paths:
        section = path.partition(".")[0]
        found.setdefault(BY_SECTION.get(section, section), []).append(path)
    return {theme: of_theme for theme, of_theme in found.items() if of_theme}
