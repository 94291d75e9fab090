"""A cluster in one small process: it speaks as ``assistant.spreading.cluster`` does, and embeds by hashing, two texts at a time.

``python -m tests.spreading_child MANNER``: ``works``; ``dies`` after the first vectors; ``refuses`` to be reached; ``fails`` with
a reason once it has texts; ``loses`` the last vectors; ``answers nothing`` at all.
"""

from __future__ import annotations

import json
import os
import sys
import time

from assistant.embeddings import embed_with_parts
from tests.fakes import HashingEmbedder


def say(told: dict[str, object], content: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


def main() -> None:
    manner, embedder = sys.argv[1], HashingEmbedder()
    asked = json.loads(sys.stdin.buffer.readline())
    if manner == "answers nothing":
        time.sleep(60)
    if manner == "refuses":
        say({"failed": f'No Ray cluster answers at "{asked["address"]}".'})
        return
    say({"ready": 2})
    for line in sys.stdin.buffer:
        asked_of = json.loads(line)
        texts, parts = asked_of["texts"], asked_of["parts"]
        if manner == "fails":
            say({"failed": f"On a machine: it is not {asked['sha256'][:8]}."})
            return
        for start in range(0, len(texts) - (manner == "loses"), 2):
            vectors, own = embed_with_parts(embedder, texts[start : start + 2], parts[start : start + 2])
            sizes = {"texts": len(vectors), "parts": len(own), "dimensions": embedder.dimensions}
            say(sizes, vectors.tobytes() + own.tobytes())
            if manner == "dies":
                print("the head has fallen", file=sys.stderr, flush=True)
                os._exit(1)
        say({"done": True})


if __name__ == "__main__":
    main()
