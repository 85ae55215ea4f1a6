#include <apps/server/keys/first_key.hpp>

namespace vultus::server {

namespace {

Result<bool> make_where_missing(KeyStore& keys, const FirstKeyPlace& place) {
  if (keys.is_governed()) return false;
  VULTUS_TRY(const MadeKey made, keys.make({.name = "first administrator", .scope = Scope::admin}));
  if (place.show) {
    place.show(made.text);
    return true;
  }
  const Status written = write_private_file(place.file, made.text + "\n");
  if (written) return true;
  // Nobody has seen it: a key that nobody knows must not keep the next start from making one.
  VULTUS_CHECK(keys.drop_unseen(made.key.id));
  return written.error().with_context("the first key of the administrator");
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
