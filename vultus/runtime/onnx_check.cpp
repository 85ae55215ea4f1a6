#include <vultus/runtime/onnx_check.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include <vultus/runtime/onnx_message.hpp>

namespace vultus::runtime {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr int kDeepest = 24;

/// Which messages may lie in which, by field number.
/// @source onnx.proto of ONNX 1.16 (IR version 10)
enum class Kind : std::uint8_t { model, graph, node, attribute, tensor, sparse, function, training };

struct Child {
  Kind in;
  std::uint64_t number;
  Kind is;
};

constexpr std::array kChildren{Child{Kind::model, 7, Kind::graph},        Child{Kind::model, 20, Kind::training},
                               Child{Kind::model, 25, Kind::function},    Child{Kind::training, 1, Kind::graph},
                               Child{Kind::training, 2, Kind::graph},     Child{Kind::graph, 1, Kind::node},
                               Child{Kind::graph, 5, Kind::tensor},       Child{Kind::graph, 15, Kind::sparse},
                               Child{Kind::node, 5, Kind::attribute},     Child{Kind::attribute, 5, Kind::tensor},
                               Child{Kind::attribute, 6, Kind::graph},    Child{Kind::attribute, 10, Kind::tensor},
                               Child{Kind::attribute, 11, Kind::graph},   Child{Kind::attribute, 22, Kind::sparse},
                               Child{Kind::attribute, 23, Kind::sparse},  Child{Kind::sparse, 1, Kind::tensor},
                               Child{Kind::sparse, 2, Kind::tensor},      Child{Kind::function, 7, Kind::node},
                               Child{Kind::function, 11, Kind::attribute}};

std::optional<Kind> child_of(Kind in, std::uint64_t number) {
  for (const Child& child : kChildren)
    if (child.in == in && child.number == number) return child.is;
  return std::nullopt;
}

/// The place that a tensor names for its values: the value of the entry "location".
std::string location_of(Bytes entry) {
  OnnxMessage message(entry);
  std::string key, value;
  while (!message.done()) {
    const auto field = message.next();
    if (!field) break;
    const std::string text(field->bytes.begin(), field->bytes.end());
    if (field->number == 1) key = text;
    if (field->number == 2) value = text;
  }
  return key == "location" ? value : std::string();
}

/// The product of a tensor's sides as it grows; nothing larger than `most` is believed.
class Values {
 public:
  explicit Values(std::uint64_t most) : most_(most) {}
  void side(std::uint64_t length) {
    zero_ = zero_ || length == 0;
    if (length > 0 && (length > most_ || count_ > most_ / length)) too_many_ = true;
    if (!too_many_ && length > 0) count_ *= length;
  }
  [[nodiscard]] bool too_many() const { return too_many_ && !zero_; }

 private:
  std::uint64_t most_, count_ = 1;
  bool too_many_ = false, zero_ = false;
};

Status check_tensor(Bytes bytes, std::uint64_t most_values) {
  constexpr std::uint64_t kDims = 1, kName = 8, kExternalData = 13, kDataLocation = 14;
  OnnxMessage message(bytes);
  Values values(most_values);
  std::string name, location;
  bool external = false;
  while (!message.done()) {
    VULTUS_TRY(const OnnxField field, message.next());
    if (field.number == kName && field.wire == 2) name.assign(field.bytes.begin(), field.bytes.end());
    if (field.number == kDims && field.wire == 0) values.side(field.value);
    if (field.number == kDims && field.wire == 2)
      for (OnnxMessage packed(field.bytes); !packed.done();) {
        VULTUS_TRY(const std::uint64_t length, packed.number());
        values.side(length);
      }
    if (field.number == kDataLocation && field.value != 0) external = true;
    if (field.number == kExternalData) {
      external = true;
      if (const std::string found = location_of(field.bytes); !found.empty()) location = found;
    }
  }
  if (external)
    return fail(ErrorCode::unsupported, "ONNX: the values of tensor \"" + name + "\" lie in another file (\"" +
                                            location +
                                            "\"), which is not read; save the model with all weights inside");
  if (values.too_many())
    return fail(ErrorCode::corrupt_data, "ONNX: tensor \"" + name + "\" claims more values than the file could hold");
  return {};
}

Status walk(Bytes bytes, Kind kind, std::uint64_t most_values, int depth) {
  if (depth > kDeepest) return damaged_onnx("messages nested more than " + std::to_string(kDeepest) + " deep");
  if (kind == Kind::tensor) return check_tensor(bytes, most_values);
  OnnxMessage message(bytes);
  while (!message.done()) {
    VULTUS_TRY(const OnnxField field, message.next());
    const auto child = child_of(kind, field.number);
    if (!child) continue;
    if (field.wire != 2) return damaged_onnx("a field of another kind than its place has");
    VULTUS_CHECK(walk(field.bytes, *child, most_values, depth + 1));
  }
  return {};
}

}  // namespace

Status check_onnx(Bytes bytes) {
  if (bytes.empty()) return damaged_onnx("0 bytes");
  bool version = false, graph = false;
  for (OnnxMessage message(bytes); !message.done();) {
    VULTUS_TRY(const OnnxField field, message.next());
    version = version || (field.number == 1 && field.wire == 0);
    graph = graph || (field.number == 7 && field.wire == 2);
  }
  if (!version || !graph) return damaged_onnx("no version or no graph in it");
  // The smallest values are of four bits.
  return walk(bytes, Kind::model, std::uint64_t{2} * bytes.size(), 0);
}

}  // namespace vultus::runtime
