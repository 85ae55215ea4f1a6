// How often classes were told right.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vultus::learn {

/// What was said of samples whose class is known, in one order; -1 = nothing was said.
struct Answered {
  std::vector<std::int64_t> truth, said;
};

/// Means are over the classes that occur, each counting as much as any other.
struct ClassScores {
  double accuracy = 0, uar = 0, f1 = 0;
  std::vector<std::optional<double>> recall;  ///< of each class; nothing where it does not occur
};
/// @param answered  at least one. @param classes  truths and answers lie below it
[[nodiscard]] ClassScores class_scores(const Answered& answered, std::int64_t classes);

/// @return "accuracy" and "uar" of class_scores()
[[nodiscard]] std::map<std::string, double> scores_of(const Answered& answered, std::int64_t classes);

}  // namespace vultus::learn
