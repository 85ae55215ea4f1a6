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


def sealed(folder, *arguments):
    done = subprocess.run([PROGRAM, "sealed", *arguments, "--json"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_searches_what_the_server_cannot_read(vultus, tmp_path):
    sealed(tmp_path, "keygen", "k", "--bits", "1024")
    photos = [str(PORTRAITS / name) for name in ("obama.jpg", "biden.jpg")]
    sealed(tmp_path, "enroll", "office.vsg", *photos, "--public-key", "k.pub")
    made = vultus.put_sealed("office", tmp_path / "office.vsg", if_none_match="*")
    assert made["rows"] == 2 and vultus.get_sealed("office")["key"] == made["key"]
    with pytest.raises(Problem) as refused:
        vultus.put_sealed("office", tmp_path / "k")
    assert refused.value.code == "secret_key_refused"
    photo = PORTRAITS / "obama2.jpg"
    (tmp_path / "far").write_bytes(vultus.search_sealed("office", image=photo, purpose="door"))
    sealed(tmp_path, "search", "office.vsg", str(photo), "-o", "near")
    far, near = (sealed(tmp_path, "answer", name, "--key", "k")["rows"] for name in ("far", "near"))
    assert far == near and far[0]["name"] == "obama"
    vultus.create_collection("open")
    vultus.enrol_faces("open", "Barack Obama", [PORTRAITS / "obama.jpg"])
    sealed(tmp_path, "probe", str(photo), "--public-key", "k.pub", "-o", "probe")
    (tmp_path / "other").write_bytes(vultus.search_with_sealed_probe("open", tmp_path / "probe"))
    assert sealed(tmp_path, "answer", "other", "--key", "k")["rows"][0]["name"] == "Barack Obama"
    assert [one["sealed"] for one in vultus.iter_sealed()] == ["office"]
    assert [one["what"] for one in vultus.iter_sealed_audit_records("office")] == ["sealed-add", "sealed-search"]
    assert vultus.delete_sealed("office", if_match=etag_of(made)) == {"removed": "office"}


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
