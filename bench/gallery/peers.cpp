#include "peers.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vultus::bench {

Peers::Peers(std::string python, std::string vectors) : python_(std::move(python)), vectors_(std::move(vectors)) {
  if (python_.empty() || !vectors_.empty()) return;
  std::string name = (std::filesystem::temp_directory_path() / "vultus-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "a folder for the vectors");
  vectors_ = name;
  own_ = true;
}

Peers::~Peers() {
  std::error_code ignored;
  if (own_) std::filesystem::remove_all(vectors_, ignored);
}

int Peers::measure(int dimension, std::size_t batch) const {
  if (python_.empty()) return 0;
  const std::string script = std::string(VULTUS_BENCH_GALLERY) + "/faiss_row.py";
  std::vector<std::string> words{python_,       script,
                                 "--vectors",   vectors_,
                                 "--dimension", std::to_string(dimension),
                                 "--batch",     std::to_string(batch)};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (::posix_spawnp(&child, python_.c_str(), nullptr, nullptr, arguments.data(), environ) != 0)
    throw std::runtime_error(python_ + " cannot be started");
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 1;
  return WEXITSTATUS(status);
}

}  // namespace vultus::bench
