#!/usr/bin/env python3
"""Fits the weights of the unified quality score (vultus/face/quality.cpp).

  vultus bench quality --images lfw/ --pairs lfw/pairs.txt --chosen-on --probes probes.csv
  bench/quality/fit_unified.py probes.csv THRESHOLD

Reads the probes of the people that choices are made on, and fits a logistic regression of "the probe matches at the
threshold" on what each score lacks of 100 and on the detector's doubt, with weights that may not be negative: no
shortcoming can count in favour. Prints the weights, and with two halves of the people in turn how well such weights
sort probes that they have not seen. THRESHOLD is the one that the benchmark printed. Needs numpy.
"""
import csv
import sys

import numpy as np

MEASURES = ("inter_eye_distance sharpness under_exposure_prevention over_exposure_prevention dynamic_range "
            "illumination_uniformity head_pose_yaw head_pose_pitch head_pose_roll eyes_visible "
            "mouth_occlusion_prevention eyes_open mouth_closed compression_artifacts").split()
STEPS = 6000
SHRINK = 1e-4


def fit(shortfalls, failed):
    """Accelerated projected gradient; the last weight is the constant."""
    design = np.c_[shortfalls, np.ones(len(shortfalls))]
    rate = np.linalg.eigvalsh(design.T @ design / len(design))[-1] / 4 + SHRINK
    weights = np.zeros(design.shape[1])
    ahead, momentum = weights.copy(), 1.0
    for _ in range(STEPS):
        slope = design.T @ (1 / (1 + np.exp(-design @ ahead)) - failed) / len(design) + SHRINK * np.r_[ahead[:-1], 0]
        moved = ahead - slope / rate
        moved[:-1] = np.maximum(moved[:-1], 0)
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = moved + (momentum - 1) / following * (moved - weights)
        weights, momentum = moved, following
    return weights


def discard(score, failed):
    kept = failed[np.argsort(score, kind="stable")]
    return {share: round(float(kept[len(kept) * share // 100:].mean()), 4) for share in (0, 5, 10, 20, 30, 50)}


def main():
    path, threshold = sys.argv[1], float(sys.argv[2])
    with open(path, newline="", encoding="utf-8") as file:
        probes = [row for row in csv.DictReader(file) if row["found"] == "1"]
    person = np.array([int(row["person"]) for row in probes])
    failed = np.array([float(row["similarity"]) < threshold for row in probes], float)
    lack = np.array([[1 - float(row[m + "_score"] or 100) / 100 for m in MEASURES] +
                     [min(1, max(0, (1 - float(row["detection"])) / 0.5))] for row in probes])
    unseen = np.zeros(len(probes))
    for half in (0, 1):
        weights = fit(lack[person % 2 != half], failed[person % 2 != half])
        unseen[person % 2 == half] = -(lack[person % 2 == half] @ weights[:-1])
    print("failures left after discarding percent, people not fitted on:", discard(unseen, failed))
    for name, weight in zip(MEASURES + ["detection", "constant"], fit(lack, failed)):
        print(f"{name:28} {weight:7.3f}")


if __name__ == "__main__":
    main()
