#!/usr/bin/env python3
"""Trains the head that reads blendshape weights from landmarks, on planted faces alone.

    python3 tools/train_blendshapes.py MODEL_FOLDER      # ICT-FaceKit light: neutral.npy, expressions.npy, identities.npy, index.json

Draws identities and expressions of the linear face model, takes 57 of its 68 landmarks in the axes of the head, less those
of the same person at rest (or of the mean head, in three faces of ten), with noise as landmarks and pose have it, and fits
the weights of the shapes by ridge regression. Writes vultus/expression/blendshape_rows.cpp and
models/training/blendshapes.card.json. Needs numpy.
"""
import argparse
import hashlib
import json
import pathlib

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
POINTS = [6, 7, 8, 9, 10] + list(range(17, 68))  # chin, brows, nose, eyes, mouth: the sides of the jaw are no places on a head
NOISE = 0.01  # of the distance of the outer eye corners, each axis: landmarks
TURNED = np.radians(25)  # heads turn evenly up to so far
POSE_NOISE = np.radians(1.5)
MEAN_REST = 0.3  # share of faces that are held against the mean head
RIDGE = 3e-4  # of the number of samples, on features in eye distances: chosen on faces drawn apart from the test
LEAST_R2 = 0.3  # shapes that are read worse on planted faces are not told
LEFT_OUT = ("eyeLook", "PupilDilate", "mouthClose")  # eyes are read by other analysers; lips close over an open jaw alone


# Of each of the 68 points the one on the other side of the face.
MIRROR = (list(range(16, -1, -1)) + list(range(26, 16, -1)) + [27, 28, 29, 30] + list(range(35, 30, -1))
          + [45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40] + list(range(54, 47, -1)) + list(range(59, 54, -1))
          + list(range(64, 59, -1)) + [67, 66, 65])


def other_side(name):
    swapped = {"_L": "_R", "_R": "_L"}
    if name[-2:] in swapped:
        return name[:-2] + swapped[name[-2:]]
    return {"jawLeft": "jawRight", "jawRight": "jawLeft", "mouthLeft": "mouthRight", "mouthRight": "mouthLeft"}.get(name, name)


def symmetric(names, matrix, flat):
    """A mirrored face has mirrored weights: the mean of the head and of its mirror image."""
    features = [2 * POINTS.index(MIRROR[p]) + axis for p in POINTS for axis in (0, 1)]
    sign = np.array([-1, 1] * len(POINTS))
    shapes = [names.index(other_side(n)) for n in names]
    return (matrix + (matrix[features] * sign[:, None])[:, shapes]) / 2, (flat + flat[features] * sign) / 2


def load(folder):
    index = json.loads((folder / "index.json").read_text())
    vertices = np.array(index["idx_to_landmark_verts"])[POINTS]
    corners = np.array(index["idx_to_landmark_verts"])[[36, 45]]
    axes = np.array([1, -1, -1], np.float64)  # y down, z away from the viewer
    take = lambda name, v: np.load(folder / name, mmap_mode="r")[..., v, :].astype(np.float64) * axes
    eyes = np.linalg.norm(np.diff(take("neutral.npy", corners), axis=0))
    names = [n for n in index["expressions"] if not n.startswith(LEFT_OUT)]
    rows = [index["expressions"].index(n) for n in names]
    middle = take("neutral.npy", corners).mean(0)
    return (names, (take("neutral.npy", vertices) - middle) / eyes, take("identities.npy", vertices) / eyes,
            take("expressions.npy", vertices)[rows] / eyes)


def weights(names, count, rng):
    """A few shapes at a time, both sides alike in seven faces of ten."""
    drawn = np.zeros((count, len(names)))
    stems = sorted({n[:-2] if n[-2:] in ("_L", "_R") else n for n in names})
    for row in drawn:
        for stem in rng.choice(stems, rng.integers(0, 7), replace=False):
            if stem in names:
                row[names.index(stem)] = rng.random()
                continue
            left, right = names.index(stem + "_L"), names.index(stem + "_R")
            row[left] = rng.random()
            row[right] = row[left] if rng.random() < 0.7 else rng.random()
    return drawn


def rotations(angles):
    sx, sy, sz = np.sin(angles).T
    cx, cy, cz = np.cos(angles).T
    one, nil = np.ones_like(sx), np.zeros_like(sx)
    matrix = lambda *v: np.stack(v, -1).reshape(-1, 3, 3)
    return (matrix(one, nil, nil, nil, cx, -sx, nil, sx, cx) @ matrix(cy, nil, sy, nil, one, nil, -sy, nil, cy)
            @ matrix(cz, -sz, nil, sz, cz, nil, nil, nil, one))


