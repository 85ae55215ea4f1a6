#!/usr/bin/env python3
"""Search speed of a gallery of planted templates beside FAISS, in turn, one thread each.

    bench/gallery/run.py --size 100000 [--rounds 3] [--dimension 512] [--hnsw] [--partition] [--instructions NAME]
                         [--postgres] [--python PYTHON] [--debian-python PYTHON]

FAISS is left out with a note where PYTHON cannot import it (pip install faiss-cpu numpy into an environment of its own),
and so is Debian's, which computes with OpenBLAS, where the other one cannot (apt install python3-faiss).
Prints one JSON object a row and round, and then the ratios to faiss_flat, round by round, with their median: by the
clock, and by time on the processor, which does not count what other programs take in the meantime.
With --postgres the rows of pgvector (one server) and of a gallery over three servers follow, once, on the same vectors,
one query at a time. From ten million on the vectors come from a snapshot on the disk, without peers: below 40 GB of free
disk in --folder that is skipped, and the row says why.
Build first: cmake --build --preset release --target bench_gallery bench_gallery_shards bench_gallery_snapshot.
"""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FROM_DISK = 10_000_000
DISK_GB = 40


def measure_from_disk(options):
    free = shutil.disk_usage(options.folder).free / 1e9
    if free < DISK_GB:
        print(json.dumps({"method": "vultus_cascade", "size": options.size, "dimension": options.dimension,
                          "skipped": f"{options.folder} has {free:.1f} GB of free disk, {DISK_GB} GB are wanted"}))
        return
    program = pathlib.Path(options.program).parent / "bench_gallery_snapshot"
    subprocess.run([program, "--size", str(options.size), "--dimension", str(options.dimension), "--folder",
                    options.folder], check=True)


def postgres_commands(options, folder):
    shards = pathlib.Path(options.program).parent / "bench_gallery_shards"
    return [[sys.executable, str(ROOT / "bench/gallery/pgvector.py"), "--vectors", folder, "--dimension",
             str(options.dimension)],
            [sys.executable, str(ROOT / "bench/gallery/sharded.py"), str(shards), "--vectors", folder,
             str(options.dimension)]]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--size", type=int, default=100_000)
    options.add_argument("--dimension", type=int, default=512)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--hnsw", action="store_true")
    options.add_argument("--partition", action="store_true")
    options.add_argument("--method", help="one of our own methods alone")
    options.add_argument("--instructions", help="portable, avx2 or avx512")
    options.add_argument("--postgres", action="store_true", help="also pgvector and a gallery over three servers")
    options.add_argument("--folder", default=".", help="of the snapshot of ten million and more")
    options.add_argument("--python", default=sys.executable)
    options.add_argument("--debian-python", default="/usr/bin/python3")
    options.add_argument("--program", default=str(ROOT / "build/release/bin/bench_gallery"))
    options = options.parse_args()
    if options.size >= FROM_DISK:
        measure_from_disk(options)
        return
    peers = {}
    for name, python in (("faiss", options.python), ("faiss_debian", options.debian_python)):
        if name != "faiss" and python == options.python:
            continue
        can = subprocess.run([python, "-c", "import faiss"], capture_output=True, check=False).returncode == 0
        if can:
            peers[name] = python
        else:
            print(f"{name} is left out: {python} cannot import it", file=sys.stderr)
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        own = [options.program, "--size", str(options.size), "--dimension", str(options.dimension), "--json",
               "--vectors", folder, *(["--partition"] if options.partition else []),
               *(["--method", options.method] if options.method else []),
               *(["--instructions", options.instructions] if options.instructions else [])]
        others = [[python, str(ROOT / "bench/gallery/faiss_row.py"), "--vectors", folder, "--dimension",
                   str(options.dimension), "--name", name, *(["--hnsw"] if options.hnsw else [])]
                  for name, python in peers.items()]
        for number in range(options.rounds):
            once = postgres_commands(options, folder) if options.postgres and number == 0 else []
            for command in [own, *others, *once]:
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
                          ("one probe, processor", "latency_cpu_ms"), ("batch", "queries_per_second"),
                          ("batch, most", "queries_per_second_most"), ("batch, processor", "queries_per_second_cpu")):
            if key not in measured[0]:
                continue  # pgvector and the shards are asked one query at a time, by the clock
            ratios = [own[key] / flat[key] if key.startswith("queries") else flat[key] / own[key]
                      for own, flat in zip(measured, rows["faiss_flat"])]
            print(f"{method}, {options.size} x {options.dimension}, {what}: {statistics.median(ratios):.2f} times faiss_flat "
                  f"({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
