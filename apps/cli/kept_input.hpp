// Standard input that is read twice: once to look at the picture, once to draw on it.
#pragma once

#include <cstddef>

#include <sys/types.h>

#include <vultus/core/result.hpp>

namespace vultus::cli {

/// What comes on standard input, so kept that reading can begin again. There is one standard input: one at a time.
class KeptInput {
 public:
  /// A file is read again from where it stands. What a pipe sends is taken into memory, and standard input is put onto
  /// that: nothing else of the program has to know.
  /// @param max_bytes  of what is of use; one more is kept, so that who reads finds that it is too much
  /// @error resource_limit  out of memory, or the pipe failed
  static Result<KeptInput> keep(std::size_t max_bytes);

  /// The next read begins where the first one began.
  /// @error resource_limit  the system refuses
  Status again();

 private:
  explicit KeptInput(off_t start) : start_(start) {}
  off_t start_;
};

}  // namespace vultus::cli
