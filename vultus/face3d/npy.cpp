#include <vultus/face3d/npy.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>

namespace vultus::face3d {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxHeader = 4096, kMaxDimensions = 4;

Error corrupt_npy(const std::string& why) { return fail(ErrorCode::corrupt_data, "numpy file: " + why); }

/// What stands behind 'key': in the header's dictionary, up to its end.
std::optional<std::string_view> entry_of(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = header.substr(at + key.size());
  const std::size_t begin = rest.find_first_not_of(" :");
  if (begin == std::string_view::npos) return std::nullopt;
  return rest.substr(begin);
}

Result<std::vector<std::size_t>> shape_of(std::string_view text, std::size_t max_values) {
  if (text.empty() || text.front() != '(') return corrupt_npy("no shape in its header");
  std::vector<std::size_t> shape;
  std::size_t values = 1;
  for (std::size_t i = 1; i < text.size() && text[i] != ')';) {
    if (text[i] == ' ' || text[i] == ',') {
      ++i;
      continue;
    }
    std::size_t side = 0;
    const auto [end, failed] = std::from_chars(text.data() + i, text.data() + text.size(), side);
    if (failed != std::errc()) return corrupt_npy("a side of its shape is no number");
    if (shape.size() == kMaxDimensions) return corrupt_npy("more than 4 dimensions");
    if (side > 0 && values > max_values / side)
      return fail(ErrorCode::resource_limit, "numpy file: more than " + std::to_string(max_values) + " values");
    values *= side;
    shape.push_back(side);
    i = static_cast<std::size_t>(end - text.data());
  }
  if (shape.empty() || values == 0) return corrupt_npy("an empty array");
  return shape;
}

/// IEEE 754 binary16.
float half_to_float(std::uint16_t h) {
  const int exponent = (h >> 10U) & 31U;
  const auto fraction = static_cast<float>(h & 1023U);
  const float sign = (h & 0x8000U) != 0 ? -1.0F : 1.0F;
  if (exponent == 31) return sign * (fraction == 0 ? INFINITY : NAN);
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

template <class T>
T value_at(const std::uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

float number_at(const std::uint8_t* at, char kind, std::size_t size) {
  if (kind == 'i') return static_cast<float>(value_at<std::int32_t>(at));
  if (size == 2) return half_to_float(value_at<std::uint16_t>(at));
  return size == 4 ? value_at<float>(at) : static_cast<float>(value_at<double>(at));
}

}  // namespace

Result<NpyArray> read_npy(std::span<const std::uint8_t> bytes, std::size_t max_values) {
  static_assert(std::endian::native == std::endian::little, "numpy files are read as they lie");
  if (bytes.size() < 12 || !std::equal(kMagic.begin(), kMagic.end(), bytes.begin(),
                                       [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }))
    return corrupt_npy("it does not begin as one");
  const int version = bytes[6];
  if (version != 1 && version != 2) return corrupt_npy("version " + std::to_string(version) + " is not 1 or 2");
  const std::size_t begin = version == 1 ? 10 : 12;
  std::size_t header_size = bytes[8] + 256U * bytes[9];
  if (version == 2) header_size += 65536U * bytes[10] + 16777216U * std::size_t{bytes[11]};
  if (header_size > kMaxHeader || begin + header_size > bytes.size())
    return corrupt_npy("a header of " + std::to_string(header_size) + " bytes");
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text of a file of bytes
  const std::string_view header(reinterpret_cast<const char*>(bytes.data()) + begin, header_size);

  const auto type = entry_of(header, "'descr'");
  if (!type || type->size() < 5) return corrupt_npy("no type in its header");
  const std::string_view name = type->substr(1, 3);
  if (name != "<f2" && name != "<f4" && name != "<f8" && name != "<i4")
    return fail(ErrorCode::unsupported, "numpy file: values are not little-endian f2, f4, f8 or i4");
  const auto order = entry_of(header, "'fortran_order'");
  if (!order) return corrupt_npy("no order in its header");
  if (!order->starts_with("False")) return fail(ErrorCode::unsupported, "numpy file: Fortran order");
  const auto shape_text = entry_of(header, "'shape'");
  if (!shape_text) return corrupt_npy("no shape in its header");

  NpyArray array;
  VULTUS_TRY(array.shape, shape_of(*shape_text, max_values));
  std::size_t count = 1;
  for (const std::size_t side : array.shape) count *= side;
  const auto size = static_cast<std::size_t>(name[2] - '0');
  const std::size_t data = begin + header_size;
  if ((bytes.size() - data) / size != count || (bytes.size() - data) % size != 0)
    return corrupt_npy(std::to_string(bytes.size() - data) + " bytes of values, its shape needs " +
                       std::to_string(count * size));
  array.values.resize(count);
  for (std::size_t i = 0; i < count; ++i) array.values[i] = number_at(bytes.data() + data + i * size, name[1], size);
  return array;
}

}  // namespace vultus::face3d
