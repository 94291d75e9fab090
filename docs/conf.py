"""How the documentation is built: ``sphinx-build -W docs site`` (``pip install "casewise[docs]"``)."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Casewise"
author = "Casewise"
version = release = version_of("casewise")
language = "en-GB"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "generated_reference"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["examples"]  # documents to download, not pages

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
add_module_names = False
toc_object_entries_show_parents = "hide"
python_maximum_signature_line_length = 100

html_theme = "furo"
html_title = f"Casewise {release}"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_show_search_summary = False  # it is fetched from the pages, which a browser does not allow among files on a disk
html_theme_options = {"source_edit_link": "", "footer_icons": []}
