#!/usr/bin/env python3
"""What following faces costs: frames a second beside MediaPipe's FaceMesh, and memory over an hour, as JSON.

    python3 bench/behaviour/cost.py speed CLIP --vultus build/release/bin/vultus
    python3 bench/behaviour/cost.py memory LONG_CLIP SHORT_CLIP --vultus build/release/bin/vultus

speed: both run on the same two processors, one after the other, three times in turns; the best of each counts. Vultus is
timed on the clip once and twice over, and the difference counts, so that starting up and loading networks do not. FaceMesh
(PyPI mediapipe 0.10.14, static_image_mode=False, refine_landmarks=False) is timed on frames that are decoded already, which
favours it. A machine that does other things meanwhile measures nothing: the load is told.
memory: the largest resident memory of `vultus track` with all channels on both clips; bench/video/make_long_clip makes them.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

CORES = {0, 1}
ROUNDS = 3


def on_two_cores():
    os.sched_setaffinity(0, CORES & os.sched_getaffinity(0) or os.sched_getaffinity(0))


def track(vultus, clip, channels, timeline):
    command = [vultus, "track", str(clip), "--quiet", "--threads", "2", "--force", "-o", str(timeline), "--channels",
               *channels]
    begin = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
                          preexec_fn=on_two_cores)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return time.perf_counter() - begin


def frames_of(clip):
    import cv2
    video = cv2.VideoCapture(str(clip))
    frames = []
    while True:
        more, frame = video.read()
        if not more:
            return frames
        frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))


def twice(clip, folder):
    import cv2
    video = cv2.VideoCapture(str(clip))
    rate = video.get(cv2.CAP_PROP_FPS)
    once, double = folder / "once.avi", folder / "twice.avi"
    frames = frames_of(clip)
    for path, times in ((once, 1), (double, 2)):
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), rate, frames[0].shape[1::-1])
        for _ in range(times):
            for frame in frames:
                writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
        writer.release()
    return once, double, frames


def face_mesh(frames):
    import mediapipe
    with mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=False, max_num_faces=1,
                                                refine_landmarks=False) as mesh:
        mesh.process(frames[0])
        begin = time.perf_counter()
        for frame in frames:
            mesh.process(frame)
        return len(frames) / (time.perf_counter() - begin)


def speed(options):
    on_two_cores()
    sets = {"landmarks alone": ["landmarks"],
            "all face channels": ["landmarks", "pose", "gaze", "eyes", "mouth", "action_units", "expression",
                                  "displayed_units", "quality"]}
    best = {name: 0.0 for name in sets}
    peer = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        once, double, frames = twice(options.clips[0], folder)
        for _ in range(ROUNDS):
            for name, channels in sets.items():
                short = track(options.vultus, once, channels, folder / "t.vultus")
                long = track(options.vultus, double, channels, folder / "t.vultus")
                best[name] = max(best[name], len(frames) / max(long - short, 1e-9))
            peer = max(peer, face_mesh(frames))
    return {"frames": len(frames), "size": list(frames[0].shape[1::-1]),
            "frames a second": {name: round(value, 1) for name, value in best.items()},
            "FaceMesh, frames a second": round(peer, 1),
            "landmarks alone against FaceMesh": round(best["landmarks alone"] / peer, 2)}


def memory(options):
    answer = {}
    for clip in options.clips:
        with tempfile.TemporaryDirectory() as scratch:
            # A process of its own for each clip: the largest of all children is all that the system tells.
            script = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
                      "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
            done = subprocess.run([sys.executable, "-c", script, options.vultus, "track", str(clip), "--quiet", "--threads",
                                   "2", "-o", str(pathlib.Path(scratch) / "t.vultus")], capture_output=True, text=True,
                                  check=True)
            answer[str(clip)] = {"largest resident memory, MB": round(int(done.stdout) / 1024, 1)}
    return answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "memory"])
    parser.add_argument("clips", nargs="+", type=pathlib.Path)
    parser.add_argument("--vultus", required=True)
    options = parser.parse_args()
    answer = {"load before": round(os.getloadavg()[0], 2), "processors": len(os.sched_getaffinity(0))}
    answer.update(speed(options) if options.what == "speed" else memory(options))
    print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
