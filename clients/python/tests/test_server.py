"""The client against a real server: VULTUS_PROGRAM names the program, VULTUS_PORTRAITS the folder of sample photos."""
import asyncio
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

from vultus_client import AsyncClient, Client, Problem, etag_of

PROGRAM = os.environ["VULTUS_PROGRAM"]
PORTRAITS = pathlib.Path(os.environ["VULTUS_PORTRAITS"])
GENERATOR = pathlib.Path(__file__).parent.parent / "tools/generate.py"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    log = open(folder / "log", "wb")
    process = subprocess.Popen([PROGRAM, "serve", "--data", str(folder / "data"), "--listen", "127.0.0.1:0",
                                "--admin-key-file", str(folder / "key")], stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        line = process.stdout.readline()
        assert re.match(r"http://127\.0\.0\.1:\d+$", line.strip()), (folder / "log").read_text()
        yield line.strip(), (folder / "key").read_text().strip()
    finally:
        process.terminate()
        assert process.wait(60) == 0
        log.close()


@pytest.fixture()
def vultus(server):
    with Client(*server) as client:
        yield client


def test_enrols_and_names_people(vultus):
    vultus.create_collection("staff")
    report = vultus.enrol_faces("staff", "Barack Obama", [PORTRAITS / "obama.jpg", b"no picture"], purpose="entrance")
    assert [one["result"] for one in report["faces"]] == ["enrolled", "skipped"]
    assert vultus.enrol_faces("staff", "Barack Obama", [PORTRAITS / "obama.jpg"])["already_there"] == 1
    face = vultus.identify("staff", PORTRAITS / "obama2.jpg", top_k=2)["faces"][0]
    assert face["subject"] == "Barack Obama" and face["similarity"] >= face["threshold"]
    assert vultus.identify("staff", PORTRAITS / "biden.jpg")["faces"][0]["subject"] is None
    people = list(vultus.iter_subjects("staff"))
    assert [one["subject"] for one in people] == ["Barack Obama"]
    thumbnail = vultus.get_thumbnail("staff", vultus.list_faces("staff", people[0]["id"])["faces"][0]["face"])
    assert thumbnail[:2] == b"\xff\xd8"
    records = vultus.list_audit_records("staff")["records"]
    assert "entrance" in [one["purpose"] for one in records]


def test_a_change_with_an_old_entity_tag_is_refused(vultus):
    vultus.create_collection("tags")
    subject = vultus.enrol_faces("tags", "Joe", [PORTRAITS / "biden.jpg"])["faces"][0]["subject_id"]
    tag = etag_of(vultus.get_subject("tags", subject))
    assert tag
    assert vultus.change_subject("tags", subject, new_subject="Joe Biden", if_match=tag)["subject"] == "Joe Biden"
    with pytest.raises(Problem) as refused:
        vultus.change_subject("tags", subject, notes="x", if_match=tag)
    assert refused.value.status == 412


def test_detects_embeds_and_compares(vultus):
    assert len(vultus.detect_faces((PORTRAITS / "obama.jpg").read_bytes(), quality=True)["faces"]) == 1
    assert len(vultus.embed_faces(PORTRAITS / "obama.jpg")["faces"][0]["embedding"]) > 100
    assert vultus.verify_pictures(PORTRAITS / "obama.jpg", PORTRAITS / "obama3.jpg")["match"] is True
    assert "vultus_" in vultus.get_metrics()


def test_a_key_of_less_scope_may_less(server, vultus):
    made = vultus.create_key("reader", "read")
    with Client(server[0], made["secret"]) as reader, pytest.raises(Problem) as refused:
        reader.create_collection("mine")
    assert refused.value.status == 403


def test_side_by_side(server):
    async def run():
        async with AsyncClient(*server) as client:
            pictures = [PORTRAITS / name for name in ("obama.jpg", "obama2.jpg", "biden.jpg")]
            return await asyncio.gather(*(client.detect_faces(picture) for picture in pictures))

    assert [len(answer["faces"]) for answer in asyncio.run(run())] == [1, 1, 1]


def test_the_methods_are_those_of_the_servers_document(vultus, tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps(vultus.get_document()))
    answer = subprocess.run([sys.executable, str(GENERATOR), str(tmp_path / "openapi.json"), "--check"],
                            capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
