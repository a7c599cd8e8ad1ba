"""Effects of touches, as odds ratios that a person can judge."""

from typing import Annotated

from pydantic import Field

from sim.scenario.schema.base import Section, param

Raises = Annotated[float, Field(ge=1.0, le=1e6)]
Lowers = Annotated[float, Field(gt=0.0, le=1.0)]


class Effects(Section):
    """The factor by which a touch multiplies the odds: 1 means no effect, 2 makes odds of 1 to 4 odds of 2 to 4.

    For an account of median salience and a trust of one half, and a member of the committee with an equal share of the say,
    right after the touch; it fades with the half-life of salience or of trust. Gains are derived from these (docs/effects.md).
    """

    year_of_posts: Raises = param(
        1.4,
        "odds of being shortlisted: a member of the committee sees twenty posts in a year (sign: colicev_mindset)",
        low=1.0,
        high=2.5,
    )
    engagement: Raises = param(
        1.1, "odds of being shortlisted: a member reacts to a post (salience; sign: colicev_mindset)", low=1.0, high=1.4
    )
    good_post: Raises = param(
        1.15,
        "odds of being shortlisted: a member reacts to an excellent post, by trust (rose_b2b_trust); a poor one lowers them"
        " (edelman_tl_2020)",
        low=1.0, high=1.5,
    )  # fmt: skip
    declined_request: Lowers = param(
        1.0,
        "odds of being shortlisted: a member declines a request to connect (trust; no figure was found)",
        low=0.95,
        high=1.0,
    )
    peer_answer: Raises = param(
        1.2, "odds of being shortlisted: a member's question among peers is answered by the team (salience)", low=1.0, high=2.0
    )
    good_reply: Raises = param(
        1.28, "odds of renewal: an excellent reply in time (trust; order: community_gainsight)", low=1.0, high=1.6
    )
    no_reply: Lowers = param(
        0.9,
        "odds of renewal: a message is left without reply (trust; 30 % say that they would go elsewhere,"
        " response_gap_sprout_2016)",
        low=0.75,
        high=1.0,
    )
    unanswered_complaint: Lowers = param(
        0.74,
        "odds of renewal: each complaint of the past year that nobody answered (sign: tweet_response_expectation)",
        low=0.4,
        high=1.0,
    )
    slow_reply: Lowers = param(
        0.74, "odds of passing the first stage: a buyer's message is answered as patience ends (sign: lead_response_hbr)",
        low=0.25, high=1.0,
    )  # fmt: skip
    recommendation: Raises = param(
        1.5,
        "odds of being shortlisted: a customer who is asked names the brand to the committee (salience; sign:"
        " wom_elasticity_trusov)",
        low=1.0,
        high=3.0,
    )
    praise: Raises = param(
        1.35, "odds of being shortlisted: that customer trusts it fully (trust; one who does not does the reverse)",
        low=1.0, high=2.0,
    )  # fmt: skip
