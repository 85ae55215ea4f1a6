// Hostile keyrings: opening, checking, adding and destroying end with an answer or an error, whatever the bytes are.
// The input is the file, or changes to a sound one: file_or_changes().
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <vultus/gallery/vault/keyring.hpp>

#include "fuzz_file.hpp"
#include "fuzz_target.hpp"

namespace {

using vultus::fuzz::folder;
using vultus::fuzz::require;
using namespace vultus::gallery;  // NOLINT(google-build-using-namespace): the room under test

// Changes are told with positions of 16 bits at most, so the sound keyring is small: an open one, which needs no key.
constexpr GalleryId kGallery{1, 2, 3};

std::string sound_keyring() {
  const auto path = folder() / "sound.keys";
  const vultus::UtcTime now{};
  if (!Keyring::make({.at = path, .gallery = kGallery, .cost = {}, .now = now})) std::abort();
  auto keyring = Keyring::open(path, kGallery, std::nullopt);
  if (!keyring || !keyring->add(std::vector<std::int64_t>{1, 2, 3}, now) || !keyring->destroy(2, now)) std::abort();
  return vultus::fuzz::bytes_of(path);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string kSound = sound_keyring();
  const auto path = folder() / "g.keys";
  std::filesystem::remove(path);
  vultus::fuzz::write(path, vultus::fuzz::file_or_changes(data, size, kSound));
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  auto keyring = Keyring::open(path, kGallery, std::nullopt);
  if (!keyring) return 0;
  (void)keyring->check();
  auto key = Secret::of_size(kKeyBytes);
  if (!key) return 0;
  for (const std::int64_t subject : keyring->subjects()) (void)keyring->unwrap(subject, *key);
  const vultus::UtcTime now{};
  if (keyring->add(std::vector<std::int64_t>{77}, now)) {
    require(keyring->unwrap(77, *key).has_value(), "a new key opens");
    const auto gone = keyring->destroy(77, now);
    require(gone && *gone, "a key that is there can be destroyed");
    require(!keyring->unwrap(77, *key), "a destroyed key does not open");
  }
  return 0;
}
