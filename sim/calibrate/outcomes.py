"""Words for how a deal ended, in the spellings and languages of CRMs: won, lost, open, or not understood, never guessed."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sim.calibrate.columns import Column, Contender, plain
from sim.calibrate.errors import ExportError, names_said, shown
from sim.calibrate.exports import Export
from sim.calibrate.vocabulary import CLOSED, LOST, WON
from sim.remarks import Remark, remark

# "no" is neither won nor known to be lost; "closed" does not say how it ended
Meaning = Literal["won", "lost", "open", "no", "closed", "unknown"]
OUTCOMES: tuple[Literal["won", "lost", "open"], ...] = ("won", "lost", "open")
MOST_NAMED = 12

NOT = frozenset({
    "not", "no", "non", "nicht", "kein", "keine", "pas", "nao", "niet", "geen", "never", "nunca", "nie", "sin", "sans",
    "ohne", "without",
})  # fmt: skip
PERHAPS = frozenset({
    "likely", "probable", "probably", "almost", "nearly", "soon", "expected", "pending", "verbal", "verbally", "potential",
    "possible", "forecast", "be", "back", "awaiting", "waiting", "chance", "probability", "wahrscheinlich",
    "voraussichtlich", "bald", "fast", "probablemente", "probablement", "presque", "bientot", "quasi", "casi",
    "provavelmente", "waarschijnlijk", "bijna",
})  # fmt: skip
INTEREST = re.compile(r"interes|interet|^decision$|^budget$|^bedarf$|^suite$|^need$|^presupuesto$|^besoin$|^behoefte$")
UNDER_WAY = re.compile(
    r"^(decision|needs|open|offen|abiert|abert|apert|ouvert|new$|neu|nuev|nouve|nuov|nov[oa]$|nieuw|propos|propuest|offer|angebot|quot|devis"
    r"|presupuest|orcament|preventiv|negoti|negoc|verhandl|onderhandel|trattativ|qualif|calific|cualific|kwalif|gekwalif|contact"
    r"|kontakt|demo|present|praesent|discover|appoint|meeting|termin|reunion|riunion|afspraak|prospect|prospec|prospet|leads?$|mql"
    r"|sql|opport|oportun|evalua|trial|pilot|contract|vertrag|sent$|schedul|review|analy|engag|nurtur|attempt|connect|unread"
    r"|assign|follow|hold|pending|wait|activ|aktiv|attiv|progress|working|ongoing|laufend|lopend|curso|cours|corso|andament"
    r"|proces|bearbeit|subscriber|marketing|sales|consider|commit|verbal)"
)
CUSTOMERS = frozenset(["customer", "evangelist"])  # stages of a life cycle, as HubSpot has them
YES = frozenset({
    "yes", "y", "true", "t", "1", "1.0", "x", "ja", "j", "oui", "o", "si", "s", "sim", "vrai", "wahr", "verdadero",
    "verdadeiro", "vero", "waar",
})  # fmt: skip
NO = frozenset({
    "no", "n", "false", "f", "0", "0.0", "nein", "non", "nao", "nee", "faux", "falsch", "falso", "onwaar",
})  # fmt: skip
HEADERS = re.compile(
    r"stage|status|outcome|phase|etapa|estado|statut|stato$|^stato|stadio|esito|resultado|resultat|result|ergebnis|uitkomst|uitslag"
    r"|situacao|situacion|^win/?loss|estagio|tappa|step|etape|fase|stadium|stufe|disposition|won|ganad|gagne|gewonnen|vinto|vinta|ganho"
)
OF_WINS = re.compile(
    r"won|outcome|ganad|gagne|gewonnen|vinto|vinta|ganho|renew|result|ergebnis|esito"
)  # that yes and no may answer
BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
LETTERS = re.compile(r"[^\W\d_]+")
NO_TEXT = "say with --columns mapping.yaml which mean what, with a line such as `{line}` in it{otherwise}"


def bare(text: str) -> str:
    """Return a text without case and accents."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).casefold().strip()


