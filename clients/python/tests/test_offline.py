"""The client without a server: what it sends, what it makes of answers, when it sends again."""
import asyncio
import json

import httpx
import pytest

from vultus_client import AsyncClient, Client, Problem, Unreachable, etag_of, request_id_of
from vultus_client._answers import EventParser, PartsParser


class Fake:
    """Answers in turn; keeps the requests."""

    def __init__(self, *answers):
        self.answers, self.requests = list(answers), []

    def __call__(self, request):
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def client(fake, **more):
    return Client("http://server", key="k", transport=httpx.MockTransport(fake), **more)


def parts_of(request):
    """The body of a form without its boundary, which is drawn anew at every attempt."""
    boundary = request.headers["content-type"].split("boundary=")[1].encode()
    assert request.content.count(b"--" + boundary) >= 2
    return request.content.replace(boundary, b"")


def refusal(status, code, **headers):
    return httpx.Response(status, json={"type": "x", "title": "no", "status": status, "code": code,
                                        "detail": "why", "request_id": "r1"}, headers=headers)


def test_sends_key_query_and_only_what_was_told():
    fake = Fake(httpx.Response(200, json={"subjects": [], "next": None}))
    client(fake).list_subjects("a/b", limit=5)
    request = fake.requests[0]
    assert request.headers["authorization"] == "Bearer k"
    assert request.url.raw_path == b"/v1/collections/a%2Fb/subjects?limit=5"


def test_null_is_not_the_same_as_not_told():
    fake = Fake(httpx.Response(200, json={}))
    client(fake).change_subject("c", 1, consent=None)
    assert json.loads(fake.requests[0].content) == {"consent": None}


def test_a_file_is_the_whole_body(tmp_path):
    (tmp_path / "office.vsg").write_bytes(b"sealed")
    fake = Fake(httpx.Response(201, json={"sealed": "office"}), httpx.Response(200, content=b"result"))
    client(fake).put_sealed("office", tmp_path / "office.vsg", if_none_match="*")
    assert fake.requests[0].method == "PUT" and fake.requests[0].content == b"sealed"
    assert fake.requests[0].headers["content-type"] == "application/octet-stream"
    assert fake.requests[0].headers["if-none-match"] == "*"
    assert client(fake).search_with_sealed_probe("staff", b"probe") == b"result"
    assert fake.requests[1].content == b"probe"


def test_a_picture_goes_as_a_form_and_a_template_as_json():
    fake = Fake(httpx.Response(200, content=b"r"), httpx.Response(200, content=b"r"))
    assert client(fake).search_sealed("office", image=b"a picture", row=2) == b"r"
    assert fake.requests[0].headers["content-type"].startswith("multipart/form-data")
    assert b"a picture" in fake.requests[0].content and fake.requests[0].url.query == b"row=2"
    client(fake).search_sealed("office", template=[0.6, 0.8], model="m")
    assert json.loads(fake.requests[1].content) == {"template": [0.6, 0.8], "model": "m"}


def test_pictures_are_read_from_paths_bytes_and_files(tmp_path):
    (tmp_path / "ada.jpg").write_bytes(b"from a path")
    fake = Fake(httpx.Response(200, json={"faces": []}))
    with open(tmp_path / "ada.jpg", "rb") as file:
        client(fake).enrol_faces("c", "Ada Lovelace", [tmp_path / "ada.jpg", b"from memory", file], purpose="für Ω")
    body = fake.requests[0].content
    assert body.count(b"from a path") == 2 and b"from memory" in body
    assert b'filename="ada.jpg"' in body and b'name="subject"\r\n\r\nAda Lovelace' in body
    assert dict(fake.requests[0].headers.raw)[b"X-Purpose"].decode() == "für Ω"


def test_an_answer_knows_its_entity_tag_and_request():
    answer = client(Fake(httpx.Response(200, json={"id": 1}, headers={"ETag": '"7"', "X-Request-Id": "abc"})))
    subject = answer.get_subject("c", 1)
    assert subject == {"id": 1} and etag_of(subject) == '"7"' and request_id_of(subject) == "abc"
    assert etag_of({"id": 1}) is None


def test_a_refusal_is_a_problem_with_its_code():
    with pytest.raises(Problem) as refused:
        client(Fake(refusal(404, "subject_not_found"))).get_subject("c", 9)
    assert (refused.value.status, refused.value.code, refused.value.request_id) == (404, "subject_not_found", "r1")
    assert str(refused.value) == "404 subject_not_found: no (why)"


def test_an_answer_that_is_no_json_is_a_problem_too():
    with pytest.raises(Problem) as refused:
        client(Fake(httpx.Response(502, text="<html>"))).get_health()
    assert refused.value.code == "unknown"


def test_asks_again_when_told_to_wait_and_keeps_the_idempotency_key():
    fake = Fake(refusal(429, "too_many_requests", **{"Retry-After": "0"}), httpx.ConnectError("gone"),
                httpx.Response(200, json={"enrolled": 1}))
    assert client(fake).enrol_faces("c", "Ada", [b"x"])["enrolled"] == 1
    keys = {request.headers["Idempotency-Key"] for request in fake.requests}
    assert len(fake.requests) == 3 and len(keys) == 1
    assert len({parts_of(request) for request in fake.requests}) == 1


def test_does_not_ask_again_what_may_be_carried_out_twice_or_too_often():
    fake = Fake(httpx.ReadError("broken"))
    with pytest.raises(Unreachable):
        client(fake).identify("c", b"x")  # it is in the audit log already, perhaps
    assert len(fake.requests) == 1
    fake = Fake(*[refusal(503, "server_full", **{"Retry-After": "0"}) for _ in range(3)])
    with pytest.raises(Problem) as refused:
        client(fake).get_health()
    assert len(fake.requests) == 3 and refused.value.retry_after == 0


def test_goes_through_all_pages():
    fake = Fake(httpx.Response(200, json={"subjects": [{"id": 1}], "next": "n"}),
                httpx.Response(200, json={"subjects": [{"id": 2}], "next": None}))
    assert [row["id"] for row in client(fake).iter_subjects("c")] == [1, 2]
    assert fake.requests[1].url.params["cursor"] == "n"


def test_events_are_put_together_from_lines():
    parser = EventParser()
    lines = ["id: 7", "event: known", 'data: {"a":', "data: 1}", "", ": a remark", "data: plain", "", ""]
    events = [event for event in map(parser.line, lines) if event]
    assert [(one.name, one.data, one.id) for one in events] == [("known", {"a": 1}, "7"), ("message", "plain", "7")]


def test_the_asynchronous_client_does_the_same():
    async def run():
        fake = Fake(refusal(429, "too_many_requests", **{"Retry-After": "0"}),
                    httpx.Response(200, json={"subjects": [{"id": 1}], "next": None}))

        async def answer(request):
            return fake(request)

        async with AsyncClient("http://server", transport=httpx.MockTransport(answer)) as vultus:
            return [row["id"] async for row in vultus.iter_subjects("c")]

    assert asyncio.run(run()) == [1]


def test_pictures_of_a_preview_are_cut_at_their_lengths():
    text = b"".join(b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(body), body)
                    for body in (b"one\r\n\r\n", b"two"))
    parser = PartsParser()
    assert [body for at in range(0, len(text), 7) for body in parser.feed(text[at:at + 7])] == [b"one\r\n\r\n", b"two"]
    with pytest.raises(ValueError):
        parser.feed(b"--b\r\nContent-Type: image/jpeg\r\n\r\n")
