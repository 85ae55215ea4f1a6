"""See the package's docstring. Names, arguments and results are those of face_recognition.api 1.3.0."""

from __future__ import annotations

import os
import threading
from typing import IO, Any, Iterable, List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from vultus import _vultus, model_folder, read_picture

Location = Tuple[int, int, int, int]  #: top, right, bottom, left
PointXY = Tuple[int, int]
Encoding = NDArray[np.float64]

_lock = threading.Lock()
_loaded: Optional[_vultus.Dlib] = None


def _dlib() -> _vultus.Dlib:
    """The networks, loaded when they are needed for the first time."""
    global _loaded
    with _lock:
        if _loaded is None:
            commercial = os.environ.get("VULTUS_COMMERCIAL_ONLY", "") not in ("", "0")
            _loaded = _vultus.Dlib(model_folder(), "", commercial, False)
        return _loaded


class Point(NamedTuple):
    """A pixel, as dlib.point."""

    x: int
    y: int


class Rectangle:
    """A face, as dlib.rectangle and as the result of dlib's second detector (``rect``)."""

    def __init__(self, css: Location) -> None:
        self._css = css

    def top(self) -> int:
        return self._css[0]

    def right(self) -> int:
        return self._css[1]

    def bottom(self) -> int:
        return self._css[2]

    def left(self) -> int:
        return self._css[3]

    @property
    def rect(self) -> Rectangle:
        return self


class Shape:
    """Landmarks, as dlib.full_object_detection."""

    def __init__(self, rect: Rectangle, points: Sequence[PointXY]) -> None:
        self.rect = rect
        self._points = [Point(x, y) for x, y in points]

    @property
    def num_parts(self) -> int:
        return len(self._points)

    def part(self, index: int) -> Point:
        return self._points[index]

    def parts(self) -> List[Point]:
        return list(self._points)


def _rgb(image: NDArray[Any]) -> NDArray[np.uint8]:
    pixels = np.asarray(image)
    if pixels.ndim == 2:
        pixels = np.stack([pixels] * 3, axis=-1)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise RuntimeError("Unsupported image type, must be 8bit gray or RGB image.")
    return np.ascontiguousarray(pixels)


def _css(rect: Rectangle) -> Location:
    return rect.top(), rect.right(), rect.bottom(), rect.left()


def _trimmed(css: Location, shape: Tuple[int, ...]) -> Location:
    return max(css[0], 0), min(css[1], shape[1]), min(css[2], shape[0]), max(css[3], 0)


def face_distance(face_encodings: Union[Sequence[Encoding], Encoding], face_to_compare: Encoding) -> Encoding:
    """Euclidean distances of encodings to one; 0.6 is the usual tolerance.

    :param face_encodings: encodings to compare
    :param face_to_compare: the encoding to compare against
    :return: one distance for each of face_encodings, in their order
    """
    if len(face_encodings) == 0:
        return np.empty(0)
    distances: Encoding = np.linalg.norm(np.asarray(face_encodings) - face_to_compare, axis=1)
    return distances


def load_image_file(file: Union[str, "os.PathLike[str]", IO[bytes]], mode: str = "RGB") -> NDArray[np.uint8]:
    """Loads a picture as an array.

    With Pillow installed it reads the file as face_recognition does; without it Vultus reads JPEG, PNG, WebP, BMP, PGM
    and PPM files and turns them upright.

    :param file: name or open file
    :param mode: 'RGB' (height x width x 3) or 'L' (height x width)
    """
    try:
        import PIL.Image
    except ImportError:
        if mode not in ("RGB", "L") or not isinstance(file, (str, os.PathLike)):
            raise
        picture = read_picture(file)
        if mode == "RGB":
            return picture
        grey: NDArray[np.uint8] = (picture @ np.array([0.299, 0.587, 0.114]) + 0.5).astype(np.uint8)
        return grey
    image = PIL.Image.open(file)
    return np.array(image.convert(mode) if mode else image)


def _raw_face_locations(img: NDArray[Any], number_of_times_to_upsample: int = 1, model: str = "hog") -> List[Rectangle]:
    return [Rectangle(css) for css in _dlib().locations(_rgb(img))]


