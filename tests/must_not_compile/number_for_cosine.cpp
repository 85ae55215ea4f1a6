// A bare 0.4 does not say whether it is a cosine, a distance or a score.
#include <vultus/core/units.hpp>

bool accept(vultus::Cosine threshold);

bool decide() {
#ifdef MISTAKE
  return accept(0.4F);
#else
  return accept(vultus::Cosine(0.4F));
#endif
}
