"""What people wrote about an automaton, as lines that are harmless in comments and read-mes.

Names and credits are hostile input. These lines hold no control characters and no line breaks,
and are cut; what else matters where they stand (quotes, `*/`, `<`) is escaped there.
"""

from exporters.automaton import Automaton

LONGEST_LINE_CHARACTERS = 80


def one_line(text: str, longest_characters: int = LONGEST_LINE_CHARACTERS) -> str:
    """The text on one line, cut, free of halved characters, which no file can hold."""
    # Whatever lies beyond is cut anyway, and may be megabytes.
    start = text[: 8 * longest_characters].encode("utf-8", "replace").decode()
    printable = "".join(character if character.isprintable() else " " for character in start)
    line = " ".join(printable.split())
    if len(line) <= longest_characters:
        return line
    return f"{line[: longest_characters - 1]}…"


def credit_lines(automaton: Automaton) -> list[str]:
    """Name and credits, one line each; what is not known is left out."""
    credits = automaton.credits
    known = {
        "name": automaton.name,
        "author": credits.author,
        "licence": credits.licence,
        "exemplar": credits.exemplar,
        "exemplar's licence": credits.exemplar_licence,
    }
    return [f"{label}: {one_line(text)}" for label, text in known.items() if text.strip()]
