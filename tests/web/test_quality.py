"""The page that says how good the answers are, on a small library of its own."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow  # evaluations with the real model
HOSTILE = 'What <img src=x onerror="alert(1)"> ![a](https://evil.example/x.png) <script>alert(2)</script> $x$ **b**?'
QUESTIONS = [
    {"id": 1, "question": "When did the hub in Leeds open?", "gold": [["opened in May"]], "kind": "date"},
    {"id": 2, "question": "How many desks does the hub have?", "gold": [["no such words"]], "kind": "<b>number</b>"},
    {"id": 3, "question": HOSTILE, "gold": [], "kind": "unanswerable"},
]
