"""Results against their records: `./run check results/<study>`, and the end of every run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from checking import ConfigError, load_yaml
from gmd.storage import DamagedFileError, input_digests, sha256_of
from memory import UNLIMITED
from records import read_record
from steps import Step, Steps
from study import Study

_DIFFERENCES_NAMED = 3


class ResultsError(ValueError):
    """Results that are missing, damaged, or not those of the configuration."""


def check_study(study: Study) -> int:
    """Make sure that every file that a study promises is what its configuration asks for.

    Every file must exist and be what its job wrote, with the settings of the configuration, from
    inputs that are still the same. The cost is that of reading all results and data once.

    Returns
    -------
    int
        The number of files that were checked.

    Raises
    ------
    ResultsError
        Naming every file of which that is not so, and why.
    """
    problems = list(dict.fromkeys(result_problems(study)))
    if problems:
        raise ResultsError(
            f"results/{study.name} is not what the configuration asks for:\n"
            + "\n".join(f"  - {problem}" for problem in problems)
            + "\nDelete the files that are named and run again, which makes them again"
        )
    return len(study.targets())


def result_problems(study: Study) -> Iterator[str]:
    """Everything that is wrong with the results of a study, each with its file."""
    steps = Steps(study)
    records: dict[str, dict[str, Any]] = {}
    for path in sorted(Path(f"results/{study.name}/records").glob("*.json")):
        try:
            record = read_record(path)
        except DamagedFileError as error:
            yield str(error)
            continue
        records |= dict.fromkeys(record["outputs"], record)
    checked: dict[str, list[str]] = {}
    for file in study.targets():
        if not Path(file).is_file():
            yield f"{file}: it is missing"
        elif file not in records:
            yield f"{file}: there is no record of how it was made"
        else:
            record = records[file]
            if sha256_of(file) != record["outputs"][file]:
                yield f"{file}: it was changed after it was made"
            if record["digest"] not in checked:
                checked[record["digest"]] = list(_record_problems(record, steps))
            for problem in checked[record["digest"]]:
                yield f"{file}: {problem}"


def _record_problems(record: Mapping[str, Any], steps: Steps) -> Iterator[str]:
    """What speaks against the files of one job, apart from their contents."""
    rule, wildcards = record["rule"], record["wildcards"]
    try:
        step = steps(rule, **wildcards)
    except (KeyError, TypeError):
        yield f"it was made by another rule of an earlier version ({rule})"
        return
    if step.digest != record["digest"]:
        yield f"it was made with other settings: {_differences(record['chain'], step)}"
    data = steps.study.data_paths(rule, wildcards)
    missing = [path for path in data if not Path(path).exists()]
    yield from (f"its input {path} is missing" for path in missing)
    now = {} if missing else input_digests(data)
    for name, digest in record["inputs"].items():
        if name not in now and Path(name).exists():
            now[name] = sha256_of(name)
        if name in now and now[name] != digest:
            yield f"its input {name} has changed since"
        elif name not in now and not missing:
            yield f"its input {name} is missing"


def _differences(chain: Sequence[Mapping[str, Any]], step: Step) -> str:
    """The first settings that differ, by name, before and now."""
    then, now = (_flat([[e["rule"], e["settings"]] for e in c]) for c in (chain, step.chain))
    found = [
        f"{key} was {then.get(key, 'not given')}, is {now.get(key, 'not given')}"
        for key in dict.fromkeys([*now, *then])
        if then.get(key) != now.get(key)
    ]
    more = f" and {len(found) - _DIFFERENCES_NAMED} more" if len(found) > _DIFFERENCES_NAMED else ""
    return ("; ".join(found[:_DIFFERENCES_NAMED]) or "its steps are others") + more


def _flat(chain: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Every setting of a chain as text, by rule and name."""
    flat: dict[str, str] = {}

    def visit(name: str, value: Any) -> None:
        if isinstance(value, Mapping) and value:
            for key, child in value.items():
                visit(f"{name}.{key}", child)
        else:
            flat[name] = json.dumps(value, ensure_ascii=False)

    for rule, settings in chain:
        visit(rule, settings)
    return flat


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of `./run check`."""
    parser = argparse.ArgumentParser(
        prog="./run check",
        description="Check that every file of a study exists, is undamaged, and was made from the "
        "present data by the configuration.",
    )
    parser.add_argument("results", help="folder of a study's results, such as results/lps")
    parser.add_argument(
        "--configfile", help="check against this study instead of the configuration in the results"
    )
    given = parser.parse_args(arguments)
    folder = Path(given.results)
    try:
        study = Study(_configuration(folder, given.configfile), memory=UNLIMITED)
        if folder.resolve() != Path(f"results/{study.name}").resolve():
            raise ConfigError([f"study: it is {study.name}, whose results are not in {folder}"])
        n_files = check_study(study)
    except (ConfigError, ResultsError, FileNotFoundError, DamagedFileError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder}: {n_files} files, all of them what the configuration asks for")
    return 0


def _configuration(folder: Path, configfile: str | None) -> Any:
    if configfile is not None:
        return load_yaml(Path(configfile))
    path = folder / "configuration.json"
    if not path.exists():
        raise FileNotFoundError(
            f"{path}: there is no such file: the study did not get far enough to write it; run it, "
            f"or give its configuration with --configfile"
        )
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise DamagedFileError(
            f"{path}: the file is damaged: it is not valid JSON; delete it and run again"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
