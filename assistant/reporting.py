"""From what a build or a check found to JSON, by the same contract as answers: keys may be added, never changed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.building import BuildReport
    from assistant.doubts import Doubt
    from assistant.manifest import Manifest
    from assistant.proposals import Proposal
    from assistant.rendering import Json


def build_json(report: BuildReport) -> Json:
    """Return what a build did as a JSON object; ``changes`` has every file but those that stayed as they were."""
    return {
        "documents": report.documents,
        "passages": report.passages,
        "sentences": report.sentences,
        "seconds": round(report.seconds, 3),
        "changes": [
            {"file": one.name, "state": one.state.value, "detail": one.detail, "seconds": round(one.seconds, 3)}
            for one in report.changes
        ],
        "refused": dict(report.refused),
        "proposals": _proposals_json(report.proposals),
        "strays": list(report.strays),
    }


def survey_json(found: Mapping[str, str]) -> Json:
    """Return what a build would do with each file as a JSON object."""
    return {"changes": [{"file": name, "state": str(state)} for name, state in found.items()]}


def check_json(
    manifest: Manifest, doubts: Iterable[Doubt], proposals: Iterable[Proposal], *, is_up_to_date: bool
) -> Json:
    """Return what a check of a sound index found as a JSON object; ``doubts`` are the passages worth a look."""
    return {
        "faults": [],
        "is_up_to_date": is_up_to_date,
        "built_at": manifest.built_at,
        "model": manifest.model,
        "documents": len(manifest.records),
        "passages": manifest.passages,
        "sentences": manifest.sentences,
        "doubts": [_doubt_json(one) for one in doubts],
        "refused": {name: refusal.reason for name, refusal in manifest.refused.items()},
        "proposals": _proposals_json(proposals),
        "strays": list(manifest.strays),
    }


def _doubt_json(one: Doubt) -> Json:
    passage = one.passage
    return {
        "id": passage.id,
        "document": passage.document,
        "section": list(passage.section),
        "text": passage.text,
        "reason": one.reason,
    }


def _proposals_json(proposals: Iterable[Proposal]) -> list[Json]:
    return [{"name": one.name, "documents": list(one.documents), "reason": one.reason} for one in proposals]
