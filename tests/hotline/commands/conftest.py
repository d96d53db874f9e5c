import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.support.machine import Machine


@pytest.fixture(autouse=True, scope="module")
def own_logs() -> Iterator[None]:
    """Take back what a command does to the logging of its process."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with tables and city."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    assert machine.run("migrate").code == 0
    assert machine.run("load-city").code == 0
    return machine
