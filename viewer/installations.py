"""The optional parts as the panel shows them, and the installations that the user started."""

from exporters.errors import LichenError
from viewer.extras import Extra, is_installed
from viewer.installation import Installation, State
from viewer.panels.state import ExtraState


class Installations:
    """At most one installation at a time; whether an extra is there is looked up once."""

    def __init__(self) -> None:
        self._states: dict[str, ExtraState] = {}

    def state(self, extra: Extra) -> ExtraState:
        """How an extra stands."""
        if extra.name not in self._states:
            self._states[extra.name] = ExtraState(extra, is_installed(extra))
        return self._states[extra.name]

    def start(self, extra: Extra) -> None:
        """Install an extra in the background.

        Raises:
            LichenError: another installation runs, or this environment cannot be written.
        """
        if any(_runs(state) for state in self._states.values()):
            raise LichenError("another installation is running; wait for its end or cancel it.")
        self._states[extra.name] = ExtraState(extra, False, Installation(extra))

    def cancel(self, extra: Extra) -> None:
        """Stop the installation of an extra."""
        installation = self.state(extra).installation
        if installation is not None:
            installation.cancel()

    def poll(self) -> Extra | None:
        """Follow what runs; gives an extra that has just been installed."""
        for state in self._states.values():
            if _runs(state) and state.installation is not None:
                if state.installation.poll() is State.FINISHED:
                    self._states[state.extra.name] = ExtraState(state.extra, True)
                    return state.extra
        return None


def _runs(state: ExtraState) -> bool:
    return state.installation is not None and state.installation.state is State.RUNNING
