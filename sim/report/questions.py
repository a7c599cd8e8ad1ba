"""The twelve questions, and how to read their answers."""

from dataclasses import dataclass

from sim.report.language import later

SWEEP = "sim sweep SCENARIO.yaml --vary team.hours_per_week=5:40:5 -o DIR"
OPTIMISE = "sim optimise SCENARIO.yaml --moves -o DIR"
REVIEW = "sim study STUDY.yaml -o DIR"
INPUTS = "sim sensitivity SCENARIO.yaml -o DIR"


@dataclass(frozen=True)
class Question:
    """What people ask, how the answer is read (both to be said), and a command whose results hold it."""

    asked: str
    reading: str
    command: str = SWEEP


QUESTIONS = {
    1: Question(
        later("How many hours should we fund, and where does the next hour stop paying?"),
        later(
            "Each row is a level of hours against the same worlds with zero hours. Net return is the margin that"
            " those hours brought (deals after run-off, and renewals) less what they cost. Headlines use the"
            " expected-value estimator, which weighs every purchase by its chances; the realised count stands"
            " beside it. The last column is what the hours added at that level return for each unit of their cost,"
            " beyond that cost: below zero, they do not pay."
        ),
    ),
    2: Question(
        later("Which deals were really caused?"),
        later(
            "Every simulated deal is known in both worlds. These are deals of the simulation, not rows of your"
            " CRM. The net is the result; how many deals flip in each direction depends on how the two worlds are"
            " coupled."
        ),
    ),
    3: Question(
        later("What will our CRM say instead?"),
        later(
            "Each way of giving credit is held against the truth: seen (credited and caused), credited but not"
            " caused, caused but not credited, rightly ignored. Visibility is credited over true revenue; it is"
            " undefined where the true sum cannot be told from zero. Near 1 does not mean that records are right:"
            " what they credit without cause may weigh as much as what they miss."
        ),
    ),
    4: Question(
        later("When do we see money, and what do we show until then?"),
        later(
            "What all quarters so far have brought, less what their hours cost: margin on deals by when they"
            " close, and on renewals by when they are due. Of a purchase that the hours turned, money comes months"
            " after the touch that turned it. The mean is the plan's; one company lives one world, and so the"
            " chance of having broken even counts single worlds. Until then there is the dashboard: what it shows"
            " comes sooner, but much of what it shows would have come anyway."
        ),
    ),
    5: Question(
        later("Could we tell it from luck?"),
        later(
            "What a team could test with what it has: leads or deals of the last year against those of the year"
            " before it began; their growth against that of 19 companies alike at zero hours; every second account"
            " kept from social media. Each says yes if what it sees would come in one case of twenty by chance."
            " Attribution tests nothing: it says yes if the margin it credits so far is above the cost."
            " Before-and-after needs a year before (hours_policy.starts_week, as in the study evidence.yaml),"
            " peers need twenty worlds."
        ),
    ),
    6: Question(
        later("At these hours, what split?"),
        later(
            "A search tried many splits on few worlds; the best of them and the split as it is then met on worlds"
            " that the search never saw, so that none is here for its luck. The chance of being best is among"
            " those shown, given these worlds. A move of one hour is grey where it cannot be told from zero."
            " Activities are links of a chain: hours for one are worth little where another holds everything up."
        ),
        OPTIMISE,
    ),
    7: Question(
        later("Pass content on as it is, or rework it?"),
        later(
            "A piece passed on as it is takes minutes and moves little; one made from scratch takes hours, may"
            " need approval and moves more. Net return weighs all of it. Mixes are compared at the same hours,"
            " world by world; where one stands out, its level is marked. Engagements are those of people at target"
            " accounts."
        ),
    ),
    8: Question(
        later("What are the indirect effects worth?"),
        later(
            "The same difference between the worlds, in business words. Money stands on two rows only, deals and"
            " renewals, so that nothing is counted twice; presence and dialogue work through them."
        ),
    ),
    9: Question(
        later("How many hours should go to measuring, so that we are not cut wrongly?"),
        later(
            "Management gives more hours while the return that records show pays for them, and fewer while it"
            " does not. What records miss is one reason to be cut, the measurement trap; that money comes months"
            " after the hours, and that a quarter holds few deals, is another: impatience. The contrasts tell them"
            " apart, world by world."
        ),
        REVIEW,
    ),
    10: Question(
        later("Does it keep our customers?"),
        later(
            "Contracts renewed with these hours and without, at the same customers on the same draws. Customers"
            " who are answered in time trust more and stay; a complaint left unanswered in public costs more than"
            " one that was never made in public. Of those who are answered, half are within the median time, nine"
            " in ten within the 90th percentile. What contracts left at the end may still bring stands apart: it"
            " is in no net return."
        ),
    ),
    11: Question(
        later("Where do the hours go, and what holds us up?"),
        later(
            "Every minute of a session is booked on one activity, on changing between them, on waiting for work,"
            " or on learning the trade; together they are the hours given. Drafts wait where a stage holds many"
            " for long. A limit binds where lifting it alone, with everything else as it is, would gain most;"
            " gains do not add up, as behind one limit stands the next. Run with --lift all to see them."
        ),
    ),
    12: Question(
        later("Which of our guesses change the answer?"),
        later(
            "Each input at the low and the high end of what it may be, all others as they are, on the same"
            " worlds: how net return at the advised level changes, and which level would be advised then. An input"
            " that moves money without changing the level need not be known better for this decision."
        ),
        INPUTS,
    ),
}
