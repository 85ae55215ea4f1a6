#include <vultus/runtime/tfjs_weights.hpp>

#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include <vultus/runtime/tfjs.hpp>

namespace vultus::runtime {
namespace {

using TfjsJson = nlohmann::json;

/// How the numbers of a constant lie in the shard.
enum class Stored : std::uint8_t { f32, i32, byte, f16, u8, u16 };

std::size_t width_of(Stored stored) {
  switch (stored) {
    case Stored::f32:
    case Stored::i32: return 4;
    case Stored::f16:
    case Stored::u16: return 2;
    case Stored::byte:
    case Stored::u8: break;
  }
  return 1;
}

struct Packing {
  graphdef::Kind kind = graphdef::Kind::f32;
  Stored stored = Stored::f32;
  float scale = 1, least = 0;
};

std::string text_in(const TfjsJson& row, const char* key) {
  const auto at = row.find(key);
  return at != row.end() && at->is_string() ? at->get<std::string>() : std::string();
}

Error bad_weight(const std::string& name, const std::string& what) {
  return fail(ErrorCode::corrupt_data, "weight \"" + name + "\": " + what);
}

Result<Packing> packing_of(const TfjsJson& row, const std::string& name) {
  Packing packing;
  const std::string kind = text_in(row, "dtype");
  if (kind == "float32")
    packing = {graphdef::Kind::f32, Stored::f32};
  else if (kind == "int32")
    packing = {graphdef::Kind::i32, Stored::i32};
  else if (kind == "bool")
    packing = {graphdef::Kind::boolean, Stored::byte};
  else if (kind == "uint8")
    packing = {graphdef::Kind::u8, Stored::byte};
  else
    return fail(ErrorCode::unsupported,
                "weight \"" + name + "\" is of kind \"" + kind + "\", known are float32, int32, bool and uint8");
  const auto packed = row.find("quantization");
  if (packed == row.end() || packed->is_null()) return packing;
  if (!packed->is_object() || packing.stored == Stored::byte)
    return bad_weight(name, "a quantization that its kind does not have");
  const std::string small = text_in(*packed, "dtype");
  if (small == "float16" && packing.kind == graphdef::Kind::f32) return Packing{packing.kind, Stored::f16};
  if (small != "uint8" && small != "uint16")
    return fail(ErrorCode::unsupported,
                "weight \"" + name + "\" is packed as \"" + small + "\", known are float16, uint8 and uint16");
  packing.stored = small == "uint8" ? Stored::u8 : Stored::u16;
  for (const auto& [key, value] : {std::pair{"scale", &packing.scale}, std::pair{"min", &packing.least}}) {
    const auto at = packed->find(key);
    if (at == packed->end() || !at->is_number() || !std::isfinite(at->get<float>()))
      return bad_weight(name, std::string("its quantization needs a finite number \"") + key + "\"");
    *value = at->get<float>();
  }
  return packing;
}

/// Sides and their product, which is at most `most`.
Result<std::pair<std::vector<std::int64_t>, std::size_t>> sides_of(const TfjsJson& row, const std::string& name,
                                                                   std::size_t most) {
  const auto list = row.find("shape");
  if (list == row.end() || !list->is_array() || list->size() > TfjsLimits::kMostDimensions)
    return bad_weight(name, "needs a \"shape\" of at most " + std::to_string(TfjsLimits::kMostDimensions) + " sides");
  std::vector<std::int64_t> sides;
  std::size_t count = 1;
  for (const TfjsJson& side : *list) {
    if (!side.is_number_unsigned()) return bad_weight(name, "a side that is no whole number");
    const auto length = side.get<std::uint64_t>();
    if (length > most || (length > 0 && count > most / length))
      return bad_weight(name, "more values than the " + std::to_string(most) + " bytes that are left could hold");
    count *= static_cast<std::size_t>(length);
    sides.push_back(static_cast<std::int64_t>(length));
  }
  return std::pair{std::move(sides), count};
}

/// The numbers of a constant as TensorFlow stores them.
std::string unpacked(std::span<const std::uint8_t> bytes, const Packing& packing) {
  const std::size_t width = width_of(packing.stored);
  if (packing.stored == Stored::f32 || packing.stored == Stored::i32 || packing.stored == Stored::byte)
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  std::string wide;
  wide.reserve(bytes.size() / width * 4);
  for (std::size_t i = 0; i < bytes.size(); i += width) {
    const auto small = static_cast<std::uint16_t>(bytes[i] | (width == 2 ? bytes[i + 1] << 8U : 0));
    if (packing.stored == Stored::f16) {
      wide += graphdef::real(widened(small));
      continue;
    }
    const float value = static_cast<float>(small) * packing.scale + packing.least;
    if (packing.kind == graphdef::Kind::f32) {
      wide += graphdef::real(value);
    } else {
      constexpr float kMost = 2147483520;  // the largest float below 2^31
      const auto whole = static_cast<std::int32_t>(std::nearbyint(std::fmax(-kMost, std::fmin(kMost, value))));
      wide += graphdef::real(std::bit_cast<float>(whole));
    }
  }
  return wide;
}

}  // namespace

float widened(std::uint16_t half) {
  const bool negative = (half & 0x8000U) != 0;
  const unsigned exponent = (half >> 10U) & 0x1fU, fraction = half & 0x3ffU;
  float value = 0;
  if (exponent == 31)
    value = fraction == 0 ? HUGE_VALF : NAN;
  else if (exponent == 0)
    value = std::ldexp(static_cast<float>(fraction), -24);
  else
    value = std::ldexp(static_cast<float>(fraction | 0x400U), static_cast<int>(exponent) - 25);
  return negative ? -value : value;
}

Result<std::map<std::string, TfjsConstant>> tfjs_constants(const TfjsJson& manifest,
                                                           std::span<const std::uint8_t> bytes) {
  std::map<std::string, TfjsConstant> constants;
  if (!manifest.is_array()) return fail(ErrorCode::corrupt_data, "needs a list \"weightsManifest\"");
  std::span<const std::uint8_t> rest = bytes;
  for (const TfjsJson& group : manifest) {
    const auto rows = group.is_object() ? group.find("weights") : group.end();
    if (!group.is_object() || rows == group.end() || !rows->is_array())
      return fail(ErrorCode::corrupt_data, "each of \"weightsManifest\" needs a list \"weights\"");
    for (const TfjsJson& row : *rows) {
      const std::string name = row.is_object() ? text_in(row, "name") : std::string();
      if (name.empty() || name.size() > TfjsLimits::kMostName)
        return fail(ErrorCode::corrupt_data,
                    "a weight needs a \"name\" of 1 to " + std::to_string(TfjsLimits::kMostName) + " bytes");
      VULTUS_TRY(const Packing packing, packing_of(row, name));
      VULTUS_TRY(auto sized, sides_of(row, name, rest.size()));
      const std::size_t size = sized.second * width_of(packing.stored);
      if (size > rest.size())
        return bad_weight(name, std::to_string(size) + " bytes, " + std::to_string(rest.size()) + " are left");
      if (constants.contains(name)) return bad_weight(name, "stands twice in the file");
      constants.emplace(name, TfjsConstant{packing.kind, std::move(sized.first), unpacked(rest.first(size), packing)});
      rest = rest.subspan(size);
    }
  }
  if (!rest.empty())
    return fail(ErrorCode::corrupt_data, std::to_string(rest.size()) + " bytes of the shards belong to no weight");
  return constants;
}

}  // namespace vultus::runtime
