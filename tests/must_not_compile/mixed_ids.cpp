// A subject and a face may have the same number; they are never the same thing.
#include <vultus/core/ids.hpp>

int main() {
  const vultus::SubjectId subject(1);
#ifdef MISTAKE
  const vultus::FaceId other(1);
#else
  const vultus::SubjectId other(1);
#endif
  return subject == other ? 0 : 1;
}
