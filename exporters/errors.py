"""The one exception for what a user can mend."""


class LichenError(Exception):
    """A problem told in one sentence: what is wrong and what to do about it."""
