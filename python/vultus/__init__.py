"""Finds faces in pictures and says who they are.

    import vultus

    engine = vultus.Engine()
    with vultus.Gallery("people.vgal", engine) as people:
        people.enrol("Ada Lovelace", "ada.jpg")
        for face in people.identify("party.jpg"):
            print(face.name or "unknown", face.similarity)

A picture is a path or a numpy array of height x width x 3 bytes (red, green, blue). Templates of one ``Engine`` compare
with those of the same preset only. ``vultus.face_recognition`` has the functions of the package face_recognition.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
from dataclasses import dataclass
from types import TracebackType
from typing import Optional, Type, Union

import numpy as np
from numpy.typing import NDArray

from vultus import _vultus
from vultus._error import Error

__version__ = _vultus.version
__all__ = ["Decision", "Enrolment", "Engine", "Error", "Face", "Gallery", "Identification", "OperatingPoint", "Picture",
           "Subject", "Verification", "model_folder", "own_model_folder", "read_picture"]

Picture = Union[str, "os.PathLike[str]", NDArray[np.uint8]]


@dataclass(frozen=True)
class Face:
    """A face in a picture, in pixels of the upright picture."""

    box: tuple[float, float, float, float]  #: left, top, width, height; may leave the picture
    score: float  #: of the detector, 0 to 1
    keypoints: list[tuple[float, float]]  #: right eye, left eye, nose, right and left mouth corner; the subject's sides
    landmarks: list[tuple[float, float]]  #: 68 points, or 468 of a mesh, as the preset says
    embedding: Optional[NDArray[np.float32]]  #: the template: a unit vector; None where it was not asked for


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold and how often it is wrong."""

    threshold: float  #: cosine from which two faces are the same person
    false_match_rate: float  #: share of pairs of different people at or above it
    source: str  #: what it was measured on


@dataclass(frozen=True)
class Verification:
    """Whether two pictures show the same person."""

    match: bool
    similarity: float  #: cosine
    at: OperatingPoint
    face_a: Face  #: the main face of the first picture
    face_b: Face


@dataclass(frozen=True)
class Decision:
    """Who a template is."""

    name: Optional[str]  #: None = unknown
    similarity: Optional[float]  #: of the most similar subject, whoever that is; None in an empty gallery
    candidates: list[tuple[str, float]]  #: names and cosines, best first
    at: OperatingPoint


@dataclass(frozen=True)
class Identification(Decision):
    """Who a face of a picture is."""

    face: Face


@dataclass(frozen=True)
class Enrolment:
    """A face that was put into a gallery."""

    subject: str
    face_id: int
    already_there: bool  #: the very same face was enrolled before
    face: Face


@dataclass(frozen=True)
class Subject:
    """A known person."""

    name: str
    faces: int


def model_folder() -> str:
    """The folder of the model manifests: $VULTUS_MODELS, else those that came with the package."""
    return os.environ.get("VULTUS_MODELS") or str(pathlib.Path(__file__).resolve().parent / "models")


def own_model_folder() -> str:
    """The folder of your own networks, as ``vultus models add`` keeps them: $VULTUS_OWN_MODELS, else below
    $XDG_CONFIG_HOME, else below ~/.config; whether it is there or not."""
    own, config = os.environ.get("VULTUS_OWN_MODELS"), os.environ.get("XDG_CONFIG_HOME")
    return own or str(pathlib.Path(config or pathlib.Path.home() / ".config") / "vultus" / "models")


def read_picture(path: Union[str, "os.PathLike[str]"], max_megapixels: float = 80) -> NDArray[np.uint8]:
    """Reads a JPEG, PNG, WebP, TIFF, GIF, HEIC, AVIF, BMP, PGM or PPM file, turned upright, transparency over white.

    :return: height x width x 3 bytes
    :raises Error: not_found, corrupt_data, unsupported, or resource_limit for more than max_megapixels
    """
    return _vultus.read_picture(os.fspath(path), max_megapixels)


def _pixels(picture: Picture) -> NDArray[np.uint8]:
    if isinstance(picture, np.ndarray):
        if picture.dtype != np.uint8:
            raise Error(f"a picture must hold bytes (uint8), not {picture.dtype}", "invalid_argument")
        return np.ascontiguousarray(picture)
    return read_picture(picture)


