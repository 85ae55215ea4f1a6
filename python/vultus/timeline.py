"""Reads Timeline files (``vultus track -o clip.vultus``) for numpy and pandas.

    from vultus import timeline

    with timeline.open("clip.vultus") as clip:
        print(clip.channels())
        table = clip.frame(["au.12.intensity", "pose.ry"])      # pandas: a row for each face and moment
        points = clip.values("landmarks.68", track=1)           # numpy: moments x 68 x 2
        blinks = clip.annotations()                             # pandas: events with from and to

Only sqlite3 and numpy are needed, pandas for tables. A file that is still being written is read up to its last commit.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import sqlite3
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Iterator, Optional, Sequence, Type, Union
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Channel", "Timeline", "TimelineError", "element_names", "open"]

_APPLICATION_ID = 0x56544C4E  # "VTLN"
_NEWEST_VERSION = 2


class TimelineError(Exception):
    """A file that is no Timeline, is damaged or newer than this reader, or a channel that is not in it."""


@dataclass(frozen=True)
class Channel:
    """A kind of reading."""

    id: str  #: e.g. "au.12.intensity"
    unit: str  #: e.g. "rad", "px (x, y)"
    producer: str  #: who measured it
    model: str  #: which network, empty where none
    data: str  #: "user", "public" or "planted"


def element_names(channel: str, unit: str, count: int) -> list[str]:
    """Names for the elements of values in a row, as the CSV of ``vultus export`` has them: docs/timeline-format.md."""
    parts: list[str] = []
    if "(" in unit and ")" in unit[unit.index("("):]:
        parts = [part.strip(" ") for part in unit[unit.index("(") + 1:unit.rindex(")")].split(",")]
        if any(not part for part in parts):
            parts = []
    if parts and count == len(parts):
        return parts
    if not parts or count % len(parts):
        last = channel.rsplit(".", 1)[-1]
        points = int(last) if last.isascii() and last.isdigit() else 0
        parts = ["x", "y", "z"][:count // points] if points and count in (2 * points, 3 * points) else []
    return [f"{i // len(parts)}.{parts[i % len(parts)]}" if parts else str(i) for i in range(count)]


def _value(value: Union[None, float, str, bytes]) -> Union[None, float, str, NDArray[np.float32]]:
    return np.frombuffer(value, "<f4") if isinstance(value, bytes) else value


class Timeline:
    """An open file. Close it, or use ``with``."""

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        self._path = os.fspath(path)
        if not pathlib.Path(self._path).is_file():
            raise TimelineError(f"{self._path}: no such timeline")
        uri = "file:" + quote(os.path.abspath(self._path)) + "?mode=ro"
        try:
            self._file = sqlite3.connect(uri, uri=True)
            application, = self._file.execute("PRAGMA application_id").fetchone()
            version, = self._file.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise TimelineError(f"{self._path}: {error}") from error
        if application != _APPLICATION_ID:
            raise TimelineError(f"{self._path}: no timeline")
        if not 1 <= version <= _NEWEST_VERSION:
            raise TimelineError(f"{self._path}: timeline version {version}, this reader knows 1 to {_NEWEST_VERSION}")
        self.version: int = version

    def __enter__(self) -> Timeline:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; the object is of no use afterwards."""
        self._file.close()

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        try:
            with contextlib.closing(self._file.execute(sql, parameters)) as cursor:
                yield from cursor
        except sqlite3.DatabaseError as error:
            raise TimelineError(f"{self._path}: {error}") from error

    def channels(self) -> list[Channel]:
        """What was read, in the order of the file."""
        return [Channel(*row) for row in self._rows(
            "SELECT channels.id, unit, producer, model, data FROM channels "
            "JOIN evidence ON evidence.id = channels.evidence ORDER BY channels.n")]

    def channel(self, name: str) -> Channel:
        """One of them. :raises TimelineError: it is not in the file"""
        for channel in self.channels():
            if channel.id == name:
                return channel
        raise TimelineError(f"{self._path}: no channel {name}")

    def sources(self) -> list[tuple[int, str]]:
        """Id and path of every video and picture."""
        return [(row[0], row[1]) for row in self._rows("SELECT id, path FROM sources ORDER BY n")]

    def tracks(self, source: Optional[int] = None) -> list[int]:
        """Ids of the people, of all sources or of one."""
        return [row[0] for row in self._rows("SELECT id FROM tracks WHERE ?1 IS NULL OR source = ?1 ORDER BY n",
                                             [source])]

    _SECONDS = ("ticks * 1.0 * clock_denominator / clock_numerator * (1 + clock_drift_ppm * 1e-6) + clock_offset")

    def readings(self, channel: str, track: Optional[int] = None) -> Iterator[
            tuple[int, float, Union[None, float, str, NDArray[np.float32]], str]]:
        """Track, seconds, value and reason of every reading of a channel, in order of time; None was not measured."""
        self.channel(channel)
        for row in self._rows(
                f"SELECT tracks.id, {self._SECONDS}, value, reason FROM readings "
                "JOIN channels ON channels.n = readings.channel JOIN tracks ON tracks.id = readings.track "
                "JOIN sources ON sources.id = tracks.source "
                "WHERE channels.id = ?1 AND (?2 IS NULL OR readings.track = ?2) ORDER BY readings.n",
                [channel, track]):
            yield row[0], row[1], _value(row[2]), row[3]

    def values(self, channel: str, track: Optional[int] = None) -> NDArray[np.float32]:
        """Values in a row as an array: moments x values, or moments x points x axes where the unit or the id of the
        channel tells points. Moments without a value are rows of NaN.

        :raises TimelineError: rows of different lengths
        """
        unit = self.channel(channel).unit
        rows = [value if isinstance(value, np.ndarray) else None for _, _, value, _ in self.readings(channel, track)]
        lengths = {len(row) for row in rows if row is not None}
        if len(lengths) > 1:
            raise TimelineError(f"{self._path}: channel {channel} has rows of {sorted(lengths)} values")
        count = lengths.pop() if lengths else 0
        table = np.full((len(rows), count), np.nan, np.float32)
        for i, row in enumerate(rows):
            if row is not None:
                table[i] = row
        names = element_names(channel, unit, count)
        axes = len({name.split(".", 1)[1] for name in names}) if names and all("." in name for name in names) else 0
        return table.reshape(len(rows), count // axes, axes) if axes else table

    def frame(self, channels: Optional[Sequence[str]] = None, source: Optional[int] = None) -> pd.DataFrame:
        """A pandas table: a row for each track and moment with the box of the face and a column for each channel (for
        values in a row one for each element, as in the CSV of ``vultus export``). Not measured is NaN.

        :param channels: which; None = all that the file has
        """
        import pandas as pd

        wanted = {channel.id: channel for channel in self.channels()}
        for name in channels or []:
            if name not in wanted:
                raise TimelineError(f"{self._path}: no channel {name}")
        moments: dict[tuple[int, int], dict[str, object]] = {}
        for track, ticks, path, seconds, *box in self._rows(
                f"SELECT tracks.id, ticks, path, {self._SECONDS}, box_x, box_y, box_width, box_height, detection "
                "FROM observations JOIN tracks ON tracks.id = observations.track "
                "JOIN sources ON sources.id = tracks.source WHERE ?1 IS NULL OR sources.id = ?1 "
                "ORDER BY observations.n", [source]):
            moments[track, ticks] = {"source": path, "track": track, "seconds": seconds,
                                     **dict(zip(("x", "y", "width", "height", "detection"), box))}
        for name in channels if channels is not None else wanted:
            elements: dict[int, list[str]] = {}
            for track, ticks, path, seconds, value in self._rows(
                    f"SELECT tracks.id, ticks, path, {self._SECONDS}, value FROM readings "
                    "JOIN channels ON channels.n = readings.channel JOIN tracks ON tracks.id = readings.track "
                    "JOIN sources ON sources.id = tracks.source "
                    "WHERE channels.id = ?1 AND (?2 IS NULL OR sources.id = ?2) ORDER BY readings.n", [name, source]):
                row = moments.setdefault((track, ticks), {"source": path, "track": track, "seconds": seconds})
                if isinstance(value, bytes):
                    values = np.frombuffer(value, "<f4")
                    if len(values) not in elements:
                        elements[len(values)] = [f"{name}.{part}" for part in
                                                 element_names(name, wanted[name].unit, len(values))]
                    row.update(zip(elements[len(values)], values.tolist()))
                elif value is not None or name not in row:
                    row[name] = value
        table = pd.DataFrame(list(moments.values()))
        if table.empty:
            return table
        # A channel whose values are all in rows has no column of its own.
        for name in list(wanted):
            if name in table and table[name].isna().all() and any(str(c).startswith(name + ".") for c in table.columns):
                table = table.drop(columns=name)
        return table

    def annotations(self) -> pd.DataFrame:
        """A pandas table of events: channel, source, track, from, to (seconds), label, annotator, confidence."""
        import pandas as pd

        columns = ["channel", "source", "track", "from", "to", "label", "annotator", "confidence"]
        return pd.DataFrame(list(self._rows(
            "SELECT channels.id, path, track, from_s, to_s, label, annotator, confidence FROM annotations "
            "JOIN channels ON channels.n = annotations.channel JOIN sources ON sources.id = annotations.source "
            "ORDER BY annotations.n")), columns=columns)

    def frames(self, source: int) -> NDArray[np.float64]:
        """Seconds of every frame that was looked at, also those without a face; empty for files of version 1."""
        if self.version < 2:
            return np.empty(0)
        return np.array([row[0] for row in self._rows(
            f"SELECT {self._SECONDS} FROM frames JOIN sources ON sources.id = frames.source "
            "WHERE sources.id = ? ORDER BY frames.n", [source])], np.float64)


def open(path: Union[str, "os.PathLike[str]"]) -> Timeline:  # noqa: A001 - timeline.open, as gzip.open
    """Opens a Timeline file for reading."""
    return Timeline(path)
