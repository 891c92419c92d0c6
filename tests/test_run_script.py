"""``./run`` in a checkout of its own, with stand-ins for Python and uv: nothing is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ("bash", "cat", "chmod", "cp", "dirname", "env", "mkdir", "readlink", "sleep", "touch")
DEFAULTS = ["--cores", "all", "--workflow-profile", "workflow/profiles/default"]

# The environment's Python: its arguments and directory are recorded, but for run's own programs.
ENVIRONMENT_PYTHON = f"""\
#!/usr/bin/env bash
case "$2" in
    *sys.version_info* | *fcntl* | *zlib*) exec "{sys.executable}" "$@" ;;
esac
printf '%s\n' "$PWD" "$@" >>"$RECORD"
echo "$NUMBA_CACHE_DIR" >>"$RECORD.cache"
[[ "$2" != *${{FAILING:-nothing}}* ]] || exit 7
"""

UV = """\
#!/usr/bin/env bash
if [ "$1" = --version ]; then
    echo "uv {version} (stand-in)"
    exit
fi
echo "$@" >>"$RECORD.uv"
[ -z "${{LOCK_OUTDATED:-}}" ] || exit 2
sleep "${{PAUSE:-0}}"
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
cp "$RECORD.python" "$UV_PROJECT_ENVIRONMENT/bin/python"
echo done >>"$RECORD.uv"
"""

# A Python without uv: `-m venv` and `-m pip` make what the real ones would.
INSTALLING_PYTHON = f"""\
#!/usr/bin/env bash
case "$1 $2" in
    *sys.executable*) echo "$0" && exit ;;
    -c*) exec "{sys.executable}" "$@" ;;
esac
echo "$@" >>"$RECORD.install"
case "$2 ${{FAILING:-}}" in
    "venv venv" | "venv both" | "pip both") exit 1 ;;
    venv*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    pip*) mkdir -p "$CHECKOUT/.uv/bin" && cp "$RECORD.newest" "$CHECKOUT/.uv/bin/uv" ;;
