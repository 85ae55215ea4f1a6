// An error that nobody looks at is an accepted spoof.
#include <vultus/core/result.hpp>

vultus::Result<int> measured();

int main() {
#ifdef MISTAKE
  measured();
#else
  return measured() ? 0 : 1;
#endif
}
