"""The installed package on the sample photos of tools/setup: python -m pytest python/tests"""
import json
import os
import pathlib
import threading

import numpy as np
import pytest

import vultus
from vultus import face_recognition

CACHE = pathlib.Path(os.environ.get("VULTUS_CACHE", pathlib.Path.home() / ".cache" / "vultus"))
PHOTOS = CACHE / "samples" / "face_recognition-1.3.0"
OBAMA, OBAMA_2, BIDEN = (PHOTOS / name for name in ("obama.jpg", "obama2.jpg", "biden.jpg"))


@pytest.fixture(scope="module")
def engine():
    return vultus.Engine("fast")


def test_detects_a_face_of_a_path_and_of_an_array(engine):
    by_path = engine.detect(OBAMA)
    by_array = engine.detect(vultus.read_picture(OBAMA))
    assert len(by_path) == len(by_array) == 1
    assert by_path[0].box == by_array[0].box
    left, top, width, height = by_path[0].box
    assert 300 < left < 400 and 20 < top < 180 and 200 < width < 400 and 250 < height < 450
    assert by_path[0].embedding is None and len(by_path[0].landmarks) == 68


def test_templates_are_unit_vectors_and_the_answer_carries_its_threshold(engine):
    assert np.linalg.norm(engine.embed(OBAMA)[0].embedding) == pytest.approx(1, abs=1e-5)
    same, other = engine.verify(OBAMA, OBAMA_2), engine.verify(OBAMA, BIDEN)
    assert same.match and not other.match
    assert same.similarity > same.at.threshold > other.similarity
    assert same.at.false_match_rate == 1e-4


def test_a_gallery_names_the_known_and_nobody_else(engine, tmp_path):
    with vultus.Gallery(tmp_path / "people.vgal", engine) as people:
        enrolment = people.enrol("Ada Lovelace", OBAMA)
        assert enrolment.subject == "Ada Lovelace" and not enrolment.already_there
        assert people.enrol("Ada Lovelace", OBAMA).already_there
        assert [face.name for face in people.identify(OBAMA_2)] == ["Ada Lovelace"]
        stranger = people.identify(BIDEN)[0]
        assert stranger.name is None and stranger.candidates[0][0] == "Ada Lovelace"
        people.rename("Ada Lovelace", "Ada")
    with vultus.Gallery(tmp_path / "people.vgal", engine) as again:
        assert again.subjects() == [vultus.Subject("Ada", 1)] and len(again) == 1
        assert again.remove("Ada") == 1 and len(again) == 0
    with pytest.raises(vultus.Error) as closed:
        again.subjects()
    assert closed.value.code == "invalid_argument"


def test_failures_say_what_and_which_kind(engine, tmp_path):
    for call, code in ((lambda: engine.detect("missing.jpg"), "not_found"),
                       (lambda: engine.detect(np.zeros((5, 5), np.uint8)), "invalid_argument"),
                       (lambda: engine.detect(np.zeros((5, 5, 3), np.float32)), "invalid_argument"),
                       (lambda: engine.verify(OBAMA, np.full((300, 300, 3), 128, np.uint8)), "not_found"),
                       (lambda: vultus.Engine("fast", commercial_only=True), "unsupported"),
                       (lambda: vultus.Engine("no_such_preset"), "not_found"),
                       (lambda: vultus.Gallery(tmp_path / "a.vgal", engine).remove("Nobody"), "not_found")):
        with pytest.raises(vultus.Error) as error:
            call()
        assert error.value.code == code and str(error.value)


def test_another_detector_and_an_embedder_of_ones_own(engine, tmp_path):
    other = vultus.Engine("fast", detector="mp_face_full")
    assert len(other.detect(OBAMA)) == 1
    assert other.detect(OBAMA)[0].box != engine.detect(OBAMA)[0].box
    # The network of preset fast under another name, as `vultus models add` keeps it.
    row = json.loads((pathlib.Path(vultus.model_folder()) / "fr_feature.json").read_text())
    network = CACHE / "models" / f"fr_feature-{row['files'][0]['sha256'][:16]}.onnx"
    row.update(id="mine", source={"registry": "local"}, files=[{**row["files"][0], "path": "mine.onnx"}])
    (tmp_path / "mine.json").write_text(json.dumps(row))
    (tmp_path / "mine.onnx").write_bytes(network.read_bytes())
    mine = vultus.Engine(embedder="mine", own_models=str(tmp_path))
    assert mine.template_model == "mine"
    with pytest.raises(vultus.Error) as unmeasured:
        mine.verify(OBAMA, OBAMA_2)
    assert unmeasured.value.code == "invalid_argument" and "no measured threshold" in str(unmeasured.value)
    assert mine.verify(OBAMA, OBAMA_2, threshold=0.4).match


def test_threads_share_an_engine(engine):
    alone = engine.embed(OBAMA)[0].embedding
    results = []
    threads = [threading.Thread(target=lambda: results.append(engine.embed(OBAMA)[0].embedding)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4 and all(np.array_equal(alone, result) for result in results)


def test_the_drop_in_keeps_the_distances_of_dlib():
    obama, other, biden = (face_recognition.load_image_file(str(path)) for path in (OBAMA, OBAMA_2, BIDEN))
    # The rectangle and the numbers that dlib 20.0.1 gives: the first five of its encoding, in tests/golden/dlib.json.
    encoding = face_recognition.face_encodings(obama, [(136, 624, 394, 366)])[0]
    assert encoding.shape == (128,) and encoding.dtype == np.float64
    one, two, three = (face_recognition.face_encodings(picture)[0] for picture in (obama, other, biden))
    assert np.linalg.norm(encoding - one) < 0.1
    assert face_recognition.face_distance([two], one)[0] == pytest.approx(0.3457, abs=0.03)
    assert face_recognition.compare_faces([two, three], one) == [True, False]
    assert np.linalg.norm(face_recognition.face_encodings(obama, num_jitters=5)[0] - one) < 0.3


def test_the_drop_in_names_the_parts_of_a_face():
    picture = face_recognition.load_image_file(str(OBAMA))
    small = face_recognition.face_landmarks(picture, model="small")[0]
    assert {name: len(points) for name, points in small.items()} == {"nose_tip": 1, "left_eye": 2, "right_eye": 2}
    large = face_recognition.face_landmarks(picture)[0]
    assert {name: len(points) for name, points in large.items()} == {
        "chin": 17, "left_eyebrow": 5, "right_eyebrow": 5, "nose_bridge": 4, "nose_tip": 5, "left_eye": 6,
        "right_eye": 6, "top_lip": 12, "bottom_lip": 12}
