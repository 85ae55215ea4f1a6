#!/usr/bin/env python3
"""Encrypted search beside phe, LightPHE and TenSEAL, in turn, one thread each.

    bench/sealed/run.py --python PYTHON [--rows 10000] [--rounds 3] [--lightphe-dimension 128] [--out FILE.json]
                        [--program build/release/bin/bench_sealed]

PYTHON is that of an environment with bench/sealed/requirements.txt:
    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install -r bench/sealed/requirements.txt
Every round runs each row once, in turn, so that all see the same machine; ratios are taken round by round. Times are
told by the clock and of the processor: the second do not count what other programs take in the meantime.
Build first: cmake --build --preset release --target bench_sealed.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def row(command):
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(answer.stderr.strip() or f"{command[0]} failed with {answer.returncode}")
    return json.loads(answer.stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--python", default=sys.executable)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--lightphe-dimension", type=int, default=128)
    options.add_argument("--peers", default="phe,lightphe,tenseal")
    options.add_argument("--program", default=str(ROOT / "build/release/bin/bench_sealed"))
    options.add_argument("--out")
    options = options.parse_args()
    peers = str(ROOT / "bench/sealed/peers.py")
    rounds = []
    for _ in range(options.rounds):
        rows = {"vultus": row([options.program, str(options.rows), "3"]),
                "vultus_gmp": row([options.program, str(min(options.rows, 404)), "1", "gmp"])}
        for name in filter(None, options.peers.split(",")):
            extra = ["--dimension", str(options.lightphe_dimension), "--repeat", "1"] if name == "lightphe" else []
            rows[name] = row([options.python, peers, name, *extra])
        rounds.append(rows)
        print(json.dumps(rows), flush=True)
    for clock in ("processor", "wall"):
        for ours in ("vultus", "vultus_gmp"):
            for name in ("phe", "tenseal"):
                ratios = []
                for rows in rounds:
                    if name in rows:
                        peer = (rows[name]["compare_ms"][clock] + rows[name]["decrypt_ms"][clock]) * 1e3
                        ratios.append(peer / rows[ours]["us_per_comparison"][clock])
                if ratios:
                    print(f"{ours}, {clock}: {statistics.median(ratios):.0f} times {name} per comparison, decryption "
                          f"included ({min(ratios):.0f} to {max(ratios):.0f})")
        print(f"one template enrolled, {clock}: {statistics.median(r['vultus']['ms']['enrol_one'][clock] for r in rounds):.1f} ms; "
              f"one to one, {clock}: {statistics.median(r['vultus']['ms']['one_to_one'][clock] for r in rounds):.2f} ms")
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(rounds, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
