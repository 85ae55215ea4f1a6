"""The command line face_detection, for those who call it through Python. Needs click."""

from __future__ import annotations

import os
from typing import List

import click

from vultus.face_recognition import api
from vultus.face_recognition._folders import image_files_in_folder, lines_of


def lines_for(file: str, model: str, upsample: int) -> List[str]:
    """The lines of one picture."""
    faces = api.face_locations(api.load_image_file(file), number_of_times_to_upsample=upsample, model=model)
    return [f"{file},{top},{right},{bottom},{left}" for top, right, bottom, left in faces]


@click.command()
@click.argument("image_to_check")
@click.option("--cpus", default=1, help="pictures looked at side by side; -1 means all processors")
@click.option("--model", default="hog", help="hog or cnn; both are the detector of Vultus")
@click.option("--upsample", default=0, help="without effect: small faces are found anyway")
def main(image_to_check: str, cpus: int, model: str, upsample: int) -> None:
    """Finds faces: file, top, right, bottom, left."""
    files = image_files_in_folder(image_to_check) if os.path.isdir(image_to_check) else [image_to_check]
    for line in lines_of(files, lambda file: lines_for(file, model, upsample), cpus):
        print(line)
