"""``./run benchmark`` and the environments it sets up, with stand-ins for Python and uv."""

from __future__ import annotations

from test_run_script import bare, checkout  # noqa: F401

GROUP = "--group benchmark"
FAILING_UV = """\
#!/usr/bin/env bash
[ "$1" != --version ] || { echo "uv 0.13.8 (stand-in)"; exit; }
echo "$@" >>"$RECORD.uv"
case $* in *dadapy*) exit 2 ;; esac
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
cp "$RECORD.python" "$UV_PROJECT_ENVIRONMENT/bin/python"
"""


def test_benchmark_sets_up_both_environments(checkout) -> None:  # noqa: F811
    assert checkout.run("benchmark", "laed", "--tiny")[0] == 0
    assert checkout.ran("-m", "benchmarks", "laed", "--tiny")
    first, second = [call for call in checkout.lines(".uv") if call != "done"]
    assert first.endswith(GROUP)
    assert f"--project {checkout.root}/benchmarks/dadapy --locked" in second
    assert GROUP not in second
    assert (checkout.root / "benchmarks" / "dadapy" / ".venv" / "bin" / "python").exists()


def test_benchmark_does_without_dadapy(checkout) -> None:  # noqa: F811
    checkout.put("uv", FAILING_UV)
    status, _, errors = checkout.run("benchmark")
    assert status == 0
    assert checkout.ran("-m", "benchmarks")
    assert "run: could not set up DADApy's environment: it is left out" in errors


def test_sync_insists_on_both(checkout) -> None:  # noqa: F811
    assert checkout.run("sync", "--group", "benchmark")[0] == 0
    assert len([call for call in checkout.lines(".uv") if "dadapy" in call]) == 1
    checkout.put("uv", FAILING_UV)
    status, _, errors = checkout.run("sync", "--group", "benchmark")
    assert status == 1
    assert errors.splitlines()[-1].endswith("benchmarks/dadapy/.venv from its uv.lock")


def test_nothing_else_asks_for_dadapy(checkout) -> None:  # noqa: F811
    for arguments in (("sync",), ("test",), ("-n",)):
        assert checkout.run(*arguments)[0] == 0
    assert not [call for call in checkout.lines(".uv") if "dadapy" in call]


def test_help_names_it(bare) -> None:  # noqa: F811
    assert "./run benchmark" in bare.run("help")[1]
