"""What else may run beside Casewise, each found by its address and asked only where one is set. Part of ``Settings``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from assistant.access import Access

RAY_ADDRESS = r"^(auto|local|[^\s/:]+:\d{1,5})$"
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0, le=3_600)]


class Services(Access):
    """What can be set about a language model, a cluster of vectors and one that embeds."""

    llm_url: Annotated[str | None, Field(pattern=r"^https?://\S+$")] = None
    """Where a language model speaks the OpenAI protocol, such as ``http://localhost:11434/v1``. Unset, answers are quotes."""

    llm_model: str | None = None
    """What that server calls the model."""

    llm_api_key: SecretStr | None = None
    """The key that it asks for, if any."""

    llm_seconds: Seconds = 60
    """The longest that writing an answer may take, what is written anew after the check included."""

    llm_retries: Annotated[int, Field(ge=0, le=10)] = 1
    """How often a request is sent again that the server could not take."""

    llm_budget: Annotated[int, Field(ge=100)] = 2_000
    """How many tokens of passages the model is given, three characters counted as one, which is more than English has."""

    llm_evidence: Annotated[int, Field(ge=1, le=99)] = 12
    """How many sentences of passages the model is given at most."""

    llm_sentences: Annotated[int, Field(ge=1, le=99)] = 6
    """How many sentences an answer has at most; what is written after them is not waited for."""

    llm_rewrites: bool = False
    """Whether the model also makes follow-ups stand alone; what it gives is taken where it adds no name or number."""

    # What the model writes is held to its sources; tests/benchmarks/bench_verification.py has the figures.

    enough_when_written: Share = 0.25
    """The least probability of support by what a sentence cites: lower keeps more true paraphrases, and lets more through that is
    made up on the right subject."""

    rival_margin: Annotated[float, Field(ge=0)] = 1.4
    """How much more of it another passage may give, in log-odds; ``bench_verification`` counts what is caught and kept."""

    enough_in_part: Share = 0.28
    """The least that what a sentence cites must say of each of its parts, the cosine and half the share of words alike: a reason
    made up beside what is true gives itself away there."""

    enough_without_parts: Share = 0.6
    """What is supported as well as this need not have that of each part."""

    part_margin: Share = 0.27
    """How much more another passage may say of a part, so counted."""

    entailment: str | None = None
    """A folder with a cross-encoder for natural language inference, or its name on a hub, that says whether a sentence follows
    from what it cites. Unset, the measure of support does."""

    enough_entailment: Share = 0.5
    """The least probability that it follows, by that model."""

    enough_written: Share = 0.5
    """The share of its sentences that must hold; with fewer, the answer is quoted."""

    milvus_uri: str | None = None
    """The address of a Milvus server, or the path of a file for Milvus Lite. Unset, vectors are searched in this process."""

    milvus_token: SecretStr | None = None
    """The token, or ``user:password``, that the server asks for."""

    milvus_seconds: Seconds = 10
    """How long the server may take to answer."""

    ray_address: Annotated[str | None, Field(pattern=RAY_ADDRESS)] = None
    """Where a Ray cluster is that embeds large libraries: ``HOST:PORT``, ``auto`` or ``local``. Unset, this machine embeds."""

    milvus_library: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9_]{1,100}$")] = None
    """What the library is called on the server, where several share it. Unset, it has a name of its own, kept with the index;
    set, an index that is built anew takes over from one that was deleted, so no two libraries may have the same."""

    milvus_index: Annotated[str | None, Field(pattern="^(FLAT|HNSW|IVF_SQ8|DISKANN|AUTOINDEX)$")] = None
    """How the server searches vectors. Unset, one by one (FLAT) up to 50,000 passages, and by a graph (HNSW) beyond."""
