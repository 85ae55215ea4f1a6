"""What both command lines share."""

from __future__ import annotations

import concurrent.futures
import os
import re
from typing import Callable, Iterable, List


def image_files_in_folder(folder: str) -> List[str]:
    """Pictures directly in a folder, sorted by name."""
    names = sorted(name for name in os.listdir(folder) if re.match(r".*\.(jpg|jpeg|png)", name, flags=re.I))
    return [os.path.join(folder, name) for name in names]


def lines_of(files: Iterable[str], look: Callable[[str], List[str]], cpus: int) -> Iterable[str]:
    """Lines of many files, in their order; the networks release Python's lock, so threads are enough."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() if cpus == -1 else cpus) as pool:
        for lines in pool.map(look, files):
            yield from lines
