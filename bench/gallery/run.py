#!/usr/bin/env python3
"""Search speed of a gallery of planted templates beside FAISS, in turn, one thread each.

    bench/gallery/run.py --size 100000 [--rounds 3] [--dimension 512] [--hnsw] [--python PYTHON]

FAISS is left out with a note where PYTHON cannot import it (pip install faiss-cpu numpy into an environment of its own).
Prints one JSON object a row and round, and then the ratios to faiss_flat, round by round, with their median.
Build first: cmake --build --preset release --target bench_gallery.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--size", type=int, default=100_000)
    options.add_argument("--dimension", type=int, default=512)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--hnsw", action="store_true")
    options.add_argument("--python", default=sys.executable)
    options.add_argument("--program", default=str(ROOT / "build/release/bin/bench_gallery"))
    options = options.parse_args()
    peer = subprocess.run([options.python, "-c", "import faiss"], capture_output=True, check=False).returncode == 0
    if not peer:
        print(f"FAISS is left out: {options.python} cannot import it", file=sys.stderr)
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        own = [options.program, "--size", str(options.size), "--dimension", str(options.dimension), "--json",
               "--vectors", folder]
        faiss = [options.python, str(ROOT / "bench/gallery/faiss_row.py"), "--vectors", folder, "--dimension",
                 str(options.dimension), *(["--hnsw"] if options.hnsw else [])]
        for _ in range(options.rounds):
            for command in [own] + ([faiss] if peer else []):
                answer = subprocess.run(command, capture_output=True, text=True, check=False)
                if answer.returncode != 0:
                    sys.exit(answer.stderr)
                for line in answer.stdout.splitlines():
                    row = json.loads(line)
                    rows.setdefault(row["method"], []).append(row)
                    print(line, flush=True)
    for method, measured in rows.items():
        if "faiss_flat" not in rows or method == "faiss_flat":
            continue
        for what, key in (("one probe", "latency_ms"), ("one probe, least", "latency_least_ms"),
                          ("batch", "queries_per_second")):
            ratios = [flat[key] / own[key] if key != "queries_per_second" else own[key] / flat[key]
                      for own, flat in zip(measured, rows["faiss_flat"])]
            print(f"{method}, {options.size} x {options.dimension}, {what}: {statistics.median(ratios):.2f} times faiss_flat "
                  f"({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
