// A write that failed is not a write.
#include <vultus/core/result.hpp>

vultus::Status written();

int main() {
#ifdef MISTAKE
  written();
#else
  return written() ? 0 : 1;
#endif
}
