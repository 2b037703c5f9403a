"""The panel's view of optional parts: looked up once, one installation at a time."""

from dataclasses import dataclass

import pytest

from exporters.errors import LichenError
from viewer import installations
from viewer.extras import DREAM, TRAIN, Extra
from viewer.installation import State
from viewer.installations import Installations


@dataclass
class FakeInstallation:
    """Runs until `outcome` says otherwise, which shows when it is polled, as with the real one."""

    extra: Extra
    outcome: State = State.RUNNING
    state: State = State.RUNNING

    def poll(self) -> State:
        self.state = self.outcome
        return self.state

    def cancel(self) -> None:
        self.state = State.CANCELLED


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Installations:
    monkeypatch.setattr(installations, "Installation", FakeInstallation)
    monkeypatch.setattr(installations, "is_installed", lambda extra: False)
    return Installations()


def running(parts: Installations, extra: Extra) -> FakeInstallation:
    parts.start(extra)
    installation = parts.state(extra).installation
    assert isinstance(installation, FakeInstallation)
    return installation


def test_a_finished_installation_is_told_once(parts: Installations) -> None:
    installation = running(parts, TRAIN)
    assert parts.poll() is None and not parts.state(TRAIN).is_installed
    installation.outcome = State.FINISHED
    assert parts.poll() is TRAIN
    assert parts.state(TRAIN).is_installed
    assert parts.poll() is None


def test_only_one_runs_at_a_time(parts: Installations) -> None:
    running(parts, TRAIN)
    with pytest.raises(LichenError, match="another installation"):
        parts.start(DREAM)


def test_a_cancelled_one_makes_room(parts: Installations) -> None:
    running(parts, TRAIN)
    parts.cancel(TRAIN)
    running(parts, DREAM)
    assert not parts.state(TRAIN).is_installed


def test_a_failed_one_can_be_tried_again(parts: Installations) -> None:
    running(parts, TRAIN).outcome = State.FAILED
    assert parts.poll() is None
    running(parts, TRAIN)


def test_cancelling_nothing_does_nothing(parts: Installations) -> None:
    parts.cancel(DREAM)
    assert parts.state(DREAM).installation is None