class Engine:
    """Networks of a preset, loaded once. May be used from several threads.

    :param preset: ``default``, ``fast``, ``accurate`` or ``commercial``; None = default, with commercial_only commercial
    :param detector: another detector than the preset's, perhaps your own (``vultus models add``)
    :param embedder: another embedder than the preset's; without a measured threshold name one in every call
    :param models: folder of the manifests; None = model_folder()
    :param own_models: folder of your own networks; None = own_model_folder()
    :param cache: folder of fetched networks; None = $VULTUS_CACHE, else ~/.cache/vultus
    :param precision: ``auto``, ``f32`` or ``bf16``
    :param tiles: search large pictures piece by piece: finds small faces, takes longer
    :param commercial_only: refuse models that are not stated to be free for commercial use
    :raises Error: not_found where a network was not fetched yet; the message says how to fetch it
    """

    def __init__(self, preset: Optional[str] = None, *, detector: Optional[str] = None, embedder: Optional[str] = None,
                 models: Optional[str] = None, own_models: Optional[str] = None, cache: Optional[str] = None,
                 precision: str = "auto", tiles: bool = False, commercial_only: bool = False) -> None:
        chosen = preset or ("commercial" if commercial_only else "default")
        self._engine = _vultus.Engine(models or model_folder(), cache or "", chosen, own_models or own_model_folder(),
                                      detector or "", embedder or "", precision, tiles, commercial_only)

    @property
    def preset(self) -> str:
        """The name of the preset."""
        return self._engine.preset

    @property
    def template_model(self) -> str:
        """What templates are bound to; a gallery answers only for its own."""
        return self._engine.template_model

    @property
    def backend(self) -> str:
        """Library, device and arithmetic that really run."""
        return self._engine.backend

    def operating_point(self, fmr: Optional[float] = None, threshold: Optional[float] = None) -> OperatingPoint:
        """The threshold for a false match rate, or what is known of a threshold; the preset's own for neither."""
        return OperatingPoint(*self._engine.operating_point(fmr, threshold))

    def detect(self, picture: Picture) -> list[Face]:
        """Faces without templates, most prominent first."""
        return [Face(**row) for row in self._engine.look(_pixels(picture), False)]

    def embed(self, picture: Picture) -> list[Face]:
        """Faces with their templates, most prominent first."""
        return [Face(**row) for row in self._engine.look(_pixels(picture), True)]

    def verify(self, picture_a: Picture, picture_b: Picture, *, fmr: Optional[float] = None,
               threshold: Optional[float] = None) -> Verification:
        """Compares the main faces of two pictures.

        :raises Error: not_found where a picture shows no face
        """
        at = self.operating_point(fmr, threshold)
        main = [self._main(picture) for picture in (picture_a, picture_b)]
        similarity = _vultus.similarity(self.template_model, _template(main[0]), _template(main[1]))
        return Verification(similarity >= at.threshold, similarity, at, main[0], main[1])

    def _main(self, picture: Picture) -> Face:
        faces = self.embed(picture)
        if not faces:
            name = "the picture" if isinstance(picture, np.ndarray) else os.fspath(picture)
            raise Error(f"{name}: no face", "not_found")
        return faces[0]


def _template(face: Face) -> NDArray[np.float32]:
    if face.embedding is None:
        raise Error("the face has no template: use Engine.embed()", "invalid_argument")
    return face.embedding


class Gallery:
    """Known people in one file. What enrol() returned is on the disk.

    :param path: made where it does not exist
    :param engine: whose templates it holds; others are refused (model_mismatch)
    """

    def __init__(self, path: Union[str, "os.PathLike[str]"], engine: Engine, *, read_only: bool = False) -> None:
        self._engine = engine
        self._gallery: Optional[_vultus.Gallery] = _vultus.Gallery(engine._engine, os.fspath(path), read_only)

    def __enter__(self) -> Gallery:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; the object is of no use afterwards."""
        self._gallery = None

    def _open(self) -> _vultus.Gallery:
        if self._gallery is None:
            raise Error("the gallery is closed", "invalid_argument")
        return self._gallery

    def __len__(self) -> int:
        """How many subjects it holds."""
        return self._open().counts()[0]

    def subjects(self) -> list[Subject]:
        """Everybody, by the bytes of their names."""
        return [Subject(name, faces) for name, faces in self._open().subjects()]

    def enrol(self, name: str, picture: Picture, *, largest: bool = False) -> Enrolment:
        """Adds the face of a picture to a person, who is made if new.

        :param largest: take the main face of a picture that shows several people, instead of refusing it
        :raises Error: not_found without a face, invalid_argument with several
        """
        faces = self._engine.embed(picture)
        where = "the picture" if isinstance(picture, np.ndarray) else os.fspath(picture)
        if not faces:
            raise Error(f"{where}: no face", "not_found")
        if len(faces) > 1 and not largest:
            raise Error(f"{where}: {len(faces)} faces; largest=True takes the main one", "invalid_argument")
        face = faces[0]
        source = "" if isinstance(picture, np.ndarray) else where
        content = picture.tobytes() if isinstance(picture, np.ndarray) else pathlib.Path(picture).read_bytes()
        face_id, already = self._open().enrol(self._engine.template_model, name, _template(face), face.box, source,
                                              hashlib.sha256(content).hexdigest())
        return Enrolment(name, face_id, already, face)

    def identify(self, picture: Picture, *, top_k: int = 1, fmr: Optional[float] = None,
                 threshold: Optional[float] = None) -> list[Identification]:
        """Who the faces of a picture are, most prominent first; nobody known close enough = unknown (name None)."""
        found = []
        for face in self._engine.embed(picture):
            decision = self.decide(_template(face), top_k=top_k, fmr=fmr, threshold=threshold)
            found.append(Identification(decision.name, decision.similarity, decision.candidates, decision.at, face))
        return found

    def decide(self, embedding: NDArray[np.float32], *, top_k: int = 1, fmr: Optional[float] = None,
               threshold: Optional[float] = None) -> Decision:
        """Who a template is."""
        match, candidates, at = self._open().identify(self._engine._engine, self._engine.template_model, embedding,
                                                      top_k, fmr, threshold)
        return Decision(match[0] if match else None, candidates[0][1] if candidates else None, candidates,
                        OperatingPoint(*at))

    def rename(self, name: str, to: str) -> None:
        """Gives a person another name. :raises Error: not_found, or invalid_argument where the name is taken"""
        self._open().rename(name, to)

    def remove(self, name: str) -> int:
        """Removes a person with all faces and overwrites their bytes. :return: how many faces"""
        return self._open().remove(name)
