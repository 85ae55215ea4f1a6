"""The functions of the package face_recognition 1.3.0, with the networks of Vultus and dlib's descriptors.

    from vultus import face_recognition          # instead of: import face_recognition

Encodings are dlib's own 128 numbers: those that a program has stored stay comparable, and 0.6 stays the tolerance. Faces
are found by the detector of Vultus, so boxes differ by some pixels; see docs/drop-in.md. $VULTUS_MODELS and $VULTUS_CACHE
say where networks lie; VULTUS_COMMERCIAL_ONLY=1 refuses those that are not stated to be free for commercial use.
"""

from vultus.face_recognition.api import (batch_face_locations, compare_faces, face_distance, face_encodings,
                                         face_landmarks, face_locations, load_image_file)

__all__ = ["batch_face_locations", "compare_faces", "face_distance", "face_encodings", "face_landmarks",
           "face_locations", "load_image_file"]
__version__ = "1.3.0"
