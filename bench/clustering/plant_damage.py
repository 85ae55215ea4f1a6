#!/usr/bin/env python3
"""Copies a folder of people with some pictures damaged, to see whether poor faces spoil clusters. The damage is planted.

    bench/clustering/plant_damage.py FOLDER-PER-PERSON OUT      (needs Pillow)

Four in ten pictures, the same in every run, are blurred, made small, compressed hard or darkened; the others are linked.
People are sorted by the bytes of their names: those at odd places go to OUT/odd, the others to OUT/even.
"""
import hashlib
import os
import pathlib
import random
import sys

from PIL import Image, ImageFilter

SHARE = 0.4


def damage(picture, draw):
    """The damaged picture and the JPEG quality to write it with."""
    kind = draw.choice(["blur", "small", "jpeg", "dark"])
    if kind == "blur":
        return picture.filter(ImageFilter.GaussianBlur(draw.uniform(2, 7))), 90
    if kind == "small":
        scale = draw.uniform(0.12, 0.35)
        small = picture.resize(tuple(max(1, round(side * scale)) for side in picture.size), Image.BOX)
        return small.resize(picture.size, Image.BICUBIC), 90
    if kind == "jpeg":
        return picture, draw.randint(4, 12)
    light = draw.uniform(0.02, 0.1)
    return picture.point(lambda value: int(value * light)), 90


def main():
    if len(sys.argv) != 3 or sys.argv[1] in ("-h", "--help"):
        print(__doc__, file=sys.stderr)
        return 2
    source, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    people = sorted((p for p in source.iterdir() if p.is_dir()), key=lambda p: os.fsencode(p.name))
    for place, person in enumerate(people, 1):
        folder = out / ("odd" if place % 2 else "even") / person.name
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(person.iterdir()):
            draw = random.Random(hashlib.sha256(path.name.encode()).digest())
            if draw.random() > SHARE:
                (folder / path.name).symlink_to(path)
                continue
            picture, quality = damage(Image.open(path).convert("RGB"), draw)
            picture.save(folder / path.name, quality=quality)
    return 0


if __name__ == "__main__":
    sys.exit(main())
