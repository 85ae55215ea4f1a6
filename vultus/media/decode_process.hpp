// Pictures that vultus-decode decodes, one after the other. Internal to the room.
#pragma once

#include <cstdint>
#include <span>

#include <vultus/core/result.hpp>
#include <vultus/media/isolated_process.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::media {

/// Thread-compatible; the process ends with the object.
class DecodeProcess {
 public:
  explicit DecodeProcess(Isolation isolation) : process_(std::move(isolation)) {}

  /// @error as IsolatedProcess::start
  Status start() { return process_.runs() ? Status() : process_.start("pictures"); }
  /// As Decoder::decode. A process that was ended is started again by the next call.
  /// @error corrupt_data  also: the process did not survive the picture; resource_limit  also: it took too long
  Status decode(std::span<const std::uint8_t> bytes, const DecodeOptions& options, Picture& into);

 private:
  Status exchange(std::span<const std::uint8_t> bytes, const DecodeOptions& options, Picture& into);

  IsolatedProcess process_;
};

}  // namespace vultus::media
