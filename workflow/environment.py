"""What all jobs of a run inherit."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_LINEAR_ALGEBRA = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def share_with_jobs(project: Path) -> None:
    """Let jobs import this checkout's library, in this environment or in one of conda's.

    Libraries of linear algebra get one thread, since the order of their sums, hence the last bits
    of a result, would otherwise depend on how many cores happen to be free.

    Parameters
    ----------
    project : Path
        The checkout's root.
    """
    # numba keeps compiled code by the real path of its source
    folders = [str(project / "workflow"), str((project / "src").resolve())]
    sys.path[:0] = [folder for folder in folders if folder not in sys.path]
    inherited = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join([*folders, inherited] if inherited else folders)
    for variable in _LINEAR_ALGEBRA:
        os.environ[variable] = "1"
