"""The command line face_recognition, for those who call it through Python. Needs click and Pillow."""

from __future__ import annotations

import os
from typing import List, Tuple

import click
import numpy as np
import PIL.Image

from vultus.face_recognition import api
from vultus.face_recognition._folders import image_files_in_folder, lines_of


def scan_known_people(known_people_folder: str) -> Tuple[List[str], List[api.Encoding]]:
    """Names and encodings from a folder with one picture of each person."""
    names, encodings = [], []
    for file in image_files_in_folder(known_people_folder):
        found = api.face_encodings(api.load_image_file(file))
        if len(found) > 1:
            click.echo(f"WARNING: More than one face found in {file}. Only considering the first face.")
        if not found:
            click.echo(f"WARNING: No faces found in {file}. Ignoring file.")
            continue
        names.append(os.path.splitext(os.path.basename(file))[0])
        encodings.append(found[0])
    return names, encodings


def lines_for(file: str, names: List[str], known: List[api.Encoding], tolerance: float, show: bool) -> List[str]:
    """The lines of one picture."""
    image = api.load_image_file(file)
    if max(image.shape) > 1600:
        smaller = PIL.Image.fromarray(image)
        smaller.thumbnail((1600, 1600), PIL.Image.Resampling.LANCZOS)
        image = np.array(smaller)

    def line(name: str, distance: object) -> str:
        return f"{file},{name},{distance}" if show else f"{file},{name}"

    lines = []
    for encoding in api.face_encodings(image):
        distances = api.face_distance(known, encoding)
        matches = [line(name, distance) for name, distance in zip(names, distances) if distance <= tolerance]
        lines += matches or [line("unknown_person", None)]
    return lines or [line("no_persons_found", None)]


@click.command()
@click.argument("known_people_folder")
@click.argument("image_to_check")
@click.option("--cpus", default=1, help="pictures looked at side by side; -1 means all processors")
@click.option("--tolerance", default=0.6, help="largest distance that is the same person")
@click.option("--show-distance", default=False, type=bool, help="add the distance to every line")
def main(known_people_folder: str, image_to_check: str, cpus: int, tolerance: float, show_distance: bool) -> None:
    """Says who is on pictures, from a folder with one picture of each known person."""
    names, known = scan_known_people(known_people_folder)
    files = image_files_in_folder(image_to_check) if os.path.isdir(image_to_check) else [image_to_check]
    for line in lines_of(files, lambda file: lines_for(file, names, known, tolerance, show_distance), cpus):
        print(line)
