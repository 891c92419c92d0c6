"""What the measurements were made on, without names of hosts or paths."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from threadpoolctl import threadpool_info

from benchmarks.measuring import DADAPY_PYTHON, THREAD_VARIABLES

PACKAGES = (
    "gmd",
    "numpy",
    "numba",
    "scipy",
    "pandas",
    "vesin",
    "ase",
    "lightgbm",
    "scikit-learn",
    "dscribe",
)


def describe(cores: int) -> dict[str, Any]:
    """Processor, memory, system, versions and threads.

    Parameters
    ----------
    cores : int
        Cores that every part was bound to.
    """
    np.ones((2, 2)) @ np.ones((2, 2))
    return {
        "processor": _processor(),
        "cores": cores,
        "cores_of_the_machine": os.cpu_count(),
        "memory_GiB": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "dadapy": dadapy_versions(),
        "blas": sorted(
            {
                f"{one['internal_api']} {one['version']} {one.get('architecture', '')}".strip()
                for one in threadpool_info()
                if one["user_api"] == "blas"
            }
        ),
        "threads": dict.fromkeys(THREAD_VARIABLES, cores),
    }


def dadapy_versions() -> dict[str, str]:
    """Packages of DADApy's own environment; none where it has not been set up."""
    folders = sorted(DADAPY_PYTHON.parent.parent.glob("lib/python*/site-packages"))
    found = {
        d.metadata["Name"]: d.version for d in metadata.distributions(path=list(map(str, folders)))
    }
    return {name: found[name] for name in ("dadapy", "numpy", "scikit-learn") if name in found}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
