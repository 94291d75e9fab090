from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.errors import IndexDamaged
from assistant.vectors.faiss import FaissVectors
from assistant.vocabulary import Forms, Vocabulary, Word
from assistant.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.conversation import Assistant

TEXT = (
    "The ferries crossed the estuary, and the ferry to Calais was late. Volunteers in Dover shared a prison kitchen. "
    "A doctor from Antwerp and one from Brussels asked Bruges whether the collaboration was worth the money."
)


def vocabulary(text: str = TEXT) -> Vocabulary:
    """Return the words of a text with vectors that tell nothing."""
    known = Forms.of([text]).words()
    return Vocabulary(known, FaissVectors.of(np.eye(len(known), dtype=np.float32)))


@pytest.fixture(scope="session")
def meaning(library: Assistant) -> Vocabulary:
    """The words of a text with the real model's vectors."""
    known = Forms.of([TEXT]).words()
    return Vocabulary(known, FaissVectors.of(library.embedder.embed([word.form for word in known])))


def words_of(*texts: str) -> dict[str, Word]:
    return {word.stem: word for word in Forms.of(texts).words()}


def test_a_word_is_kept_once_a_stem_in_order_and_function_words_never() -> None:
    known = Forms.of(["The ferries crossed. A ferry crosses!", "Of the and."]).words()
    assert [word.stem for word in known] == ["cross", "ferri"]


def test_a_stem_has_the_form_in_which_it_is_written_most() -> None:
    assert words_of("Ferries met ferries. A ferry sank.")["ferri"].form == "ferries"


def test_a_name_is_only_ever_written_with_a_capital_and_not_just_to_open_a_sentence() -> None:
    known = words_of("Ferries met in Dover. Dover was full. Nobody met. A Bishop came; the bishop ate.")
    assert {word.form for word in known.values() if word.is_name} == {"Dover"}


def test_a_capital_that_only_opens_sentences_items_or_lines_makes_no_name() -> None:
    known = words_of("Trust grew.\nFunding shrank. • Offices closed: Kitchens opened")
    assert [word.form for word in known.values() if word.is_name] == []


def test_texts_without_words_make_an_empty_vocabulary() -> None:
    assert Forms.of(["", "?! 🙂", "the of and"]).words() == []
    empty = Vocabulary([], FaissVectors.of(np.empty((0, 4), np.float32)))
    assert "ferri" not in empty
    assert empty.respelt("ferrys") is None
    assert not empty.is_namelike(np.array([1, 0, 0, 0], np.float32))


def test_words_and_names_are_known_by_their_stems() -> None:
    known = vocabulary()
    assert stem("ferry's") in known
    assert stem("Volunteering") in known
    assert "zeppelin" not in known
    assert known.is_name(stem("Dover's"))
    assert not known.is_name(stem("ferry"))
    assert not known.is_name("zeppelin")


def test_every_stem_has_its_own_vector() -> None:
    known = [Word(one, one, is_name=False) for one in ("ferri", "kitchen", "prison")]
    vectors = np.eye(3, dtype=np.float32)
    found = Vocabulary(known, FaissVectors.of(vectors)).vectors_of(["prison", "ferri"])
    assert found.dtype == np.float32
    assert np.array_equal(found, vectors[[2, 0]])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("volanteers", "volunteers"),
        ("estaury", "estuary"),
        ("collabration", "collaboration"),
        ("colaborration", "collaboration"),
        ("Volanteers", "volunteers"),
        ("antwrep", "antwerp"),
        ("prisnoed", "prisoned"),
    ],
)
def test_a_misspelling_is_respelt_by_one_slip_or_two_in_a_long_word(written: str, meant: str) -> None:
    assert vocabulary().respelt(written) == meant


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("volunteer", "it is known"),
        ("colobaratoin", "too many slips"),
        ("restuary", "its first letter differs"),
        ("moey", "it is too short"),
        ("Brussl", "it may be a name that the library lacks"),
        ("estuary2", "it is no word"),
        ("zeppelin", "nothing comes near"),
    ],
)
def test_anything_else_is_left_as_it_is_written(written: str, why: str) -> None:
    assert vocabulary().respelt(written) is None, why


def nearest(meaning: Vocabulary, library: Assistant, asked: str, among: Sequence[str]) -> str:
    cosines = meaning.vectors_of([stem(word) for word in among]) @ library.embedder.embed([asked])[0]
    return among[int(cosines.argmax())]


@pytest.mark.parametrize(
    ("asked", "held"), [("jail", "prison"), ("physician", "doctor"), ("cash", "money"), ("boat", "ferry")]
)
def test_a_strange_word_comes_nearest_to_the_known_one_that_means_the_same(
    meaning: Vocabulary, library: Assistant, asked: str, held: str
) -> None:
    assert asked not in meaning
    assert nearest(meaning, library, asked, ["prison", "doctor", "money", "ferry", "kitchen", "volunteers"]) == held


def test_a_strange_place_is_like_a_name_and_a_strange_thing_is_not(meaning: Vocabulary, library: Assistant) -> None:
    amsterdam, jail = library.embedder.embed(["amsterdam", "jail"])
    assert meaning.is_namelike(amsterdam)
    assert not meaning.is_namelike(jail)


def saved(folder: Path) -> Path:
    known = Forms.of([TEXT]).words()
    Vocabulary.save(folder, known, np.eye(len(known), dtype=np.float32))
    return folder


def test_a_saved_vocabulary_opens_as_it_was(tmp_path: Path) -> None:
    before, after = vocabulary(), Vocabulary.open(saved(tmp_path))
    stems = [word.stem for word in Forms.of([TEXT]).words()]
    assert np.array_equal(before.vectors_of(stems), after.vectors_of(stems))
    assert [after.is_name(one) for one in stems] == [before.is_name(one) for one in stems]
    assert after.respelt("volanteers") == "volunteers"


@pytest.mark.parametrize("name", ["vocabulary.arrow", "vocabulary.faiss"])
def test_a_vocabulary_with_a_file_emptied_cut_short_replaced_or_missing_is_damaged(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path) / name
    content = path.read_bytes()
    for damaged in (b"", content[: len(content) // 2], b"no such thing", None):
        path.unlink() if damaged is None else path.write_bytes(damaged)
        with pytest.raises(IndexDamaged, match='Run "casewise index"'):
            Vocabulary.open(tmp_path)
