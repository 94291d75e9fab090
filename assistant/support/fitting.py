"""Fit the support measure on open data: ``python -m assistant.support.fitting DATA PAIRS CACHE``.

Nearness is fitted on SciFact's training claims: has the abstract anything on this? Agreement is fitted on titles and
conclusions of SciFact's abstracts, as they stand and turned round by one word, and then scaled on the training claims.
Likeness is fitted on PAIRS (``tests/data/support_pairs.jsonl``): true paraphrases against other sentences of the same texts.
No abstract of the training or the development claims is used for that, and no development claim for anything.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.embeddings import SentenceTransformerEmbedder
from assistant.sentences import sentence_bounds
from assistant.support.features import Rarity, likeness, nearness
from assistant.support.model import Logistic
from assistant.support.stance import stance
from assistant.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

Case = tuple[str, list[str], bool]
"""A claim, its evidence, and whether it agrees."""

Labelled = tuple["NDArray[np.float64]", "NDArray[np.bool_]"]

_LEAST_COUNT = 3
_WEIGHS_AS_MUCH = 8
_TURNS = """
increase/decrease increases/decreases increased/decreased increasing/decreasing higher/lower more/less greater/smaller
larger/smaller promotes/inhibits promote/inhibit promoted/inhibited promoting/inhibiting
induces/prevents induce/prevent induced/prevented
inducing/preventing enhances/reduces enhance/reduce enhanced/reduced enhancing/reducing activates/inhibits activate/inhibit
activation/inhibition activated/inhibited activating/inhibiting improves/worsens improve/worsen
improved/worsened improving/worsening
upregulates/downregulates upregulated/downregulated upregulation/downregulation causes/prevents cause/prevent caused/prevented
positive/negative positively/negatively effective/ineffective presence/absence better/worse longer/shorter gain/loss
necessary/unnecessary susceptible/resistant stabilizes/destabilizes raises/lowers stimulates/suppresses stimulate/suppress
stimulated/suppressed enables/prevents enable/prevent sensitive/resistant sensitivity/resistance success/failure
successful/unsuccessful stronger/weaker dependent/independent required/unnecessary reduces/increases reduce/increase
reduction/increase impairs/improves impair/improve impaired/improved blocks/enables protects/harms protect/harm lacks/has
lack/have suppresses/stimulates dependently/independently harmful/beneficial detrimental/beneficial majority/minority
prolongs/shortens extends/shortens accelerates/slows
"""
_TURNED = {one: other for pair in _TURNS.split() for one, other in (pair.split("/")[::-1], pair.split("/"))}
_AUXILIARY = re.compile(r"\b(is|are|was|were|can|may|has|have|does|do|did|will|could|should)\b", re.IGNORECASE)
_UNDENIED = (
    (re.compile(r"\b(?:do|does|did) not (\w+)"), r"\1"),
    (re.compile(r"\b(is|are|was|were|can|may|has|have|will|could) not\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bcannot\b"), "can"),
    (re.compile(r"\bno\b"), "a"),
)
_LEADS_IN = re.compile(
    r"^(?:[A-Z][A-Z /&]+:? (?=[A-Z]))?(?:In conclusion|Thus|Therefore|We conclude that|Taken together"
    r"|(?:These|Our) (?:results|findings|data) (?:suggest|indicate|show|demonstrate) that)?,? *"
)


def turned(text: str) -> str | None:
    """Return ``text`` with one thing turned round: a denial taken away, a direction reversed, or a "not" put in."""
    for pattern, replacement in _UNDENIED:
        changed = pattern.sub(replacement, text, count=1)
        if changed != text:
            return changed
    for word in re.finditer(r"[A-Za-z]+", text):
        other = _TURNED.get(word[0].lower())
        if other:
            other = other.capitalize() if word[0][0].isupper() else other
            return text[: word.start()] + other + text[word.end() :]
    found = _AUXILIARY.search(text)
    return f"{text[: found.end()]} not{text[found.end() :]}" if found else None


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a ``.jsonl.gz`` file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_claims(path: Path) -> list[tuple[str, list[str], str]]:
    """Return claim, abstract and label, once for every claim and abstract."""
    rows = {(row["claim_id"], row["doc_id"]): row for row in read_lines(path)}
    return [(row["claim"], row["abstract_sentences"], row["label"]) for row in rows.values()]


def read_pairs(path: Path) -> list[Case]:
    """Return the pairs that were written by hand, without those set aside (``"split": "test"``)."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(row["claim"], row["evidence"], row["supported"]) for row in rows if row["split"] != "test"]


def count_words(data: Path) -> tuple[int, dict[str, int]]:
    """Return the number of documents of the open sets, and in how many of them each stem stands."""
    texts = [
        f"{row['title']} {row['text']}"
        for name in ("scifact", "squad2", "orsharc")
        for row in read_lines(data / name / "corpus.jsonl.gz")
    ]
    counts = Counter(word for text in texts for word in set(terms(text)))
    return len(texts), {word: count for word, count in sorted(counts.items()) if count >= _LEAST_COUNT}


def make_cases(data: Path) -> list[Case]:
    """Return titles and conclusions of abstracts that no claim is about, as they stand and turned round."""
    folder = data / "scifact"
    used = {row["doc_id"] for name in ("_train", "") for row in read_lines(folder / f"verification{name}.jsonl.gz")}
    rows = [row for row in read_lines(folder / "corpus.jsonl.gz") if str(row["id"]) not in used]
    return [case for row in rows for case in _cases(row["title"], row["text"])]