def meaning(word: str) -> Meaning:
    """Return what a word for an outcome means, whatever surrounds it: a number, the name of a pipeline, another language."""
    found = _of_tokens(_tokens(BRACKETS.sub(" ", word)))
    return found if found not in ("closed", "unknown") else _of_tokens(_tokens(word))


def _tokens(text: str) -> list[str]:
    """Return the words of a text; of `ClosedWon` its parts as well."""
    joined = text.replace("'", "").replace("’", "")
    whole, parts = (LETTERS.findall(bare(one)) for one in (joined, HUMPS.sub(" ", joined)))
    return list(dict.fromkeys([*whole, *parts]))


def _of_tokens(tokens: Sequence[str]) -> Meaning:
    there = set(tokens)
    won, lost, denied = bool(there & WON), bool(there & LOST), bool(there & NOT)
    if won and lost:
        return "unknown"
    if won:
        return "no" if denied else "unknown" if there & PERHAPS else "won"
    if lost:
        return "unknown" if denied or there & PERHAPS else "lost"
    return _of_others(tokens, denied=denied)


def _of_others(tokens: Sequence[str], *, denied: bool) -> Meaning:
    """Return what tokens mean of which none says won or lost; `denied` if one of them denies the others."""
    there = set(tokens)
    if denied:
        return "lost" if any(INTEREST.search(token) for token in tokens) else "unknown"
    if there & CLOSED:
        return "closed"
    if len(tokens) == 1 and there & CUSTOMERS:
        return "won"
    return "open" if any(UNDER_WAY.search(token) for token in tokens) else "unknown"


@dataclass(frozen=True)
class Words:
    """The words of a column of outcomes: how many rows have each, and what each means."""

    column: str
    counts: Mapping[str, int]
    meanings: Mapping[str, Meaning]

    @classmethod
    def of(
        cls,
        column: str,
        counts: Mapping[str, int],
        said: Mapping[str, Sequence[str]] | None = None,
        *,
        may_answer: bool = False,
    ) -> "Words":
        """Understand words: as the mapping says, else as yes and no in a column that they may answer, else by their meaning."""
        mapped = {bare(word): outcome for outcome in OUTCOMES for word in (said or {}).get(outcome, ())}
        rest = [word for word in counts if bare(word) not in mapped]
        yes_or_no = {bare(word) for word in counts} <= YES | NO | set(mapped)
        answers = {word for word in rest if bare(word) in YES | NO} if may_answer else set(rest)
        if not may_answer and not (yes_or_no and OF_WINS.search(_header(column))):
            answers = set()

        def understood(word: str) -> Meaning:
            if word in answers:
                return "won" if bare(word) in YES else "no"
            return meaning(word)

        return cls(column, counts, {word: understood(word) for word in rest} | _as_mapped(counts, mapped))

    def that_mean(self, *meanings: Meaning) -> list[str]:
        """Return the words of some meanings, the most frequent first."""
        return sorted((word for word, one in self.meanings.items() if one in meanings), key=lambda word: -self.counts[word])

    def rows(self, *meanings: Meaning) -> int:
        """Count the rows with a word of some meanings."""
        return sum(self.counts[word] for word in self.that_mean(*meanings))

    def said(self, words: Sequence[str]) -> Remark:
        """Quote words with how many rows have each."""
        told: list[str] = [
            remark("{word} ({count})", word=shown(word), count=int(self.counts[word])) for word in words[:MOST_NAMED]
        ]
        if len(words) > MOST_NAMED:
            told.append(remark("{more} more", more=len(words) - MOST_NAMED))
        return remark("{words}", words=told)

    def line(self, lost: Sequence[str] = ()) -> str:
        """Write the line of a mapping that says what the words mean, to be corrected."""
        won = self.that_mean("won") or ["..."]
        return f"outcomes: {{won: [{_listed(won)}], lost: [{_listed([*self.that_mean('lost'), *lost]) or '...'}]}}"

    def remarks(self) -> Remark:
        """Say which words are taken for what."""
        kinds = {"won": ("won",), "lost": ("lost",), "open": ("open", "no", "unknown", "closed")}
        parts: list[str] = [
            remark("{kind}: {words}", kind=NAMES[kind], words=self.said(words))
            for kind, meanings in kinds.items()
            if (words := self.that_mean(*meanings))  # type: ignore[arg-type]
        ]
        return remark("column '{column}' says what became of a row; {parts}", column=self.column, parts=parts)


