"""What a run works with: a folder, programs and threads of its own, all gone when it is over."""

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.interruption import undisturbed
from demo.programs import Programs
from demo.project import LOCAL, ROOT


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a run works with.

    Attributes:
        folder: Its own folder, for everything that it writes.
        programs: The programs that it starts.
        pool: Threads for what can be done at the same time.
    """

    folder: Path
    programs: Programs
    pool: ThreadPoolExecutor


@contextmanager
def workshop(name: str) -> Iterator[Workshop]:
    """Open a workshop for one run; runs do not disturb one another.

    Its programs are ended when the run is over. Its folder is removed, unless the run failed:
    then the logs in it are of use.
    """
    LOCAL.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=LOCAL))
    failed = False
    try:
        with ThreadPoolExecutor(max_workers=6) as pool, Programs() as programs:
            yield Workshop(folder, programs, pool)
    except Exception as error:
        failed = True
        error.add_note(f"Logs: {folder.relative_to(ROOT)}")
        raise
    finally:
        if not failed:
            with undisturbed():
                shutil.rmtree(folder, ignore_errors=True)
