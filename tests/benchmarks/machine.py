"""The machine that figures come from: what its processor can do, how busy it is, and how much of its time others took."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

FOR_BFLOAT16 = ("amx_bf16", "avx512_bf16")
"""What a processor calls bf16 in hardware: tiles, and vectors."""

_TOLD = (*FOR_BFLOAT16, "amx_int8", "avx512f", "avx2")
_STOLEN = 7
"""Which of the times in ``/proc/stat`` is the one that the hypervisor gave to others."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A processor by name, how many of its cores there are to use, its memory in GB, and what of ``_TOLD`` it has."""

    processor: str
    cores: int
    memory: float
    extensions: tuple[str, ...]

    @property
    def has_bfloat16(self) -> bool:
        """Whether it multiplies matrices in bf16 in hardware."""
        return any(one in self.extensions for one in FOR_BFLOAT16)

    def __str__(self) -> str:
        cores = f"{self.cores} core{'s' * (self.cores != 1)}"
        bfloat16 = " and ".join(one for one in FOR_BFLOAT16 if one in self.extensions) or "no bf16 in hardware"
        best = next((one for one in ("avx512f", "avx2") if one in self.extensions), "no AVX2")
        return f"{self.processor}, {cores}, {self.memory:.0f} GB, {best}, {bfloat16}"


def this_machine() -> Machine:
    """Return the machine that this process runs on."""
    told = dict(
        (part.strip() for part in line.split(":", 1))
        for line in _lines("/proc/cpuinfo")
        if line.startswith(("model name", "flags"))
    )
    memory = next((int(line.split()[1]) * 1024 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    flags = told.get("flags", "").split()
    name = told.get("model name") or platform.processor() or platform.machine()
    return Machine(name, len(os.sched_getaffinity(0)), memory / 1e9, tuple(one for one in _TOLD if one in flags))


@dataclass(frozen=True, slots=True)
class Times:
    """What all cores together did since the machine started, in ticks: in all, and stolen by others."""

    whole: int
    stolen: int

    @classmethod
    def now(cls) -> Times:
        """Return the times so far; zeros where the system does not tell."""
        line = next((line for line in _lines("/proc/stat") if line.startswith("cpu ")), "")
        ticks = [int(value) for value in line.split()[1:9]]
        return cls(sum(ticks), ticks[_STOLEN] if len(ticks) > _STOLEN else 0)

    def stolen_since(self, before: Times) -> float:
        """Return the share of the time since then that others had, in [0, 1]."""
        return (self.stolen - before.stolen) / max(self.whole - before.whole, 1)


def load() -> float:
    """Return how many processes ran or waited to, in the last minute, on average."""
    return os.getloadavg()[0]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
