"""Formats beside plain text: told from names or contents, binary, databases; none is unsafe."""

from __future__ import annotations

import ast
import gzip
import tempfile
from functools import cache
from pathlib import Path

import ase.db
import ase.io
import numpy as np
import pytest
from ase.io.formats import ioformats

from gmd.structures import StructureError, read_structures, total_energies
from gmd.structures.formats import REFUSED
from structures.sample_files import (
    crystals,
    database,
    pair,
    sample_files,
    tar,
    written,
    xsf,
    zipped,
)

SAMPLES = sample_files()
BOTH = {"a.extxyz", "a.cif", "a.traj", "a.db", "a.json"}


@pytest.mark.parametrize("name", sorted(BOTH))
@pytest.mark.parametrize("packing", ["file", "gz", "folder", "tar", "zip"])
def test_formats_from_everywhere(tmp_path, name, packing) -> None:
    contents, path, where = SAMPLES[name], tmp_path / name, name
    if packing == "file":
        path.write_bytes(contents)
    elif packing == "gz":
        path, where = tmp_path / f"{name}.gz", f"{name}.gz"
        path.write_bytes(gzip.compress(contents))
    elif packing == "folder":
        path, where = tmp_path / "set", f"set/{name}"
        path.mkdir()
        (path / name).write_bytes(contents)
    else:
        path, where = tmp_path / f"set.{packing}", f"set.{packing}/{name}"
        path.write_bytes((tar if packing == "tar" else zipped)({name: contents}))
    before = set(Path(tempfile.gettempdir()).glob("gmd-*"))
    found = read_structures(path)
    assert set(Path(tempfile.gettempdir()).glob("gmd-*")) == before
    for number, (atoms, expected) in enumerate(zip(found, crystals(), strict=True)):
        assert atoms.info["source"] == f"{where}, structure {number}"
        assert atoms.info["name"] == ("a-1" if number else "a")
        assert sorted(atoms.numbers) == sorted(expected.numbers)
        np.testing.assert_allclose(atoms.cell.lengths(), expected.cell.lengths(), atol=1e-6)
        assert atoms.pbc.all()
    if name != "a.cif":
        assert total_energies(found).tolist() == [-7.5, -11.25]
        np.testing.assert_allclose(found[1].positions, crystals()[1].positions, atol=1e-8)
        assert (found[0].calc.results["forces"] == 0.125).all()


@pytest.mark.parametrize("ending", ["db", "json"])
def test_pairs_of_databases_are_energies_too(tmp_path, ending) -> None:
    bare = [pair(cell=[5, 5, 5], pbc=[True, False, True]), pair(3.0)]
    path = tmp_path / f"a.{ending}"
    path.write_bytes(database(ending, bare, dft=-7.25, method="xtb", name="one"))
    before = path.read_bytes()
    found = read_structures(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]  # no lock, no journal
    assert total_energies(found, "dft").tolist() == [-7.25, -7.25]
    assert np.isnan(total_energies(found)).all()
    assert found[0].info["method"] == "xtb"
    assert found[0].info["name"] == "one"
    assert found[0].pbc.tolist() == [True, False, True]
    assert found[1].cell.rank == 0


