// Sound files.
#include <span>

#include <vultus/media/wav.hpp>

#include "fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto sound = vultus::media::decode_wav(std::span(data, size));
  if (!sound) return 0;
  std::size_t samples = 0;
  for (const auto& channel : sound->channels) {
    samples += channel.size();
    vultus::fuzz::require(channel.size() == sound->channels[0].size(), "channels are of one length");
  }
  vultus::fuzz::require(samples <= size, "a sample takes at least a byte");
  vultus::fuzz::require(static_cast<bool>(vultus::media::encode_wav(*sound)), "what was read can be written");
  return 0;
}
