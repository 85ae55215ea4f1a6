#!/usr/bin/env python3
"""Does the memory of `vultus track` grow with the length of a video?

  bench/video/memory.py [--bin build/dev/bin] [--photo FILE] [--short 100] [--long 1000] [--most 20]

Makes two planted videos (make_long_clip; the same face comes and goes again and again), follows both with a Timeline
file and one row a track, and compares the largest resident memory of the processes. JSON on standard output; exit code 1
when the long video took more than --most MB beyond the short one.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def sample_photo():
    folder = subprocess.run([ROOT / "tools/setup", "samples-path", "portraits"], capture_output=True, text=True, check=True)
    return pathlib.Path(folder.stdout.strip()) / "obama2.jpg"


def follow(programs, video, folder, seconds):
    begin = time.monotonic()
    with open(folder / "rows", "w+b") as rows:
        process = subprocess.Popen([programs / "vultus", "track", video, "-o", folder / f"{seconds}.vultus", "--json",
                                    "--quiet", "--threads", "1"], stdout=rows)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        rows.seek(0)
        tracks = len(rows.readlines())
    if process.returncode != 0:
        sys.exit(f"vultus track ended with {process.returncode}")
    return {"seconds": seconds, "tracks": tracks, "largest_mb": round(usage.ru_maxrss / 1024, 1),
            "took_s": round(time.monotonic() - begin, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "dev" / "bin")
    parser.add_argument("--photo", type=pathlib.Path)
    parser.add_argument("--short", type=int, default=100)
    parser.add_argument("--long", type=int, default=1000)
    parser.add_argument("--most", type=float, default=20)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for seconds in (options.short, options.long):
            video = folder / f"planted_{seconds}s.mp4"
            subprocess.run([options.bin / "make_long_clip", options.photo or sample_photo(), video, str(seconds)], check=True)
            rows.append(follow(options.bin, video, folder, seconds))
            rows[-1]["video_mb"] = round(video.stat().st_size / 1e6, 1)
    grown = round(rows[1]["largest_mb"] - rows[0]["largest_mb"], 1)
    print(json.dumps({"runs": rows, "grown_mb": grown, "allowed_mb": options.most}))
    enough = all(row["tracks"] >= row["seconds"] // 10 for row in rows)  # the faces were really followed
    return 0 if grown <= options.most and enough else 1


if __name__ == "__main__":
    sys.exit(main())