NAMES = {"won": remark("won"), "lost": remark("lost"), "open": remark("open")}


def _as_mapped(counts: Mapping[str, int], mapped: Mapping[str, Meaning]) -> dict[str, Meaning]:
    return {word: mapped[bare(word)] for word in counts if bare(word) in mapped}


def _listed(words: Sequence[str]) -> str:
    return ", ".join("..." if word == "..." else f'"{word[:60]}"' for word in words[:6])


def _header(column: str) -> str:
    return bare(plain(column))


def is_header(name: str) -> bool:
    """Return whether a column may say what became of a deal."""
    return bool(HEADERS.search(_header(name)))


def chooser(
    said: Mapping[str, Sequence[str]] | None,
) -> Callable[[Sequence[Contender], Mapping[str, str], str], Contender | None]:
    """Return what chooses the column of outcomes among those that may be it: the one whose words say which are won."""

    def choose(contenders: Sequence[Contender], _: Mapping[str, str], file: str) -> Contender | None:
        read = [(one, Words.of(one.header, one.words, said)) for one in contenders]
        telling = [(one, words) for one, words in read if words.that_mean("won")]
        if not telling:
            known = [one for one, words in read if one.is_exact or words.that_mean("lost")]
            return known[0] if known else None
        both = [(one, words) for one, words in telling if words.that_mean("lost")] or telling
        if len({words.rows("won") for _, words in telling}) > 1:
            raise ExportError(
                f"the columns {names_said([one.header for one, _ in telling])} say differently which are won",
                file=file,
                remedy=f"say which is right with --columns mapping.yaml and the line `outcome: {both[0][0].header}` in it",
            )
        return both[0][0]

    return choose


def outcome_column(said: Mapping[str, Sequence[str]] | None = None) -> Column:
    """Return the column of outcomes; `said` is what the mapping says of its words."""
    aliases = ("deal stage", "stage", "stage name", "status", "result", "is won", "is closed won", "won", "opportunity stage")
    return Column("outcome", "text", aliases, needed=False, may_be=is_header, chooser=chooser(said))


def words_of(
    export: Export, said: Mapping[str, Sequence[str]] | None, name: str = "outcome", *, may_answer: bool = False
) -> Words:
    """Count the words of a column of outcomes and understand them; `may_answer` if they may be yes and no whatever its name."""
    counts = export.frame[name].value_counts()
    there = {str(word): int(count) for word, count in counts.items()}
    return Words.of(export.found[name], there, said, may_answer=may_answer)


def meanings_of(export: Export, words: Words, name: str = "outcome") -> pd.Series:
    """Return what each row's word means; missing where there is none."""
    return export.frame[name].map(dict(words.meanings))


def refused(export: Export, words: Words, fault: str, otherwise: str = "", listed: Sequence[str] | None = None) -> ExportError:
    """Build the refusal of a column whose words do not tell: they are listed with counts, and the mapping to write is shown."""
    there = words.said(list(words.counts) if listed is None else listed)
    return ExportError(
        f"{fault}: there are {there}",
        file=str(export.path),
        column=words.column,
        remedy=NO_TEXT.format(line=words.line(), otherwise=otherwise),
    )
