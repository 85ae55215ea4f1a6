// What the programs of OpenFace do once their command line is read.
#pragma once

#include <cstdio>

#include <apps/openface/arguments.hpp>

namespace vultus::openface {

/// Looks at every input and writes its table; messages go to `err`. An input that fails is told, and the others go on.
/// Inputs of one name get numbered tables (clip.csv, clip-2.csv), which is told too.
/// @return the exit code: 0, or 1 where an input could not be read or nothing could be loaded
int run(Program program, const Arguments& arguments, std::FILE* err);

}  // namespace vultus::openface
