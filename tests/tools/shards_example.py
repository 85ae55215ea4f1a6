"""Runs the example of a gallery over several servers, and holds what it prints against docs/postgres.md."""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tool(*arguments):
    answer = subprocess.run([sys.executable, "-B", ROOT / "tools/postgres", *map(str, arguments)], capture_output=True,
                            text=True, check=True)
    return answer.stdout.strip()


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        names = ["a", "b", "c", "d"]
        try:
            urls = {name: tool("start", root / name, "--with-process", "parent") for name in names}
            shards = [{"name": name, "number": i + 1, "urls": [urls[name]]} for i, name in enumerate(names[:3])]
            configuration = root / "shards.json"
            configuration.write_text(json.dumps({"vultus_shards": 1, "shards": shards}))
            answer = subprocess.run([sys.argv[1], configuration, urls["d"]], capture_output=True, text=True, check=False)
        finally:
            for name in names:
                tool("remove", root / name)
    if answer.returncode != 0:
        raise SystemExit(answer.stdout + answer.stderr)
    page = (ROOT / "docs/postgres.md").read_text(encoding="utf-8")
    for line in answer.stdout.splitlines():
        if line not in page:
            raise SystemExit(f"docs/postgres.md does not show this line of the example:\n{line}")


if __name__ == "__main__":
    main()
