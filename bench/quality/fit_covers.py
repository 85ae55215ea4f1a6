#!/usr/bin/env python3
"""Fits the weights that tell covered eyes and mouths (vultus/face/cover_weights.hpp).

  bench/quality/fit_covers.py build/release/bin/vultus lfw/ WORK_FOLDER > vultus/face/cover_weights.hpp

Plants covers on pictures of LFW, half of them damaged as well: plain and dark ones, sunglasses with a gleam, patches of
other pictures, stripes and dots, fingers in the colour of the cheek. Finds the faces again, since covers move the
landmarks, and fits a ridge-penalised logistic regression on oriented gradients of the aligned crop. Fitted on people of
folds 1 to 5, told on people of folds 6 to 10, also with one kind of cover left out of the fit. Needs numpy and Pillow.
"""
import io
import json
import pathlib
import random
import subprocess
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

KINDS = ("plain", "patch", "pattern", "fingers")
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
BINS, CELL = 6, 8
REGIONS = {"eyes": (20, 36, 72, 32), "mouth": (28, 76, 56, 32)}  # x, y, width, height in the crop
NOISE = 2.0    # levels: a gradient below says nothing
DAMP = 0.3     # of the mean cell's strength
RIDGE = 3.0
FALSE_ALARMS = 0.01  # share of uncovered faces of the fit that get a value below 0.5
MOST_TRAIN, MOST_TEST = 1000, 500


