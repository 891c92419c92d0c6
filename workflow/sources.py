"""Digests of the library's source, which let Snakemake see that imported code has changed."""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent / "scripts"
PACKAGE = SCRIPTS.parent.parent / "src" / "gmd"


@cache
def imported_parts(part: str, package: Path = PACKAGE) -> frozenset[str]:
    """Layers and top-level modules of the library that one of them imports, itself excluded.

    Parameters
    ----------
    part : str
        Name of a layer such as ``"local"``, or of a module such as ``"storage"``.
    package : Path
        The library's folder.

    Returns
    -------
    frozenset of str
        Names of what is imported directly.
    """
    found: set[str] = set()
    for file in _modules(part, package):
        found |= _parts_named_in(file, package)
    return frozenset(found - {part})


def parts_behind(part: str, package: Path = PACKAGE) -> frozenset[str]:
    """A part of the library and everything that it imports, directly or not."""
    reached: set[str] = set()
    waiting = [part]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(imported_parts(name, package))
    return frozenset(reached)


@cache
def script_digest(rule: str, package: Path = PACKAGE) -> str:
    """Digest of the source of all parts of the library that a rule's script imports.

    Rules name it among their parameters: it changes when, and only when, code changes that their
    result may depend on.

    Parameters
    ----------
    rule : str
        Name of the rule and of its script.
    package : Path
        The library's folder.
    """
    parts = _parts_named_in(SCRIPTS / f"{rule}.py", package)
    digests = "".join(source_digest(part, package) for part in sorted(parts))
    return hashlib.sha256(digests.encode()).hexdigest()[:16]


@cache
def source_digest(part: str, package: Path = PACKAGE) -> str:
    """Digest of the source of a part of the library and of everything behind it.

    Raises
    ------
    ValueError
        For a part that the library does not have.
    """
    digest = hashlib.sha256()
    for name in sorted(parts_behind(part, package)):
        files = _files(name, package)
        if not files:
            raise ValueError(f"the library has no part {name!r} under {package}")
        for file in files:
            digest.update(file.relative_to(package).as_posix().encode() + b"\0")
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _parts_named_in(file: Path, package: Path) -> set[str]:
    """Parts of the library in a module's import statements, wherever they stand."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == package.name:
                names = [f"{package.name}.{alias.name}" for alias in node.names]
        for name in names:
            pieces = name.split(".")
            if pieces[0] == package.name and len(pieces) > 1 and _modules(pieces[1], package):
                found.add(pieces[1])
    return found


def _modules(part: str, package: Path) -> list[Path]:
    module = package / f"{part}.py"
    return [module] if module.is_file() else sorted((package / part).rglob("*.py"))


def _files(part: str, package: Path) -> list[Path]:
    """Modules and the data that come with them; pages for readers change no result."""
    modules = _modules(part, package)
    data = (path for path in (package / part).rglob("*") if path.is_file())
    kept = {p for p in data if p.suffix not in (".md", ".pyc") and "__pycache__" not in p.parts}
    return sorted({*modules, *kept})
