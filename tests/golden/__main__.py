"""Write every golden file anew, and what docs/ shows of them: `python -m tests.golden`."""

import json
import re
import shutil
from pathlib import Path
from typing import Final

from tests.golden.scenes import CONTEXT, scenes
from tests.golden.texts_page import PAGE, page
from tests.golden.written import FOLDER, files

_EVENTS: Final = Path(__file__).resolve().parents[2] / "docs" / "events.md"

shutil.rmtree(FOLDER, ignore_errors=True)
for name, notification in scenes().items():
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files(notification, CONTEXT).items():
        (folder / file).write_text(text, encoding="utf-8")

PAGE.write_text(page(), encoding="utf-8")
events = _EVENTS.read_text(encoding="utf-8")
before, example, after = re.split(r"(?<=```json\n)(.+?)(?=\n```)", events, maxsplit=1, flags=re.S)
sent = json.loads((FOLDER / "world-open-policy" / "event.json").read_text(encoding="utf-8"))
shown = json.dumps(json.loads(example) | sent, indent=2, ensure_ascii=False)
_EVENTS.write_text(f"{before}{shown}{after}", encoding="utf-8")
