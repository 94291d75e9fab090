from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import storage
from assistant.errors import IndexDamaged
from assistant.identity import guessed_title, passage_id
from assistant.types import Block, BlockKind, Cell, Document, Facet, Origin, PageStart, Passage, Sentence, Span, Tag

if TYPE_CHECKING:
    from pathlib import Path

text = st.text(max_size=30)
texts = st.lists(text, max_size=3).map(tuple)
spans = st.builds(Span, st.integers(0, 2**40), st.integers(0, 2**40))
many_spans = st.lists(spans, max_size=3).map(tuple)
kinds = st.sampled_from(BlockKind)
cells = st.lists(st.builds(Cell, st.none() | spans, spans), max_size=3).map(tuple)
blocks = st.lists(st.builds(Block, kinds, many_spans, texts, cells), max_size=3).map(tuple)
pages = st.lists(st.builds(PageStart, st.integers(0, 2**40), st.integers(1, 2**40)), max_size=3).map(tuple)
titles = text.filter(bool)
documents = st.builds(Document, text, titles, text, blocks, st.dictionaries(text, text, max_size=3), pages)
sentences = st.lists(st.builds(Sentence, many_spans, text, st.booleans()), max_size=3).map(tuple)
tags = st.builds(Tag, st.sampled_from(Facet), text, st.sampled_from(Origin), st.floats(0, 1))
tags_of_a_passage = st.lists(tags, max_size=3).map(tuple)
some_spans = st.lists(spans, min_size=1, max_size=3).map(tuple)
passages = st.builds(
    lambda document, spans, *rest: Passage(passage_id(document, spans), document, rest[0], rest[1], spans, *rest[2:]),
    *(text, some_spans, kinds, texts, text, text, sentences, tags_of_a_passage),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("storage")


ROWS_OF_SENTENCES = [
    {"spans": [], "text": "", "stressed": False, "fingerprint": number} for number in (3, 2**64 - 1, 7)
]


def stored_documents(folder: Path, kept: list[Document]) -> list[Document]:
    storage.write_table(folder / "d.arrow", storage.table_of(storage.DOCUMENTS, map(storage.document_row, kept)))
    table = storage.open_table(folder / "d.arrow", storage.DOCUMENTS)
    return [storage.document_of(storage.row(table, number), one.id) for number, one in enumerate(kept)]


def stored_passages(folder: Path, kept: list[Passage]) -> list[Passage]:
    tables = {
        storage.SENTENCES: [storage.sentence_row(sentence) for passage in kept for sentence in passage.sentences],
        storage.PASSAGES: [storage.passage_row(passage, number) for number, passage in enumerate(kept)],
        storage.TAGS: [storage.tags_row(passage.tags) for passage in kept],
    }
    opened = []
    for number, (schema, rows) in enumerate(tables.items()):
        storage.write_table(folder / f"{number}.arrow", storage.table_of(schema, rows))
        opened.append(storage.open_table(folder / f"{number}.arrow", schema))
    sentences, passages, tags = opened
    first, found = 0, []
    for number, row in enumerate(storage.each(passages)):
        said = storage.rows(sentences, first, row["sentence_count"])
        first += row["sentence_count"]
        found.append(
            storage.passage_of(row, kept[row["document"]].document, said, storage.tags_of(storage.row(tags, number)))
        )
    return found


@settings(deadline=None)
@given(kept=st.lists(documents, max_size=3))
def test_documents_come_back_as_they_were(folder: Path, kept: list[Document]) -> None:
    assert stored_documents(folder, kept) == kept


@settings(deadline=None)
@given(kept=st.lists(passages, max_size=3))
def test_passages_come_back_as_they_were_each_with_its_own_sentences(folder: Path, kept: list[Passage]) -> None:
    assert stored_passages(folder, kept) == kept


def test_kinds_and_origins_come_back_as_themselves_not_as_texts(folder: Path) -> None:
    tag = Tag(Facet.CASE, "Kent", Origin.MENTION)
    kept = Passage("a:0-1", "a", BlockKind.TABLE_ROW, (), (Span(0, 1),), "x", "", (), (tag,))
    (found,) = stored_passages(folder, [kept])
    assert found.kind is BlockKind.TABLE_ROW
    assert (found.tags[0].facet, found.tags[0].origin) == (Facet.CASE, Origin.MENTION)
    assert isinstance(found.tags[0].facet, Facet)


def test_letters_of_every_script_come_back(folder: Path) -> None:
    written = "Ærøskøbing – 東京 – \U0001f691 e\u0301 \u200b\r\n\x00"
    kept = Document("ordner/größe.txt", written, written, (), {"Ort": "Århus"})
    assert stored_documents(folder, [kept]) == [kept]


def test_a_title_that_was_guessed_follows_the_name_of_the_document(folder: Path) -> None:
    kept = Document("ports/old name.txt", guessed_title("ports/old name.txt"), "words", ())
    storage.write_table(folder / "g.arrow", storage.table_of(storage.DOCUMENTS, [storage.document_row(kept)]))
    row = storage.row(storage.open_table(folder / "g.arrow", storage.DOCUMENTS), 0)
    assert storage.document_of(row, "ports/new_name.txt").title == "New name"


def test_every_tag_is_listed_with_its_row() -> None:
    leeds, kent = (Tag(Facet.CASE, name, Origin.MENTION) for name in ("Leeds", "Kent"))
    table = storage.table_of(storage.TAGS, map(storage.tags_row, [(leeds, kent), (), (kent,)]))
    terms = [storage.tag_term("case", name) for name in ("Leeds", "Kent")]
    assert list(storage.tag_terms(table)) == [terms, [], terms[1:]]


def test_numbers_are_read_across_parts_of_a_table() -> None:
    parts = [storage.table_of(storage.SENTENCES, [row]) for row in ROWS_OF_SENTENCES]
    table = storage.joined([storage.joined(parts).slice(1), storage.table_of(storage.SENTENCES, [])])
    assert storage.prints(table).tolist() == [2**64 - 1, 7]
    assert storage.prints(storage.table_of(storage.SENTENCES, [])).tolist() == []


def test_tuples_without_content_come_back_as_tuples(folder: Path) -> None:
    (found,) = stored_documents(folder, [Document("a", "", "", (Block(BlockKind.PARAGRAPH, ()),))])
    assert (found.blocks[0].spans, found.blocks[0].section, found.blocks[0].cells) == ((), (), ())


def test_a_truncated_table_is_damaged_wherever_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "s.arrow"
    row = storage.sentence_row(Sentence((Span(0, 4),), "Four"))
    storage.write_table(path, storage.table_of(storage.SENTENCES, [row]))
    content = path.read_bytes()
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        with pytest.raises(IndexDamaged, match=r's\.arrow" cannot be read\. Run "casewise index"'):
            storage.open_table(path, storage.SENTENCES)


def test_a_missing_table_and_one_that_is_no_table_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is no table.")
    for path in (tmp_path / "text", tmp_path / "missing", tmp_path):
        with pytest.raises(IndexDamaged) as caught:
            storage.open_table(path, storage.SENTENCES)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("schema", [storage.PASSAGES, storage.DOCUMENTS, pa.schema([("text", pa.string())])])
def test_a_table_with_other_columns_is_damaged(schema: pa.Schema, tmp_path: Path) -> None:
    storage.write_table(tmp_path / "other.arrow", storage.table_of(schema, []))
    with pytest.raises(IndexDamaged, match="columns of another version"):
        storage.open_table(tmp_path / "other.arrow", storage.SENTENCES)
