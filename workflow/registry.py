"""The data sets that have a file of their own, by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checking import ConfigError, check, load_schema, load_yaml
from gmd.parameters import suggestion

FOLDER = Path(__file__).resolve().parent.parent / "config" / "datasets"


def entry_path(name: str, folder: Path = FOLDER) -> Path:
    """File of a data set: by its name in the registry, or itself where a path is given."""
    return Path(name) if name.endswith((".yaml", ".yml")) else folder / f"{name}.yaml"


def entry_name(name: str) -> str:
    """Name of a data set that is given by name or by path."""
    return entry_path(name).stem


def read_entry(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Read and check the file of a data set.

    Parameters
    ----------
    name : str
        Of a file in `folder` without its ending, or a path that ends in ``.yaml``.
    folder : Path
        The registry.

    Raises
    ------
    ConfigError
        Where there is no such file or it is no data set.
    """
    path = entry_path(name, folder)
    try:
        entry = load_yaml(path)
    except FileNotFoundError:
        names = sorted(file.stem for file in folder.glob("*.yaml"))
        if path == Path(name):
            raise ConfigError(
                [f"dataset: there is no file {path.absolute()}; paths count from the checkout"]
            ) from None
        raise ConfigError(
            [
                f"datasets.{name}: it has no source, and there is no {path.name} in {path.parent}"
                f"{suggestion(name, names)}; give a source, or one of the registry's names: "
                f"{', '.join(names)}"
            ]
        ) from None
    check(entry, load_schema("dataset.schema.yaml"), f"{path} is no data set")
    return dict(entry)


def _check_name(name: str, folder: Path) -> None:
    """Results go by the name of the file: it must be fit for that, and nobody else's."""
    path, stem = entry_path(name, folder), entry_name(name)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_]*", stem):
        raise ConfigError(
            [f"dataset: {path.name} names the results; rename it: letters, digits and _ only"]
        )
    registered = folder / f"{stem}.yaml"
    if path.exists() and registered.exists() and not path.samefile(registered):
        raise ConfigError(
            [
                f"dataset: {path} has the name of {registered}, and would replace its results; "
                f"rename it"
            ]
        )


def with_entries(config: Mapping[str, Any], folder: Path = FOLDER) -> dict[str, Any]:
    """A study in which data sets that are only named are completed from the registry.

    Parameters
    ----------
    config : mapping
        A study. ``dataset: NAME`` makes it the study of one registered data set; ``datasets`` may
        be a list of names; a data set without a ``source`` is taken from the registry, what is
        given beside taking the place of what stands there.
    folder : Path
        The registry.

    Returns
    -------
    dict
        Without ``dataset``; ``datasets`` is a mapping.

    Raises
    ------
    ConfigError
        For a name that the registry lacks.
    """
    config = dict(config)
    single = config.pop("dataset", None)
    if single is not None:
        if not isinstance(single, str):
            raise ConfigError([f"dataset: {single!r} is no name of a data set"])
        _check_name(single, folder)
        config["datasets"] = [single]
        config["study"] = entry_name(single)
    given = config.get("datasets")
    if isinstance(given, list):
        given = {name: None for name in given if isinstance(name, str)}
        if len(given) != len(config["datasets"]):
            raise ConfigError(["datasets: a list of data sets names each once"])
    if not isinstance(given, Mapping):
        return config
    completed: dict[str, Any] = {}
    for name, settings in given.items():
        if settings is None or (isinstance(settings, Mapping) and "source" not in settings):
            settings = {**read_entry(str(name), folder), **(settings or {})}
        completed[entry_name(str(name))] = settings
    config["datasets"] = completed
    if single is not None:
        title = completed[config["study"]].get("title") or config["study"]
        config["title"] = f"Global moment descriptors of {title}"
    return config
