#!/usr/bin/env python3
"""Times JPEG to identity: the presets of Vultus beside the same networks in OpenCV's DNN module, and beside
face_recognition (dlib) where bench/pipeline/setup_face_recognition.sh has made an environment for it.

    bench/pipeline/run.py --pictures FOLDER [--count 300] [--rounds 5] [--out FILE.json]
        [--face-recognition PYTHON]

Every round runs each row once, in turn, so that all rows see the same machine; the ratio of two rows is taken round by
round and its median reported. Build first: cmake --build --preset release --target bench_pipeline vultus.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(program, row, threads, listing, precision):
    answer = subprocess.run(
        [program, "--row", row, "--threads", str(threads), "--list", listing, "--precision", precision],
        check=False, capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(answer.stderr.strip() or f"{program} failed with {answer.returncode}")
    return json.loads(answer.stdout)


def peer_python():
    """The Python of the environment that setup_face_recognition.sh makes; None where there is none."""
    cache = subprocess.run([ROOT / "tools/setup", "cache-path"], check=False, capture_output=True, text=True)
    python = pathlib.Path(cache.stdout.strip()) / "peers/face_recognition/bin/python"
    return str(python) if cache.returncode == 0 and python.exists() else None


def run_peer(python, threads, listing):
    row = ROOT / "bench/pipeline/face_recognition_row.py"
    answer = subprocess.run([python, "-W", "ignore", row, "--threads", str(threads), "--list", listing], check=False,
                            capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(answer.stderr.strip() or f"{row} failed with {answer.returncode}")
    return json.loads(answer.stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pictures", required=True, help="folder of JPEG files, searched through")
    options.add_argument("--count", type=int, default=300, help="pictures a round")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--precision", default="auto")
    options.add_argument("--program", default=str(ROOT / "build/release/bin/bench_pipeline"))
    options.add_argument("--face-recognition", default=peer_python(), metavar="PYTHON",
                         help="Python of an environment with face_recognition; none = without that row")
    options.add_argument("--out", help="write all measurements as JSON")
    options = options.parse_args()

    pictures = sorted(str(p) for p in pathlib.Path(options.pictures).rglob("*.jpg"))
    step = max(1, len(pictures) // options.count)
    pictures = pictures[::step][:options.count]
    if not pictures:
        sys.exit(f"{options.pictures}: no JPEG files")
    cores = os.cpu_count() or 1
    rows = [("default", 1), ("fast", 1), ("opencv-dnn", 1), ("default", cores), ("fast", cores), ("opencv-dnn", cores)]
    peer = options.face_recognition if options.face_recognition != "none" else None
    if peer:
        rows[3:3] = [("face_recognition", 1)]
        rows.append(("face_recognition", cores))
    measured = {row: [] for row in rows}
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listing:
        listing.write("\n".join(pictures) + "\n")
        listing.flush()
        for number in range(options.rounds):
            for row in rows:
                if sys.stderr.isatty():
                    print(f"\rround {number + 1}/{options.rounds} {row[0]} on {row[1]}   ", end="", file=sys.stderr)
                measured[row].append(run_peer(peer, row[1], listing.name) if row[0] == "face_recognition" else
                                     run(options.program, row[0], row[1], listing.name, options.precision))
    if sys.stderr.isatty():
        print(file=sys.stderr)

    def rate(row, number):
        return max(measured[row][number]["pictures_per_second"])

    def median(row, key):
        return statistics.median(m[key] for m in measured[row])

    def stage(row, name):
        return statistics.median(m["stages_ms"][name] for m in measured[row])

    print(f"{len(pictures)} pictures, {options.rounds} rounds, medians\n")
    print("| row | threads | pictures/s | CPU ms | decode | detect | landmarks, flag | align, embed | search | first answer ms | memory MB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        rates = statistics.median(rate(row, n) for n in range(options.rounds))
        print(f"| {row[0]} | {row[1]} | {rates:.1f} | {median(row, 'cpu_ms'):.2f} | {stage(row, 'decode'):.2f} | "
              f"{stage(row, 'detect'):.2f} | {stage(row, 'describe'):.2f} | {stage(row, 'embed'):.2f} | "
              f"{stage(row, 'search'):.3f} | {median(row, 'first_answer_ms'):.0f} | {median(row, 'memory_mb'):.0f} |")
    print()
    ratios_of = [(("fast", 1), ("opencv-dnn", 1)), (("default", 1), ("opencv-dnn", 1)), (("fast", cores), ("fast", 1)),
                 (("default", cores), ("default", 1))]
    if peer:
        ratios_of += [((preset, threads), ("face_recognition", threads)) for threads in (1, cores)
                      for preset in ("fast", "default")]
    for a, b in ratios_of:
        ratios = [rate(a, n) / rate(b, n) for n in range(options.rounds)]
        print(f"{a[0]} on {a[1]} over {b[0]} on {b[1]}: {statistics.median(ratios):.2f} "
              f"({min(ratios):.2f} to {max(ratios):.2f})")
    for row in rows:
        print(f"{row[0]}: {measured[row][0]['what']}")
        if row[1] == 1 and row == rows[3 if peer else 2]:
            break
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps([m for row in rows for m in measured[row]], indent=1))


if __name__ == "__main__":
    main()
