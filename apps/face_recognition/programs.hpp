// What the two programs do once their command line is read.
#pragma once

#include <cstdio>

#include <apps/face_recognition/arguments.hpp>

namespace vultus::compat {

/// Reads the known people, looks at the probes and writes the lines of face_recognition to `out`; messages go to `err`.
/// @return the exit code: 0, or 1 where something could not be read or loaded
int run_recognition(const RecognitionArguments& arguments, std::FILE* out, std::FILE* err);

/// Writes the lines of face_detection.
int run_detection(const DetectionArguments& arguments, std::FILE* out, std::FILE* err);

}  // namespace vultus::compat
