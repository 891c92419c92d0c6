"""The conda environment of the rules against uv.lock and pyproject.toml."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "tools" / "sync_envs.py"

LOCK = """\
[[package]]
name = "numpy"
version = "2.4.6"
resolution-markers = ["python_full_version < '3.12' and sys_platform != 'win32'"]

[[package]]
name = "numpy"
version = "2.5.5"
resolution-markers = [
    "python_full_version >= '3.15'",
    "python_full_version >= '3.12' and python_full_version < '3.14' and sys_platform != 'win32'",
]

[[package]]
name = "matplotlib"
version = "3.11.2"

[[package]]
name = "gmd"
source = { editable = "." }
"""


@pytest.fixture(scope="module")
def sync_envs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sync_envs", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def environment() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "envs" / "gmd.yaml").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def pins(environment: dict[str, Any], sync_envs: ModuleType) -> dict[str, str]:
    """Versions by PyPI's names, conda's and pip's alike."""
    conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    found = {}
    for entry in (*conda, *pip):
        name, *version = re.split(r"==?", entry)
        found[sync_envs.CONDA_NAMES.get(name, name)] = version[0] if version else ""
    return found


def test_channels_are_conda_forge_alone(environment: dict[str, Any]) -> None:
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_pins_equal_the_lock(pins: dict[str, str], sync_envs: ModuleType) -> None:
    locked = sync_envs.locked_versions(ROOT / "uv.lock", python=pins["python"])
    packages = {name: version for name, version in pins.items() if name not in {"python", "pip"}}
    assert packages == {name: locked[name] for name in packages}


def test_every_runtime_dependency_is_pinned(pins: dict[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {Requirement(entry).name for entry in project["dependencies"]} - {"snakemake"}
    assert names == set(pins) - {"python", "pip"}


def test_the_python_is_one_that_the_project_supports(pins: dict[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert Requirement(f"python{project['requires-python']}").specifier.contains(pins["python"])


def test_check_accepts_the_committed_environment() -> None:
    subprocess.run([sys.executable, TOOL, "--check"], check=True, timeout=60)


def test_the_lock_is_read_for_one_python(sync_envs: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "uv.lock"
    lock.write_text(LOCK, encoding="utf-8")
    assert sync_envs.locked_versions(lock, python="3.11")["numpy"] == "2.4.6"
    assert sync_envs.locked_versions(lock, python="3.12") == {
        "numpy": "2.5.5",
        "matplotlib": "3.11.2",
    }


def test_only_pins_are_rewritten(sync_envs: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "uv.lock"
    lock.write_text(LOCK, encoding="utf-8")
    text = (
        "# pins\n  - python=3.12\n  - matplotlib-base=3.9\n  - pip\n      - numpy==1.26.4 # why\n"
    )
    assert sync_envs.repinned(text, lock) == (
        "# pins\n  - python=3.12\n  - matplotlib-base=3.11.2\n  - pip\n      - numpy==2.5.5 # why\n"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  - numpy=2.5.5\n", "no line '- python=3.x'"),
        ("  - python=3.12\n  - torch=2.9\n", "torch is not in uv.lock"),
    ],
)
def test_contradictions_are_named(
    sync_envs: ModuleType, tmp_path: Path, text: str, message: str
) -> None:
    lock = tmp_path / "uv.lock"
    lock.write_text(LOCK, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        sync_envs.repinned(text, lock)
