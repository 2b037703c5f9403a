"""The files that pages are made of, and where they are; `exporters.html` puts them together."""

from pathlib import Path

WEB_FOLDER = Path(__file__).parent