def halves(pairs):
    """People of folds 1 to 5, and of folds 6 to 10."""
    lines = pairs.read_text().splitlines()
    count = int(lines[0].split()[0])
    each = (len(lines) - 1) // count
    sides = (set(), set())
    for number, line in enumerate(lines[1:]):
        fields = line.split()
        sides[number // each * 2 // count].update(fields[:1] if len(fields) == 3 else (fields[0], fields[2]))
    return sides


def texture(kind, width, height, picture, points, others, rng):
    if kind == "plain":
        return Image.new("RGB", (width, height), tuple(rng.randrange(256) for _ in range(3)))
    if kind == "patch":  # of another picture, below and beside the face: clothes and surroundings
        other = Image.open(rng.choice(others)).convert("RGB")
        side = rng.randrange(40, 80)
        x, y = rng.choice((0, other.width - side)), rng.randrange(other.height - side - 40, other.height - side)
        return other.crop((x, y, x + side, y + side)).resize((width, height), Image.BILINEAR)
    yy, xx = np.mgrid[:height, :width]
    if kind == "pattern":
        step, form = rng.randrange(4, 14), rng.randrange(3)
        if form == 0:
            mask = (xx + yy * rng.choice((0, 1, -1))) // step % 2
        elif form == 1:
            mask = (xx // step + yy // step) % 2
        else:
            mask = (xx % step - step / 2) ** 2 + (yy % step - step / 2) ** 2 < (step / 3) ** 2
        colours = np.array([[rng.randrange(256) for _ in range(3)] for _ in range(2)], np.uint8)
        return Image.fromarray(colours[mask.astype(int)])
    # Fingers side by side, with shading, gaps and nails.
    cheek = points[0] * 0.25 + points[3] * 0.35 + points[2] * 0.4
    x, y = (max(3, int(v)) for v in cheek)
    skin = np.asarray(picture)[y - 3:y + 4, x - 3:x + 4].reshape(-1, 3).mean(0)
    lying = rng.random() < 0.7
    across = (yy / height if lying else xx / width) * rng.randrange(3, 5)
    across -= np.floor(across)
    along = xx / width if lying else yy / height
    shade = (0.72 + 0.34 * np.sin(np.pi * across.clip(0.02, 0.98))) * (0.9 + 0.2 * along * rng.choice((1, -1)))
    pixels = skin * shade[..., None] * rng.uniform(0.85, 1.12)
    nail = (across - 0.5) ** 2 * 4 + ((along - 0.12) / 0.06) ** 2 < 0.6
    pixels[nail] = pixels[nail] * 0.6 + np.array((235, 200, 190)) * 0.4
    pixels += np.random.default_rng(rng.randrange(1 << 30)).normal(0, 3, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def sunglasses(width, height, rng):
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    for left in (0.06, 0.53):
        draw.ellipse((width * left, height * 0.1, width * (left + 0.41), height * 0.95), fill=255)
    draw.rectangle((width * 0.4, height * 0.3, width * 0.6, height * 0.42), fill=255)
    yy, xx = np.mgrid[:height, :width]
    pixels = np.full((height, width), rng.randrange(8, 70), float) + np.linspace(0, rng.uniform(0, 70), height)[:, None]
    gleam = rng.uniform(0.1, 0.4)
    for left in (gleam, gleam + 0.47):
        pixels += rng.uniform(0, 130) * np.exp(-((xx / width - left) / 0.05) ** 2 - ((yy / height - 0.35) / 0.15) ** 2)
    return Image.fromarray(np.repeat(pixels[..., None], 3, 2).clip(0, 255).astype(np.uint8)), mask


def covered(picture, points, where, kind, others, rng):
    eyes, mouth = points[:2].mean(0), points[3:].mean(0)
    apart = np.linalg.norm(points[1] - points[0])
    turned = np.degrees(np.arctan2(*(points[1] - points[0])[::-1]))
    if where == "mouth":
        middle = mouth + (mouth - eyes) * rng.uniform(0, 0.25)
        width, height = apart * rng.uniform(1.3, 2.3), apart * rng.uniform(0.8, 1.5)
    else:
        middle, width, height = eyes, apart * rng.uniform(1.8, 2.5), apart * rng.uniform(0.5, 0.95)
    width, height = max(6, int(width)), max(6, int(height))
    if where == "eyes" and kind == "plain" and rng.random() < 0.7:
        fill, mask = sunglasses(width, height, rng)
    else:
        fill, mask = texture(kind, width, height, picture, points, others, rng), Image.new("L", (width, height), 0)
        form = rng.randrange(3)
        box = (0, 0, width - 1, height - 1)
        if form == 0:
            ImageDraw.Draw(mask).rounded_rectangle(box, radius=min(width, height) * 3 // 10, fill=255)
        elif form == 1:
            ImageDraw.Draw(mask).rectangle(box, fill=255)
        else:
            ImageDraw.Draw(mask).ellipse((-width // 8, -height // 8, width + width // 8, height + height // 8), fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.5)))
    angle = rng.uniform(-12, 12) - turned
    fill, mask = (image.rotate(angle, expand=True, resample=Image.BILINEAR) for image in (fill, mask))
    result = picture.copy()
    result.paste(fill, (int(middle[0] - fill.width / 2), int(middle[1] - fill.height / 2)), mask)
    return result


def damaged(picture, points, rng):
    """Half of the pictures: as dim, blurred, small, bright, turned or compressed as faces come."""
    apart = np.linalg.norm(points[1] - points[0])
    kind = rng.randrange(14)
    if kind == 0:
        return picture.filter(ImageFilter.GaussianBlur(float(apart) * rng.uniform(0.03, 0.09)))
    if kind == 1:
        scale = rng.uniform(9, 20) / apart
        return picture.resize((max(32, int(picture.width * scale)), max(32, int(picture.height * scale))), Image.BOX)
    if kind in (2, 3):
        stops = rng.uniform(2, 6) if kind == 2 else -rng.uniform(1, 3)
        return picture.point([min(255, round(255 * ((v / 255) ** 2.2 / 2 ** stops) ** (1 / 2.2))) for v in range(256)] * 3)
    if kind == 4:
        light = np.linspace(1, rng.uniform(0.02, 0.4), picture.width)[:: rng.choice((1, -1))] ** (1 / 2.2)
        return Image.fromarray((np.asarray(picture) * light[None, :, None]).astype(np.uint8))
    if kind == 5:
        return picture.rotate(rng.uniform(-50, 50), resample=Image.BILINEAR)
    if kind == 6:
        memory = io.BytesIO()
        picture.save(memory, "JPEG", quality=rng.randrange(8, 30))
        return Image.open(memory).convert("RGB")
    return picture


def faces(program, files):
    """The keypoints of the main face of each file."""
    found = {}
    for start in range(0, len(files), 500):
        call = [program, "detect", "--fast", "--json", "--quiet", *map(str, files[start:start + 500])]
        for line in subprocess.run(call, stdout=subprocess.PIPE, text=True, check=False).stdout.splitlines():
            row = json.loads(line)
            if row.get("face") == 1:
                found[pathlib.Path(row["file"])] = np.array(row["keypoints"])
    return found


def crop(path, points):
    """As align(): luma of 112 x 112 pixels, eyes, nose and mouth on the template."""
    from_mean, to_mean = points.mean(0), TEMPLATE.mean(0)
    source, target = points - from_mean, TEMPLATE - to_mean
    a = (source * target).sum() / (source**2).sum()
    b = (source[:, 0] * target[:, 1] - source[:, 1] * target[:, 0]).sum() / (source**2).sum()
    back = np.linalg.inv(np.array([[a, -b], [b, a]]))
    shift = from_mean - back @ to_mean
    picture = Image.open(path).convert("L")
    return np.asarray(picture.transform((112, 112), Image.AFFINE, (*back[0], shift[0], *back[1], shift[1]),
                                        Image.BILINEAR), float)


def gradients(pixels, region):
    """Strength by orientation in each cell, normalised within the cell: what visibility() in C++ computes."""
    x0, y0, width, height = region
    part = pixels[y0 - 1:y0 + height + 1, x0 - 1:x0 + width + 1]
    dx, dy = part[1:-1, 2:] - part[1:-1, :-2], part[2:, 1:-1] - part[:-2, 1:-1]
    strength = np.hypot(dx, dy)
    place = np.arctan2(dy, dx) % np.pi / np.pi * BINS
    lower = np.floor(place)
    share = place - lower
    down, across = height // CELL, width // CELL
    cells = np.zeros((down, across, BINS))
    row, column = np.mgrid[:height, :width] // CELL
    np.add.at(cells, (row, column, lower.astype(int) % BINS), strength * (1 - share))
    np.add.at(cells, (row, column, (lower.astype(int) + 1) % BINS), strength * share)
    squares = (cells**2).sum(2)
    floor = (DAMP**2) * squares.mean() + (NOISE * CELL * CELL) ** 2 / BINS
    return np.sqrt(cells / np.sqrt(squares + floor)[..., None]).ravel()


def fit(design, covered_ones):
    design = np.c_[design, np.ones(len(design))]
    penalty = np.r_[np.full(design.shape[1] - 1, RIDGE), 1e-9]
    weights = np.zeros(design.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-design @ weights))
        step = np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty),
                               design.T @ (p - covered_ones) + penalty * weights)
        weights -= step
        if np.abs(step).max() < 1e-7:
            break
    return weights


def area(covered_ones, others):
    ranks = np.concatenate([covered_ones, others]).argsort().argsort() + 1.0
    n = len(covered_ones)
    return (ranks[:n].sum() - n * (n + 1) / 2) / n / len(others)


def plant(program, lfw, work):
    """Writes the pictures. @return rows of (file, part, where, kind)"""
    rng = random.Random(11)
    sides = halves(lfw / "pairs.txt")
    people = sorted(folder for folder in (lfw / "images").iterdir() if folder.is_dir())
    rng.shuffle(people)
    chosen = [[folder for folder in people if folder.name in side][:most]
              for side, most in zip(sides, (MOST_TRAIN, MOST_TEST))]
    first = {folder: sorted(folder.glob("*.jpg"))[0] for part in chosen for folder in part}
    found = faces(program, list(first.values()))
    rows = []
    for part, folders in enumerate(chosen):
        others = [first[folder] for folder in folders]
        for number, folder in enumerate(folders):
            file = first[folder]
            if file not in found:
                continue
            for where in ("none", "mouth", "eyes"):
                kind = "none" if where == "none" else KINDS[(number + (where == "eyes")) % len(KINDS)]
                picture = Image.open(file).convert("RGB")
                if where != "none":
                    picture = covered(picture, found[file], where, kind, others, rng)
                name = work / f"{part}_{number:04d}_{where}_{kind}.png"
                damaged(picture, found[file], rng).save(name, compress_level=1)
                rows.append((name, part, where, kind))
    return rows


def told(weights, design):
    return np.c_[design, np.ones(len(design))] @ weights


def report(region, design, part, where, kind):
    """How well covers are seen on people and kinds that were not fitted on; to standard error."""
    train, test = part == 0, part == 1
    whole = fit(design[train], (where == region)[train])
    uncovered = test & (where != region)
    for one in KINDS:
        without = fit(design[train & (kind != one)], (where == region)[train & (kind != one)])
        those = test & (where == region) & (kind == one)
        limit = np.quantile(told(without, design[train & (where != region) & (kind != one)]), 1 - FALSE_ALARMS)
        print(f"{region:6} {one:8} {those.sum():4} faces: area {area(told(whole, design[those]), told(whole, design[uncovered])):.3f}, "
              f"kind not fitted on: {area(told(without, design[those]), told(without, design[uncovered])):.3f}, "
              f"found {np.mean(told(without, design[those]) > limit):.3f}", file=sys.stderr)
    limit = np.quantile(told(whole, design[train & (where != region)]), 1 - FALSE_ALARMS)
    those = test & (where == region)
    print(f"{region:6} all: area {area(told(whole, design[those]), told(whole, design[uncovered])):.3f}, found "
          f"{np.mean(told(whole, design[those]) > limit):.3f}, false {np.mean(told(whole, design[uncovered]) > limit):.3f}",
          file=sys.stderr)
    whole[-1] -= limit  # a value below 0.5 = above the limit
    return whole


def main():
    program, lfw, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    work.mkdir(parents=True, exist_ok=True)
    rows = plant(program, lfw, work)
    found = faces(program, [row[0] for row in rows])
    rows = [row for row in rows if row[0] in found]
    crops = [crop(row[0], found[row[0]]) for row in rows]
    part, where, kind = (np.array([row[i] for row in rows]) for i in (1, 2, 3))
    print("// How much each oriented gradient speaks for a cover; made by bench/quality/fit_covers.py.\n#pragma once\n\n"
          "#include <array>\n\nnamespace vultus::face::quality {\n")
    for region, place in REGIONS.items():
        design = np.array([gradients(pixels, place) for pixels in crops])
        weights = report(region, design, part, where, kind)
        numbers = ", ".join(f"{w:.3f}F" for w in weights)
        print(f"/// Cell by cell, {BINS} orientations each; the last is the constant. clang-format breaks the lines.\n"
              f"inline constexpr std::array<float, {len(weights)}> kCovered{region.capitalize()}{{\n    {numbers}}};\n")
    print("}  // namespace vultus::face::quality")


if __name__ == "__main__":
    main()