def face_locations(img: NDArray[Any], number_of_times_to_upsample: int = 1, model: str = "hog") -> List[Location]:
    """Boxes of the faces in a picture, most prominent first.

    :param img: height x width x 3 bytes
    :param number_of_times_to_upsample: without effect: small faces are found anyway
    :param model: 'hog' or 'cnn'; both are the detector of Vultus
    :return: (top, right, bottom, left) of each, cut at the picture
    """
    return [_trimmed(_css(face), img.shape) for face in _raw_face_locations(img, number_of_times_to_upsample, model)]


def _raw_face_locations_batched(images: Iterable[NDArray[Any]], number_of_times_to_upsample: int = 1,
                                batch_size: int = 128) -> List[List[Rectangle]]:
    return [_raw_face_locations(img, number_of_times_to_upsample, "cnn") for img in images]


def batch_face_locations(images: Sequence[NDArray[Any]], number_of_times_to_upsample: int = 1,
                         batch_size: int = 128) -> List[List[Location]]:
    """face_locations() of several pictures.

    :param images: pictures
    :param number_of_times_to_upsample: without effect
    :param batch_size: without effect
    :return: a list of boxes for each picture
    """
    found = _raw_face_locations_batched(images, number_of_times_to_upsample, batch_size)
    return [[_trimmed(_css(face), image.shape) for face in faces] for image, faces in zip(images, found)]


def _raw_face_landmarks(face_image: NDArray[Any], face_locations: Optional[Sequence[Location]] = None,
                        model: str = "large") -> List[Shape]:
    pixels = _rgb(face_image)
    rects = ([Rectangle(css) for css in face_locations] if face_locations is not None
             else _raw_face_locations(face_image))
    points = "small" if model == "small" else "large"
    return [Shape(rect, _dlib().landmarks(pixels, _css(rect), points)) for rect in rects]


def face_landmarks(face_image: NDArray[Any], face_locations: Optional[Sequence[Location]] = None,
                   model: str = "large") -> List[dict[str, List[PointXY]]]:
    """Places of eyes, nose and so on, by dlib's own landmark files.

    :param face_image: picture
    :param face_locations: boxes; None = face_locations() of the picture
    :param model: 'large' (68 points, trained on data for research alone) or 'small' (5 points)
    :return: a dictionary for each face
    """
    if model not in ("large", "small"):
        raise ValueError("Invalid landmarks model type. Supported models are ['small', 'large'].")
    shapes = _raw_face_landmarks(face_image, face_locations, model)
    rows = [[(p.x, p.y) for p in shape.parts()] for shape in shapes]
    if model == "small":
        return [{"nose_tip": [p[4]], "left_eye": p[2:4], "right_eye": p[0:2]} for p in rows]
    return [{
        "chin": p[0:17],
        "left_eyebrow": p[17:22],
        "right_eyebrow": p[22:27],
        "nose_bridge": p[27:31],
        "nose_tip": p[31:36],
        "left_eye": p[36:42],
        "right_eye": p[42:48],
        "top_lip": p[48:55] + p[64:59:-1],
        "bottom_lip": p[54:60] + [p[48], p[60], p[67], p[66], p[65], p[64]],
    } for p in rows]


def face_encodings(face_image: NDArray[Any], known_face_locations: Optional[Sequence[Location]] = None,
                   num_jitters: int = 1, model: str = "small") -> List[Encoding]:
    """dlib's 128 numbers of each face.

    :param face_image: picture
    :param known_face_locations: boxes, of this package or of face_recognition itself; None = look for faces
    :param num_jitters: above 1 the mean over so many crops that are a little moved, turned and mirrored
    :param model: 'small' or 'large' landmarks
    """
    pixels = _rgb(face_image)
    boxes = (known_face_locations if known_face_locations is not None
             else [_css(face) for face in _raw_face_locations(face_image)])
    points = "small" if model == "small" else "large"
    return [_dlib().descriptor(pixels, tuple(box), points, max(1, num_jitters)) for box in boxes]  # type: ignore[arg-type]


def compare_faces(known_face_encodings: Union[Sequence[Encoding], Encoding], face_encoding_to_check: Encoding,
                  tolerance: float = 0.6) -> List[bool]:
    """Which known encodings are within the tolerance of one.

    :param known_face_encodings: known encodings
    :param face_encoding_to_check: the encoding to compare with them
    :param tolerance: the largest distance that is a match
    :return: True or False for each known encoding
    """
    return list(face_distance(known_face_encodings, face_encoding_to_check) <= tolerance)
