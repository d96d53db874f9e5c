"""Nobody runs the benchmarks every day: what they stand on must still be there when somebody does."""

import importlib

import pytest

from hotline.settings import ROOT

NAMES = sorted(file.stem for file in (ROOT / "benchmarks").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_can_be_started(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{name}").main)