esac
"""


@dataclass(frozen=True)
class Checkout:
    """A checkout with ``run`` in it, and a PATH that holds what a test puts there."""

    root: Path
    bin: Path
    record: Path

    def put(self, path: Path | str, text: str) -> Path:
        """An executable: on PATH, or at an absolute path."""
        path = self.bin / path
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def put_python(self, path: Path | str, version: str = "") -> Path:
        """A Python that works, and that may say it is of another version."""
        if not version:
            return self.put(path, f'#!/usr/bin/env bash\nexec "{sys.executable}" "$@"\n')
        claim = f"import sys; sys.version_info = {tuple(map(int, version.split('.')))}"
        code = f"{claim}; exec(sys.argv[1])"
        return self.put(path, f'#!/usr/bin/env bash\nexec "{sys.executable}" -c "{code}" "$2"\n')

    def start(
        self,
        *arguments: str,
        script: Path | None = None,
        directory: Path | None = None,
        **variables: str,
    ) -> subprocess.Popen[str]:
        fixed = {
            "PATH": str(self.bin),
            "RECORD": str(self.record),
            "CHECKOUT": str(self.root),
            "PIP_NO_INDEX": "1",
        }
        return subprocess.Popen(
            [script or self.root / "run", *arguments],
            cwd=directory or self.root,
            env=fixed | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        *arguments: str,
        script: Path | None = None,
        directory: Path | None = None,
        **variables: str,
    ) -> tuple[int, str, str]:
        """Exit status, output, error output."""
        process = self.start(*arguments, script=script, directory=directory, **variables)
        output, errors = process.communicate(timeout=60)
        return process.returncode, output, errors

    def lines(self, suffix: str = "") -> list[str]:
        path = Path(f"{self.record}{suffix}")
        return path.read_text("utf-8").splitlines() if path.exists() else []

    def ran(self, *arguments: str, directory: Path | None = None) -> bool:
        return self.lines() == [str(directory or self.root), *arguments]

    def ran_snakemake(self, *arguments: str) -> bool:
        """In a directory with a space, by a program that hides it from Snakemake."""
        directory, option, program, *passed = self.lines()
        assert directory == str(self.root)
        assert option == "-c"
        assert "snakemake" in program
        return passed == ["--nolock", *arguments]


@pytest.fixture
def bare(tmp_path: Path) -> Checkout:
    """Neither Python nor uv on PATH."""
    root, programs = tmp_path / "my checkout", tmp_path / "bin"
    root.mkdir()
    programs.mkdir()
    shutil.copy(ROOT / "run", root / "run")
    (root / "uv.lock").write_text("version = 1\n", encoding="utf-8")
    for name in COMMANDS:
        (programs / name).symlink_to(shutil.which(name) or pytest.skip(f"no {name} here"))
    checkout = Checkout(root=root, bin=programs, record=tmp_path / "record")
    checkout.put(tmp_path / "record.python", ENVIRONMENT_PYTHON)
    checkout.put(tmp_path / "record.newest", UV.format(version="99.0.0"))
    return checkout


@pytest.fixture
def checkout(bare: Checkout) -> Checkout:
    bare.put_python("python3")
    bare.put("uv", UV.format(version="0.13.8"))
    return bare


def test_no_arguments_run_the_default_study(checkout: Checkout) -> None:
    status, output, errors = checkout.run()
    assert (status, output) == (0, "")
    assert errors.splitlines() == [
        f"run: setting up .venv from uv.lock with {sys.executable}",
        "run: snakemake --cores all --workflow-profile workflow/profiles/default",
    ]
    assert checkout.ran_snakemake(*DEFAULTS)


def test_compiled_loops_are_kept_as_long_as_no_source_of_any_changes(checkout: Checkout) -> None:
    source = checkout.root / "src" / "gmd"
    source.mkdir(parents=True)
    for name, text in (
        ("loops.py", "import numba\n"),
        ("other.py", "x = 1\n"),
        ("other.py", "x = 2\n"),
        ("loops.py", "import numba  # changed\n"),
    ):
        (source / name).write_text(text, encoding="utf-8")
        assert checkout.run("python")[0] == 0
    assert checkout.run("python", NUMBA_CACHE_DIR="/elsewhere")[0] == 0
    first, second, third, fourth, chosen = checkout.lines(".cache")
    assert first == second == third != fourth
    assert first.startswith(f"{checkout.root}/.numba/")
    assert chosen == "/elsewhere"


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        (["-n"], [*DEFAULTS, "-n"]),
        (["--configfile", "config/a b.yaml"], [*DEFAULTS, "--configfile", "config/a b.yaml"]),
        (["--config", "x=*", ""], [*DEFAULTS, "--config", "x=*", ""]),
        (["--jobname", "a"], [*DEFAULTS, "--jobname", "a"]),
        (["-c", "1"], [*DEFAULTS[2:], "-c", "1"]),
        (["-c1", "-n"], [*DEFAULTS[2:], "-c1", "-n"]),
        (["--cores=2"], [*DEFAULTS[2:], "--cores=2"]),
        (["-n", "--cores", "2"], [*DEFAULTS[2:], "-n", "--cores", "2"]),
        (["-j4"], [*DEFAULTS[2:], "-j4"]),
        (["--jobs", "4"], [*DEFAULTS[2:], "--jobs", "4"]),
        (["--profile", "mine"], ["--profile", "mine"]),
        (["--workflow-profile=none", "-c1"], ["--workflow-profile=none", "-c1"]),
    ],
    ids=" ".join,
)
def test_other_words_are_for_snakemake(
    checkout: Checkout, arguments: list[str], passed: list[str]
) -> None:
    assert checkout.run(*arguments)[0] == 0
    assert checkout.ran_snakemake(*passed)


def test_snakemake_is_a_module_where_no_space_is_in_the_way(
    checkout: Checkout, tmp_path: Path
) -> None:
    checkout.root.rename(tmp_path / "checkout")
    assert checkout.run("-n", script=tmp_path / "checkout" / "run", directory=tmp_path)[0] == 0
    passed = ["-m", "snakemake", "--nolock", *DEFAULTS, "-n"]
    assert checkout.ran(*passed, directory=tmp_path / "checkout")


def test_the_users_profile_variable_takes_the_place_of_the_defaults(checkout: Checkout) -> None:
    assert checkout.run("-n", SNAKEMAKE_PROFILE="mine")[0] == 0
    assert checkout.ran_snakemake("-n")


def test_test_runs_pytest_in_the_root(checkout: Checkout, tmp_path: Path) -> None:
    assert checkout.run("test", "-k", "a or b", directory=tmp_path)[0] == 0
    assert checkout.ran("-m", "pytest", "-k", "a or b")


def test_python_runs_where_it_is_called(checkout: Checkout, tmp_path: Path) -> None:
    assert checkout.run("python", "my script.py", "-v", directory=tmp_path)[0] == 0
    assert checkout.ran("my script.py", "-v", directory=tmp_path)


def test_any_directory_will_do(checkout: Checkout, tmp_path: Path) -> None:
    assert checkout.run("-n", directory=tmp_path)[0] == 0
    assert checkout.ran_snakemake(*DEFAULTS, "-n")


def test_symbolic_links_lead_to_the_checkout(checkout: Checkout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "first").symlink_to("../my checkout/run")
    (tmp_path / "second").symlink_to(elsewhere / "first")
    assert checkout.run("-n", script=tmp_path / "second", directory=elsewhere)[0] == 0
    assert checkout.ran_snakemake(*DEFAULTS, "-n")


@pytest.mark.parametrize(
    ("word", "module"), [("-n", "snakemake"), ("test", "pytest"), ("lint", "mypy")]
)
def test_failures_are_passed_on(checkout: Checkout, word: str, module: str) -> None:
    status, _, _ = checkout.run(word, FAILING=module)
    assert status == (1 if word == "lint" else 7)


def test_lint_runs_every_check_even_after_a_failure(checkout: Checkout) -> None:
    checkout.run("lint", FAILING="ruff")
    lines = checkout.lines()
    modules = [lines[at + 1] for at, line in enumerate(lines) if line == "-m"]
    assert modules == ["ruff", "ruff", "mypy", "snakefmt", "snakemake"]


def test_help_needs_no_environment(bare: Checkout) -> None:
    status, output, errors = bare.run("help")
    assert (status, errors) == (0, "")
    for word in ("test", "lint", "python", "sync", "help", "--config dataset=FILE"):
        assert f"./run {word}" in output
    assert "--report FILE.html" in output
    assert not (bare.root / ".venv").exists()


def test_the_lock_decides(checkout: Checkout) -> None:
    assert checkout.run("sync", "--group", "cluster")[0] == 0
    call = checkout.lines(".uv")[0].replace(str(checkout.root), "ROOT")
    assert call == (
        f"sync --project ROOT --locked --inexact --quiet --python {sys.executable} --group cluster"
    )


def test_an_outdated_lock_stops_the_run(checkout: Checkout) -> None:
    status, _, errors = checkout.run("-n", LOCK_OUTDATED="yes")
    assert status == 1
    assert errors.splitlines()[-1] == "run: could not set up .venv from uv.lock"
    assert checkout.lines() == []


def test_bytecode_is_compiled_once_for_each_lock_where_python_may_write_none(
    checkout: Checkout,
) -> None:
    for variables in ({}, *2 * [{"PYTHONDONTWRITEBYTECODE": "1"}]):
        assert checkout.run("sync", **variables)[0] == 0
    (checkout.root / ".venv" / ".compiled").unlink()
    assert checkout.run("sync", PYTHONDONTWRITEBYTECODE="1")[0] == 0
    calls = [line for line in checkout.lines(".uv") if line != "done"]
    assert ["--compile-bytecode" in call for call in calls] == [False, True, False, True]


def test_two_runs_set_the_environment_up_one_after_the_other(checkout: Checkout) -> None:
    processes = [checkout.start("sync", PAUSE="0.3") for _ in range(2)]
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert [line == "done" for line in checkout.lines(".uv")] == [False, True, False, True]


def test_no_suitable_python_is_one_clear_line(bare: Checkout) -> None:
    bare.put_python("python3", "3.10.13")
    bare.put_python("python", "2.7.18")
    bare.put(
        "python3.12", "#!/usr/bin/env bash\necho 'python3.12: command not found' >&2\nexit 127\n"
    )
    status, output, errors = bare.run()
    assert (status, output) == (1, "")
    assert len(errors.splitlines()) == 1
    assert errors.startswith("run: no Python >= 3.11 on PATH")


@pytest.mark.parametrize("name", ["python3", "python3.14", "python3.11", "python"])
def test_unsuitable_pythons_are_skipped(checkout: Checkout, name: str) -> None:
    checkout.put_python("python3", "3.10.13")
    checkout.put("python3.13", "#!/usr/bin/env bash\necho 'command not found' >&2\nexit 127\n")
    checkout.put_python(name)
    assert checkout.run("sync")[0] == 0


def test_the_python_variable_names_one(checkout: Checkout, tmp_path: Path) -> None:
    checkout.put_python("python3", "3.10.13")
    named = checkout.put_python(tmp_path / "my python")
    assert checkout.run("sync", PYTHON=str(named))[0] == 0


def test_the_python_variable_must_name_a_suitable_one(checkout: Checkout) -> None:
    old = checkout.put_python("old", "3.10.13")
    status, _, errors = checkout.run("sync", PYTHON=str(old))
    assert status == 1
    assert errors == f"run: PYTHON={old} is no working Python >= 3.11\n"


def test_an_environment_at_hand_keeps_its_python(checkout: Checkout) -> None:
    assert checkout.run("sync")[0] == 0
    checkout.put_python("python3", "3.10.13")
    assert checkout.run("sync")[0] == 0


@pytest.mark.parametrize("version", ["0.7.22", ""], ids=["too old", "missing"])
@pytest.mark.parametrize("failing", ["", "venv"], ids=["venv", "no venv"])
def test_uv_is_installed_once_where_path_has_none(
    bare: Checkout, version: str, failing: str
) -> None:
    bare.put("python3", INSTALLING_PYTHON)
    if version:
        bare.put("uv", UV.format(version=version))
    for _ in range(2):
        assert bare.run("sync", FAILING=failing)[0] == 0
    assert bare.lines(".uv").count("done") == 2
    pip = [line for line in bare.lines(".install") if line.startswith("-m pip")]
    assert len(pip) == 1
    assert (f"--target {bare.root}/.uv" in pip[0]) == (failing == "venv")


def test_a_failed_installation_of_uv_stops_the_run(bare: Checkout) -> None:
    python = bare.put("python3", INSTALLING_PYTHON)
    status, _, errors = bare.run("-n", FAILING="both")
    assert status == 1
    assert re.fullmatch(
        rf"run: could not install uv [0-9.]+ with {re.escape(str(python))} -m pip",
        errors.splitlines()[-1],
    )
    assert bare.lines() == []


def test_uv_versions_agree() -> None:
    script = (ROOT / "run").read_text("utf-8")
    minimum = re.search(r"^UV_MINIMUM=(\d+)", script, re.MULTILINE)
    pinned = re.search(r"^UV_VERSION=0\.(\d+)\.", script, re.MULTILINE)
    required = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]
    assert minimum is not None
    assert pinned is not None
    assert required["required-version"] == f">=0.{minimum[1]}"
    assert int(pinned[1]) >= int(minimum[1])


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_scripts_pass_shellcheck(script: str) -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("shellcheck is not installed")
    checked = subprocess.run([shellcheck, ROOT / script], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