def seen(points, rng):
    """Points as they come: turned, with noise in the picture and more along the line of sight, turned back by a pose that
    is a little wrong, divided by the distance of the eye corners."""
    turn = rng.uniform(-TURNED, TURNED, (len(points), 3))
    there = points @ rotations(turn).transpose(0, 2, 1)
    there += rng.normal(0, 1, there.shape) * NOISE * np.array([1, 1, 3])
    back = there @ rotations(turn + rng.normal(0, POSE_NOISE, turn.shape))
    corners = [POINTS.index(36), POINTS.index(45)]
    size = np.linalg.norm(back[:, corners[0]] - back[:, corners[1]], axis=1)[:, None, None]
    back = back - back[:, corners].mean(1, keepdims=True)
    return (back / size)[:, :, :2].reshape(len(points), -1)


def faces(model, count, rng, own):
    names, mean, identities, shapes = model
    drawn = weights(names, count, rng)
    rest = mean + np.tensordot(rng.normal(0, 1, (count, len(identities))), identities, 1)
    moving = rest + np.tensordot(drawn, shapes, 1)
    flat = (mean - mean[[POINTS.index(36), POINTS.index(45)]].mean(0))[:, :2].reshape(-1)
    reference = np.mean([seen(rest, rng) for _ in range(5)], axis=0)
    strangers = rng.random(count) >= own
    reference[strangers] = flat
    return seen(moving, rng) - reference, drawn, flat


def r2(truth, said):
    return 1 - ((truth - said) ** 2).sum(0) / ((truth - truth.mean(0)) ** 2).sum(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=40000)
    parser.add_argument("--dry", action="store_true", help="measure alone, write nothing")
    options = parser.parse_args()
    model = load(options.model)
    names = model[0]
    x, y, flat = faces(model, options.count, np.random.default_rng(1), 1 - MEAN_REST)
    matrix = np.linalg.solve(x.T @ x + RIDGE * len(x) * np.eye(x.shape[1]), x.T @ y)
    matrix, flat = symmetric(names, matrix, flat)
    scores = {}
    for kind, own in (("own rest", 1.0), ("mean head", 0.0)):
        test_x, test_y, _ = faces(model, options.count // 8, np.random.default_rng(2), own)
        scores[kind] = r2(test_y, np.clip(test_x @ matrix, 0, 1))
    print("R2 on planted faces drawn anew:", {k: round(float(v.mean()), 3) for k, v in scores.items()})
    both = [(v + scores["own rest"][names.index(other_side(names[i]))]) / 2 for i, v in enumerate(scores["own rest"])]
    kept = [i for i, v in enumerate(both) if v >= LEAST_R2]
    for i, name in enumerate(names):
        print(f"{name:20} {scores['own rest'][i]:.2f} {scores['mean head'][i]:.2f}{'' if i in kept else '   not told'}")
    if options.dry:
        return
    write(names, kept, matrix, flat, scores, options)


def write(names, kept, matrix, flat, scores, options):
    number = lambda v: f"{v:.4f}F"
    table = ["// Generated by tools/train_blendshapes.py: do not edit.", "// clang-format off",
             "#include <vultus/expression/blendshapes.hpp>", "", "namespace vultus::expression {", "namespace {", "",
             f"constexpr std::array<BlendshapeRow, {len(kept)}> kBlendshapes{{{{"]
    for i in kept:
        table.append(f"    {{\"{names[i]}\", {scores['own rest'][i]:.2f}, {{")
        table.append("        " + ", ".join(number(v) for v in matrix[:, i]) + "}},")
    table += ["}};", f"constexpr BlendshapeFeatures kMeanRest{{{{", "    " + ", ".join(number(v) for v in flat) + "}};", "",
              "}  // namespace", "",
              "std::span<const BlendshapeRow> blendshapes() { return kBlendshapes; }",
              "const BlendshapeFeatures& mean_rest() { return kMeanRest; }", "", "}  // namespace vultus::expression", ""]
    (ROOT / "vultus/expression/blendshape_rows.cpp").write_text("\n".join(table))
    hashes = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(options.model.glob("*.npy"))}
    card = {"name": "blendshapes", "command": f"python3 tools/train_blendshapes.py {options.model.name}",
            "what": "weights of face shapes (names of ARKit and ICT-FaceKit) from 56 of the 68 landmarks in the axes of the "
                    "head, against the same person at rest",
            "data": "planted: drawn faces of ICT-FaceKit light; no picture of anybody",
            "terms": "ICT-FaceKit light is under the MIT licence (USC Institute for Creative Technologies)",
            "limits": "measured on planted faces alone; how well it reads people is not known. Shapes with R2 below "
                      f"{LEAST_R2} on planted faces are left out",
            "faces": options.count, "model_sha256": hashes,
            "r2_planted": {n: {k: round(float(v[i]), 3) for k, v in scores.items()} for i, n in enumerate(names)}}
    (ROOT / "models/training/blendshapes.card.json").write_text(json.dumps(card, indent=1) + "\n")


if __name__ == "__main__":
    main()
