"""What is told over the picture: the newest, and failures until they have been seen."""

from viewer.messages import Messages


def told(messages: Messages) -> list[str]:
    """All that is shown, one dismissed after the other."""
    texts = []
    while messages.shown is not None:
        texts.append(messages.shown.text)
        messages.dismiss()
    return texts


def test_something_newer_takes_the_place_of_notes_and_complaints() -> None:
    messages = Messages()
    messages.note("saved")
    messages.complain("cannot be read\nTraceback")
    assert messages.shown is not None and messages.shown.is_error
    assert messages.shown.text == "cannot be read"
    messages.note("saved again")
    assert told(messages) == ["saved again"]


def test_failures_wait_for_each_other_and_are_told_once() -> None:
    messages = Messages()
    messages.note("importing")
    for text in ("first", "second", "first"):
        messages.report_failure(text)
    assert messages.shown is not None and messages.shown.text == "second"
    messages.complain("no such file")
    messages.report_failure("third")
    assert told(messages) == ["no such file", "third", "second", "first"]
