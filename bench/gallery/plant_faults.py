#!/usr/bin/env python3
"""Plants faults into a list of people, and says afterwards which of them were found.

  plant_faults.py list IMAGES FOLDER [--seed N]
      writes FOLDER/people.csv and FOLDER/copies.csv, for `vultus enroll GALLERY --from-csv LIST.csv --force` one after
      the other, and FOLDER/truth.json
  plant_faults.py score TRUTH.json FINDINGS.jsonl GALLERY
      precision and recall of `vultus gallery doctor GALLERY --json > FINDINGS.jsonl`

IMAGES is a folder with one subfolder a person, such as LFW. Planted, each person taking part in one fault at most:
  swap       two people with at least 3 pictures exchange one picture
  misplaced  a picture of a person with at least 2 goes to another person with at least 2
  stranger   the only picture of a person goes to a person with at least 3
  divided    the pictures of a person with at least 4 stand under two names
  copy       a picture of a person with at least 2 stands under the name of another one with at least 2 too
"""
import argparse
import collections
import csv
import json
import pathlib
import random
import sqlite3
import sys

COUNTS = {"swap": 50, "misplaced": 50, "stranger": 30, "divided": 40, "copy": 20}


def people_of(images):
    people = {}
    for folder in sorted(path for path in images.iterdir() if path.is_dir()):
        files = sorted(str(path.resolve()) for path in folder.iterdir() if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
        if files:
            people[folder.name] = files
    return people


class Planter:
    def __init__(self, people, seed):
        self.random = random.Random(seed)
        self.free = {name: len(files) for name, files in people.items()}
        self.rows = [[file, name] for name, files in people.items() for file in files]
        self.row_of = {file: row for row, (file, _) in enumerate(self.rows)}
        self.people = people
        self.copies = []
        self.faults = []

    def take(self, least, most=10 ** 9):
        """Somebody who has part in no fault yet."""
        names = [name for name, count in self.free.items() if least <= count <= most]
        name = self.random.choice(names)
        del self.free[name]
        return name

    def give(self, file, to):
        self.rows[self.row_of[file]][1] = to

    def plant(self):
        for _ in range(COUNTS["swap"]):
            a, b = self.take(3), self.take(3)
            x, y = self.random.choice(self.people[a]), self.random.choice(self.people[b])
            self.give(x, b)
            self.give(y, a)
            self.faults.append({"kind": "swap", "faces": [[x, b, a], [y, a, b]]})
        for _ in range(COUNTS["misplaced"]):
            a, b = self.take(2), self.take(2)
            x = self.random.choice(self.people[a])
            self.give(x, b)
            self.faults.append({"kind": "misplaced", "faces": [[x, b, a]]})
        for _ in range(COUNTS["stranger"]):
            a, b = self.take(1, 1), self.take(3)
            x = self.people[a][0]
            self.give(x, b)
            self.faults.append({"kind": "stranger", "faces": [[x, b, None]]})
        for _ in range(COUNTS["divided"]):
            a = self.take(4)
            files = self.people[a][:]
            self.random.shuffle(files)
            for file in files[len(files) // 2:]:
                self.give(file, a + " again")
            self.faults.append({"kind": "divided", "subjects": [a, a + " again"]})
        for _ in range(COUNTS["copy"]):
            a, b = self.take(2), self.take(2)
            x = self.random.choice(self.people[a])
            self.copies.append([x, b])
            self.faults.append({"kind": "copy", "subjects": [a, b], "file": x})


def make_list(arguments):
    planter = Planter(people_of(pathlib.Path(arguments.images)), arguments.seed)
    planter.plant()
    folder = pathlib.Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("people.csv", planter.rows), ("copies.csv", planter.copies)):
        with open(folder / name, "w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["file", "subject"])
            writer.writerows(rows)
    with open(folder / "truth.json", "w", encoding="utf-8") as out:
        json.dump({"seed": arguments.seed, "faults": planter.faults}, out, indent=1)


def faces_of(gallery):
    """(source file, subject) -> number of the face."""
    with sqlite3.connect(f"file:{gallery}?mode=ro", uri=True) as file:
        rows = file.execute("SELECT source, name, faces.id FROM faces JOIN subjects ON subject = subjects.id").fetchall()
    return {(source.decode() if isinstance(source, bytes) else source, name): face for source, name, face in rows}


def pair(finding):
    return frozenset((finding["subject"], finding["other_subject"]))


def score(arguments):
    truth = json.load(open(arguments.truth, encoding="utf-8"))["faults"]
    findings = [json.loads(line) for line in open(arguments.findings, encoding="utf-8")]
    findings = [finding for finding in findings if "code" in finding]
    faces = faces_of(arguments.gallery)
    by_face = {(f["code"], f["face"]): f for f in findings if f.get("face") is not None}
    by_pair = {(f["code"], pair(f)): f for f in findings if f.get("other_subject")}
    odd = ("lonely", "closer_to_other", "faces_disagree")
    subjects_of = collections.defaultdict(set)
    for f in findings:
        if f.get("subject"):
            subjects_of[f["code"]].add(f["subject"])
    found, planted, true = collections.Counter(), collections.Counter(), set()
    for fault in truth:
        kind = fault["kind"]
        for file, at, home in fault.get("faces", []):
            if (file, at) not in faces:
                continue
            planted[kind] += 1
            face = faces[file, at]
            hit = by_face.get(("mislabelled", face))
            if home is not None and hit:
                found[kind] += hit["other_subject"] == home
            elif any((code, face) in by_face for code in odd):
                found[kind + ", only as lonely"] += 1
            if home is None and hit:
                found[kind + ", to a wrong name"] += 1
            for code in ("mislabelled",) + odd:
                true.add((code, face))
        if "subjects" in fault:
            codes = ("same_person", "lookalikes") if kind == "divided" else ("same_picture",)
            planted[kind] += 1
            both = frozenset(fault["subjects"])
            found[kind] += any((code, both) in by_pair for code in codes)
            if kind == "divided" and ("lookalikes", both) in by_pair:
                found["divided, as lookalikes"] += 1
            for code in ("same_person", "lookalikes", "same_picture"):
                true.add((code, both))
    for kind, count in planted.items():
        print(f"{kind}: {found[kind]} of {count} found")
    for kind in sorted(set(found) - set(planted)):
        print(f"{kind}: {found[kind]}")
    told = collections.defaultdict(lambda: [0, 0])
    for f in findings:
        if f["code"] not in ("mislabelled", "same_person", "lookalikes", "same_picture"):
            continue
        key = (f["code"], f["face"] if f["code"] == "mislabelled" else pair(f))
        told[f["code"]][1] += 1
        told[f["code"]][0] += key in true
    for code, (right, all_of_them) in sorted(told.items()):
        print(f"{code}: {right} of {all_of_them} findings were planted")
    print("all findings: " + ", ".join(f"{code} {count}" for code, count in
                                       sorted(collections.Counter(f["code"] for f in findings).items())))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("list")
    one.add_argument("images")
    one.add_argument("folder")
    one.add_argument("--seed", type=int, default=1)
    one.set_defaults(act=make_list)
    two = commands.add_parser("score")
    two.add_argument("truth")
    two.add_argument("findings")
    two.add_argument("gallery")
    two.set_defaults(act=score)
    arguments = parser.parse_args()
    arguments.act(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
