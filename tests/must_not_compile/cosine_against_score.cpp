// A detector's confidence says nothing about the threshold of a similarity.
#include <vultus/core/units.hpp>

bool matches(vultus::Cosine similarity, vultus::Score detection, vultus::Cosine threshold) {
#ifdef MISTAKE
  static_cast<void>(threshold);
  return similarity >= detection;
#else
  static_cast<void>(detection);
  return similarity >= threshold;
#endif
}
