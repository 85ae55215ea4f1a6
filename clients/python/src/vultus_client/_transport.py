"""Requests and answers over HTTP, for the methods of the clients."""
from __future__ import annotations

import asyncio
import os
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import IO, Any, AsyncIterator, Iterator, Mapping, Optional, Sequence, TypeVar, Union

import httpx

from ._answers import Answer, EventParser, PartsParser, StreamEvent

Picture = Union[str, "os.PathLike[str]", bytes, IO[bytes]]
"""A picture, or another file that is sent: its path, its bytes, or an open file."""


_Sync = TypeVar("_Sync", bound="SyncTransport")
_Async = TypeVar("_Async", bound="AsyncTransport")


class NotGiven:
    """The value of what was not told; None is JSON's null, which often means "take it away"."""

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN = NotGiven()


class Problem(Exception):
    """What the server refused (RFC 9457)."""

    def __init__(self, status: int, body: Mapping[str, Any], retry_after: Optional[float] = None) -> None:
        self.status = status
        self.code = str(body.get("code", "unknown"))  #: stable; see GET /v1/problems/{code}
        self.title = str(body.get("title", f"HTTP status {status}"))
        self.detail = body.get("detail")
        self.request_id = body.get("request_id")
        self.retry_after = retry_after  #: seconds, where waiting helps
        super().__init__(f"{status} {self.code}: {self.title}" + (f" ({self.detail})" if self.detail else ""))


class Unreachable(Exception):
    """No answer came: the server is not there, or the connection broke."""


@dataclass
class Call:
    """One request of a method."""

    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, Any] = field(default_factory=dict)
    body: Optional[dict[str, Any]] = None  #: JSON
    form: Sequence[tuple[str, Any]] = ()  #: parts: Picture, list of them, or a plain value
    pictures: frozenset[str] = frozenset()  #: names of parts that are pictures
    content: Optional[Picture] = None  #: bytes that are the whole body
    repeatable: bool = False  #: carried out once however often it is sent


def _read(picture: Picture) -> tuple[str, bytes]:
    if isinstance(picture, (bytes, bytearray, memoryview)):
        return "picture", bytes(picture)
    if isinstance(picture, (str, os.PathLike)):
        with open(picture, "rb") as file:
            return os.path.basename(os.fspath(picture)), file.read()
    content = picture.read()
    return os.path.basename(str(getattr(picture, "name", "picture"))), content


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parts(call: Call) -> list[tuple[str, tuple[Optional[str], bytes]]]:
    parts: list[tuple[str, tuple[Optional[str], bytes]]] = []
    for name, value in call.form:
        if isinstance(value, NotGiven) or value is None:
            continue
        several = value if isinstance(value, (list, tuple)) else [value]
        for one in several:
            parts.append((name, _read(one) if name in call.pictures else (None, _text(one).encode())))
    return parts


class _Base:
    _http: Union[httpx.Client, httpx.AsyncClient]

    def __init__(self, key: Optional[str], retries: int) -> None:
        if retries < 0:
            raise ValueError(f"retries {retries}: 0 and more are allowed")
        self._retries = retries
        self._default_headers = {"accept": "application/json"}
        if key is not None:
            self._default_headers["authorization"] = f"Bearer {key}"

    def _arguments(self, call: Call) -> dict[str, Any]:
        headers = {name: str(value).encode() for name, value in call.headers.items() if value is not None}
        if call.repeatable:
            headers.setdefault("Idempotency-Key", uuid.uuid4().hex.encode())
        arguments: dict[str, Any] = {
            "method": call.method,
            "url": call.path,
            "params": {name: _text(value) for name, value in call.query.items() if value is not None},
            "headers": headers,
        }
        parts = _parts(call)
        if parts:
            arguments["files"] = parts
        elif call.content is not None:
            headers["Content-Type"] = b"application/octet-stream"
            arguments["content"] = _read(call.content)[1]
        elif call.body is not None:
            arguments["json"] = {name: value for name, value in call.body.items() if not isinstance(value, NotGiven)}
        return arguments

    def _wait(self, call: Call, attempt: int, answer: Optional[httpx.Response],
              broken: Optional[httpx.TransportError]) -> float:
        """Seconds until the request may be sent again; raises where it may not."""
        last = attempt >= self._retries
        if answer is None:
            if last or not (call.method in ("GET", "HEAD") or call.repeatable):
                raise Unreachable(f"{call.method} {self._http.base_url}: {broken!r}") from broken
            told = None
        else:
            if last or answer.status_code not in (429, 503):
                raise _problem_of(answer)
            told = _retry_after(answer)
        return told if told is not None else min(8.0, 0.25 * 2**attempt) * random.uniform(0.5, 1.5)


