"""What the benchmarks are told on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measurement, measure


@dataclass(frozen=True)
class Settings:
    """Options of a run.

    Attributes
    ----------
    tiny : bool
        Smallest sizes: to see that everything runs, not how fast.
    cores : int
        Cores and threads of every part.
    structures : Path or None
        File or folder of structures, in place of the embedded ones.
    largest : int
        Largest number of structures of ``imbalance_growth``.
    output : Path
        Folder for figures.
    """

    tiny: bool
    cores: int
    structures: Path | None
    largest: int
    output: Path

    def measure(
        self,
        part: str,
        folder: Path,
        arguments: Mapping[str, Any] | None = None,
        *,
        repeats: int | None = None,
        python: Path | None = None,
    ) -> Measurement:
        """Measure a part of this package; see :func:`benchmarks.measuring.measure`.

        Parameters
        ----------
        part : str
            "module:function" within ``benchmarks``.
        folder, arguments, python
            Its data, its arguments, and the environment it runs in.
        repeats : int, optional
            At most; 3 unless given, and 1 for tiny sizes.
        """
        return measure(
            f"benchmarks.{part}",
            folder,
            arguments or {},
            cores=self.cores,
            repeats=repeats or (1 if self.tiny else 3),
            python=python,
        )
