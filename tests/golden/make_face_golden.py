#!/usr/bin/env python3
"""Makes tests/golden/faces.json: what the shipped networks say about the sample photos, decoded without any code of Vultus.

  python3 -m venv venv
  venv/bin/pip install openvino==2026.4.1 numpy opencv-python-headless
  tools/setup samples && vultus models fetch --all
  venv/bin/python tests/golden/make_face_golden.py >tests/golden/faces.json

OpenVINO runs the networks in f32. Everything around them is written here a second time with numpy and OpenCV's Python
package: input sizes, anchors, boxes, overlaps, crops, alignment (by a singular value decomposition), mirror averaging.
The networks themselves are the same files, so this checks the code around them and nothing of their accuracy.
"""
import argparse
import hashlib
import json
import math
import os
import pathlib
import sys

import cv2
import numpy as np
import openvino as ov

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PHOTOS = ["face_recognition-1.3.0/obama.jpg", "face_recognition-1.3.0/biden.jpg", "face-api-1.7.15/sample2.jpg",
          "face-api-1.7.15/sample5.jpg"]
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
CORE = ov.Core()


class Net:
    """One network with some of its tensors as outputs."""

    def __init__(self, cache, name, tensors, shape=None):
        self.row = json.loads((ROOT / "models" / f"{name}.json").read_text())
        file = self.row["files"][0]
        path = cache / "models" / f"{name}-{file['sha256'][:16]}.{self.row['format']}"
        if hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
            sys.exit(f"{path} is not the file of its manifest")
        model = CORE.read_model(path)
        outputs = []
        for tensor in tensors:
            outputs += [output for op in model.get_ordered_ops() for output in op.outputs()
                        if tensor in output.get_names()][:1]
        model = ov.Model(outputs, model.get_parameters(), name)
        if shape:
            model.reshape(shape)
        self.net = CORE.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1})

    def __call__(self, x):
        answer = self.net(np.ascontiguousarray(x, np.float32))
        return [answer[o].copy() for o in self.net.outputs]


def shrink_or_grow(picture, width, height):
    area = picture.shape[1] >= 2 * width or picture.shape[0] >= 2 * height
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if area else cv2.INTER_LINEAR)


def up64(value):
    return 64 * max(1, math.ceil(value / 64 - 1e-4))


def boxes_at(cache, rgb, side):
    """Scores and boxes of one look at the whole picture, its longer side shrunk to `side`."""
    height, width = rgb.shape[:2]
    k = min(1.0, side / max(width, height))
    w, h = up64(width * k), up64(height * k)
    inner_w, inner_h = min(w, round(width * k)), min(h, round(height * k))
    x = np.full((h, w, 3), 127, np.uint8)
    x[:inner_h, :inner_w] = shrink_or_grow(rgb, inner_w, inner_h)
    net = Net(cache, "fr_detect", ["scores", "462"], [1, 3, h, w])
    scores, raw = net(((x.astype(np.float32) - 127) / 128).transpose(2, 0, 1)[None])
    priors = []
    for stride, sides in ((8, (10, 16, 24)), (16, (32, 48)), (32, (64, 96)), (64, (128, 192, 256))):
        ys, xs = np.mgrid[0:math.ceil(h / stride), 0:math.ceil(w / stride)]
        grid = np.stack([(xs + 0.5) * stride, (ys + 0.5) * stride], -1).reshape(-1, 1, 2)
        priors.append(np.concatenate([np.repeat(grid, len(sides), 1),
                                      np.tile(np.array(sides, float)[None, :, None], (len(grid), 1, 1))], 2).reshape(-1, 3))
    p = np.concatenate(priors)
    centre = p[:, :2] + 0.1 * raw[0, :, :2] * p[:, 2:]
    size = p[:, 2:] * np.exp(0.2 * raw[0, :, 2:])
    scale = np.array([width / inner_w, height / inner_h])
    boxes = np.concatenate([(centre - size / 2) * scale, size * scale], 1)
    inside = np.all(boxes[:, :2] + boxes[:, 2:] / 2 <= [width, height], 1)
    return scores[0, inside, 1], boxes[inside]


def iou(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(0, w) * max(0, h)
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)


def detect(cache, rgb, threshold=0.6, overlap=0.3):
    looks = [320] + ([1280] if max(rgb.shape[:2]) > 400 else [])
    found = [(s, b) for side in looks for s, b in zip(*boxes_at(cache, rgb, side)) if s >= threshold]
    kept = []
    for score, box in sorted(found, key=lambda item: -item[0]):
        if all(iou(box, other) <= overlap for _, other in kept):
            kept.append((score, box))
    return kept


