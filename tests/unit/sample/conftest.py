"""The sample library, built once for all tests of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.sample.build import build_collateral
from app.sample.model import SampleManifest, SampleYear
from app.sample.use import plan_year

NOW = datetime(2031, 3, 14, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleManifest:
    return build_collateral(tmp_path_factory.mktemp("sample"), now=NOW)


@pytest.fixture(scope="session")
def year(sample: SampleManifest) -> SampleYear:
    return plan_year(sample, now=NOW)
