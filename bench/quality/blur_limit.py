#!/usr/bin/env python3
"""How much sharper a JPEG must look than a picture without its grid, for the limit of the enrolment gate (enrol_gate.hpp).

  bench/quality/blur_limit.py build/release/bin/vultus lfw/ WORK_FOLDER [EVERY]

Takes each EVERYth (default 10) pair of pictures of one person of folds 1 to 5 (with --reported-on, of folds 6 to 10), blurs
the second picture by shares of the distance of the eyes, saves it as PNG and as JPEG of several qualities, and measures
`sharpness`, `compression_artifacts` and the similarity to the first picture. Tells for several steps, which are taken
off the sharpness for each level of the grid: the share of faces below 1.06 by blur and quality, and the share of blurred
faces that fail to match just below and just above 1.06. A step is right where these two shares are those of PNG.
Needs Pillow.
"""
import json
import pathlib
import subprocess
import sys

from PIL import Image, ImageFilter

BLURS = (0, 0.04, 0.08, 0.10, 0.13)  # of the distance of the eyes
QUALITIES = (None, 90, 75, 50, 30)   # None = PNG
STEPS = (0, 0.02, 0.025, 0.03, 0.035, 0.04)
LIMIT, WIDTH = 1.06, 0.02
MATCHES = 0.4522  # preset default, FMR 1e-3


def pairs_of(path, first_half):
    lines = path.read_text().splitlines()
    folds, each = (int(field) for field in lines[0].split())
    for number, line in enumerate(lines[1:]):
        fields = line.split()
        if len(fields) == 3 and (number // (2 * each) < folds // 2) == first_half:
            yield fields[0], int(fields[1]), int(fields[2])


def lines_of(program, command, *names):
    done = subprocess.run([program, command, *map(str, names), "--json", "--quiet"], stdout=subprocess.PIPE, text=True)
    faces = [json.loads(line) for line in done.stdout.splitlines()]
    return {face["file"]: face for face in reversed(faces) if face.get("face") == 1}


def plant(program, lfw, work, every, first_half):
    """Returns [(first picture, blurred copy, blur, quality)]."""
    picture = lambda name, number: lfw / "images" / name / f"{name}_{number:04d}.jpg"
    chosen = [(picture(n, a), picture(n, b)) for n, a, b in list(pairs_of(lfw / "pairs.txt", first_half))[::every]]
    faces = lines_of(program, "detect", *dict.fromkeys(second for _, second in chosen))
    planted = []
    for first, second in chosen:
        if str(second) not in faces:
            continue
        whole = Image.open(second).convert("RGB")
        for blur in BLURS:
            soft = whole.filter(ImageFilter.GaussianBlur(blur * faces[str(second)]["inter_eye_px"])) if blur else whole
            for quality in QUALITIES:
                copy = work / f"{len(planted):06d}.{'jpg' if quality else 'png'}"
                soft.save(copy, **({"quality": quality} if quality else {}))
                planted.append((first, copy, blur, quality))
    return planted


def share(values):
    values = list(values)
    return f"{100 * sum(values) / len(values):3.0f} % of {len(values):4d}" if values else "  -"


def main(arguments):
    first_half = "--reported-on" not in arguments
    program, lfw, work, *rest = [a for a in arguments if a != "--reported-on"]
    lfw, work = pathlib.Path(lfw), pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    planted = plant(program, lfw, work, int(rest[0]) if rest else 10, first_half)
    measured = lines_of(program, "quality", work)
    templates = lines_of(program, "embed", work, *dict.fromkeys(first for first, *_ in planted))
    rows = []
    for first, copy, blur, quality in planted:
        face = measured.get(str(copy))
        if face is None or str(copy) not in templates or str(first) not in templates:
            continue
        value = lambda name: (face["quality"]["measures"].get(name) or {}).get("value")
        alike = sum(a * b for a, b in zip(templates[str(first)]["embedding"], templates[str(copy)]["embedding"]))
        if value("sharpness") is not None:
            rows.append((blur, quality, value("sharpness"), max(0, value("compression_artifacts") or 0), alike < MATCHES))
    print(f"{len({first for first, *_ in planted})} people, {len(rows)} faces of {len(planted)} pictures")
    for step in STEPS:
        told = [(blur, quality, sharp - step * grid, failed) for blur, quality, sharp, grid, failed in rows]
        print(f"\nstep {step}: share below {LIMIT}")
        for blur in BLURS:
            print(f"  blur {blur:4}: " + "  ".join(
                f"{f'JPEG {q}' if q else 'PNG'} {share(s < LIMIT for b, k, s, _ in told if (b, k) == (blur, q))}" for q in QUALITIES))
        for name, kinds in (("PNG ", (None,)), ("JPEG", QUALITIES[1:])):
            below = share(f for b, k, s, f in told if b and k in kinds and LIMIT - WIDTH <= s < LIMIT)
            above = share(f for b, k, s, f in told if b and k in kinds and LIMIT <= s < LIMIT + WIDTH)
            print(f"  {name} fail below: {below}, above: {above}")


if __name__ == "__main__":
    main(sys.argv[1:])
