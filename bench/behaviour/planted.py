#!/usr/bin/env python3
"""What `vultus track` reads of planted faces, against their truth, as JSON; docs/behaviour.md quotes it.

    vultus studio faces --out planted --count 100 --seed 1 --yaw 30 [--video] [--model FOLDER]
    python3 bench/behaviour/planted.py --vultus build/release/bin/vultus planted

Pictures: landmarks, pose, gaze and action units against an average face. Clips: blinks, and action units against the rest
of the person as it is learnt while looking. Everything here is planted data: geometry is tested, not people.
"""
import argparse
import json
import math
import pathlib
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile

UNITS = (12, 14, 20, 25, 26, 28, 45)  # those that geometry tells
BLINK_SLACK = 0.15  # seconds between the planted apex and the found closure


def arguments():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=pathlib.Path, help="made by vultus studio faces")
    options.add_argument("--vultus", required=True)
    options.add_argument("--threads", default="1")
    return options.parse_args()


def track(options, files, timeline):
    command = [options.vultus, "track", *map(str, files), "-o", str(timeline), "--force", "--quiet", "--channels",
               "landmarks", "pose", "gaze", "eyes", "mouth", "action_units", "--threads", options.threads]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command[:3])} ...: {done.stderr}")


class Readings:
    """Numbers of a Timeline by file, seconds and channel; of the track that is seen longest in each file."""

    def __init__(self, path):
        file = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        seconds = "ticks * 1.0 * clock_denominator / clock_numerator + clock_offset"
        longest = {}
        for source, name, tracked, count in file.execute(
                "SELECT sources.id, path, tracks.id, count(*) FROM observations JOIN tracks ON tracks.id = track "
                "JOIN sources ON sources.id = tracks.source GROUP BY tracks.id ORDER BY count(*)"):
            longest[source] = (pathlib.Path(name).name, tracked)
        self.moments = {}
        for name, tracked in longest.values():
            rows = self.moments.setdefault(name, {})
            for channel, at, value in file.execute(
                    f"SELECT channels.id, {seconds}, value FROM readings JOIN channels ON channels.n = channel "
                    "JOIN tracks ON tracks.id = track JOIN sources ON sources.id = tracks.source WHERE track = ? "
                    "ORDER BY readings.n", (tracked,)):
                if isinstance(value, bytes):
                    value = struct.unpack(f"<{len(value) // 4}f", value)
                rows.setdefault(round(at, 4), {})[channel] = value
        self.blinks = {}
        for name, begin, end in file.execute(
                "SELECT path, from_s, to_s FROM annotations JOIN channels ON channels.n = annotations.channel "
                "JOIN sources ON sources.id = annotations.source WHERE channels.id = 'eye.blink' AND label = 'blink'"):
            self.blinks.setdefault(pathlib.Path(name).name, []).append((begin, end))


def angle(a, b):
    dot = sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return math.degrees(math.acos(max(-1.0, min(1.0, dot))))


def summary(values):
    return {"median": round(statistics.median(values), 4), "mean": round(statistics.fmean(values), 4),
            "p90": round(sorted(values)[int(0.9 * (len(values) - 1))], 4), "count": len(values)} if values else None


def correlation(pairs):
    truth, said = zip(*pairs)
    if len(set(truth)) < 2 or len(set(said)) < 2:
        return None
    return round(statistics.correlation(truth, said), 3)


def unit_truth(truth, unit):
    sides = truth["au"].get(f"AU{unit:02}", {"right": 0, "left": 0})
    return (sides["right"] + sides["left"]) / 2


def collect(truth, seen, errors, units):
    """One face: its errors, and pairs of true and read units."""
    points = truth["landmarks68"]
    eyes = math.dist(points[36], points[45])
    flat = seen.get("landmarks.68")
    if flat:
        far = [math.dist(p, (flat[2 * i], flat[2 * i + 1])) / eyes for i, p in enumerate(points)]
        errors["landmarks 68, of the eye corners' distance"].append(statistics.fmean(far))
        errors["landmarks 17-67, of the eye corners' distance"].append(statistics.fmean(far[17:]))
    turns = [seen.get(f"pose.r{axis}") for axis in "xyz"]
    if all(turn is not None for turn in turns):
        for axis, turn, true in zip("xyz", turns, truth["pose"]["openface_r_rad"]):
            errors[f"pose r{axis}, degrees"].append(abs(math.degrees(math.remainder(turn - true, 2 * math.pi))))
        middle = [(a + b) / 2 for a, b in zip(truth["gaze"]["right_eye_mm"], truth["gaze"]["left_eye_mm"])]
        place = [seen[f"pose.t{axis}"] for axis in "xyz"]
        errors["pose distance, share"].append(abs(place[2] - middle[2]) / middle[2])
        errors["pose direction, degrees"].append(angle(place, middle))
    for side in ("right", "left"):
        look = [seen.get(f"gaze.{side}.{axis}") for axis in "xyz"]
        if all(value is not None for value in look):
            errors["gaze of one eye, degrees"].append(angle(look, truth["gaze"][side]))
    if seen.get("gaze.angle.x") is not None:
        for i, axis in enumerate("xy"):
            errors[f"gaze angle {axis}, degrees"].append(
                math.degrees(abs(seen[f"gaze.angle.{axis}"] - truth["gaze"]["angle_rad"][i])))
    for unit in UNITS:
        said = seen.get(f"au.{unit:02}.intensity")
        if said is not None:
            units.setdefault(unit, []).append((unit_truth(truth, unit), said))


class Errors(dict):
    def __missing__(self, key):
        return self.setdefault(key, [])


def match(found, planted):
    """How many planted blinks have a closure of their own around their apex."""
    left, hits = list(found), 0
    for blink in planted:
        for closure in left:
            if closure[0] - BLINK_SLACK <= blink["apex_s"] <= closure[1] + BLINK_SLACK:
                left.remove(closure)
                hits += 1
                break
    return hits


def main():
    options = arguments()
    truth = json.loads((options.folder / "truth.json").read_text())
    files = truth["files"]
    clips = "frames" in files[0]
    errors, units, within = Errors(), {}, {}
    hits = planted = told = accepted = 0
    with tempfile.TemporaryDirectory() as scratch:
        timeline = pathlib.Path(scratch) / "planted.vultus"
        track(options, [options.folder / file["file"] for file in files], timeline)
        readings = Readings(timeline)
    for file in files:
        moments = readings.moments.get(file["file"], {})
        accepted += bool(moments)
        if not clips:
            if moments:
                collect(file, next(iter(moments.values())), errors, units)
            continue
        own = {}
        for frame in file["frames"]:
            at = min(moments, key=lambda t: abs(t - frame["time_s"]), default=None)
            if at is not None and abs(at - frame["time_s"]) < 0.01:
                collect(frame, moments[at], errors, own)
        for unit, pairs in own.items():
            units.setdefault(unit, []).extend(pairs)
            if (one := correlation(pairs)) is not None:
                within.setdefault(unit, []).append(one)
        found = readings.blinks.get(file["file"], [])
        hits += match(found, file["blinks"])
        planted += len(file["blinks"])
        told += len(found)
    answer = {"planted": True, "model": truth["model"], "files": len(files), "with a face": accepted,
              "errors": {name: summary(values) for name, values in errors.items()},
              "units, correlation over all": {f"AU{unit:02}": correlation(pairs) for unit, pairs in sorted(units.items())}}
    if clips:
        answer["units, median correlation within a clip"] = {
            f"AU{unit:02}": statistics.median(values) for unit, values in sorted(within.items())}
        answer["blinks"] = {"planted": planted, "told": told, "found": hits}
    print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
