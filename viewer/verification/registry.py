"""Which exports can be run on the user's own machine, and compared with the reference."""

from viewer.verification.verification import Verifier

VERIFIERS: dict[str, Verifier] = {}