def landmarks(net, rgb, box):
    height, width = rgb.shape[:2]
    cx, cy, half = box[0] + box[2] / 2, box[1] + box[3] / 2, box[3] / 2
    x0, y0 = (math.floor(min(max(v, 0), most)) for v, most in ((cx - half, width), (cy - half, height)))
    x1, y1 = (math.ceil(min(max(v, 0), most)) for v, most in ((cx + half, width), (cy + half, height)))
    # Grey first, then smaller: the other order than in Vultus, at most one grey level apart.
    grey = cv2.cvtColor(rgb[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY)
    (points,) = net(shrink_or_grow(grey, 64, 64)[None, None].astype(np.float32) / 256)
    return points.reshape(68, 2) * [x1 - x0, y1 - y0] + [x0, y0]


def keypoints(p):
    return np.array([p[[37, 38, 40, 41]].mean(0), p[[43, 44, 46, 47]].mean(0), p[30], p[[48, 60]].mean(0),
                     p[[54, 64]].mean(0)])


def umeyama(source, target):
    """S. Umeyama 1991, equations 40-42, as a 2x3 matrix."""
    ms, mt = source.mean(0), target.mean(0)
    s, t = source - ms, target - mt
    u, d, vt = np.linalg.svd(t.T @ s / len(s))
    sign = np.diag([1, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    r = u @ sign @ vt
    c = np.trace(np.diag(d) @ sign) / (s ** 2).sum(1).mean()
    return np.hstack([c * r, (mt - c * r @ ms)[:, None]])


def warp(rgb, matrix, side):
    """Linear interpolation; where the crop is less than two thirds as large, the mean of 8 x 8 of them for each pixel."""
    if math.hypot(matrix[0, 0], matrix[1, 0]) >= 2 / 3:
        return cv2.warpAffine(rgb, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    fine = matrix * 8 + [[0, 0, 3.5], [0, 0, 3.5]]
    large = cv2.warpAffine(rgb, fine, (side * 8, side * 8), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    means = large.reshape(side, 8, side, 8, 3).astype(np.float64).mean((1, 3))
    return np.round(means).astype(np.uint8)


def flag(net, rgb, box, points):
    dx, dy = points[1] - points[0]
    angle, k = math.atan2(dy, dx), 192 / (1.35 * max(box[2], box[3]))
    turn = k * np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    centre = np.array([box[0] + box[2] / 2, box[1] + box[3] / 2])
    crop = warp(rgb, np.hstack([turn, (96 - turn @ centre)[:, None]]), 192)
    (logit,) = net(crop[None].astype(np.float32) / 255)
    return 1 / (1 + math.exp(-float(logit.reshape(-1)[0])))


def unit(v):
    return v / np.linalg.norm(v)


def rounded(values, digits):
    return [round(float(v), digits) for v in np.asarray(values).reshape(-1)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    parser.add_argument("--cache", type=pathlib.Path, default=os.environ.get("VULTUS_CACHE") or f"{home}/vultus")
    cache = parser.parse_args().cache
    points_net = Net(cache, "fr_landmark", ["output"])
    mesh = Net(cache, "mp_face_mesh", ["conv2d_31"])
    small = Net(cache, "mobilefacenet192", ["embeddings"])
    large = Net(cache, "fr_feature", ["output"])
    photos = []
    for name in PHOTOS:
        rgb = cv2.cvtColor(cv2.imread(str(cache / "samples" / name)), cv2.COLOR_BGR2RGB)
        faces = []
        for score, box in detect(cache, rgb):
            points = landmarks(points_net, rgb, box)
            five = keypoints(points)
            crop = warp(rgb, umeyama(five, TEMPLATE), 112)
            pair = np.stack([crop, crop[:, ::-1]]).astype(np.float32)
            both = small((pair - 127.5) / 128)[0]
            one = large(((crop.astype(np.float32) - 127) / 128).transpose(2, 0, 1)[None])[0][0]
            faces.append({"score": round(float(score), 5), "box": rounded(box, 2), "points": rounded(points, 2),
                          "keypoints": rounded(five, 2), "flag": round(flag(mesh, rgb, box, five), 4),
                          "mobilefacenet192+mirror": rounded(unit(unit(both[0]) + unit(both[1])), 5),
                          "fr_feature": rounded(unit(one), 5)})
        photos.append({"photo": name, "width": rgb.shape[1], "height": rgb.shape[0], "faces": faces})
    about = (f"Made by tests/golden/make_face_golden.py with OpenVINO {ov.__version__.split('-')[0]} in f32, numpy "
             f"{np.__version__} and OpenCV {cv2.__version__}.")
    print("{" + f'"about": {json.dumps(about)},\n"photos": [')
    for i, photo in enumerate(photos):
        head = {key: value for key, value in photo.items() if key != "faces"}
        print(json.dumps(head)[:-1] + ', "faces": [')
        print(",\n".join(json.dumps(face, separators=(",", ":")) for face in photo["faces"]))
        print("]}" + ("," if i + 1 < len(photos) else ""))
    print("]}")


if __name__ == "__main__":
    main()
