# Types of the compiled part. Use the classes of the package; this module may change.
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

version: str

def read_picture(path: str, max_megapixels: float = ...) -> NDArray[np.uint8]: ...
def similarity(model: str, a: NDArray[np.float32], b: NDArray[np.float32]) -> float: ...

class Engine:
    def __init__(
        self,
        models: str,
        cache: str,
        preset: str,
        own_models: str,
        detector: str,
        embedder: str,
        precision: str,
        tiles: bool,
        commercial_only: bool,
    ) -> None: ...
    @property
    def preset(self) -> str: ...
    @property
    def template_model(self) -> str: ...
    @property
    def backend(self) -> str: ...
    def operating_point(self, fmr: Optional[float], threshold: Optional[float]) -> tuple[float, float, str]: ...
    def look(self, picture: NDArray[np.uint8], embed: bool) -> list[dict[str, Any]]: ...

class Gallery:
    def __init__(self, engine: Engine, path: str, read_only: bool) -> None: ...
    def enrol(
        self,
        model: str,
        name: str,
        values: NDArray[np.float32],
        box: tuple[float, float, float, float],
        source: str,
        sha256: str,
    ) -> tuple[int, bool]: ...
    def subjects(self) -> list[tuple[str, int]]: ...
    def identify(
        self,
        engine: Engine,
        model: str,
        values: NDArray[np.float32],
        top_k: int,
        fmr: Optional[float],
        threshold: Optional[float],
    ) -> tuple[Optional[tuple[str, float]], list[tuple[str, float]], tuple[float, float, str]]: ...
    def counts(self) -> tuple[int, int]: ...
    def rename(self, from_name: str, to_name: str) -> None: ...
    def remove(self, name: str) -> int: ...

class Dlib:
    def __init__(self, models: str, cache: str, commercial_only: bool, tiles: bool) -> None: ...
    def locations(self, picture: NDArray[np.uint8]) -> list[tuple[int, int, int, int]]: ...
    def landmarks(
        self, picture: NDArray[np.uint8], css: tuple[int, int, int, int], points: str
    ) -> list[tuple[int, int]]: ...
    def descriptor(
        self, picture: NDArray[np.uint8], css: tuple[int, int, int, int], points: str, jitters: int
    ) -> NDArray[np.float64]: ...
