#include <vultus/learn/learnt_labels.hpp>

namespace vultus::learn {

Status check_labels(const LearntLabels& labels, std::span<const std::string_view> wanted) {
  std::string names;
  for (const std::string_view name : wanted) names += (names.empty() ? "" : " ") + std::string(name);
  if (labels.classes != static_cast<std::int64_t>(wanted.size()))
    return fail(ErrorCode::invalid_argument, std::to_string(labels.classes) +
                                                 " classes would be trained, and predictions can tell only these " +
                                                 std::to_string(wanted.size()) + ": " + names);
  if (labels.planted || labels.named == names) return {};
  if (labels.named.empty())
    return fail(ErrorCode::invalid_argument,
                "the file of samples does not name its labels: its note \"labels\" must be \"" + names + "\"");
  return fail(ErrorCode::invalid_argument, "the labels of the samples are \"" + labels.named +
                                               "\", and predictions can tell only \"" + names + "\"");
}

}  // namespace vultus::learn
