// What a producer has written and its caller's connection has not taken yet. Private to the listener.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <apps/server/http/message.hpp>

namespace vultus::server {

/// The connection's end. Thread-safe.
class StreamQueue : public std::enable_shared_from_this<StreamQueue> {
 public:
  /// @param limit  bytes that may wait
  /// @param wake   called on any thread, without a lock, when there is something to take or the stream has ended
  StreamQueue(std::size_t limit, std::function<void()> wake) : limit_(limit), wake_(std::move(wake)) {}

  /// The producer's end. When the last of its owners has gone, the stream ends as by close().
  [[nodiscard]] std::shared_ptr<StreamWriter> writer();

  enum class End : std::uint8_t { open, finished, overflown };
  struct Taken {
    std::string bytes;    ///< all that waited
    End end = End::open;  ///< whether more may come
  };
  [[nodiscard]] Taken take();
  [[nodiscard]] bool is_overflown() const;
  void sent();           ///< the bytes that were taken have left
  void end_by_server();  ///< the caller has gone or the server stops: tells the producer, once

 private:
  class Writer;
  bool write(std::string bytes);
  std::size_t waiting() const;
  void close();
  void on_closed(std::function<void()> act);

  mutable std::mutex mutex_;
  std::size_t limit_;
  std::function<void()> wake_;
  std::string bytes_;
  std::size_t leaving_ = 0;  // taken, not sent
  End end_ = End::open;
  bool told_ = false;         // the producer knows that it has ended
  bool by_producer_ = false;  // it has ended it
  std::function<void()> act_;
};

}  // namespace vultus::server
