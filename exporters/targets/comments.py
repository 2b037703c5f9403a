"""What people wrote about an automaton, as comments of a shader.

Shaders must be plain ASCII, a backslash would join lines, and hosts search even the comments for
their own words: so only harmless characters are left.
"""

import re
import unicodedata

from exporters.automaton import Automaton
from exporters.targets.plain_text import credit_lines

HARMFUL = re.compile(r"[^A-Za-z0-9 .,:;()+_'!?=%@&/-]|/(?=/)")


def harmless(line: str) -> str:
    """The line without whatever means something to compilers and hosts; accents are lost."""
    plain = unicodedata.normalize("NFKD", line).encode("ascii", "ignore").decode()
    return HARMFUL.sub("", plain).strip()


def comment_lines(automaton: Automaton) -> str:
    """Name and credits, one `//` comment each, and who wrote the file."""
    lines = [*credit_lines(automaton), "written by: lichen export"]
    return "".join(f"// {harmless(line)}\n" for line in lines)
