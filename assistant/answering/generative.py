"""Answers written by a language model, of which only what the sources bear out is let through; at worst the answer is quoted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.answering.language_model import unwatched
from assistant.answering.numbering import numbered
from assistant.answering.planted import without_planted
from assistant.answering.prompt import NO_ANSWER, messages, repair
from assistant.answering.weighing import key_of
from assistant.answering.written import written
from assistant.errors import LanguageModelError
from assistant.evidence import strength
from assistant.types import Claim, Draft, Rejection
from assistant.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.answering.extractive import ExtractiveAnswerer
    from assistant.answering.language_model import LanguageModel, Message
    from assistant.answering.numbering import Numbered
    from assistant.answering.verification import Verifier
    from assistant.answering.written import Written
    from assistant.gathering import Findings
    from assistant.questions import Question
    from assistant.settings import Settings
    from assistant.types import Evidence

_TIMES_REPEATED = 2
"""A sentence that comes again so often shows that the model goes round in circles."""
_LEAST_TIME = 1.0
"""With fewer seconds left nothing is asked again."""
_PLANTED = "The passages hold instructions to a language model, so they were not given to one and are quoted."
_FIGURES = "What a table holds is quoted, not put into words by the language model."


class GenerativeAnswerer:
    """Has a language model write from numbered evidence, and holds every sentence back until it is checked.

    ``verifier`` makes the check for what was found and what the model was told; ``hear`` is told of what has been let through
    whenever another sentence is, ``going_on`` is asked while the model is waited for, and what it raises stops all.
    """

    name = "generative"

    def __init__(
        self,
        model: LanguageModel,
        quoting: ExtractiveAnswerer,
        verifier: Callable[[Findings, Sequence[Numbered], str], Verifier],
        settings: Settings,
        hear: Callable[[Draft], None] | None = None,
        going_on: Callable[[], None] = unwatched,
    ) -> None:
        self._model, self._quoting, self._verifier, self._settings = model, quoting, verifier, settings
        self._hear, self._going_on = hear, going_on

    def draft(self, question: Question, findings: Findings) -> Draft:
        """Return what the model wrote and the sources bear out, or the quotes that answer, with one line on why."""
        if findings.tabled:
            return self.quoted(question, findings, _FIGURES)
        whole, findings = findings, without_planted(findings)
        if not findings.evidence:
            return self.quoted(question, whole, _PLANTED)
        evidence = numbered(findings, self._settings)
        asked = messages(question.text, evidence, self._settings.llm_sentences)
        writing = _Writing(self._verifier(findings, evidence, asked[0]["content"]), self._told_by(question))
        until = perf_counter() + self._settings.llm_seconds
        self._write(writing, asked, until)
        if writing.failed and not writing.trouble:
            self._write(writing.again(), repair(asked, writing.failures), until)
        return self._outcome(question, findings, writing, evidence)

    def quoted(self, question: Question, findings: Findings, why: str, rejected: Sequence[Rejection] = ()) -> Draft:
        """Return the quotes that answer a question, with the reason why the model's words do not."""
        draft = self._quoting.draft(question, findings)
        return replace(draft, note=why, rejected=tuple(rejected), written_by=self._quoting.name)

    def _told_by(self, question: Question) -> Callable[[Sequence[Claim]], None]:
        def tell(claims: Sequence[Claim]) -> None:
            if self._hear:
                self._hear(Draft(tuple(claims), is_list=question.asks_everything))

        return tell

    def _write(self, writing: _Writing, asked: Sequence[Message], until: float) -> None:
        """Have the model write until it ends, has said enough, or goes round in circles."""
        seconds = until - perf_counter()
        if seconds < _LEAST_TIME and writing.count:
            return
        stream = self._model.write(asked, seconds=max(seconds, _LEAST_TIME), going_on=self._going_on)
        try:
            for sentence in written(stream):
                if not writing.take(sentence) or writing.taken >= self._settings.llm_sentences:
                    break
        except LanguageModelError as error:
            writing.trouble = str(error)
        finally:
            stream.close()  # type: ignore[attr-defined]  # it is a generator

    def _outcome(
        self, question: Question, findings: Findings, writing: _Writing, evidence: Sequence[Numbered]
    ) -> Draft:
        why = self._too_little(writing)
        if why:
            return self.quoted(question, findings, f"{why} So the answer is quoted.", writing.rejected)
        claims = [*writing.kept, *self._quotes_for(writing)]
        if len(findings.groups) > 1:
            claims += self._lines_for_the_silent(question, findings, claims, evidence)
        missing = tuple(str(group.label) for group in findings.groups if group.label and not group.evidence)
        is_list = question.asks_everything or len(findings.groups) > 1
        return Draft(tuple(claims), None, missing, is_list, tuple(writing.rejected), writing.trouble)

    def _too_little(self, writing: _Writing) -> str | None:
        """Return why what the model wrote will not do; ``None`` where it will."""
        if writing.kept and len(writing.kept) >= self._settings.enough_written * writing.count:
            return None
        if writing.trouble:
            return writing.trouble
        if writing.declined:
            return "The language model saw no answer in the passages that were found."
        if not writing.count:
            return "The language model wrote nothing."
        lost = writing.count - len(writing.kept)
        return f"Of {writing.count} sentence{'s' * (writing.count > 1)} by the language model, {lost} did not hold."

    def _quotes_for(self, writing: _Writing) -> Iterator[Claim]:
        """Yield the quotes in place of sentences that failed, where they bear on the question and are not cited yet."""
        cited = {span for claim in writing.kept for one in claim.evidence for span in one.sentence.spans}
        for sentence, _ in writing.failed:
            for one in writing.verifier.evidence_of(sentence)[:1]:
                if not cited.issuperset(one.sentence.spans) and self._bears_on_it(one):
                    cited.update(one.sentence.spans)
                    yield self._quoting.claim(one)

    def _lines_for_the_silent(
        self, question: Question, findings: Findings, claims: Sequence[Claim], evidence: Sequence[Numbered]
    ) -> Iterator[Claim]:
        """Yield the quotes about each thing that a line is asked for and the model did not speak of."""
        spoken = {key_of(part) for claim in claims for part in _parts(claim, evidence)}
        quoted = self._quoting.draft(question, findings).claims
        for group in findings.groups:
            if spoken.isdisjoint(map(key_of, group.evidence)):
                spans = {span for one in group.evidence for span in one.sentence.spans}
                for claim in quoted:
                    own = all(span in spans for one in claim.evidence for span in one.sentence.spans)
                    if claim.heading == group.label or (claim.heading is None and own):
                        yield claim

    def _bears_on_it(self, one: Evidence) -> bool:
        return strength(one, self._settings) >= self._settings.enough_evidence


