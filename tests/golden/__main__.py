"""Write every golden file anew: `python -m tests.golden`."""

import shutil

from tests.golden.scenes import CONTEXT, scenes
from tests.golden.written import FOLDER, files

shutil.rmtree(FOLDER, ignore_errors=True)
for name, notification in scenes().items():
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files(notification, CONTEXT).items():
        (folder / file).write_text(text, encoding="utf-8")
