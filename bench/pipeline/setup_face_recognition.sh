#!/bin/sh
# Makes an environment with face_recognition 1.3.0 and dlib, compiled for this processor, for the row face_recognition of
# bench/pipeline/run.py: in the cache folder, peers/face_recognition. Takes some minutes; needs cmake, a C++ compiler,
# Python's headers and, for a fair comparison, OpenBLAS (tools/setup packages --bench).
#   bench/pipeline/setup_face_recognition.sh [FOLDER]
set -eu
case "${1:-}" in -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$("$root/tools/setup" cache-path)/peers/face_recognition}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet wheel cmake 'setuptools<80' numpy pillow click
# Not a wheel that was compiled before, when there may have been no OpenBLAS.
"$folder/bin/pip" install --no-cache-dir --force-reinstall --no-deps --no-build-isolation --no-binary dlib dlib==20.0.1
"$folder/bin/pip" install --quiet --no-deps face_recognition_models==0.3.0 face_recognition==1.3.0
"$folder/bin/python" -c 'import dlib, face_recognition
print("dlib", dlib.__version__, "AVX", dlib.USE_AVX_INSTRUCTIONS, "BLAS", dlib.DLIB_USE_BLAS)'
