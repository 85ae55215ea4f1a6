// Removing the subject of number 7 when the face of number 7 was meant.
#include <vultus/core/ids.hpp>

void remove(vultus::FaceId face);

void clean_up() {
#ifdef MISTAKE
  remove(vultus::SubjectId(7));
#else
  remove(vultus::FaceId(7));
#endif
}