def _parts(claim: Claim, evidence: Sequence[Numbered]) -> Iterator[Evidence]:
    """Yield the sentences of the evidence that lie within what a claim cites."""
    cited = {(one.hit.passage.document, span) for one in claim.evidence for span in one.sentence.spans}
    for one in evidence:
        spans = one.evidence.sentence.spans  # rows of a table share the heads of its columns
        if all((one.evidence.hit.passage.document, span) in cited for span in spans):
            yield one.evidence


@dataclass
class _Writing:
    """What a model has written so far: what is kept, and what failed, with what is wrong with it."""

    verifier: Verifier
    tell: Callable[[Sequence[Claim]], None]
    kept: list[Claim] = field(default_factory=list)
    failed: list[tuple[Written, Rejection]] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    count: int = 0
    taken: int = 0
    declined: bool = False
    trouble: str | None = None
    mending: bool = False
    seen: dict[str, int] = field(default_factory=dict)

    def take(self, sentence: Written) -> bool:
        """Check a sentence; tell whether to go on reading."""
        said = " ".join(words(sentence.text.lower()))
        if NO_ANSWER in sentence.text:
            self.declined = True
            return False
        self.seen[said] = self.seen.get(said, 0) + 1
        if self.seen[said] > 1:
            return self.seen[said] <= _TIMES_REPEATED
        self.taken += 1
        self.count += not self.mending
        found = self.verifier.check(sentence)
        if isinstance(found, Claim):
            self.kept.append(found)
            self._mend(sentence)
            self.tell(self.kept)
        else:
            self.rejected.append(found)
            self.failed += [] if self.mending else [(sentence, found)]
        return True

    def again(self) -> _Writing:
        """Go on with what is mended."""
        self.mending, self.taken = True, 0
        return self

    @property
    def failures(self) -> list[Rejection]:
        """What is to be mended."""
        return [rejection for _, rejection in self.failed]

    def _mend(self, sentence: Written) -> None:
        """Count a sentence that cites the same as one that failed as that one, mended."""
        if self.mending:
            mended = next((one for one in self.failed if set(one[0].markers) & set(sentence.markers)), None)
            self.failed = [one for one in self.failed if one is not mended]
