"""Which part of a web page is read, and what the page says of itself."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReadingError
from assistant.reading.html import read_html
from assistant.reading.html.dom import DEEPEST
from assistant.types import BlockKind
from tests.test_html import TEXT, layout, words

H, P, L = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM

MENU = "<ul><li><a href=/a>Home</a><li><a href=/b>About us</a><li><a href=/c>Contact</a></ul>"
UNWANTED = {
    "nav": f"<nav>{MENU}</nav>",
    "header": "<header><a href=/>UNWANTED</a></header>",
    "footer": "<footer>UNWANTED <a href=/>x</a></footer>",
    "aside": "<aside><p>UNWANTED</p></aside>",
    "form": "<form><label>UNWANTED</label><input></form>",
    "script": "<script>document.write('<p>UNWANTED</p>')</script>",
    "style": "<style>p { content: 'UNWANTED' }</style>",
    "template": "<template><p>UNWANTED</p></template>",
    "noscript": "<noscript><p>UNWANTED</p></noscript>",
    "hidden": "<div hidden><p>UNWANTED</p></div>",
    "hidden to all": "<p style='color: red; DISPLAY : none'>UNWANTED</p>",
    "hidden to readers": "<p aria-hidden=true>UNWANTED</p>",
    "hidden by class": "<span class='govuk-visually-hidden'>UNWANTED</span>",
    "cookies": "<div id=cookie-banner><p>UNWANTED</p><button>Accept</button></div>",
    "breadcrumb": "<div class='gem-c-breadcrumbs'><a href=/>UNWANTED</a> &gt; <a href=/x>UNWANTED</a></div>",
    "menu": MENU.replace("Home", "UNWANTED"),
    "closed dialog": "<dialog>UNWANTED</dialog>",
    "svg": "<svg><title>UNWANTED</title></svg>",
    "comment": "<!-- UNWANTED -->",
    "option": "<select><option>UNWANTED</select>",
}


@pytest.mark.parametrize("kind", UNWANTED)
@pytest.mark.parametrize(
    "page", ["<body>{0}<h1>Harbour</h1>{1}</body>", "<body>{0}<main><h1>Harbour</h1>{1}</main>{0}</body>"]
)
def test_what_surrounds_the_content_is_left_out(kind: str, page: str) -> None:
    read = layout(page.format(UNWANTED[kind], TEXT * 5))
    assert "UNWANTED" not in read.text
    assert "Home" not in read.text
    assert len(read.pieces) == 6


@pytest.mark.parametrize(
    "page",
    [
        "<main><header><h1>Harbour</h1><p>Published in May</p></header>{0}</main>",
        "<form id=aspnetForm><h1>Harbour</h1><p>Published in May</p>{0}</form>",
        "<header id=title-block-header><h1>Harbour</h1><p>Published in May</p></header>{0}",
        "<main><h1>Harbour</h1><aside><p>Published in May</p></aside>{0}</main>",
        "<main><h1>Harbour</h1></main><div><p>Published in May</p>{0}</div>",
        "<article><h1>Harbour</h1><p>Published in May</p></article><article>{0}</article>",
        "<h1>Harbour</h1><details><summary>Published in May</summary>{0}</details>",
        "<h1>Harbour</h1><div id=cookies><p>Published in May</p>{0}</div>",
        "<h1>Harbour</h1><div hidden=until-found><p>Published in May</p>{0}</div>",
        "<h1>Harbour</h1><ul><li><a href=/a>Published in May</a></ul>{0}",
        "<h2><button>Harbour</button></h2><p>Published in May</p>{0}",
    ],
)
def test_content_is_kept_wherever_it_stands(page: str) -> None:
    said = [words_ for _, words_ in words(page.format(TEXT * 5))]
    assert said[:2] == ["Harbour", "Published in May"]
    assert len(said) == 7


def test_a_page_of_nothing_but_links_is_read_rather_than_lost() -> None:
    assert [said for _, said in words(f"<nav>{MENU}</nav>")] == ["Home", "About us", "Contact"]


def test_the_signs_that_link_to_headings_are_no_words() -> None:
    assert words('<h1>Harbour <a href="#h">¶</a></h1><h2>Ports<a class=headerlink href="#p">#</a></h2><p>Text.')[
        :2
    ] == [
        *((H, "Harbour"), (H, "Ports")),
    ]


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>Site | x</title><h1>Harbour</h1><p>Text.", "Harbour"),
        ("<title>Harbour - GOV.UK</title><p>Text.", "Harbour"),
        ("<title>Two-way ferries</title><p>Text.", "Two-way ferries"),
        ("<p>Text.", None),
    ],
)
def test_the_title_is_the_pages_own(page: str, title: str | None) -> None:
    assert layout(page).title == title


def test_what_the_page_says_of_itself_is_kept() -> None:
    page = (
        "<meta name=Author content=' A. Smith '><meta name=dcterms.modified content=2022-01-01>"
        "<meta property=article:published_time content=2021-05-03><meta name=case content='Harbour City'><p>Text."
    )
    assert layout(page).metadata == {"author": "A. Smith", "date": "2021-05-03", "case": "Harbour City"}


@pytest.mark.parametrize(
    "content",
    [
        "<p>Ærø – café</p>".encode(),
        codecs.BOM_UTF8 + "<meta charset=latin-1><p>Ærø – café</p>".encode(),
        "<p>Ærø – café</p>".encode("utf-16"),
        "<meta charset=windows-1252><p>Ærø – café</p>".encode("cp1252"),
        "<meta charset='iso-8859-1'><p>Ærø – café</p>".encode("cp1252"),
        "<meta http-equiv=Content-Type content='text/html; charset=utf-8'><p>Ærø – café</p>".encode(),
        "<?xml version='1.0' encoding='macintosh'?><p>Ærø – café</p>".encode("mac-roman"),
        "<p>Ærø – café</p>".encode("cp1252"),
        "<meta charset=utf-8><p>Ærø – café</p>".encode("cp1252"),
        "<meta charset=rot13><p>Ærø – café</p>".encode(),
        "<meta charset=windows-99><p>Ærø – café</p>".encode(),
    ],
)
def test_the_encoding_is_the_one_declared_or_the_one_that_fits(content: bytes) -> None:
    assert "Ærø – café" in read_html(content, "page.html").text


def test_xhtml_may_close_elements_in_their_own_tags() -> None:
    page = '<?xml version="1.0"?><html><head><title/><script src="x.js"/></head><body><div/><p>Text.</p></body></html>'
    assert words(page) == [(P, "Text.")]


def test_a_list_in_a_wrapper_element_is_still_a_list() -> None:
    assert words("<x-card><ul><li>Kent</li></ul></x-card><x-card>Leeds</x-card>") == [(L, "Kent"), (P, "Leeds")]


@pytest.mark.parametrize("content", [b"\x00\x01\x02" * 99, b"PK\x03\x04", b"<p>a\x00b</p>"])
def test_what_is_no_page_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(ReadingError, match=r'"page\.html" .*\. [A-Z]'):
        read_html(content, "page.html")


@pytest.mark.parametrize(
    "markup",
    ["<div>" * 100_000, "<ul><li>" * 20_000, "<table><tr><td>" * 5_000, "<b><p>x" * 5_000, "<blockquote><h1>" * 5_000],
)
def test_nesting_of_any_depth_is_read(markup: str) -> None:
    begun = time.perf_counter()
    assert "The end." in layout(f"{markup}The end.").text
    assert time.perf_counter() - begun < 20


def test_nesting_as_deep_as_in_browsers_loses_no_structure() -> None:
    depth = DEEPEST // 2
    assert [kind for kind, _ in words(f"{'<ul><li>x' * depth}{'</ul>' * depth}<h1>T</h1><p>Text.")][-2:] == [H, P]


def test_a_table_that_claims_to_be_huge_is_small() -> None:
    page = "<table>" + "<tr><td rowspan=65534 colspan=1000>x<td>y" * 300 + "</table>"
    assert len(layout(page).text) < 200_000


@settings(max_examples=100)
@given(st.lists(st.sampled_from(sorted(UNWANTED)), max_size=6), st.integers(1, 4))
def test_nothing_of_a_hidden_part_appears(kinds: list[str], paragraphs: int) -> None:
    page = "".join(f"{UNWANTED[kind]}{TEXT * paragraphs}" for kind in kinds) + TEXT * 20
    read = layout(page)
    assert "UNWANTED" not in read.text
    assert read.text.count("forty years") == len(kinds) * paragraphs + 20
