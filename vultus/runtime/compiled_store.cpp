#include <vultus/runtime/compiled_store.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <utility>

#include <sodium.h>

#include <vultus/runtime/sha256.hpp>

namespace vultus::runtime {
namespace {

namespace fs = std::filesystem;

// BLAKE2b: twice as fast as SHA-256 here, and every start pays for it.
using Sum = std::array<std::uint8_t, crypto_generichash_BYTES>;

Sum sum_of(std::span<const std::uint8_t> bytes) {
  Sum sum{};
  crypto_generichash(sum.data(), sum.size(), bytes.data(), bytes.size(), nullptr, 0);
  return sum;
}

/// A word that no other thread, process or container with this folder has.
std::string own_word() {
  std::array<std::uint8_t, 12> drawn{};
  randombytes_buf(drawn.data(), drawn.size());
  std::array<char, 2 * drawn.size() + 1> word{};
  return sodium_bin2hex(word.data(), word.size(), drawn.data(), drawn.size());
}

}  // namespace

fs::path CompiledStore::place(std::string_view model, std::string_view key) const {
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
  return folder_ / (std::string(model) + "-" + sha256(bytes).substr(0, 32) + ".blob");
}

std::optional<std::vector<std::uint8_t>> CompiledStore::read(std::string_view model, std::string_view key) const {
  if (folder_.empty()) return std::nullopt;
  const fs::path path = place(model, key);
  // The size of the file that is open: another one may take its place in between.
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff end = file.tellg();
  if (!file || end < std::streamoff{sizeof(Sum)}) return std::nullopt;
  const auto size = static_cast<std::size_t>(end);
  std::vector<std::uint8_t> bytes(size);
  file.seekg(0);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) return std::nullopt;
  Sum said{};
  std::copy(bytes.end() - std::ssize(said), bytes.end(), said.begin());
  bytes.resize(size - said.size());
  if (sum_of(bytes) != said) return std::nullopt;
  return bytes;
}

void CompiledStore::keep(std::string_view model, std::string_view key, std::span<const std::uint8_t> bytes) const {
  if (folder_.empty()) return;
  const fs::path path = place(model, key);
  const fs::path fresh = path.string() + "." + own_word() + ".new";
  std::error_code failed;
  fs::create_directories(folder_, failed);
  const Sum sum = sum_of(bytes);
  {
    std::ofstream file(fresh, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    file.write(reinterpret_cast<const char*>(sum.data()), sum.size());
    if (!file.flush()) failed = std::make_error_code(std::errc::io_error);
  }
  if (!failed) fs::rename(fresh, path, failed);
  if (failed) fs::remove(fresh, failed);
  remove_oldest();
}

void CompiledStore::remove_oldest() const {
  std::vector<std::pair<fs::file_time_type, fs::path>> kept;
  std::error_code failed;
  for (fs::directory_iterator at(folder_, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code gone;  // another process may be removing it
    const auto time = at->last_write_time(gone);
    if (!gone && at->is_regular_file(gone)) kept.emplace_back(time, at->path());
  }
  if (kept.size() <= kMostKept) return;
  std::ranges::sort(kept);
  for (std::size_t i = 0; i < kept.size() - kMostKept; ++i) fs::remove(kept[i].second, failed);
}

}  // namespace vultus::runtime
