"""``./run benchmark``: measure, print the tables, write them and all numbers to a folder."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import fits, growth, imbalance, laed, machine, moments, separate, soap
from benchmarks.measuring import ROOT, available_cores
from benchmarks.report import Report, machine_text, markdown
from benchmarks.settings import Settings

BENCHMARKS: dict[str, Callable[[Settings], Report]] = {
    "imbalance": imbalance.run,
    "imbalance_growth": growth.run,
    "separate": separate.run,
    "laed": laed.run,
    "soap": soap.run,
    "moments": moments.run,
    "fits": fits.run,
}

FORMAT = 1
JSON_NAME = "benchmarks.json"
MARKDOWN_NAME = "benchmarks.md"

TINY_NOTE = "Tiny sizes: they show that everything runs and agrees, and nothing about speed."


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="./run benchmark", description="Measure the library beside its peers."
    )
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help=f"what to measure, all unless named: {', '.join(BENCHMARKS)}",
    )
    parser.add_argument("--tiny", action="store_true", help="smallest sizes, for a test")
    parser.add_argument(
        "--output",
        type=Path,
        default=ROOT / "results" / "benchmarks",
        help="folder for tables, numbers and figures (results/benchmarks)",
    )
    parser.add_argument(
        "--structures",
        type=Path,
        default=None,
        help="file or folder of Li-P-S structures; $GMD_LIPS20 if set, else the embedded ones",
    )
    parser.add_argument("--cores", type=int, default=available_cores(), help="all unless given")
    parser.add_argument(
        "--largest",
        type=int,
        default=8000,
        help="largest number of structures of imbalance_growth (8000; 50000 takes a while)",
    )
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    if not 1 <= chosen.cores <= available_cores():
        parser.error(f"--cores {chosen.cores}: this machine gives 1 to {available_cores()}")
    if chosen.largest <= growth.SMALLEST:
        parser.error(f"--largest {chosen.largest}: more than {growth.SMALLEST} is needed")
    return chosen


def structures_source(given: Path | None) -> Path | None:
    """The structures named on the command line or by the environment."""
    named = os.environ.get("GMD_LIPS20")
    return given or (Path(named) if named else None)


def earlier(path: Path, found: dict[str, Any]) -> dict[str, Any]:
    """Benchmarks that an earlier run of the same kind left in the folder."""
    if not path.exists():
        return {}
    old = json.loads(path.read_text(encoding="utf-8"))
    same = all(old.get(key) == found[key] for key in ("format", "tiny", "machine"))
    if not same:
        print(f"{path.name} is of another machine or kind and is replaced", file=sys.stderr)
    return dict(old["benchmarks"]) if same else {}


def page(found: dict[str, Any], reports: dict[str, Report]) -> str:
    """All tables, in Markdown."""
    parts = [machine_text(found["machine"]) + "\n"]
    if found["tiny"]:
        parts.append(TINY_NOTE + "\n")
    return "\n".join(parts + [markdown(report) for report in reports.values()])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks; returns 1 where two implementations disagree."""
    chosen = parsed(arguments)
    output: Path = chosen.output
    output.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        tiny=chosen.tiny,
        cores=chosen.cores,
        structures=structures_source(chosen.structures),
        largest=chosen.largest,
        output=output,
    )
    found: dict[str, Any] = {
        "format": FORMAT,
        "tiny": chosen.tiny,
        "machine": machine.describe(chosen.cores),
        "benchmarks": {},
    }
    kept = earlier(output / JSON_NAME, found)
    reports: dict[str, Report] = {}
    for name, run in BENCHMARKS.items():
        if chosen.names and name not in chosen.names:
            continue
        start = time.perf_counter()
        reports[name] = run(settings)
        kept[name] = reports[name].as_json()
        found["benchmarks"] = {known: kept[known] for known in BENCHMARKS if known in kept}
        # after each one, so that nothing is lost if a later one fails
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        (output / JSON_NAME).write_text(text, encoding="utf-8")
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    text = page(found, reports)
    (output / MARKDOWN_NAME).write_text(text, encoding="utf-8")
    print(text)
    failed = [check.what for r in reports.values() for check in r.checks if not check.passed]
    for what in failed:
        print(f"DISAGREEMENT: {what}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
