"""Somebody new, with the wheel, three documents of their own and the tutorial, comes to cited answers."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import TYPE_CHECKING

import docx
import pytest
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from tests.conftest import ROOT
from tests.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

    from tests.installing import Installed

COMMANDS = [
    one.said for one in examples((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")) if one.kind == "console"
]

ALLOTMENTS = """\
The allotments behind Fenwick prison

Since 2019 people about to leave Fenwick prison have worked on the allotments behind it, with the neighbours who rent them.

What was difficult

The prison's security team searched every spade. It took from March to October until the tools could be kept on the site.
Some neighbours gave up their plots. Others came because of the project.

What helped

The chair of the allotment society invited the governor to the annual show, where he judged the marrows. After that he
signed whatever she sent him.
"""

COLD_HOMES = (
    ("Title", "Cold homes, warm words"),
    (
        "Normal",
        "Doctors in Marlow Bridge can prescribe a new boiler. The borough pays, out of what it saves on care.",
    ),
    ("Heading2", "Barriers"),
    (
        "Normal",
        "Doctors had no time to fill in a form of nine pages. Landlords did not answer letters from the borough.",
    ),
    ("Heading2", "Enablers"),
    ("Normal", "The form was cut to three questions, which the practice nurse can tick during a visit."),
    ("Heading2", "Findings"),
    (
        "Normal",
        "By the end of 2023 there were 412 new boilers. Admissions for asthma fell by 17% in these homes.",
    ),
)

JOB_CLUB = (
    ("Heading 1", "Challenges"),
    ("Normal", "Librarians are not advisers. The unions asked for a written agreement before a desk was moved."),
    ("Heading 1", "Good practice"),
    ("Normal", "Two advisers from the job centre moved into the children's corner, for six months to begin with."),
    ("List Bullet", "Appointments are made at the lending desk, by the librarians."),
    ("List Bullet", "The job centre pays for the heating on Mondays, when the library used to be shut."),
)  # fmt: skip


@pytest.fixture(scope="module")
def library(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Do what the tutorial says, up to the first question."""
    init, copy, change, index = COMMANDS[:4]
    folder = tmp_path_factory.mktemp("newcomer")
    assert installed.run("bash", "-c", init, within=folder).returncode == 0
    assert copy.startswith("cp ")
    for name, content in documents().items():
        (folder / copy.split()[-1] / name).write_bytes(content)
    within = folder / change.removeprefix("cd ")
    done = installed.run("bash", "-c", index, within=within)
    assert done.returncode == 0, done.stderr
    assert [line.split(" (")[0] for line in done.stdout.splitlines()[:-1]] == [f"added: {name}" for name in documents()]
    return within


def documents() -> dict[str, bytes]:
    return {"Job club.docx": _word(), "allotments.txt": ALLOTMENTS.encode(), "cold-homes.pdf": _pdf()}


def _word() -> bytes:
    made, written = docx.Document(), BytesIO()
    made.add_paragraph("The job club in Easterby library", style="Title")
    for style, text in JOB_CLUB:
        made.add_paragraph(text, style=style)
    made.save(written)
    return written.getvalue()


def _pdf() -> bytes:
    styles, written = getSampleStyleSheet(), BytesIO()
    SimpleDocTemplate(written).build([Paragraph(text, styles[style]) for style, text in COLD_HOMES])
    return written.getvalue()


QUESTIONS = (
    ("How many boilers were put in by the end of 2023?", "cold-homes.pdf", "412 new boilers"),
    ("Who makes the appointments?", "Job club.docx", "by the librarians"),
    (
        "How did the allotment society win the governor over?",
        "allotments.txt",
        "invited the governor to the annual show",
    ),
)


def test_a_newcomer_gets_a_cited_answer_and_can_read_the_words_it_rests_on(installed: Installed, library: Path) -> None:
    question, document, words = QUESTIONS[0]
    command = re.sub(r'"[^"]+"', f'"{question}"', COMMANDS[4])
    assert command.startswith("casewise ask ")
    done = installed.run("bash", "-c", command, within=library)
    assert done.returncode == 0, done.stderr
    answer, citation = done.stdout.strip().split("\n\n")
    assert words in answer
    place = re.search(r"^\[1\] (?P<document>[^·]+) · .*?(?P<span>\d+:\d+)", citation)
    assert place
    assert place["document"] == document
    read = installed.run("casewise", "read", document, "--span", place["span"], within=library).stdout
    assert " ".join(read.split()) in answer


def test_documents_of_every_format_answer_and_what_is_not_in_them_is_refused(
    installed: Installed, library: Path
) -> None:
    asked = [*(question for question, _, _ in QUESTIONS[1:]), "How much did the new boilers cost?"]
    done = installed.run("casewise", "ask", "--json", within=library, given="\n".join(asked))
    *answers, refused = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0, done.stderr
    for answer, (_, document, words) in zip(answers, QUESTIONS[1:], strict=True):
        assert words in answer["answer"]
        assert answer["citations"][0]["document"] == document
    assert refused["reason"] == "The library speaks of this, but no passage gives a sum of money."
