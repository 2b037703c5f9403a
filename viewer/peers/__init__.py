"""What `lichen bench --browser` runs in the browser: the harness, and other ways to make a step."""

from pathlib import Path

PEERS_FOLDER = Path(__file__).parent
