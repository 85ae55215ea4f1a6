#include <vultus/identity/once_each.hpp>

#include <unordered_map>

#include <vultus/core/assignment.hpp>
#include <vultus/identity/decide.hpp>

namespace vultus::identity {

Result<std::vector<Decision>> decide_once_each(std::span<const std::vector<Candidate>> faces,
                                               const OperatingPoint& at) {
  std::vector<Decision> decisions;
  std::vector<AssignmentEdge> edges;
  std::unordered_map<SubjectId, std::size_t> columns;
  for (const std::vector<Candidate>& candidates : faces) {
    for (const Candidate& candidate : candidates)
      if (candidate.similarity >= at.threshold)
        edges.push_back({decisions.size(), columns.try_emplace(candidate.subject, columns.size()).first->second,
                         double{candidate.similarity.value()} - double{at.threshold.value()}});
    decisions.push_back(decide(candidates, at));
  }
  VULTUS_TRY(const auto chosen, best_assignment(faces.size(), edges));
  for (std::size_t face = 0; face < faces.size(); ++face) {
    decisions[face].match.reset();
    if (!chosen[face]) continue;
    for (const Candidate& candidate : faces[face])
      if (candidate.similarity >= at.threshold && columns.at(candidate.subject) == *chosen[face] &&
          (!decisions[face].match || candidate.similarity > decisions[face].match->similarity))
        decisions[face].match = candidate;
  }
  return decisions;
}

}  // namespace vultus::identity