def _retry_after(answer: httpx.Response) -> Optional[float]:
    try:
        return max(0.0, float(answer.headers.get("retry-after", "")))
    except ValueError:
        return None


def _problem_of(answer: httpx.Response) -> Problem:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    return Problem(answer.status_code, body if isinstance(body, dict) else {}, _retry_after(answer))


def _decoded(answer: httpx.Response, kind: str) -> Any:
    if kind == "bytes":
        return answer.content
    if kind == "text":
        return answer.text
    if kind == "nothing" or not answer.content:
        return None
    value = answer.json()
    if not isinstance(value, dict):
        return value
    result = Answer(value)
    result.etag = answer.headers.get("etag")
    result.request_id = answer.headers.get("x-request-id")
    return result


class SyncTransport(_Base):
    """Sends requests one after the other. One client may be used by several threads."""

    def __init__(self, url: str, key: Optional[str] = None, *, timeout: float = 60, retries: int = 2,
                 verify: Union[bool, str] = True, transport: Optional[httpx.BaseTransport] = None) -> None:
        """
        :param url: of the server, for example "http://127.0.0.1:8000"
        :param key: of the caller; without one only what is open to all is answered
        :param timeout: seconds without a byte until a request is given up
        :param retries: how often a request is sent again that was refused for the moment, or that got no answer and is
            carried out once however often it is sent
        :param verify: False, or the path of a certificate, where the server's is not signed by a known authority
        """
        super().__init__(key, retries)
        self._http: httpx.Client = httpx.Client(base_url=url, headers=self._default_headers, timeout=timeout, verify=verify,
                                  transport=transport, follow_redirects=False)

    def __enter__(self: "_Sync") -> "_Sync":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def _call(self, call: Call, kind: str = "json") -> Any:
        arguments = self._arguments(call)
        attempt = 0
        while True:
            answer, broken = None, None
            try:
                answer = self._http.request(**arguments)
            except httpx.TransportError as error:
                broken = error
            if answer is not None and answer.status_code < 400:
                return _decoded(answer, kind)
            time.sleep(self._wait(call, attempt, answer, broken))
            attempt += 1

    def _events(self, call: Call) -> Iterator[StreamEvent]:
        arguments = self._arguments(call)
        arguments["headers"]["accept"] = b"text/event-stream"
        with self._http.stream(timeout=None, **arguments) as answer:
            if answer.status_code >= 400:
                answer.read()
                raise _problem_of(answer)
            parser = EventParser()
            for line in answer.iter_lines():
                event = parser.line(line)
                if event is not None:
                    yield event

    def _pictures(self, call: Call) -> Iterator[bytes]:
        arguments = self._arguments(call)
        with self._http.stream(timeout=None, **arguments) as answer:
            if answer.status_code >= 400:
                answer.read()
                raise _problem_of(answer)
            parser = PartsParser()
            for some in answer.iter_bytes():
                yield from parser.feed(some)


class AsyncTransport(_Base):
    """Sends requests side by side, in one event loop."""

    def __init__(self, url: str, key: Optional[str] = None, *, timeout: float = 60, retries: int = 2,
                 verify: Union[bool, str] = True, transport: Optional[httpx.AsyncBaseTransport] = None) -> None:
        """As Client."""
        super().__init__(key, retries)
        self._http: httpx.AsyncClient = httpx.AsyncClient(base_url=url, headers=self._default_headers, timeout=timeout, verify=verify,
                                       transport=transport, follow_redirects=False)

    async def __aenter__(self: "_Async") -> "_Async":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def _call(self, call: Call, kind: str = "json") -> Any:
        arguments = self._arguments(call)
        attempt = 0
        while True:
            answer, broken = None, None
            try:
                answer = await self._http.request(**arguments)
            except httpx.TransportError as error:
                broken = error
            if answer is not None and answer.status_code < 400:
                return _decoded(answer, kind)
            await asyncio.sleep(self._wait(call, attempt, answer, broken))
            attempt += 1

    async def _events(self, call: Call) -> AsyncIterator[StreamEvent]:
        arguments = self._arguments(call)
        arguments["headers"]["accept"] = b"text/event-stream"
        async with self._http.stream(timeout=None, **arguments) as answer:
            if answer.status_code >= 400:
                await answer.aread()
                raise _problem_of(answer)
            parser = EventParser()
            async for line in answer.aiter_lines():
                event = parser.line(line)
                if event is not None:
                    yield event

    async def _pictures(self, call: Call) -> AsyncIterator[bytes]:
        arguments = self._arguments(call)
        async with self._http.stream(timeout=None, **arguments) as answer:
            if answer.status_code >= 400:
                await answer.aread()
                raise _problem_of(answer)
            parser = PartsParser()
            async for some in answer.aiter_bytes():
                for picture in parser.feed(some):
                    yield picture
