"""What a study is made of: parts of data sets, and the files that are fetched for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

DOWNLOADS = "results/downloads"
"""Folder of fetched files, each below the first digits of its checksum."""


@dataclass(frozen=True)
class Download:
    """A file to be fetched.

    Attributes
    ----------
    url, sha256 : str
        Where it is, and its checksum.
    """

    url: str
    sha256: str

    @property
    def path(self) -> str:
        """Where it is kept; formats are told from the name, which the URL gives."""
        name = unquote(PurePosixPath(urlsplit(self.url).path).name)
        return f"{DOWNLOADS}/{self.sha256[:16]}/{name}"


@dataclass(frozen=True)
class Part:
    """One subset of one data set, the unit that is studied.

    Attributes
    ----------
    name : str
        ``<dataset>-<subset>``, which names its folder.
    dataset, subset : str
        Names in the configuration.
    settings : dict
        The data set's configuration.
    """

    name: str
    dataset: str
    subset: str
    settings: dict[str, Any]

    @property
    def definition(self) -> dict[str, Any]:
        """Conditions that its structures meet; none if it takes all."""
        definition: dict[str, Any] = self.settings["subsets"][self.subset]
        return definition

    @property
    def is_main(self) -> bool:
        """Whether this is the data set's main subset."""
        return self.subset == main_subset(self.settings["subsets"])


def main_subset(subsets: Mapping[str, Mapping[str, Any]]) -> str:
    """Name of the first subset that takes all structures, or else of the first."""
    whole = [name for name, definition in subsets.items() if not definition]
    return (whole or list(subsets))[0]