def test_rows_that_were_deleted_leave_no_gap(tmp_path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(database("db", [pair(), pair(2.5), pair(3.0)]))
    with ase.db.connect(path, use_lock_file=False) as connection:
        connection.delete([2])
    assert [a.positions[1, 0] for a in read_structures(path)] == [2.0, 3.0]


@pytest.mark.parametrize(
    ("name", "sample", "count"),
    [
        ("structures", "a.db", 2),
        ("structures", "a.traj", 2),
        ("a.dat1", "a.traj", 2),
        ("output", "a.extxyz", 2),
        ("a.1", "a.xsf", 1),
        ("output", "plain.xyz", 1),
    ],
)
def test_contents_tell_what_names_do_not(tmp_path, name, sample, count) -> None:
    (tmp_path / name).write_bytes(SAMPLES[sample])
    assert len(read_structures(tmp_path / name)) == count


def test_formats_that_want_a_real_file(tmp_path) -> None:
    """The reader of SHELX takes no open file: out of an archive it gets a temporary one."""
    contents = written("res", pair(2.5, cell=[5, 5, 5], pbc=True))
    (tmp_path / "a.zip").write_bytes(zipped({"a.shelx": contents}))
    (atoms,) = read_structures(tmp_path / "a.zip")
    np.testing.assert_allclose(atoms.positions[1, 0], 2.5, atol=1e-6)
    (tmp_path / "weird @1:2.txt").write_bytes(contents)
    (atoms,) = read_structures(tmp_path / "weird @1:2.txt", format="res")
    np.testing.assert_allclose(atoms.positions[1, 0], 2.5, atol=1e-6)


def test_bundles_are_folders(tmp_path) -> None:
    first = crystals()[0]
    ase.io.write(tmp_path / "a.bundle", [first, first], format="bundletrajectory")
    found = read_structures(tmp_path / "a.bundle", format="bundletrajectory")
    assert total_energies(found).tolist() == [-7.5, -7.5]


def test_progress_counts_structures(tmp_path) -> None:
    (tmp_path / "a.traj").write_bytes(SAMPLES["a.traj"])
    (tmp_path / "b.xsf").write_text(xsf())
    told: list[int] = []
    found = read_structures([tmp_path / "a.traj", tmp_path / "b.xsf"], progress=told.append)
    assert sum(told) == len(found) == 3


@pytest.mark.parametrize(
    ("format", "message"),
    [
        ("mysql", "a.extxyz: mysql is not read: structures are read from files"),
        ("postgresql", "a.extxyz: postgresql is not read: structures are read from files"),
        ("pov", "a.extxyz: ASE writes pov but does not read it; give another"),
        ("elsewhere", "a.extxyz: elsewhere is read by a plug-in of ASE \\(plugin.module\\)"),
        ("bundletrajectory", "a.extxyz, structure 0: cannot be read as bundletrajectory"),
    ],
)
def test_formats_that_are_refused(tmp_path, monkeypatch, format, message) -> None:
    plugin = type(ioformats["xyz"])("elsewhere", "", "+F", "plugin.module")
    monkeypatch.setitem(ioformats, "elsewhere", plugin)
    (tmp_path / "a.extxyz").write_bytes(SAMPLES["a.extxyz"])
    with pytest.raises(StructureError, match=f"^{message}"):
        read_structures(tmp_path / "a.extxyz", format=format)


def test_packages_that_a_reader_wants_are_named(tmp_path, monkeypatch) -> None:
    def lacking(*_, **__) -> None:
        raise ModuleNotFoundError("No module named 'netCDF4'", name="netCDF4")

    monkeypatch.setattr("ase.io.iread", lacking)
    (tmp_path / "a.nc").write_bytes(b"CDF\x01")
    with pytest.raises(StructureError, match=r"^a.nc: reading netcdftraj.*netCDF4.*; install it"):
        read_structures(tmp_path / "a.nc")


# What could run code that a file brings along.
FORBIDDEN_MODULES = {
    *("pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"),
    *("yaml", "runpy", "code", "ctypes", "subprocess"),
}
FORBIDDEN_NAMES = {"pickleload", "PickleTrajectory"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "execfile"}
FORBIDDEN_METHODS = {"system", "popen", "unsafe_load", "full_load"}

# Parts of ASE that readers bring in, but that have no hand in reading.
APART = ("ase.gui", "ase.visualize")

HARMLESS = {
    # converts old trajectories, for 'python -m ase.io.trajectory' alone
    ("ase.io.pickletrajectory", "pickle"),
    ("ase.io.trajectory", "PickleTrajectory"),
    ("ase.io", "PickleTrajectory"),
    # re.compile
    ("ase.io.sys", "compile"),
    ("ase.io.siesta", "compile"),
    # start programs that calculate or draw
    ("ase.io.gamess_us", "subprocess"),
    ("ase.io.pov", "subprocess"),
    ("ase.calculators.calculator", "subprocess"),
    ("ase.calculators.castep", "subprocess"),
    ("ase.calculators.vasp.interactive", "subprocess"),
    ("ase.calculators.vasp.vasp", "popen"),
    ("ase.calculators.vasp.vasp", "subprocess"),
    # finds a calculator by a name that a program gives
    ("ase.calculators.calculator", "__import__"),
    # between processes: messages of MPI, and a plot in a window of its own
    ("ase.parallel", "pickle"),
    ("ase.eos", "pickle"),
    # defines pickleload, whose use is looked for
    ("ase.utils", "pickle"),
}


@cache
def tree_of(source: str) -> ast.Module:
    return ast.parse(source)


def dangers(source: str) -> set[str]:
    """Forbidden modules and calls in a module's text."""
    found = set()
    for node in ast.walk(tree_of(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names} & FORBIDDEN_MODULES
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").split(".")[0]} & FORBIDDEN_MODULES
            found |= {alias.name for alias in node.names} & FORBIDDEN_NAMES
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found |= {node.func.id} & FORBIDDEN_CALLS
            elif isinstance(node.func, ast.Attribute):
                found |= {node.func.attr} & FORBIDDEN_METHODS
            if any(keyword.arg == "allow_pickle" for keyword in node.keywords):
                found.add("allow_pickle")
    return found


def imported(source: str, package: list[str]) -> set[str]:
    """All that a module of a package may import, with what could be names in place of modules."""
    found = set()
    for node in ast.walk(tree_of(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = [*base, *filter(None, [node.module])]
            found |= {".".join(base)} | {".".join([*base, alias.name]) for alias in node.names}
    return found


def module_file(name: str) -> Path | None:
    """Where a module of ASE lies, looked for without importing it."""
    path = Path(ase.__file__).parent.joinpath(*name.split(".")[1:])
    for file in (path / "__init__.py", path.with_suffix(".py")):
        if file.is_file():
            return file
    return None


def readers() -> dict[str, str]:
    """Source of all modules of ASE that the readers of its formats bring in."""
    waiting = {
        form.module_name
        for name, form in ioformats.items()
        if name not in REFUSED and form.module_name.startswith("ase.")
    }
    sources: dict[str, str] = {}
    while waiting:
        module = waiting.pop()
        file = module_file(module)
        if file is None or module in sources:
            continue  # a name in a module
        sources[module] = file.read_text(encoding="utf-8")
        parts = module.split(".")
        package = parts if file.name == "__init__.py" else parts[:-1]
        waiting |= {
            name
            for name in imported(sources[module], package) - sources.keys()
            if name.startswith("ase.") and not name.startswith(APART)
        }
    return sources


def test_no_reader_of_ase_unpickles_or_evaluates() -> None:
    """A new ASE, too, must not bring in a reader that runs what a file holds."""
    sources = readers()
    assert len(sources) > 150
    assert {"ase.io.extxyz", "ase.io.trajectory", "ase.io.cif", "ase.spacegroup"} <= sources.keys()
    found = {(module, name) for module, text in sources.items() for name in dangers(text)}
    assert found <= HARMLESS


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import pickle", {"pickle"}),
        ("from pickle import loads as f", {"pickle"}),
        ("def f(x):\n    import joblib.numpy", {"joblib"}),
        ("from ase.utils import pickleload", {"pickleload"}),
        ("x = eval('1')", {"eval"}),
        ("exec(text)", {"exec"}),
        ("np.load(f, allow_pickle=True)", {"allow_pickle"}),
        ("os.system('ls')", {"system"}),
        ("re.compile('a')\nast.literal_eval('1')\nmodel.eval()", set()),
    ],
)
def test_the_search_sees(source, found) -> None:
    assert dangers(source) == found
