"""Casewise: answers from a library of case studies, with the exact words behind every sentence.

from assistant import Assistant
library = Assistant.open("index")
answer = library.ask("What helped set up new courts quickly?")
"""

from assistant.conversation import Assistant
from assistant.errors import CasewiseError
from assistant.settings import Settings
from assistant.types import Answer, Citation, Document, Hit, Passage, Span, Turn

__all__ = ["Answer", "Assistant", "CasewiseError", "Citation", "Document", "Hit", "Passage", "Settings", "Span", "Turn"]