def _cases(title: str, text: str) -> Iterator[Case]:
    sentences = [text[start:end] for start, end in sentence_bounds(text)]
    if not 4 <= len(sentences) <= 20:
        return
    last = _LEADS_IN.sub("", sentences[-1])
    claims = [(title.rstrip(".") + ".", sentences)] if "?" not in title and not title.startswith("[") else []
    if 40 < len(last) < 220:
        claims.append((last[0].upper() + last[1:], sentences[:-1]))
    for claim, evidence in claims:
        other = turned(claim)
        if other:
            yield claim, evidence, True
            yield other, evidence, False


class CachedVectors:
    """Unit vectors of texts, kept in a folder between runs: ``texts.json`` and ``vectors.npy``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._texts, self._vectors = folder / "texts.json", folder / "vectors.npy"
        known = json.loads(self._texts.read_text(encoding="utf-8")) if self._texts.exists() else []
        self._known = dict(zip(known, np.load(self._vectors), strict=True)) if known else {}

    def similarity(self, claim: str, evidence: Sequence[str]) -> NDArray[np.float64]:
        """Return the cosine of every sentence of evidence and the claim, ``(n,)``."""
        mine = self._known[claim].astype(np.float64)
        return np.asarray(np.stack([self._known[one] for one in evidence]).astype(np.float64) @ mine)

    def embed(self, texts: set[str]) -> None:
        """Embed what is not known yet."""
        missing = sorted(texts - self._known.keys(), key=len)
        if missing:
            vectors = SentenceTransformerEmbedder().embed(missing).astype(np.float16)
            self._known |= dict(zip(missing, vectors, strict=True))
            self._texts.write_text(json.dumps(list(self._known)), encoding="utf-8")
            np.save(self._vectors, np.stack(list(self._known.values())))


def fit(figures: NDArray[np.float64], labels: NDArray[np.bool_], strength: float) -> Logistic:
    """Fit a logistic regression by Newton's method, over standardised figures, the weights held back by ``1 / strength``."""
    mean, scale = figures.mean(axis=0), figures.std(axis=0)
    scale[scale < 1e-9] = 1.0
    design = np.column_stack([(figures - mean) / scale, np.ones(len(figures))])
    held = np.diag([1 / strength] * figures.shape[1] + [0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        guess = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (guess - labels) + held @ weights
        weights -= np.linalg.solve((design * (guess * (1 - guess))[:, None]).T @ design + held, slope)
    raw = weights[:-1] / scale
    return Logistic(raw, float(weights[-1] - raw @ mean))


def fit_agreement(made: Labelled, real: Labelled) -> Logistic:
    """Fit agreement on made cases; then scale it on real ones."""
    rough = fit(*made, strength=0.01)
    scaled = fit((real[0] @ rough.weights + rough.bias)[:, None], real[1], strength=1.0)
    slope = float(scaled.weights[0])
    return Logistic(rough.weights * slope, rough.bias * slope + scaled.bias)


def fit_likeness(pairs: Sequence[Case], vectors: CachedVectors, rarity: Rarity) -> Logistic:
    """Fit how a sentence is told from its neighbours: true paraphrases against the sentences that come nearest beside their own.

    To turn away a true paraphrase weighs as much as to let several neighbours in: some of them say the same.
    """
    sources = list(dict.fromkeys(tuple(evidence) for _, evidence, _ in pairs))
    own, others = [], []
    for claim, evidence, holds in pairs:
        if holds:
            rest = [source for source in sources if not set(source) & set(evidence)]
            rest.sort(key=lambda source: -vectors.similarity(claim, source).max())
            figures = [likeness(claim, one, vectors.similarity(claim, one), rarity) for one in (evidence, *rest[:2])]
            own.append(figures[0])
            others.extend(figures[1:])
    design = np.stack(own * _WEIGHS_AS_MUCH + others)
    return fit(design, np.arange(len(design)) < len(own) * _WEIGHS_AS_MUCH, strength=1.0)


def main(data: Path, pairs: Path, cache: Path) -> None:
    """Fit everything and write ``weights.json``."""
    documents, counts = count_words(data)
    rarity, vectors = Rarity(documents, counts), CachedVectors(cache)
    cases, claims, own = (
        make_cases(data),
        read_claims(data / "scifact" / "verification_train.jsonl.gz"),
        read_pairs(pairs),
    )
    vectors.embed({text for claim, evidence, _ in (*cases, *claims, *own) for text in (claim, *evidence)})

    def figures(items: Sequence[tuple[str, list[str], Any]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        weighed = [_weigh(claim, evidence, vectors.similarity(claim, evidence), rarity) for claim, evidence, _ in items]
        return np.stack([near for near, _ in weighed]), np.stack([way for _, way in weighed])

    labels = np.array([label for _, _, label in claims])
    told = labels != "NOT_ENOUGH_INFO"
    nearnesses, stances = figures(claims)
    made = figures(cases)[1], np.array([holds for _, _, holds in cases])
    stored = {
        "near": fit(nearnesses, told, strength=0.1),
        "agrees": fit_agreement(made, (stances[told], labels[told] == "SUPPORT")),
        "like": fit_likeness(own, vectors, rarity),
    }
    numbers = {
        name: {"weights": [round(float(weight), 5) for weight in one.weights], "bias": round(one.bias, 5)}
        for name, one in stored.items()
    }
    text = json.dumps({**numbers, "documents": documents, "counts": counts}, separators=(",", ":"))
    Path(__file__).with_name("weights.json").write_text(text + "\n", encoding="utf-8")


def _weigh(
    claim: str, evidence: Sequence[str], similarity: NDArray[np.float64], rarity: Rarity
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    each, _ = rarity.shares(claim, evidence)
    return nearness(claim, evidence, similarity, rarity), stance(claim, evidence, similarity, each)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
