"""A plain server of face_recognition on FastAPI, as its users write them: what `vultus serve` is timed beside.

    VULTUS_BENCH_KNOWN=FOLDER python -m uvicorn --app-dir bench/server peer_fastapi:app

FOLDER has one picture a person, NAME.jpg. Form field `image`; the answer names each face.
"""
import io
import os
import pathlib

import face_recognition
from fastapi import FastAPI, File, UploadFile

app = FastAPI()
names, encodings = [], []
for path in sorted(pathlib.Path(os.environ["VULTUS_BENCH_KNOWN"]).iterdir()):
    found = face_recognition.face_encodings(face_recognition.load_image_file(str(path)))
    if found:
        names.append(path.stem)
        encodings.append(found[0])


@app.post("/identify")
def identify(image: UploadFile = File(...)):
    picture = face_recognition.load_image_file(io.BytesIO(image.file.read()))
    faces = []
    for place, encoding in zip(face_recognition.face_locations(picture), face_recognition.face_encodings(picture)):
        distances = face_recognition.face_distance(encodings, encoding)
        best = int(distances.argmin())
        faces.append({"box": place, "subject": names[best] if distances[best] <= 0.6 else None,
                      "distance": float(distances[best])})
    return {"faces": faces}
