"""What comes back: JSON objects with the headers that matter, and events of a stream."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional


class Answer(dict):  # type: ignore[type-arg]
    """A JSON object of the server, which also knows the entity tag and the id of its request."""

    etag: Optional[str] = None
    request_id: Optional[str] = None


def etag_of(answer: Mapping[str, Any]) -> Optional[str]:
    """The entity tag of an answer, for `if_match` of a change: the change is refused where another one came first."""
    return answer.etag if isinstance(answer, Answer) else None


def request_id_of(answer: Mapping[str, Any]) -> Optional[str]:
    """The id under which the server's log knows the request."""
    return answer.request_id if isinstance(answer, Answer) else None


@dataclass(frozen=True)
class StreamEvent:
    """An event of a stream."""

    name: str
    data: Any  #: JSON where it is JSON, else text
    id: Optional[str] = None


class EventParser:
    """Lines of a text/event-stream to events (WHATWG HTML, section 9.2.6)."""

    def __init__(self) -> None:
        self._name, self._data = "", []  # type: tuple[str, list[str]]
        self._id: Optional[str] = None

    def line(self, line: str) -> Optional[StreamEvent]:
        if not line:
            return self._finish()
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value
        return None

    def _finish(self) -> Optional[StreamEvent]:
        name, lines = self._name or "message", self._data
        self._name, self._data = "", []
        if not lines:
            return None
        text = "\n".join(lines)
        try:
            return StreamEvent(name, json.loads(text), self._id)
        except ValueError:
            return StreamEvent(name, text, self._id)


class PartsParser:
    """Bytes of a multipart/x-mixed-replace to the bodies of its parts, which tell their length."""

    def __init__(self) -> None:
        self._bytes = b""

    def feed(self, more: bytes) -> List[bytes]:
        self._bytes += more
        bodies: List[bytes] = []
        while True:
            head, found, rest = self._bytes.partition(b"\r\n\r\n")
            if not found:
                return bodies
            length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                           if line.startswith(b"content-length:")), None)
            if length is None:
                raise ValueError("a part of the stream does not tell its length")
            if len(rest) < length:
                return bodies
            bodies.append(rest[:length])
            self._bytes = rest[length:]
