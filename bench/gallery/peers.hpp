// Rows of FAISS, measured by bench/gallery/faiss_row.py on the vectors of this run.
#pragma once

#include <cstddef>
#include <string>

namespace vultus::bench {

/// Thread rule: one thread.
class Peers {
 public:
  /// @param python   that has FAISS; empty: no peers
  /// @param vectors  folder for vectors; empty: one that is taken away afterwards, where it is needed
  Peers(std::string python, std::string vectors);
  ~Peers();
  Peers(const Peers&) = delete;
  Peers& operator=(const Peers&) = delete;

  /// Where the vectors belong; empty: nobody needs them.
  [[nodiscard]] const std::string& vectors() const { return vectors_; }
  /// Prints a row of each kind of index. @return the exit code
  [[nodiscard]] int measure(int dimension, std::size_t batch) const;

 private:
  std::string python_, vectors_;
  bool own_ = false;
};

}  // namespace vultus::bench
