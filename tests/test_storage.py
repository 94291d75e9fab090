from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import storage
from assistant.errors import IndexDamaged
from assistant.types import Block, BlockKind, Cell, Document, Facet, Origin, Passage, Sentence, Span, Tag

if TYPE_CHECKING:
    from pathlib import Path

text = st.text(max_size=30)
texts = st.lists(text, max_size=3).map(tuple)
spans = st.builds(Span, st.integers(0, 2**40), st.integers(0, 2**40))
many_spans = st.lists(spans, max_size=3).map(tuple)
kinds = st.sampled_from(BlockKind)
cells = st.lists(st.builds(Cell, st.none() | spans, spans), max_size=3).map(tuple)
blocks = st.lists(st.builds(Block, kinds, many_spans, texts, cells), max_size=3).map(tuple)
documents = st.builds(Document, text, text, text, blocks, st.dictionaries(text, text, max_size=3))
sentences = st.lists(st.builds(Sentence, many_spans, text, st.booleans()), max_size=3).map(tuple)
tags = st.builds(Tag, st.sampled_from(Facet), text, st.sampled_from(Origin), st.floats(0, 1))
tags_of_a_passage = st.lists(tags, max_size=3).map(tuple)
passages = st.builds(Passage, text, text, kinds, texts, many_spans, text, text, sentences, tags_of_a_passage)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("storage")


def stored_documents(folder: Path, kept: list[Document]) -> list[Document]:
    storage.write_table(folder / "d.arrow", storage.DOCUMENTS, map(storage.document_row, kept))
    table = storage.open_table(folder / "d.arrow", storage.DOCUMENTS)
    return [storage.document_of(storage.row(table, number)) for number in range(table.num_rows)]


def stored_passages(folder: Path, kept: list[Passage]) -> list[Passage]:
    said = [sentence for passage in kept for sentence in passage.sentences]
    firsts = [sum(len(earlier.sentences) for earlier in kept[:number]) for number in range(len(kept))]
    rows = map(storage.passage_row, kept, firsts)
    storage.write_table(folder / "s.arrow", storage.SENTENCES, map(storage.sentence_row, said))
    storage.write_table(folder / "p.arrow", storage.PASSAGES, rows)
    sentence_table = storage.open_table(folder / "s.arrow", storage.SENTENCES)
    table = storage.open_table(folder / "p.arrow", storage.PASSAGES)
    return [storage.passage_of(storage.row(table, number), sentence_table) for number in range(table.num_rows)]


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


def test_tuples_without_content_come_back_as_tuples(folder: Path) -> None:
    (found,) = stored_documents(folder, [Document("a", "", "", (Block(BlockKind.PARAGRAPH, ()),))])
    assert (found.blocks[0].spans, found.blocks[0].section, found.blocks[0].cells) == ((), (), ())


def test_a_truncated_table_is_damaged_wherever_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "s.arrow"
    storage.write_table(path, storage.SENTENCES, [storage.sentence_row(Sentence((Span(0, 4),), "Four"))])
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
    storage.write_table(tmp_path / "other.arrow", schema, [])
    with pytest.raises(IndexDamaged, match="columns of another version"):
        storage.open_table(tmp_path / "other.arrow", storage.SENTENCES)
