"""Steps a second, whatever the frames a second are."""

from collections import deque

# A frame longer than this feels sticky: a slow machine then makes fewer steps, not fewer frames.
LONGEST_COMFORTABLE_FRAME_SECONDS = 1 / 25
LIMIT_GROWTH = 1.1
MEASURED_SECONDS = 1.5


class StepClock:
    """Say how many steps each frame owes.

    Time that a step could not be made in is forgiven: were it owed, a machine that is too slow
    would make more steps in every frame, and each frame would take longer than the last.
    """

    def __init__(self) -> None:
        self._owed_steps = 0.0
        self._limit = 1.0

    def steps_due(self, frame_seconds: float, steps_per_second: float) -> int:
        """How many steps to make now, when the last frame took `frame_seconds`."""
        comfortable = frame_seconds <= LONGEST_COMFORTABLE_FRAME_SECONDS
        if not comfortable:
            self._limit = max(1.0, self._limit / 2)
        self._owed_steps += min(frame_seconds, LONGEST_COMFORTABLE_FRAME_SECONDS) * steps_per_second
        if comfortable and self._owed_steps > self._limit:
            self._limit *= LIMIT_GROWTH
        due = min(int(self._owed_steps), int(self._limit))
        self._owed_steps = min(self._owed_steps - due, 1.0)
        return due

    def reset(self) -> None:
        """Forget what is owed: after a pause nothing is to be caught up."""
        self._owed_steps = 0.0


class RateMeter:
    """Frames and steps a second, and the longest frame, over the last second or so."""

    def __init__(self) -> None:
        self._frames: deque[tuple[float, int]] = deque()
        self._seconds = 0.0

    def record(self, frame_seconds: float, steps: int) -> None:
        """Note one frame: how long it took and how many steps it made."""
        self._frames.append((frame_seconds, steps))
        self._seconds += frame_seconds
        while self._seconds - self._frames[0][0] > MEASURED_SECONDS:
            self._seconds -= self._frames.popleft()[0]

    @property
    def frames_per_second(self) -> float:
        """The mean over the recorded frames; 0 before the first."""
        return len(self._frames) / self._seconds if self._frames else 0.0

    @property
    def steps_per_second(self) -> float:
        """The mean over the recorded frames; 0 before the first."""
        steps = sum(steps for _, steps in self._frames)
        return steps / self._seconds if self._frames else 0.0

    @property
    def longest_frame_seconds(self) -> float:
        """The worst of the recorded frames; 0 before the first."""
        return max((seconds for seconds, _ in self._frames), default=0.0)
