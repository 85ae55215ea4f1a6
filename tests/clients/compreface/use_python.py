"""The unchanged Python client of CompreFace against a server of Vultus: every call that it has for faces.

Reads CLIENTS (folder that tools/setup clients made), PORT, RECOGNITION, DETECTION and VERIFICATION (keys); photos are
a.jpg and b.jpg of one person and c.jpg of another one.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.environ["CLIENTS"], "python"))
from compreface import CompreFace  # noqa: E402


def expect(truth, what):
    if not truth:
        sys.exit(f"not as expected: {what}")


def main():
    server = CompreFace("http://127.0.0.1", os.environ["PORT"], {"limit": 0, "status": True})
    recognition = server.init_face_recognition(os.environ["RECOGNITION"])
    detection = server.init_face_detection(os.environ["DETECTION"])
    verification = server.init_face_verification(os.environ["VERIFICATION"])
    faces, subjects = recognition.get_face_collection(), recognition.get_subjects()

    added = faces.add("a.jpg", "Barack Obama", {"det_prob_threshold": 0.5})
    expect(added["subject"] == "Barack Obama" and len(added["image_id"]) == 36, added)
    expect(subjects.add("joe") == {"subject": "joe"}, "a subject without a face")
    with open("c.jpg", "rb") as photo:
        faces.add(photo.read(), "joe")
    expect(subjects.list() == {"subjects": ["Barack Obama", "joe"]}, subjects.list())
    expect(faces.list()["total_elements"] == 2, faces.list())

    found = recognition.recognize("b.jpg", {"limit": 1, "prediction_count": 2, "face_plugins": "landmarks,calculator"})
    best, other = found["result"][0]["subjects"]
    expect(best["subject"] == "Barack Obama" and best["similarity"] > 0.5 > other["similarity"], found)
    expect(len(found["result"][0]["landmarks"]) == 5 and len(found["result"][0]["embedding"]) > 100, "plugins")
    expect(recognition.recognize("b.jpg")["plugins_versions"]["detector"], "status, which Python writes as True")

    verified = faces.verify("b.jpg", added["image_id"])
    expect(verified["result"][0]["subject"] == "Barack Obama" and verified["result"][0]["similarity"] > 0.5, verified)
    expect(detection.detect("a.jpg")["result"][0]["box"]["probability"] > 0.5, "detect")
    expect(verification.verify("a.jpg", "b.jpg")["result"][0]["face_matches"][0]["similarity"] > 0.5, "one person")
    expect(verification.verify("a.jpg", "c.jpg")["result"][0]["face_matches"][0]["similarity"] < 0.5, "two people")

    expect(subjects.update("joe", "Joe Biden") == {"updated": True}, "rename")
    expect(subjects.list() == {"subjects": ["Barack Obama", "Joe Biden"]}, subjects.list())
    expect(faces.delete(added["image_id"]) == {"image_id": added["image_id"], "subject": "Barack Obama"}, "delete")
    expect(faces.delete(added["image_id"]) == {"message": "Image ID not found", "code": 44}, "delete again")
    expect(faces.delete_all("Joe Biden") == {"deleted": 1}, "delete all examples")
    subjects.add("nobody")
    expect(subjects.delete("nobody") == {"subject": "nobody"}, "delete a subject")
    subjects.add("nobody")
    expect(subjects.delete_all() == {"deleted": 1}, "delete all subjects")
    expect(server.init_face_recognition(os.environ["DETECTION"]).recognize("a.jpg")["code"] == 10, "another service")
    print("the Python client is content")


main()
