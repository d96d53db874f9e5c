from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.cities.city import City
from hotline.settings import Settings
from tests.support.town import started


@pytest.fixture
def settings(tmp_path: Path, city: City) -> Iterator[Settings]:
    """The settings of a started process, on a database without tickets."""
    with started(tmp_path, city) as settings:
        yield settings
