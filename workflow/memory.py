"""How much memory jobs may take."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gmd.descriptors.size import in_gigabytes

HEAVY_RULES = ("descriptors", "imbalance", "stability")
"""Rules whose jobs hold all columns of a part."""

JOB_MB = 4000
"""What these rules ask for as ``mem_mb``, unless the profile or the command line sets it."""

CGROUPS = Path("/sys/fs/cgroup")


class Memory(NamedTuple):
    """An amount of memory and what limits it."""

    n_bytes: int
    what: str

    def __str__(self) -> str:
        return f"{self.what} {in_gigabytes(self.n_bytes)}"


UNLIMITED = Memory(sys.maxsize, "there are")
"""For a study of which nothing is computed any more."""


def machine_memory() -> Memory:
    """What the machine has, or what this process and its relatives may take of it."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Memory(min([physical, *_control_group_limits()]), "this machine has")


def job_memory(set_resources: Mapping[str, Mapping[str, Any]]) -> Memory:
    """What a job that holds all columns may take: the least of its ``mem_mb`` and the machine's.

    Parameters
    ----------
    set_resources : mapping of str to mapping
        Resources that the profile or the command line sets, by rule; Snakemake's
        ``--set-resources``.
    """
    asked = []
    for rule in HEAVY_RULES:
        given = set_resources.get(rule, {}).get("mem_mb")
        value = getattr(given, "value", given)
        asked.append(value if isinstance(value, int) else JOB_MB)
    least = min(asked)
    return min(Memory(least * 10**6, "mem_mb of its jobs is"), machine_memory())


def check_memory(n_bytes: int, what: str) -> None:
    """Refuse work that would not fit, at its start instead of after an hour.

    Raises
    ------
    ValueError
        With both numbers.
    """
    memory = machine_memory()
    if n_bytes > memory.n_bytes:
        raise ValueError(
            f"{what}, and {memory}. Choose fewer LAED components, a compression, lower degrees of "
            f"moments or fewer structures, or run it on a larger machine"
        )


def _control_group_limits() -> Iterator[int]:
    """Limits of the control groups that this process is in; none where there are no such groups."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            root, name = CGROUPS, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = CGROUPS / "memory", "memory.limit_in_bytes"
        else:
            continue
        folder = root / path.lstrip("/")
        # in a container the group's own path may not be visible, but the root is its own
        for place in (folder, *folder.parents):
            if place == root.parent:
                break
            try:
                yield int((place / name).read_text())
            except (OSError, ValueError):  # "max" is no limit
                continue
