// The command lines of the two programs.
#pragma once

#include <string>
#include <vector>

namespace vultus::compat {

/// What both programs take beside the options of the Python package: where Vultus finds its networks.
struct PlaceArguments {
  std::string models;
  std::string cache;
  bool commercial_only = false;
};

struct RecognitionArguments {
  std::string known;
  std::string probe;
  int cpus = 1;  ///< -1 = all
  double tolerance = 0.6;
  bool show_distance = false;
  std::string preset;  ///< empty = dlib's network; else the networks of a preset of Vultus, their distances rescaled
  bool native_distance = false;
  PlaceArguments places;
};

struct DetectionArguments {
  std::string probe;
  int cpus = 1;
  std::string model = "hog";
  int upsample = 0;
  PlaceArguments places;
};

/// How reading a command line ended: go on, or print `text` and end with `exit_code`.
struct ParseEnd {
  bool go_on = true;
  int exit_code = 0;
  std::string text;  ///< to standard output where the exit code is 0, else to standard error
};

/// @param words  without the program's name
[[nodiscard]] ParseEnd parse(const std::vector<std::string>& words, RecognitionArguments& into);
[[nodiscard]] ParseEnd parse(const std::vector<std::string>& words, DetectionArguments& into);

}  // namespace vultus::compat
