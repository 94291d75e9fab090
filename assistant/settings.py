"""One frozen Settings, read once from the environment (``CASEWISE_…``) and ``casewise.toml``, and passed explicitly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class Settings(BaseSettings):
    """Everything that can be set. The environment goes before ``casewise.toml`` in the working directory."""

    model_config = SettingsConfigDict(
        env_prefix="CASEWISE_",
        toml_file="casewise.toml",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        protected_namespaces=(),
    )

    corpus: Path = Path("corpus")
    index: Path = Path("index")

    model: str | None = None
    """A folder with a sentence-transformers model, or its name on a hub. Unset, the packaged all-MiniLM-L6-v2."""

    passage_characters: Annotated[int, Field(ge=200, le=20_000)] = 900
    """The longest passage. all-MiniLM-L6-v2 reads 256 word pieces: about 1,000 characters of English with the section path."""

    pool: Count = 200
    """How many passages each of the two searches puts forward for fusion."""

    dense_weight: Share = 0.5
    """The weight of meaning against words in the fused score. On four open sets, 0.4 to 0.6 differ by less than 0.005 nDCG@10."""

    shown_passages: Count = 5
    """How many passages an answer lists beside its citations."""

    read_passages: Count = 24
    """How many of the best passages are searched for sentences to quote."""

    # The figures below were chosen on the 55 questions of corpus/questions.jsonl (35 answerable, 20 not), counting the
    # first citations and refusals that are right: 46 as they stand (tests/test_quality.py). Beside each, what its
    # neighbours give.

    topic_bonus: Share = 0.25
    """What a passage gains in the ranking by carrying the tags of what the question names (0 to 0.35: 46 too)."""

    meaning_weight: Share = 0.5
    words_weight: Share = 0.3
    passage_weight: Share = 0.2
    """How a sentence's score adds up: its own meaning, the words it shares, the rank of its passage (0.6 and 0.2: 43)."""

    passage_share: Share = 0.4
    context_share: Share = 0.4
    """How much a word of the question counts that stands not in the sentence, but elsewhere in its passage or headings
    (0.2: 46 too; 0.6 and more: 44)."""

    fit_bonus: Share = 0.5
    """What a sentence gains by holding the kind of thing asked for, such as a number: enough to go before any without."""

    bare_penalty: Share = 0.15
    """What a sentence loses that announces or asks, or is a row of numbers where none was asked for (0: one fewer right)."""

    answer_sentences: Count = 3
    also_quoted: Share = 0.9
    """How many sentences an answer quotes at most, and how close to the best one the others must come."""

    repeated_share: Share = 0.6
    """Two sentences that share more of their words than this say the same; only the better one is quoted."""

    strength_meaning: Share = 0.6
    """How much of a sentence's strength is meaning, the rest being words (0.5: the same; 0.8: two fewer right)."""

    count_bonus: Share = 0.1
    """What a sentence gains in strength by giving the number of just what the question counts."""

    enough_evidence: Share = 0.33
    """The least strength of the best sentence; below it the question is refused (0.28 and 0.38: one fewer right)."""

    question_characters: Count = 2_000
    """The longest question. A page of text is no question, and costs the model time for nothing."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what is passed first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a value cannot be read; the message names the setting.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "a setting"
        if first["type"] == "extra_forbidden":
            raise SettingsError(
                f'There is no setting "{name}". It may be misspelt: mend or remove it in casewise.toml.'
            ) from error
        raise SettingsError(
            f'The setting "{name}" cannot be {first["input"]!r}: {first["msg"]}. '
            f"Mend CASEWISE_{name.upper()} in the environment, or {name} in casewise.toml."
        ) from error
    except (ValueError, RecursionError) as error:  # TOML that cannot be parsed
        raise SettingsError(f'"casewise.toml" is not TOML: {error}. Mend that line.') from error
