#!/usr/bin/env python3
"""Real templates for bench_gallery --from: turns what `vultus embed --json` printed into vectors.

    vultus embed --json --largest -r lfw/images > faces.jsonl
    bench/gallery/vectors_of.py faces.jsonl FOLDER [--values FROM:TO]
    bench_gallery --from FOLDER --dimension N --method cascade --json

The subject of a face is the folder of its picture. Of each subject with two pictures and more one is a probe, the others
are in the gallery. --values takes a part of each template, as that of one of two networks. Prints the dimension.
"""
import argparse
import json
import pathlib
import sys
from array import array


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("faces", type=pathlib.Path)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--values", default=":")
    options = options.parse_args()
    begin, end = (int(text) if text else None for text in options.values.split(":"))
    of_subject = {}
    with options.faces.open(encoding="utf-8") as lines:
        for line in lines:
            face = json.loads(line)
            if "embedding" in face:
                values = face["embedding"][begin:end]
                length = sum(v * v for v in values) ** 0.5
                of_subject.setdefault(pathlib.Path(face["file"]).parent.name, []).append([v / length for v in values])
    base, probes, subjects = array("f"), array("f"), array("i")
    for number, templates in enumerate(of_subject.values()):
        if len(templates) > 1:
            probes.extend(templates.pop())
        for values in templates:
            base.extend(values)
            subjects.append(number)
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("base.f32", base), ("probes.f32", probes), ("subjects.i32", subjects)):
        (options.folder / name).write_bytes(content.tobytes())
    dimension = len(base) // len(subjects)
    print(f"{dimension} values, {len(subjects)} templates of {len(of_subject)} subjects, {len(probes) // dimension} probes",
          file=sys.stderr)
    print(dimension)


if __name__ == "__main__":
    main()
