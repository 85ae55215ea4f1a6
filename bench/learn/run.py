#!/usr/bin/env python3
"""Samples per second of the training loop beside a plain script of the same network, in turns.

    tools/setup packages --bench
    cmake --preset release && cmake --build build/release --target bench_learn
    bench/learn/run.py [--bin build/release/bin] [--rounds 5] [--threads 1] [--network cnn --network encoder] [--json FILE]

Both begin with the same weights (a first loss that differs by more than 1e-4 stops the run) and learn from the same pictures.
Prints the median of the rounds of each and the median of the ratios of neighbouring rounds, by the clock and by the time of the
processor: on a machine that does other work, only the second means something.
"""
import argparse
import json
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def row(command):
    answer = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        sys.exit(f"{command[0]}: {answer.stderr.strip()}")
    return json.loads(answer.stdout)


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def compare(network, options):
    ours, plain = [], []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        common = ["--network", network, "--threads", options.threads, "--samples", options.samples]
        for number in range(options.rounds):
            weights = folder / "weights.safetensors"
            ours.append(row([options.bin / "bench_learn", *common, "--folder", folder / f"run{number}",
                             "--write-weights", weights]))
            plain.append(row([options.python, HERE / "plain.py", *common, "--weights", weights]))
            if abs(ours[-1]["first_loss"] - plain[-1]["first_loss"]) > 1e-4:
                sys.exit(f"{network}: the programs compute different things: {ours[-1]}, {plain[-1]}")
    result = {"network": network, "parameters": ours[0]["parameters"], "torch": plain[0]["torch"]}
    for clock in ("samples_per_second", "samples_per_processor_second"):
        rates = [[one[clock] for one in rows] for rows in (ours, plain)]
        ratios = [a / b for a, b in zip(*rates)]
        result[clock] = {"vultus": statistics.median(rates[0]), "vultus_range": [min(rates[0]), max(rates[0])],
                         "plain": statistics.median(rates[1]), "plain_range": [min(rates[1]), max(rates[1])],
                         "ratio": statistics.median(ratios), "ratios": ratios}
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, default=HERE.parent.parent / "build/release/bin")
    parser.add_argument("--python", default="/usr/bin/python3", help="the interpreter of Debian, which finds python3-torch")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--samples", type=int, default=512)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--network", action="append", choices=["cnn", "encoder"])
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    rows = []
    for network in options.network or ["cnn", "encoder"]:
        rows.append(compare(network, options))
        for clock in ("samples_per_second", "samples_per_processor_second"):
            one = rows[-1][clock]
            print(f"{network:8} {rows[-1]['parameters']:8} parameters  {clock:29} vultus {one['vultus']:7.1f}"
                  f"  plain {one['plain']:7.1f}  ratio {one['ratio']:.3f}", flush=True)
    print(f"{processor()}, {options.threads} thread(s), {options.rounds} rounds in turns, libtorch {rows[0]['torch']}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
