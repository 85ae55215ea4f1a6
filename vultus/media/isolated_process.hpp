// A process without rights that decodes for this one: how it is started, asked and ended. Internal to the room.
#pragma once

#include <sys/types.h>

#include <cerrno>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include <vultus/core/result.hpp>
#include <vultus/media/isolation.hpp>

namespace vultus::media {

/// Bytes at the start of a file. @return false where they do not fit
[[nodiscard]] bool write_at_start(int file, std::span<const std::uint8_t> bytes);
/// @return false where there are fewer
[[nodiscard]] bool read_from_start(int file, std::span<std::uint8_t> into);

/// An answer that the process should not give.
[[nodiscard]] Error no_sense(const std::string& what);

/// Nothing that the process says is believed before it was checked. Thread-compatible; the process ends with the
/// object.
class IsolatedProcess {
 public:
  explicit IsolatedProcess(Isolation isolation) : isolation_(std::move(isolation)) {}
  ~IsolatedProcess() { end(); }
  IsolatedProcess(const IsolatedProcess&) = delete;
  IsolatedProcess& operator=(const IsolatedProcess&) = delete;
  IsolatedProcess(IsolatedProcess&&) = delete;
  IsolatedProcess& operator=(IsolatedProcess&&) = delete;

  [[nodiscard]] bool runs() const { return process_ > 0; }
  /// @param task   what it is to do: its second argument
  /// @param input  an open file that it reads; taken over, also after an error. -1 = a file in memory
  /// @error not_found  no such program; resource_limit  no process can be made; invalid_argument  a value outside its
  /// range
  Status start(const char* task, int input = -1);
  void end();

  [[nodiscard]] int input() const { return input_; }
  [[nodiscard]] int output() const { return output_; }

  /// One question, one answer.
  /// @error corrupt_data  it did not survive the question; resource_limit  it took too long; internal  it answers with
  ///        something else. It was ended then.
  template <class Request, class Reply>
  Status ask(const Request& request, Reply& reply) {
    static_assert(std::is_trivially_copyable_v<Request> && std::is_trivially_copyable_v<Reply>);
    return ask({reinterpret_cast<const std::uint8_t*>(&request), sizeof request},
               {reinterpret_cast<std::uint8_t*>(&reply), sizeof reply});
  }

 private:
  Status ask(std::span<const std::uint8_t> request, std::span<std::uint8_t> reply);
  Error ended_by_itself();

  Isolation isolation_;
  pid_t process_ = -1;
  int socket_ = -1, input_ = -1, output_ = -1;
};

}  // namespace vultus::media
