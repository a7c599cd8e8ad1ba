"""Exports that platforms make: by which columns each is known, and which of its columns are ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.calibrate.columns import plain
from sim.remarks import Remark, remark


@dataclass(frozen=True)
class Platform:
    """An export of a platform; `columns` maps our names to those of its own that aliases would miss or could not decide."""

    name: Remark
    signs: tuple[str, ...]
    columns: Mapping[str, str]
    note: Remark
    without: tuple[str, ...] = ()  # kinds of engagement that its posts do not have

    def fits(self, header: Sequence[str]) -> bool:
        """Return whether a header has all the columns by which the export is recognised."""
        return {plain(sign) for sign in self.signs} <= {plain(name) for name in header}

    def mapping(self, header: Sequence[str]) -> dict[str, str]:
        """Map our names to those in the header."""
        there = {plain(name) for name in header}
        return {ours: theirs for ours, theirs in self.columns.items() if plain(theirs) in there}


def platform_of(header: Sequence[str], platforms: Sequence[Platform]) -> Platform | None:
    """Return the first platform whose export has this header."""
    return next((one for one in platforms if one.fits(header)), None)


LINKEDIN_DAYS = Platform(
    remark("LinkedIn, by day"),
    ("Date", "Impressions (organic)", "Reactions (organic)"),
    {
        "impressions": "Impressions (organic)", "reaction": "Reactions (organic)", "comment": "Comments (organic)",
        "share": "Reposts (organic)", "click": "Clicks (organic)",
    },
    remark("what was sponsored is ignored"),
)  # fmt: skip
LINKEDIN_POSTS = Platform(
    remark("LinkedIn, by post"),
    ("Post link", "Created date", "Impressions", "Reposts"),
    {"impressions": "Impressions"},
    remark("views are those of videos"),
)
X_POSTS = Platform(
    remark("X, by post"),
    ("Post id", "Date", "Impressions", "Engagements", "Reposts"),
    {"day": "Date", "impressions": "Impressions", "share": "Reposts", "click": "URL Clicks"},
    remark("clicks are those on links; other engagements, such as opening a post, are none of the four kinds"),
)
X_DAYS = Platform(
    remark("X, by day"),
    ("Date", "Impressions", "Engagements", "Reposts", "Bookmarks"),
    {"share": "Reposts"},
    remark("shares outside X count as engagements, but not as passing on"),
)
META_POSTS = Platform(
    remark("Meta, by post"),
    ("Publish time", "Permalink", "Reactions"),
    {"day": "Publish time", "impressions": "Impressions", "click": "Total clicks"},
    remark("reach counts people, and impressions how often they saw the post"),
)
META_VIEWS = Platform(
    remark("Meta, by post"),
    ("Publish time", "Permalink", "Reactions", "Views"),
    {"day": "Publish time", "impressions": "Views", "reaction": "Reactions", "click": "Total clicks"},
    remark("reach counts people, and views how often they saw the post"),
)
INSTAGRAM_POSTS = Platform(
    remark("Instagram by Meta, by post"),
    ("Publish time", "Permalink", "Likes", "Saves"),
    {"day": "Publish time", "impressions": "Views", "reaction": "Likes", "comment": "Comments", "share": "Shares"},
    remark("it counts no clicks, as posts there carry no links: none are reckoned with"),
    without=("click",),
)
PLATFORMS = (LINKEDIN_DAYS, LINKEDIN_POSTS, X_POSTS, X_DAYS, META_VIEWS, META_POSTS, INSTAGRAM_POSTS)
