#!/usr/bin/env python3
"""Makes tests/golden/dlib.json: what dlib itself makes of pictures from a formula and of the sample photos.

  python3 -m venv venv
  venv/bin/pip install dlib-bin==20.0.1.post1 numpy pillow 'setuptools<80'
  venv/bin/pip install --no-deps face_recognition_models==0.3.0
  tools/setup samples
  venv/bin/python tests/golden/make_dlib_golden.py >tests/golden/dlib.json

The formula pictures need no decoder, so chips and landmarks of them must agree to the last bit. Photos are decoded by
Pillow here and by Vultus there.
"""
import hashlib
import json
import os
import pathlib

import dlib
import face_recognition_models as models
import numpy as np
import PIL.Image

FIVE = dlib.shape_predictor(models.pose_predictor_five_point_model_location())
ALL = dlib.shape_predictor(models.pose_predictor_model_location())
NET = dlib.face_recognition_model_v1(models.face_recognition_model_location())
HOG = dlib.get_frontal_face_detector()
CACHE = pathlib.Path(os.environ.get("VULTUS_CACHE", pathlib.Path.home() / ".cache" / "vultus"))
PHOTOS = ["obama.jpg", "obama2.jpg", "obama_partial_face.jpg", "obama_partial_face2.jpg", "biden.jpg"]
# Points of a face of 100 pixels; turned, scaled and shifted below.
FACE = np.array([[86, 21], [65, 23], [12, 21], [33, 23], [49, 63]], float)


def formula(width, height):
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    return np.stack([(x * 7 + y * 3 + (x * y) // 64) % 256, (x * 5 + y * 11) % 256, ((x // 8) * 37 + (y // 8) * 53) % 256],
                    -1).astype(np.uint8)


def detection(rect, points):
    return dlib.full_object_detection(dlib.rectangle(*rect), [dlib.point(int(x), int(y)) for x, y in points])


def parts(predictor, picture, rect):
    return [[p.x, p.y] for p in predictor(picture, dlib.rectangle(*rect)).parts()]


def chip_row(picture, points):
    shape = detection((0, 0, 10, 10), points)
    chip = dlib.get_face_chip(picture, shape, 150, 0.25)
    return {"points": [[int(x), int(y)] for x, y in points], "sha256": hashlib.sha256(chip.tobytes()).hexdigest(),
            "first": chip[75, 70:75].ravel().tolist(),
            "descriptor": [round(v, 7) for v in NET.compute_face_descriptor(picture, shape)]}


def main():
    picture = formula(700, 520)
    chips = []
    for scale, degrees, x, y in ((0.6, 0, 50, 60), (1.3, 12, 300, 200), (2.9, -35, 260, 140), (5.5, 4, 60, -40),
                                 (1.5, 90, 690, 500), (0.97, 181, 400, 300), (7.7, 0.5, -20, -20)):
        a = np.radians(degrees)
        turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
        chips.append(chip_row(picture, np.floor(FACE @ turn.T * scale + (x, y) + 0.5)))
    rects = [[100, 80, 300, 280], [-40, -30, 160, 170], [500, 300, 760, 561], [20, 20, 60, 60]]
    shapes = [{"rect": r, "five": parts(FIVE, picture, r), "all": parts(ALL, picture, r)} for r in rects]
    chips.append(chip_row(picture, parts(ALL, picture, rects[0])))
    photos = []
    for name in PHOTOS:
        image = np.array(PIL.Image.open(CACHE / "samples" / "face_recognition-1.3.0" / name).convert("RGB"))
        face = HOG(image, 1)[0]
        rect = [face.left(), face.top(), face.right(), face.bottom()]
        shape = FIVE(image, face)
        photos.append({"photo": "face_recognition-1.3.0/" + name, "rect": rect, "five": parts(FIVE, image, rect),
                       "all": parts(ALL, image, rect),
                       "descriptor": [round(v, 7) for v in NET.compute_face_descriptor(image, shape)]})
    about = f"Made by tests/golden/make_dlib_golden.py with dlib {dlib.__version__}, Pillow {PIL.__version__}."
    print(json.dumps({"about": about, "width": 700, "height": 520, "chips": chips, "shapes": shapes, "photos": photos})
          .replace('{"points"', '\n{"points"').replace('{"rect"', '\n{"rect"').replace('{"photo"', '\n{"photo"'))


if __name__ == "__main__":
    main()
