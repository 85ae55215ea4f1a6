"""The reader of Timeline files on a file made here by the schema of docs/timeline-format.md."""
import sqlite3

import numpy as np
import pytest

from vultus import timeline

SCHEMA = """
CREATE TABLE sources(n INTEGER PRIMARY KEY, id INTEGER, path TEXT, width INTEGER, height INTEGER,
  clock_numerator INTEGER, clock_denominator INTEGER, clock_offset REAL, clock_drift_ppm REAL, error_code TEXT,
  error_message TEXT);
CREATE TABLE evidence(n INTEGER PRIMARY KEY, id INTEGER, producer TEXT, model TEXT, model_sha256 TEXT, backend TEXT,
  protocol TEXT, data_sha256 TEXT, data TEXT);
CREATE TABLE channels(n INTEGER PRIMARY KEY, id TEXT, unit TEXT, evidence INTEGER);
CREATE TABLE frames(n INTEGER PRIMARY KEY, source INTEGER, ticks INTEGER, damaged INTEGER, cut INTEGER);
CREATE TABLE tracks(n INTEGER PRIMARY KEY, id INTEGER, source INTEGER);
CREATE TABLE observations(n INTEGER PRIMARY KEY, track INTEGER, ticks INTEGER, box_x REAL, box_y REAL, box_width REAL,
  box_height REAL, keypoints BLOB, detection REAL);
CREATE TABLE readings(n INTEGER PRIMARY KEY, channel INTEGER, track INTEGER, ticks INTEGER, value ANY, reason TEXT);
CREATE TABLE annotations(n INTEGER PRIMARY KEY, channel INTEGER, source INTEGER, track INTEGER, from_s REAL, to_s REAL,
  label TEXT, annotator TEXT, confidence REAL);
PRAGMA application_id = 1448365134;
PRAGMA user_version = 2;
"""


def floats(*values):
    return np.array(values, "<f4").tobytes()


@pytest.fixture()
def clip(tmp_path):
    path = tmp_path / "a clip?.vultus"
    file = sqlite3.connect(path)
    file.executescript(SCHEMA)
    file.execute("INSERT INTO sources VALUES(1, 4, 'a.mp4', 640, 480, 30000, 1001, 0, 0, NULL, NULL)")
    file.execute("INSERT INTO evidence VALUES(1, 1, 'vultus', 'net', '', '', '', '', 'user')")
    file.executemany("INSERT INTO channels VALUES(?, ?, ?, 1)",
                     [(1, "pose.ry", "rad"), (2, "landmarks.2", "px"), (3, "mood", "probability (glad, sad)")])
    file.executemany("INSERT INTO frames VALUES(NULL, 4, ?, 0, 0)", [(0,), (1,), (2,)])
    file.execute("INSERT INTO tracks VALUES(1, 7, 4)")
    file.executemany("INSERT INTO observations VALUES(NULL, 7, ?, 1, 2, 3, 4, x'', 0.5)", [(0,), (30,)])
    file.executemany("INSERT INTO readings VALUES(NULL, ?, 7, ?, ?, ?)", [
        (1, 0, 0.25, ""), (2, 0, floats(1, 2, 3, 4), ""), (3, 0, floats(0.75, 0.25), ""),
        (1, 30, None, "too small"), (2, 30, None, "too small")])
    file.execute("INSERT INTO annotations VALUES(1, 1, 4, 7, 0.5, 0.75, 'blink', 'vultus', NULL)")
    file.commit()
    file.close()
    return path


def test_tells_channels_and_readings_with_seconds(clip):
    with timeline.open(clip) as file:
        assert [channel.id for channel in file.channels()] == ["pose.ry", "landmarks.2", "mood"]
        assert file.channel("pose.ry").unit == "rad"
        assert file.sources() == [(4, "a.mp4")] and file.tracks() == [7] and file.tracks(source=5) == []
        readings = list(file.readings("pose.ry"))
        assert readings[0] == (7, 0, 0.25, "")
        assert readings[1][1] == pytest.approx(30 * 1001 / 30000) and readings[1][2:] == (None, "too small")
        assert file.frames(4) == pytest.approx([0, 1001 / 30000, 2002 / 30000])


def test_gives_points_as_an_array(clip):
    with timeline.open(clip) as file:
        points = file.values("landmarks.2", track=7)
        assert points.shape == (2, 2, 2)
        assert points[0].tolist() == [[1, 2], [3, 4]] and np.isnan(points[1]).all()
        assert file.values("mood").tolist() == [[0.75, 0.25]]


def test_gives_tables_for_pandas(clip):
    pytest.importorskip("pandas", reason="pandas is optional: python -m pip install pandas")
    with timeline.open(clip) as file:
        table = file.frame()
        assert len(table) == 2
        assert table["mood.glad"][0] == 0.75 and table["landmarks.2.1.y"][0] == 4
        assert np.isnan(table["pose.ry"][1]) and table["width"][1] == 3
        assert "mood" not in table and "landmarks.2" not in table
        assert list(file.frame(["pose.ry"]).columns) == ["source", "track", "seconds", "x", "y", "width", "height",
                                                         "detection", "pose.ry"]
        events = file.annotations()
        assert events["label"][0] == "blink" and events["to"][0] == 0.75


def test_names_elements_as_the_csv_does():
    assert timeline.element_names("mood", "probability (glad, sad)", 2) == ["glad", "sad"]
    assert timeline.element_names("eye", "px (x, y)", 4) == ["0.x", "0.y", "1.x", "1.y"]
    assert timeline.element_names("eye", "px (x, y)", 3) == ["0", "1", "2"]
    assert timeline.element_names("landmarks3d.1", "mm", 3) == ["0.x", "0.y", "0.z"]
    assert timeline.element_names("odd", "px (,)", 1) == ["0"]


def test_refuses_what_is_no_timeline(clip, tmp_path):
    with pytest.raises(timeline.TimelineError, match="no such timeline"):
        timeline.open(tmp_path / "missing")
    (tmp_path / "text").write_text("x" * 3000)
    with pytest.raises(timeline.TimelineError):
        timeline.open(tmp_path / "text")
    sqlite3.connect(tmp_path / "other").execute("CREATE TABLE t(x)")
    with pytest.raises(timeline.TimelineError, match="no timeline"):
        timeline.open(tmp_path / "other")
    file = sqlite3.connect(clip)
    file.execute("PRAGMA user_version = 9")
    file.commit()
    with pytest.raises(timeline.TimelineError, match="version 9"):
        timeline.open(clip)
    with pytest.raises(timeline.TimelineError, match="no channel"):
        file.execute("PRAGMA user_version = 2")
        file.commit()
        timeline.open(clip).channel("nothing")
