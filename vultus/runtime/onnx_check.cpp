#include <vultus/runtime/onnx_check.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace vultus::runtime {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr int kDeepest = 24;

/// One field of a message.
struct Field {
  std::uint64_t number = 0;
  unsigned wire = 0;
  std::uint64_t value = 0;  ///< of a varint
  Bytes bytes;              ///< of a length-delimited field
};

Error damaged(const std::string& what) { return fail(ErrorCode::corrupt_data, "not an ONNX model: " + what); }

/// Reads a message field by field.
/// @source Protocol Buffers, encoding: wire types 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes
class Message {
 public:
  explicit Message(Bytes bytes) : rest_(bytes) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }
  Result<Field> next();
  /// A number without a field around it, as in packed lists.
  Result<std::uint64_t> number() { return varint(); }

 private:
  Result<std::uint64_t> varint();
  Result<Bytes> take(std::uint64_t size);
  Bytes rest_;
};

Result<std::uint64_t> Message::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) return damaged("cut off");
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  return damaged("a number of more than ten bytes");
}

Result<Bytes> Message::take(std::uint64_t size) {
  if (size > rest_.size()) return damaged("cut off, or a length beyond its end");
  const Bytes taken = rest_.first(static_cast<std::size_t>(size));
  rest_ = rest_.subspan(static_cast<std::size_t>(size));
  return taken;
}

Result<Field> Message::next() {
  VULTUS_TRY(const std::uint64_t key, varint());
  Field field{.number = key >> 3U, .wire = static_cast<unsigned>(key & 7U), .bytes = {}};
  if (field.number == 0) return damaged("a field without a number");
  switch (field.wire) {
    case 0: {
      VULTUS_TRY(field.value, varint());
      return field;
    }
    case 1: {
      VULTUS_TRY(field.bytes, take(8));
      return field;
    }
    case 2: {
      VULTUS_TRY(const std::uint64_t size, varint());
      VULTUS_TRY(field.bytes, take(size));
      return field;
    }
    case 5: {
      VULTUS_TRY(field.bytes, take(4));
      return field;
    }
    default: return damaged("a field of an unknown kind");
  }
}

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
  Message message(entry);
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
  Message message(bytes);
  Values values(most_values);
  std::string name, location;
  bool external = false;
  while (!message.done()) {
    VULTUS_TRY(const Field field, message.next());
    if (field.number == kName && field.wire == 2) name.assign(field.bytes.begin(), field.bytes.end());
    if (field.number == kDims && field.wire == 0) values.side(field.value);
    if (field.number == kDims && field.wire == 2)
      for (Message packed(field.bytes); !packed.done();) {
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
  if (depth > kDeepest) return damaged("messages nested more than " + std::to_string(kDeepest) + " deep");
  if (kind == Kind::tensor) return check_tensor(bytes, most_values);
  Message message(bytes);
  while (!message.done()) {
    VULTUS_TRY(const Field field, message.next());
    const auto child = child_of(kind, field.number);
    if (!child) continue;
    if (field.wire != 2) return damaged("a field of another kind than its place has");
    VULTUS_CHECK(walk(field.bytes, *child, most_values, depth + 1));
  }
  return {};
}

}  // namespace

Status check_onnx(Bytes bytes) {
  if (bytes.empty()) return damaged("0 bytes");
  bool version = false, graph = false;
  for (Message message(bytes); !message.done();) {
    VULTUS_TRY(const Field field, message.next());
    version = version || (field.number == 1 && field.wire == 0);
    graph = graph || (field.number == 7 && field.wire == 2);
  }
  if (!version || !graph) return damaged("no version or no graph in it");
  // The smallest values are of four bits.
  return walk(bytes, Kind::model, std::uint64_t{2} * bytes.size(), 0);
}

}  // namespace vultus::runtime
