// A passphrase that several shards want, asked for once. Private to this room.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <vultus/gallery/key_source.hpp>
#include <vultus/gallery/vault/secret.hpp>

namespace vultus::gallery {

/// Thread-safe. What was told is wiped when it goes.
class AskedOnce {
 public:
  explicit AskedOnce(std::function<Result<std::string>()> ask) : ask_(std::move(ask)) {}
  AskedOnce(const AskedOnce&) = delete;
  AskedOnce& operator=(const AskedOnce&) = delete;
  ~AskedOnce() {
    if (known_) wipe({reinterpret_cast<std::uint8_t*>(known_->data()), known_->size()});
  }
  Result<std::string> tell() {
    const std::scoped_lock lock(lock_);
    if (!known_) {
      VULTUS_TRY(known_, ask_());
    }
    return *known_;
  }

 private:
  std::mutex lock_;
  std::function<Result<std::string>()> ask_;
  std::optional<std::string> known_;
};

/// The same source, which asks at most once.
[[nodiscard]] inline KeySource asked_once(KeySource key) {
  if (key.ask) key.ask = [once = std::make_shared<AskedOnce>(std::move(key.ask))] { return once->tell(); };
  return key;
}

}  // namespace vultus::gallery
