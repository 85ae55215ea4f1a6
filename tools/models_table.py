#!/usr/bin/env python3
"""The tables of docs/models.md, made from models/*.json.

  models_table.py            write the tables into docs/models.md, between the lines that mark them
  models_table.py --check    change nothing; exit code 1 when docs/models.md does not say what the manifests say
  models_table.py --print    print the tables

--models DIR and --document FILE name another folder and another document.
"""
import argparse
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BEGIN = "<!-- tables: made by tools/models_table.py from models/*.json -->"
END = "<!-- end of tables -->"
MAY = {"yes": "yes", "no": "**no**", "not stated": "not stated"}


def manifests(folder):
    rows = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    if not rows:
        sys.exit(f"models_table.py: no manifest in {folder}")
    return rows


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return lines + ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]


def origin(row):
    source = row["source"]
    if source["registry"] == "local":
        return "trained here, comes with Vultus"
    return f"{source['registry']} `{source['package']}` {source['version']}"


def file_of(file):
    part = f", bytes {file['offset']} to {file['end']}" if "end" in file else ""
    return f"`{file['path']}`{part}"


def files_of(row):
    return " and ".join(file_of(file) for file in row["files"])


def bytes_of(row):
    """Of all files: a network of TensorFlow.js has its graph in one and its weights in another."""
    return f"{sum(file['bytes'] for file in row['files']):,}"


def numbers(values):
    same = len(set(values)) == 1
    return f"{values[0]:g}" if same else "(" + ", ".join(f"{value:g}" for value in values) + ")"


def input_of(row):
    spec = row["input"]
    shape = " x ".join(str(side) for side in spec["shape"])
    size = ", height and width free" if spec.get("resizable") else ""
    return f"{shape} {spec['layout']}, {spec['colour']}, (v - {numbers(spec['mean'])}) / {numbers(spec['scale'])}{size}"


def tables(rows):
    lines = ["### Where they come from, and under which terms", ""]
    lines += table(["model", "task", "package", "files", "bytes", "licence of the package", "weights", "commercial use"],
                   [(f"`{row['id']}`", row["task"], origin(row), files_of(row), bytes_of(row),
                     row["licence"]["package"], row["licence"]["weights"], MAY[row["licence"]["commercial"]])
                    for row in rows])
    lines += ["", "### What goes in and comes out", ""]
    lines += table(["model", "format", "input", "outputs", "read by"],
                   [(f"`{row['id']}`", row["format"], input_of(row),
                     ", ".join(f"{name} = tensor `{tensor}`" for name, tensor in row["outputs"].items()),
                     f"`{row['decoder']}`") for row in rows])
    lines += ["", "### What was measured with Vultus", ""]
    lines += table(["model", "measured"], [(f"`{row['id']}`", row.get("measured") or "nothing of its own") for row in rows])
    return "\n".join(lines)


def filled(document, content):
    begin, end = document.find(BEGIN), document.find(END)
    if begin < 0 or end < begin:
        sys.exit(f"models_table.py: the document has no lines \"{BEGIN}\" and \"{END}\"")
    return document[:begin + len(BEGIN)] + "\n\n" + content + "\n\n" + document[end:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--print", action="store_true")
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / "models")
    parser.add_argument("--document", type=pathlib.Path, default=ROOT / "docs/models.md")
    arguments = parser.parse_args()
    content = tables(manifests(arguments.models))
    if arguments.print:
        print(content)
        return 0
    before = arguments.document.read_text(encoding="utf-8")
    after = filled(before, content)
    if arguments.check:
        if before != after:
            print(f"{arguments.document.name}: its tables differ from {arguments.models.name}/*.json; run "
                  "tools/models_table.py")
        return int(before != after)
    arguments.document.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
