// What a user knows beforehand of the faces and the camera of a recording: its lens, and a face at rest.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include <vultus/core/result.hpp>
#include <vultus/engine/analyser_catalogue.hpp>

#include <apps/cli/console.hpp>
#include <apps/cli/originals.hpp>

namespace vultus::cli {

/// As the options name it.
struct GivenSettings {
  std::vector<double> intrinsics;  ///< fx, fy, or fx, fy, cx, cy, pixels; empty = assumed
  std::string neutral;             ///< file of a face at rest; empty = each person's is learnt
  std::string save_neutral;        ///< file that gets the one that was learnt longest; empty = none

  [[nodiscard]] bool empty() const { return intrinsics.empty() && neutral.empty() && save_neutral.empty(); }
};

void add_given_options(CLI::App& command, GivenSettings& settings);

/// The givens of a run, and the face at rest that it leaves. Not copyable: the analysers hold on to it.
class FaceGivens {
 public:
  /// Reads the files.
  /// @param force  replace the file of save_neutral
  /// @error invalid_argument  a camera that cannot be, three numbers, or a file to save that is there
  /// @error not_found, corrupt_data, unsupported  the file of a face at rest
  static Result<FaceGivens> load(const GivenSettings& settings, const Originals& originals, bool force);

  [[nodiscard]] const engine::AnalyserGivens& givens() const { return givens_; }
  /// Writes the face at rest of the track that was looked at longest, when all analysers have ended, and tells of it.
  /// @error not_found  nobody was measured; io  the file
  Status save(Console& console) const;

 private:
  struct Longest {
    expression::NeutralBaseline face;
    int tracks = 0;
  };
  std::string save_;
  engine::AnalyserGivens givens_;
  std::shared_ptr<Longest> longest_;  // written by the thread of the analysers, read after it has ended
};

}  // namespace vultus::cli
