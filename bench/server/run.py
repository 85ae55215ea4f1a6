#!/usr/bin/env python3
"""Loads `vultus serve` with identifications over HTTP: requests a second, latencies, memory; beside a plain server of
face_recognition on FastAPI where bench/pipeline/setup_face_recognition.sh and `pip install fastapi uvicorn python-multipart`
have made an environment for it.

    bench/server/run.py --people FOLDER --probe PICTURE [--clients 1,8,64] [--seconds 20] [--rounds 3] [--peer PYTHON]
    bench/server/run.py --people FOLDER --probe PICTURE --soak 100000     memory over so many requests

FOLDER has a folder for each person (LFW); one picture of each of the first --known people is enrolled. Every round runs
each server at each number of clients once, in turn. Needs `wrk` (tools/setup packages --bench) and the release preset.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BOUNDARY = "vultus-bench"


def form(picture, subject=None):
    parts = b""
    if subject:
        parts += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="subject"\r\n\r\n{subject}\r\n'.encode()
    parts += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'.encode()
    return parts + picture.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()


def ask(url, key, body, kind):
    request = urllib.request.Request(url, body, {"Authorization": f"Bearer {key}", "Content-Type": kind})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def memory_mb(pid):
    """Of the process and its children."""
    total = 0
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            status = (folder / "status").read_text()
        except OSError:
            continue
        parent = int(re.search(r"^PPid:\s+(\d+)", status, re.M).group(1))
        if int(folder.name) == pid or parent == pid:
            resident = re.search(r"^VmRSS:\s+(\d+)", status, re.M)
            total += int(resident.group(1)) if resident else 0
    return total / 1024


class Vultus:
    def __init__(self, options, people, work, preset):
        self.name = f"vultus {preset}"
        self.data, self.work = work / f"data-{preset}", work
        command = [options.program, "serve", "--data", str(self.data), "--listen", "127.0.0.1:0", "--quiet", "--preset", preset]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.key = (self.data / "admin.key").read_text().strip()
        ask(f"{self.url}/v1/collections", self.key, json.dumps({"collection": "bench", "audit": options.audit}).encode(),
            "application/json")
        for name, picture in people:
            ask(f"{self.url}/v1/collections/bench/faces?force=true&largest=true", self.key, form(picture, name),
                f"multipart/form-data; boundary={BOUNDARY}")
        self.route = f"{self.url}/v1/collections/bench/identify"


class Peer:
    name = "face_recognition on FastAPI"

    def __init__(self, options, people, work):
        known = work / "known"
        known.mkdir()
        for name, picture in people:
            shutil.copy(picture, known / f"{name}.jpg")
        self.key, port = "", 18765
        self.process = subprocess.Popen(
            [options.peer, "-m", "uvicorn", "--app-dir", str(ROOT / "bench/server"), "--port", str(port), "--workers",
             str(os.cpu_count()), "--log-level", "warning", "peer_fastapi:app"],
            env={**os.environ, "VULTUS_BENCH_KNOWN": str(known), "OPENBLAS_NUM_THREADS": "1"})
        self.route = f"http://127.0.0.1:{port}/identify"
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json").read()
                return
            except OSError:
                time.sleep(1)
        sys.exit("the peer does not answer")


def load(server, clients, seconds, work):
    (work / "key").write_text(server.key)
    answer = subprocess.run(
        ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "-s", str(ROOT / "bench/server/post.lua"), server.route],
        env={**os.environ, "VULTUS_BENCH_FOLDER": str(work)}, capture_output=True, text=True, check=False)
    found = re.search(r"^RESULT (.*)$", answer.stdout, re.M)
    if not found:
        sys.exit(f"wrk: {answer.stdout}{answer.stderr}")
    return {**json.loads(found.group(1)), "memory_mb": memory_mb(server.process.pid)}


def soak(server, options, work):
    """Memory after every twentieth of the requests."""
    print("| requests | memory MB |\n|---|---|")
    done, seconds, rows = 0, 5, []
    while done < options.soak:
        row = load(server, options.soak_clients, seconds, work)
        if row["refused"] or row["broken"]:
            sys.exit(f"after {done} requests: {row}")
        done += row["requests"]
        rate = row["requests"] / row["seconds"]
        seconds = max(5, round(min(options.soak / 20, options.soak - done) / rate))
        rows.append((done, row["memory_mb"]))
        print(f"| {done} | {row['memory_mb']:.1f} |", flush=True)
    first = next(memory for requests, memory in rows if requests >= options.soak / 10)
    print(f"\nfrom a tenth of the requests to all: {first:.1f} to {rows[-1][1]:.1f} MB")
    return 0 if rows[-1][1] <= 1.1 * first else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=pathlib.Path, required=True)
    parser.add_argument("--probe", type=pathlib.Path, required=True)
    parser.add_argument("--known", type=int, default=200, help="people to enrol")
    parser.add_argument("--clients", default="1,8,64")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--audit", default="changes", choices=["off", "changes", "all"])
    parser.add_argument("--presets", default="default,fast")
    parser.add_argument("--program", default=str(ROOT / "build/release/bin/vultus"))
    parser.add_argument("--peer", help="Python of an environment with face_recognition, fastapi, uvicorn, python-multipart")
    parser.add_argument("--soak", type=int, help="so many requests of --soak-clients clients, memory alone")
    parser.add_argument("--soak-clients", type=int, default=8)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    people = [(folder.name, sorted(folder.iterdir())[0]) for folder in sorted(options.people.iterdir())[:options.known]]
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "body").write_bytes(form(options.probe))
        servers = []
        try:
            presets = options.presets.split(",")
            servers = [Vultus(options, people, work, preset) for preset in (presets[:1] if options.soak else presets)]
            if options.soak:
                return soak(servers[0], options, work)
            if options.peer:
                servers.append(Peer(options, people, work))
            counts = [int(text) for text in options.clients.split(",")]
            measured = {(server.name, count): [] for server in servers for count in counts}
            for _ in range(options.rounds):
                for server in servers:
                    for count in counts:
                        measured[server.name, count].append(load(server, count, options.seconds, work))
        finally:
            for server in servers:
                server.process.terminate()
                server.process.wait()
    print(f"{len(people)} people, {options.rounds} rounds of {options.seconds} s, audit {options.audit}, medians\n")
    print("| server | clients | requests/s | p50 ms | p95 ms | p99 ms | refused | broken | memory MB |\n"
          "|---|---|---|---|---|---|---|---|---|")
    for (name, count), rows in measured.items():
        def median(key, rows=rows):
            return statistics.median(row[key] for row in rows)
        rate = statistics.median(row["requests"] / row["seconds"] for row in rows)
        print(f"| {name} | {count} | {rate:.1f} | {median('p50_ms'):.1f} | {median('p95_ms'):.1f} | {median('p99_ms'):.1f} | "
              f"{sum(row['refused'] for row in rows)} | {sum(row['broken'] for row in rows)} | {median('memory_mb'):.0f} |")
    if options.json:
        options.json.write_text(json.dumps([{"server": name, "clients": count, "rounds": rows}
                                            for (name, count), rows in measured.items()], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
