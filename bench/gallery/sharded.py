#!/usr/bin/env python3
"""Starts three throw-away servers and measures a gallery over them.

    sharded.py [PROGRAM [SIZE...]]
    sharded.py PROGRAM --vectors FOLDER DIMENSION

PROGRAM is bench_gallery_shards (default: build/release/bin/bench_gallery_shards). The servers are durable, as real ones.
The templates are random ones, or those that bench_gallery --vectors wrote.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tool(*arguments):
    command = [sys.executable, "-B", ROOT / "tools/postgres", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/release/bin/bench_gallery_shards"
    given = sys.argv[2:3] == ["--vectors"]
    runs = [["0", sys.argv[4], sys.argv[3]]] if given else [[size] for size in sys.argv[2:] or ["1000", "10000", "100000"]]
    for words in runs:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            try:
                shards = [{"name": name, "number": i + 1,
                           "urls": [tool("start", root / name, "--durable", "--with-process", "parent")]}
                          for i, name in enumerate("abc")]
                (root / "shards.json").write_text(json.dumps({"vultus_shards": 1, "shards": shards}))
                subprocess.run([program, root / "shards.json", *words], check=True)
            finally:
                for name in "abc":
                    tool("remove", root / name)


if __name__ == "__main__":
    main()
