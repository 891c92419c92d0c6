"""Write the pins of uv.lock into the conda environment of the rules.

``./run python tools/sync_envs.py`` rewrites the pins of ``envs/gmd.yaml`` and nothing else of it;
with ``--check`` it only compares. The environment's own Python decides between the versions that
the lock holds for different Pythons.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / "envs" / "gmd.yaml"
LOCK = ROOT / "uv.lock"

CONDA_NAMES = {"matplotlib-base": "matplotlib"}
"""Packages that conda-forge calls otherwise than PyPI, by their conda name."""

PIN = re.compile(
    r"^(?P<start>\s*- )(?P<name>[\w.-]+)(?P<operator>==?)(?P<version>[\w.]+)(?P<end>.*)$"
)


def locked_versions(lock: Path, *, python: str) -> dict[str, str]:
    """Versions that the lock holds for Linux and one Python, by package name.

    Parameters
    ----------
    lock : Path
        A ``uv.lock``.
    python : str
        The Python's version as "3.12".
    """
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": "x86_64",
        "platform_system": "Linux",
        "sys_platform": "linux",
        "os_name": "posix",
    }
    versions: dict[str, str] = {}
    for package in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]:
        markers = package.get("resolution-markers")
        if markers and not any(Marker(marker).evaluate(environment) for marker in markers):
            continue
        if "version" in package:
            versions[package["name"]] = package["version"]
    return versions


def repinned(text: str, lock: Path) -> str:
    """The environment's text with every pin but Python's taken from the lock.

    Raises
    ------
    ValueError
        If the environment pins no Python, or a package that the lock does not hold.
    """
    pins = {match["name"]: match["version"] for match in map(PIN.match, text.splitlines()) if match}
    if "python" not in pins:
        raise ValueError(f"{ENVIRONMENT.name}: no line '- python=3.x'")
    versions = locked_versions(lock, python=pins["python"])

    def line(old: str) -> str:
        match = PIN.match(old)
        if match is None or match["name"] == "python":
            return old
        name = CONDA_NAMES.get(match["name"], match["name"])
        if name not in versions:
            raise ValueError(f"{ENVIRONMENT.name}: {name} is not in {lock.name}")
        return f"{match['start']}{match['name']}{match['operator']}{versions[name]}{match['end']}"

    return "".join(f"{line(old)}\n" for old in text.splitlines())


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the pins of uv.lock into envs/gmd.yaml.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if a pin differs from the lock"
    )
    check = parser.parse_args().check
    old = ENVIRONMENT.read_text(encoding="utf-8")
    new = repinned(old, LOCK)
    if old == new:
        return 0
    if check:
        print(
            "envs/gmd.yaml differs from uv.lock: ./run python tools/sync_envs.py", file=sys.stderr
        )
        return 1
    ENVIRONMENT.write_text(new, encoding="utf-8")
    print("envs/gmd.yaml follows uv.lock again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
