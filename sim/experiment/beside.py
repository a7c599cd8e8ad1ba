"""Small files beside the tables of a result folder, each with the fingerprint of the results that it was made from."""

import json
from typing import Any

from sim.experiment.integrity import fingerprint
from sim.experiment.results import Results
from sim.experiment.store import write_json


def write(results: Results, name: str, content: dict[str, Any]) -> None:
    """Write some content into the folder of the results it was made from; whole or not at all."""
    write_json(results.folder / name, {"results": fingerprint(results.manifest), "content": content})


def read(results: Results, name: str) -> dict[str, Any] | None:
    """Read such a file; None if there is none, it is damaged, or it was made from other results."""
    try:
        said = json.loads((results.folder / name).read_text(encoding="utf-8"))
        content = said["content"] if said["results"] == fingerprint(results.manifest) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return content if isinstance(content, dict) else None
