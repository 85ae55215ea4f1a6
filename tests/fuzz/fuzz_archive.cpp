// Archives of packages: whatever the bytes are, no name in them becomes a path, and no more is written than was asked
// for.
#include <array>

#include <vultus/runtime/archive.hpp>

#include "fuzz_file.hpp"
#include "fuzz_target.hpp"

namespace {

using vultus::fuzz::require;
using namespace vultus::runtime;  // NOLINT(google-build-using-namespace): the room under test

constexpr std::int64_t kBytes = 3;

std::size_t files_in(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) count += entry.exists() ? 1U : 0U;
  return count;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto& folder = vultus::fuzz::folder();
  vultus::fuzz::write(folder / "archive", {reinterpret_cast<const char*>(data), size});
  std::filesystem::create_directory(folder / "out");
  for (const TopFolder top : {TopFolder::stripped, TopFolder::kept}) {
    const std::array wanted{
        WantedMember{.path = "a", .bytes = kBytes, .target = folder / "out" / "whole"},
        WantedMember{
            .path = "b/c", .offset = 1, .end = 1 + kBytes, .bytes = kBytes, .target = folder / "out" / "part"}};
    const vultus::Status done = extract(folder / "archive", top, wanted, {});
    require(done || !done.error().message.empty(), "an error says something");
    require(files_in(folder / "out") <= wanted.size() && files_in(folder) <= wanted.size() + 2,
            "nothing else is written");
    for (const WantedMember& member : wanted) {
      std::error_code missing;
      const auto bytes = std::filesystem::file_size(member.target, missing);
      require(missing || bytes <= kBytes, "no more is written than was asked for");
      require(!done || (!missing && bytes == kBytes), "success means that every file is there");
      std::filesystem::remove(member.target);
    }
  }
  return 0;
}
