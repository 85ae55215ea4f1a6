#include <vultus/media/wav.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vultus::media {
namespace {

constexpr int kLeastRate = 1000, kMostRate = 384'000, kMostChannels = 8;
constexpr std::uint32_t kPcm = 1, kFloat = 3, kExtensible = 0xFFFE;

Error wav_error(ErrorCode code, const std::string& why) { return fail(code, "WAV: " + why); }

/// Little-endian, `bytes` long.
std::uint32_t little(std::span<const std::uint8_t> at, std::size_t bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::uint32_t{at[i]} << (8 * i);
  return value;
}

struct WavFormat {
  std::uint32_t encoding = 0;
  int channels = 0;
  int rate = 0;
  int bits = 0;
};

Result<WavFormat> format_of(std::span<const std::uint8_t> chunk) {
  if (chunk.size() < 16) return wav_error(ErrorCode::corrupt_data, "its format is cut off");
  WavFormat format{.encoding = little(chunk, 2),
                   .channels = static_cast<int>(little(chunk.subspan(2), 2)),
                   .rate = static_cast<int>(std::min<std::uint32_t>(little(chunk.subspan(4), 4), 1U << 30U)),
                   .bits = static_cast<int>(little(chunk.subspan(14), 2))};
  if (format.encoding == kExtensible) {
    if (chunk.size() < 26) return wav_error(ErrorCode::corrupt_data, "its format is cut off");
    format.encoding = little(chunk.subspan(24), 2);
  }
  const bool whole =
      format.encoding == kPcm && (format.bits == 8 || format.bits == 16 || format.bits == 24 || format.bits == 32);
  if (!whole && !(format.encoding == kFloat && format.bits == 32))
    return wav_error(ErrorCode::unsupported, "encoding " + std::to_string(format.encoding) + " with " +
                                                 std::to_string(format.bits) + " bits is not read");
  if (format.channels < 1) return wav_error(ErrorCode::corrupt_data, "it has no channel");
  if (format.channels > kMostChannels)
    return wav_error(ErrorCode::resource_limit, std::to_string(format.channels) + " channels; at most 8 are read");
  if (format.rate < kLeastRate || format.rate > kMostRate)
    return wav_error(ErrorCode::corrupt_data, std::to_string(format.rate) + " samples a second");
  return format;
}

float sample_at(std::span<const std::uint8_t> at, const WavFormat& format) {
  const std::uint32_t raw = little(at, static_cast<std::size_t>(format.bits) / 8);
  if (format.encoding == kFloat) return std::bit_cast<float>(raw);
  if (format.bits == 8) return (static_cast<float>(raw) - 128) / 128;
  // To the top of 32 bits, so that the sign is the sign.
  const auto value = static_cast<std::int32_t>(raw << (32U - static_cast<unsigned>(format.bits)));
  return static_cast<float>(value) / 2147483648.F;
}

Result<Sound> sound_of(std::span<const std::uint8_t> data, const WavFormat& format) {
  const std::size_t bytes = static_cast<std::size_t>(format.bits) / 8;
  const std::size_t step = bytes * static_cast<std::size_t>(format.channels);
  const std::size_t samples = data.size() / step;
  if (samples * static_cast<std::size_t>(format.channels) >= std::size_t{1} << 31U)
    return wav_error(ErrorCode::resource_limit, "it has more than 2^31 samples");
  Sound sound{.rate = format.rate, .channels = {}};
  for (int channel = 0; channel < format.channels; ++channel) {
    std::vector<float> values(samples);
    for (std::size_t i = 0; i < samples; ++i) {
      const float value = sample_at(data.subspan(i * step + static_cast<std::size_t>(channel) * bytes), format);
      values[i] = std::isfinite(value) ? value : 0;
    }
    sound.channels.push_back(std::move(values));
  }
  return sound;
}

}  // namespace

Result<Sound> decode_wav(std::span<const std::uint8_t> bytes) {
  const auto is = [&](std::size_t at, std::string_view name) {
    return bytes.size() >= at + 4 &&
           std::equal(name.begin(), name.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  };
  if (!is(0, "RIFF") || !is(8, "WAVE")) return wav_error(ErrorCode::corrupt_data, "no such file");
  std::optional<WavFormat> format;
  std::size_t at = 12;
  while (bytes.size() >= at + 8) {
    const std::size_t size = little(bytes.subspan(at + 4), 4);
    const std::size_t there = std::min(size, bytes.size() - at - 8);
    const auto chunk = bytes.subspan(at + 8, there);
    if (is(at, "fmt ")) {
      VULTUS_TRY(format, format_of(chunk));
    } else if (is(at, "data")) {
      if (!format) return wav_error(ErrorCode::corrupt_data, "samples before their format");
      return sound_of(chunk, *format);
    }
    at += 8 + there + (size & 1U);
  }
  return wav_error(ErrorCode::corrupt_data, "it has no samples");
}

Result<std::vector<std::uint8_t>> encode_wav(const Sound& sound) {
  const auto channels = sound.channels.size();
  const auto refuse = [](const std::string& why) { return wav_error(ErrorCode::invalid_argument, why); };
  if (channels < 1 || channels > kMostChannels) return refuse(std::to_string(channels) + " channels");
  if (sound.rate < kLeastRate || sound.rate > kMostRate)
    return refuse(std::to_string(sound.rate) + " samples a second");
  const std::size_t samples = sound.channels[0].size();
  for (const auto& channel : sound.channels)
    if (channel.size() != samples) return refuse("channels of different lengths");
  const std::size_t bytes = samples * channels * 2;
  if (bytes > 0x7FFFFFFFU) return refuse("more than 2 GB");
  std::vector<std::uint8_t> out;
  out.reserve(44 + bytes);
  const auto text = [&](std::string_view name) { out.insert(out.end(), name.begin(), name.end()); };
  const auto number = [&](std::size_t value, int size) {
    for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  const auto rate = static_cast<std::size_t>(sound.rate);
  text("RIFF"), number(36 + bytes, 4), text("WAVEfmt "), number(16, 4), number(kPcm, 2), number(channels, 2);
  number(rate, 4), number(rate * channels * 2, 4), number(channels * 2, 2), number(16, 2), text("data"),
      number(bytes, 4);
  for (std::size_t i = 0; i < samples; ++i)
    for (const auto& channel : sound.channels) {
      const auto value = static_cast<int>(std::lround(std::clamp(channel[i], -1.F, 1.F) * 32767));
      number(static_cast<std::uint16_t>(value), 2);
    }
  return out;
}

}  // namespace vultus::media
