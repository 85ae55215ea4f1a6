#!/usr/bin/env python3
"""Frames per second of video: `vultus track` beside face_recognition on every frame, in turn, one thread each.

  bench/video/run.py --video CLIP [--at 0.25] [--rounds 3] [--vultus build/release/bin/vultus] [--python PYTHON]

The person in the frame at --at seconds is enrolled by both. Times are processor seconds of the whole process, start-up
and decoding included, so that other work on the machine counts less. Rows:
  vultus              as a user runs it: faces are followed between looks of the detector
  vultus_every_frame  the detector looks at every frame (--detect-every 0)
  vultus_fast         the same as vultus with --fast
  face_recognition    HOG detector, landmarks and encoding of every frame, as in its documentation
Of the frames as JPEG files, so that both make a template of every one:
  vultus_pictures            vultus identify
  face_recognition_pictures  as above, each file loaded by load_image_file

face_recognition is left out with a note where PYTHON cannot import it and cv2 (pip install face_recognition
opencv-python-headless compiles dlib). JSON on standard output.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PEER = """
import collections, json, pathlib, sys
import face_recognition

def frames(source):
    if pathlib.Path(source).is_dir():
        yield from map(face_recognition.load_image_file, sorted(pathlib.Path(source).iterdir()))
        return
    import cv2
    video = cv2.VideoCapture(source)
    while True:
        ok, frame = video.read()
        if not ok:
            return
        yield cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)

known = face_recognition.face_encodings(face_recognition.load_image_file(sys.argv[2]))[:1]
names, count, faces = collections.Counter(), 0, 0
for rgb in frames(sys.argv[1]):
    count += 1
    for encoding in face_recognition.face_encodings(rgb, face_recognition.face_locations(rgb)):
        faces += 1
        names["Known" if face_recognition.compare_faces(known, encoding)[0] else "unknown"] += 1
print(json.dumps({"frames": count, "faces": faces, "names": names}))
"""
FRAMES = """
import sys, cv2
video, count = cv2.VideoCapture(sys.argv[1]), 0
while True:
    ok, frame = video.read()
    if not ok:
        break
    assert cv2.imwrite(f"{sys.argv[2]}/{count:06}.jpg", frame)
    count += 1
"""
STILL = """
import sys, cv2
video = cv2.VideoCapture(sys.argv[1])
video.set(cv2.CAP_PROP_POS_MSEC, 1000 * float(sys.argv[3]))
assert cv2.imwrite(sys.argv[2], video.read()[1])
"""


def timed(command, environment):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if answer.returncode != 0:
        sys.exit(f"{command[0]} ended with {answer.returncode}:\n{answer.stderr}")
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, answer.stdout


def counted(faces):
    """The rows of vultus identify, one a face, in the words of the peer's."""
    names = [row["subject"] or "unknown" for row in faces if "box" in row]
    return [{"frames_with_faces": len({row["file"] for row in faces}), "faces": len(names),
             "names": {name: names.count(name) for name in sorted(set(names))}}]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--video", required=True)
    parser.add_argument("--at", type=float, default=0.25)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vultus", default=str(ROOT / "build/release/bin/vultus"))
    parser.add_argument("--python", default=sys.executable)
    arguments = parser.parse_args()
    one_thread = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", OPENCV_FFMPEG_THREADS="1")
    peer = subprocess.run([arguments.python, "-c", "import cv2, face_recognition"], capture_output=True, check=False)
    with tempfile.TemporaryDirectory() as folder:
        still, gallery = f"{folder}/still.png", f"{folder}/people.vgal"
        subprocess.run([arguments.python, "-c", STILL, arguments.video, still, str(arguments.at)], check=True)
        rows = {}
        for name, extra in (("vultus", []), ("vultus_every_frame", ["--detect-every", "0"]), ("vultus_fast", ["--fast"])):
            own = gallery if "--fast" not in extra else gallery + ".fast"
            preset = ["--fast"] if "--fast" in extra else []
            if not os.path.exists(own):
                subprocess.run([arguments.vultus, "enroll", own, still, "--subject", "Known", "-q", *preset], check=True,
                               stdout=subprocess.DEVNULL)
            rows[name] = [arguments.vultus, "track", arguments.video, "--gallery", own, "--threads", "1", "--json",
                          "--quiet", *extra]
        pictures = f"{folder}/frames"
        os.mkdir(pictures)
        subprocess.run([arguments.python, "-c", FRAMES, arguments.video, pictures], check=True)
        rows["vultus_pictures"] = [arguments.vultus, "identify", gallery, pictures, "--threads", "1", "--json", "--quiet"]
        if peer.returncode == 0:
            rows["face_recognition"] = [arguments.python, "-c", PEER, arguments.video, still]
            rows["face_recognition_pictures"] = [arguments.python, "-c", PEER, pictures, still]
        else:
            print(f"face_recognition is left out: {arguments.python} cannot import it", file=sys.stderr)
        seconds, answers = {name: [] for name in rows}, {}
        for _ in range(arguments.rounds):
            for name, command in rows.items():
                used, out = timed(command, one_thread)
                seconds[name].append(used)
                answers[name] = [json.loads(line) for line in out.splitlines()]
    frames = max(track["frames"] for track in answers["vultus_every_frame"])
    if "face_recognition" in answers:
        frames = answers["face_recognition"][0]["frames"]
    result = {"video": os.path.basename(arguments.video), "frames": frames, "rounds": arguments.rounds, "rows": {}}
    for name in rows:
        answer = counted(answers[name]) if name == "vultus_pictures" else answers[name]
        row = {"cpu_seconds": [round(s, 3) for s in seconds[name]],
               "frames_per_cpu_second": round(frames / statistics.median(seconds[name]), 2), "answer": answer}
        beside = "face_recognition_pictures" if name == "vultus_pictures" else "face_recognition"
        if beside in rows and name.startswith("vultus"):
            ratios = [p / s for p, s in zip(seconds[beside], seconds[name])]
            row["times_face_recognition"] = {"median": round(statistics.median(ratios), 1),
                                             "least": round(min(ratios), 1), "most": round(max(ratios), 1)}
        result["rows"][name] = row
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
