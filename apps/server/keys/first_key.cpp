#include <apps/server/keys/first_key.hpp>

#include <fstream>
#include <string>
#include <system_error>

#include <apps/server/keys/key_text.hpp>

namespace vultus::server {

namespace {

constexpr std::streamsize kMostKeyText = 256;

/// Takes away the file of a start that was killed before its key counted: it is empty, or holds a key that nobody
/// knows.
Status clear_left_over(KeyStore& keys, const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return {};
  std::string text(kMostKeyText, '\0');
  in.read(text.data(), kMostKeyText);
  text.resize(static_cast<std::size_t>(in.gcount()));
  in.close();
  if (text.ends_with('\n')) text.pop_back();
  const auto id = id_of_key_text(text);
  if (!id && !text.empty()) return {};
  if (id) {
    VULTUS_TRY(const auto known, keys.find(*id));
    if (known) return {};
  }
  std::error_code failed;
  std::filesystem::remove(path, failed);
  return {};
}

Result<bool> make_where_missing(KeyStore& keys, const FirstKeyPlace& place) {
  if (keys.is_governed()) return false;
  const NewKey first{.name = "first administrator", .scope = Scope::admin};
  if (!place.show) VULTUS_CHECK(clear_left_over(keys, place.file));
  bool written = false;
  // Told first: who is killed behind that leaves a file without a key, and not a key that nobody knows.
  const auto made = keys.make(first, [&](const std::string& text) -> Status {
    if (place.show) {
      place.show(text);
      return {};
    }
    VULTUS_CHECK(write_private_file(place.file, text + "\n"));
    written = true;
    return {};
  });
  if (made) return true;
  std::error_code ignored;
  if (written) std::filesystem::remove(place.file, ignored);
  return made.error().with_context("the first key of the administrator");
}

}  // namespace

Result<bool> ensure_admin_key(KeyStore& keys, const FirstKeyPlace& place) {
  bool made = false;
  VULTUS_CHECK(keys.alone([&]() -> Status {
    VULTUS_TRY(made, make_where_missing(keys, place));
    return {};
  }));
  return made;
}

}  // namespace vultus::server
