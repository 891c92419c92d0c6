"""Results against their records: `./run check results/<study>`, and the end of every run."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from checking import ConfigError, load_yaml
from gmd.storage import DamagedFileError, sha256_of
from memory import UNLIMITED
from records import read_record
from steps import Step, Steps
from study import Study

_DIFFERENCES_NAMED = 3
_LEFTOVERS_NAMED = 5
_NOT_RESULTS = ("logs", "benchmarks", "records")
_CONFIGURATIONS = "results/*/configuration.json"
_ENDINGS = (".parquet", ".csv", ".svg", ".png", ".md", ".json")


class ResultsError(ValueError):
    """Results that are missing, damaged, or not those of the configuration."""


def leftovers(study: Study) -> list[str]:
    """Files among a study's results that its configuration does not ask for.

    Files made on demand are not among them, as long as they are of this configuration.
    """
    steps = Steps(study)
    known = set(study.targets())
    for path in Path(f"results/{study.name}/records").glob("*.json"):
        try:
            record = read_record(path)
            step = steps(record["rule"], **record["wildcards"])
        except (DamagedFileError, KeyError, TypeError, AssertionError):
            continue
        if step.digest == record["digest"]:
            known |= set(record["outputs"])
    found = []
    for part in sorted(Path(f"results/{study.name}").iterdir()):
        if part.is_dir() and part.name not in _NOT_RESULTS:
            found += [p.as_posix() for p in sorted(part.rglob("*")) if p.suffix in _ENDINGS]
    return [file for file in found if file not in known]


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
    if missing:
        yield from (f"its data {path} are missing" for path in missing)
    elif [sha256_of(path) for path in data] != record["data"]:
        yield f"the data in {', '.join(data) or 'no file'} are not those that it was made from"
    for name, digest in record["inputs"].items():
        if not Path(name).exists():
            yield f"its input {name} is missing"
        elif sha256_of(name) != digest:
            yield f"its input {name} has changed since"


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


def main(arguments: Sequence[str] | None = None, root: Path = Path()) -> int:
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
    folder, configfile = Path(given.results).resolve(), given.configfile
    if configfile is not None:
        configfile = Path(configfile).resolve()
    os.chdir(root)  # what a study is made of is named from there
    try:
        study = Study(_configuration(folder, configfile), memory=UNLIMITED)
        if folder != Path(f"results/{study.name}").resolve():
            raise ConfigError([f"study: it is {study.name}, whose results are not in {folder}"])
        n_files = check_study(study)
    except (ConfigError, ResultsError, OSError, DamagedFileError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{given.results}: {n_files} files, all of them what the configuration asks for")
    if others := leftovers_told(study):
        print(others, file=sys.stderr)
    return 0


def leftovers_told(study: Study) -> str:
    """A remark about the files of :func:`leftovers`, empty if there are none."""
    others = leftovers(study)
    if not others:
        return ""
    named = "\n".join(f"  - {file}" for file in others[:_LEFTOVERS_NAMED])
    more = len(others) - _LEFTOVERS_NAMED
    return (
        f"results/{study.name} also holds {len(others)} files that this configuration does not ask "
        f"for; those made with another configuration may be deleted:\n{named}"
        + (f"\n  - and {more} more" if more > 0 else "")
    )


def _configuration(folder: Path, configfile: Path | None) -> Any:
    known = ", ".join(sorted(p.parent.as_posix() for p in Path().glob(_CONFIGURATIONS))) or "none"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: there is no such folder; studies: {known}")
    if configfile is not None:
        return load_yaml(configfile)
    path = folder / "configuration.json"
    if not path.exists():
        raise FileNotFoundError(
            f"{path}: there is no such file: either {folder} is not the folder of a study "
            f"(studies: {known}), or the study did not get far enough to write it: run it again, "
            f"or give its configuration with --configfile"
        )
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise DamagedFileError(
            f"{path}: the file is damaged: it is not valid JSON; delete it and run again"
        ) from None


if __name__ == "__main__":
    sys.exit(main(root=Path(__file__).resolve().parent.parent))
