// Who calls: the key of a request, as it was when the request came.
#pragma once

#include <apps/server/data/server_secret.hpp>
#include <apps/server/keys/api_key.hpp>

namespace vultus::server {

struct Principal {
  ApiKey key;
  /// Made of the text of the key, which the server does not keep: what is sealed with it only this caller opens again.
  Digest seal{};
};

}  // namespace vultus::server
