#include <apps/cli/originals.hpp>

#include <optional>

#include <sys/stat.h>

namespace vultus::cli {
namespace {

std::optional<std::pair<std::uint64_t, std::uint64_t>> file_id(const char* path) {
  struct stat about {};
  if (::stat(path, &about) != 0) return std::nullopt;
  return std::pair<std::uint64_t, std::uint64_t>(about.st_dev, about.st_ino);
}

}  // namespace

Originals::Originals(std::span<const std::string> names) {
  for (const std::string& name : names) add(name);
}

Originals::Originals(std::span<const media::Input> inputs) {
  for (const media::Input& input : inputs)
    if (!input.standard_input) add(input.path);
}

void Originals::add(const std::string& name) {
  if (const auto id = file_id(name.c_str())) files_.insert(*id);
}

bool Originals::contains(const std::filesystem::path& path) const {
  const auto id = file_id(path.c_str());
  return id && files_.contains(*id);
}

Status Originals::spare(const std::filesystem::path& output) const {
  if (!contains(output)) return {};
  return fail(ErrorCode::invalid_argument,
              output.string() + ": is an input, and what is written would replace it; name another place with -o");
}

}  // namespace vultus::cli
