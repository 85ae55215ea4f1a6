#include <vultus/sealed/format.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <sodium.h>

#include <vultus/sealed/byte_stream.hpp>
#include <vultus/sealed/envelope.hpp>
#include <vultus/sealed/scheme.hpp>

namespace vultus::sealed {
namespace {

constexpr std::uint64_t kMaxNumber = 1 << 16;  ///< bytes of n, g, h
constexpr std::uint64_t kMaxModel = 1024;      ///< bytes of a model's name
constexpr std::uint64_t kIdDigits = 32;

Bytes bytes_of_number(const Number& number) {
  Bytes bytes((number.bits() + 7) / 8);
  put_number(bytes, number);
  return bytes;
}

void put_key(ByteWriter& to, const PublicKey& key) {
  const PublicParts& open = key.parts();
  to.number(static_cast<std::uint64_t>(open.kind.scheme), 1);
  to.number(static_cast<std::uint64_t>(open.kind.bits), 4);
  to.number(static_cast<std::uint64_t>(open.kind.s), 1);
  to.block(bytes_of_number(open.n));
  to.block(bytes_of_number(open.g));
  to.block(bytes_of_number(open.h));
  to.raw(open.box);
}

Result<PublicParts> take_parts(ByteReader& from) {
  PublicParts open;
  VULTUS_TRY(const auto scheme, from.number(1, "scheme"));
  VULTUS_TRY(const auto bits, from.number(4, "bits"));
  VULTUS_TRY(const auto s, from.number(1, "s"));
  if (scheme < 1 || scheme > 3)
    return fail(ErrorCode::corrupt_data, "scheme " + std::to_string(scheme) + " is not known");
  open.kind = {.scheme = static_cast<Scheme>(scheme),
               .bits = static_cast<int>(std::min<std::uint64_t>(bits, 1U << 20U)),
               .s = static_cast<int>(s)};
  if (const Status checked = check(open.kind); !checked) return fail(ErrorCode::corrupt_data, checked.error().message);
  VULTUS_TRY(const auto n, from.block(kMaxNumber, "n"));
  VULTUS_TRY(const auto g, from.block(kMaxNumber, "g"));
  VULTUS_TRY(const auto h, from.block(kMaxNumber, "h"));
  VULTUS_TRY(const auto box, from.raw(open.box.size(), "X25519 key"));
  for (const ByteView number : {n, g, h})
    if (!number.empty() && number.front() == 0)
      return fail(ErrorCode::corrupt_data, "public key: a number begins with a byte 0");
  if (open.kind.scheme != Scheme::okamoto_uchiyama && g.size() + h.size() > 0)
    return fail(ErrorCode::corrupt_data, "public key: g and h are of Okamoto-Uchiyama alone");
  open.n = number_from(n);
  open.g = number_from(g);
  open.h = number_from(h);
  std::ranges::copy(box, open.box.begin());
  VULTUS_CHECK(complete(open));
  return open;
}

Result<PublicKey> take_key(ByteReader& from) {
  VULTUS_TRY(PublicParts open, take_parts(from));
  return PublicKey(std::make_shared<const PublicParts>(std::move(open)));
}

void put_layout(ByteWriter& to, const Layout& layout) {
  to.number(static_cast<std::uint64_t>(layout.dimension), 4);
  to.number(static_cast<std::uint64_t>(layout.precision.sealed), 4);
  to.number(static_cast<std::uint64_t>(layout.precision.plain), 4);
}

/// Slots and bounds are computed anew: a file cannot tell false ones.
Result<Layout> take_layout(ByteReader& from, const PublicKey& key) {
  std::array<int, 3> values{};
  for (int& value : values) {
    VULTUS_TRY(const auto number, from.number(4, "layout"));
    value = static_cast<int>(std::min<std::uint64_t>(number, 1U << 30U));
  }
  auto layout = layout_for(key, values[0], {.sealed = values[1], .plain = values[2]});
  if (!layout) return fail(ErrorCode::corrupt_data, layout.error().message);
  return layout;
}

void put_names(ByteWriter& to, const std::vector<Bytes>& names) {
  to.number(names.size(), 8);
  for (const Bytes& name : names) {
    to.number(name.size(), 2);
    to.raw(name);
  }
}

Result<std::uint64_t> take_name_count(ByteReader& from) {
  VULTUS_TRY(const auto count, from.number(8, "names"));
  if (count > static_cast<std::uint64_t>(kMaxRows))
    return fail(ErrorCode::corrupt_data,
                std::to_string(count) + " names, at most " + std::to_string(kMaxRows) + " are allowed");
  return count;
}

Result<std::vector<Bytes>> take_names(ByteReader& from) {
  VULTUS_TRY(const auto count, take_name_count(from));
  if (count > from.left() / (2 + kNameOverhead))
    return fail(ErrorCode::corrupt_data, std::to_string(count) + " names are more than the file can hold");
  std::vector<Bytes> names;
  names.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    VULTUS_TRY(const auto size, from.number(2, "a name"));
    if (size < kNameOverhead || size > kMaxName + kNameStep + kNameOverhead)
      return fail(ErrorCode::corrupt_data, "a sealed name has " + std::to_string(size) + " bytes");
    VULTUS_TRY(const auto name, from.raw(size, "a name"));
    names.emplace_back(name.begin(), name.end());
  }
  return names;
}

Result<Bytes> take_ciphertexts(ByteReader& from, std::uint64_t count, const PublicKey& key) {
  const std::uint64_t wanted = count * key.ciphertext_bytes();
  if (wanted != from.left())
    return fail(ErrorCode::corrupt_data, "ciphertexts have " + std::to_string(from.left()) + " bytes, " +
                                             std::to_string(wanted) + " are wanted");
  VULTUS_TRY(const auto bytes, from.raw(wanted, "ciphertexts"));
  return Bytes(bytes.begin(), bytes.end());
}

/// Model and id of a gallery, a probe, or what a result comes from.
struct Origin {
  std::string model, id;
};
void put_origin(ByteWriter& to, const std::string& model, const std::string& id) { to.text(model), to.text(id); }
Result<Origin> take_origin(ByteReader& from) {
  Origin origin;
  VULTUS_TRY(origin.model, from.text(kMaxModel, "model"));
  VULTUS_TRY(origin.id, from.text(kIdDigits, "id"));
  return origin;
}

/// What galleries begin with, up to their names.
Result<GalleryHead> take_gallery_head(ByteReader& from) {
  VULTUS_TRY(PublicKey key, take_key(from));
  VULTUS_TRY(Origin origin, take_origin(from));
  VULTUS_TRY(const Layout layout, take_layout(from, key));
  return GalleryHead{
      .key = std::move(key), .model = std::move(origin.model), .id = std::move(origin.id), .layout = layout, .rows = 0};
}

Status at_end(const ByteReader& from) {
  if (from.left() == 0) return {};
  return fail(ErrorCode::corrupt_data, std::to_string(from.left()) + " bytes are left over at the end");
}

}  // namespace

Bytes encode(const PublicKey& key) {
  ByteWriter to = begin_file(FileKind::public_key);
  put_key(to, key);
  return end_file(std::move(to));
}

Bytes encode(const SealedGallery& gallery) {
  ByteWriter to = begin_file(FileKind::gallery);
  put_key(to, gallery.key);
  put_origin(to, gallery.model, gallery.id);
  put_layout(to, gallery.layout);
  put_names(to, gallery.names);
  to.raw(gallery.ciphertexts);
  return end_file(std::move(to));
}

Bytes encode(const SealedProbe& probe) {
  ByteWriter to = begin_file(FileKind::probe);
  put_key(to, probe.key);
  put_origin(to, probe.model, probe.id);
  put_layout(to, probe.layout);
  to.raw(probe.ciphertexts);
  return end_file(std::move(to));
}

Bytes encode(const SealedResult& result) {
  ByteWriter to = begin_file(FileKind::result);
  put_key(to, result.key);
  put_origin(to, result.model, result.source);
  put_layout(to, result.layout);
  to.number(static_cast<std::uint64_t>(result.rows), 8);
  to.number(result.row ? static_cast<std::uint64_t>(*result.row) + 1 : 0, 8);
  put_names(to, result.names);
  to.raw(result.ciphertexts);
  return end_file(std::move(to));
}

Result<PublicKey> decode_public_key(ByteView bytes) {
  VULTUS_TRY(ByteReader from, open_file(bytes, FileKind::public_key));
  VULTUS_TRY(PublicKey key, take_key(from));
  VULTUS_CHECK(at_end(from));
  return key;
}

Result<SealedGallery> decode_gallery(ByteView bytes) {
  VULTUS_TRY(ByteReader from, open_file(bytes, FileKind::gallery));
  VULTUS_TRY(GalleryHead head, take_gallery_head(from));
  VULTUS_TRY(auto names, take_names(from));
  SealedGallery gallery{.key = std::move(head.key),
                        .model = std::move(head.model),
                        .id = std::move(head.id),
                        .layout = head.layout,
                        .names = std::move(names),
                        .ciphertexts = {}};
  VULTUS_TRY(
      gallery.ciphertexts,
      take_ciphertexts(from, static_cast<std::uint64_t>(gallery.packs() * gallery.layout.dimension), gallery.key));
  return gallery;
}

Result<GalleryHead> decode_gallery_head(ByteView beginning) {
  VULTUS_TRY(ByteReader from, open_beginning(beginning, FileKind::gallery));
  VULTUS_TRY(GalleryHead head, take_gallery_head(from));
  VULTUS_TRY(const auto rows, take_name_count(from));
  head.rows = static_cast<std::int64_t>(rows);
  return head;
}

Result<SealedProbe> decode_probe(ByteView bytes) {
  VULTUS_TRY(ByteReader from, open_file(bytes, FileKind::probe));
  VULTUS_TRY(const PublicKey key, take_key(from));
  VULTUS_TRY(Origin origin, take_origin(from));
  VULTUS_TRY(const Layout layout, take_layout(from, key));
  VULTUS_TRY(Bytes ciphertexts, take_ciphertexts(from, static_cast<std::uint64_t>(layout.dimension), key));
  return SealedProbe{.key = key,
                     .model = std::move(origin.model),
                     .id = std::move(origin.id),
                     .layout = layout,
                     .ciphertexts = std::move(ciphertexts)};
}

Result<SealedResult> decode_result(ByteView bytes) {
  VULTUS_TRY(ByteReader from, open_file(bytes, FileKind::result));
  VULTUS_TRY(const PublicKey key, take_key(from));
  VULTUS_TRY(Origin origin, take_origin(from));
  VULTUS_TRY(const Layout layout, take_layout(from, key));
  VULTUS_TRY(const auto rows, from.number(8, "rows"));
  VULTUS_TRY(const auto row, from.number(8, "row"));
  if (rows < 1 || rows > static_cast<std::uint64_t>(kMaxRows) || row > rows)
    return fail(ErrorCode::corrupt_data, "row " + std::to_string(row) + " of " + std::to_string(rows) + " rows");
  VULTUS_TRY(auto names, take_names(from));
  if (names.size() != (row > 0 ? 1 : rows))
    return fail(ErrorCode::corrupt_data, std::to_string(names.size()) + " names for " + std::to_string(rows) + " rows");
  SealedResult result{.key = key,
                      .model = std::move(origin.model),
                      .source = std::move(origin.id),
                      .layout = layout,
                      .rows = static_cast<std::int64_t>(rows),
                      .row = row > 0 ? std::optional(static_cast<std::int64_t>(row) - 1) : std::nullopt,
                      .names = std::move(names),
                      .ciphertexts = {}};
  VULTUS_TRY(result.ciphertexts, take_ciphertexts(from, static_cast<std::uint64_t>(result.packs()), key));
  return result;
}

Result<Bytes> encode_secret(const SecretKey& key, const std::string& passphrase, const GuessCost& cost) {
  ByteWriter body;
  put_key(body, key.public_key());
  body.block(bytes_of_number(key.parts().p));
  body.block(bytes_of_number(key.parts().q));
  body.raw(key.parts().box);
  auto sealed = seal_secret(body.bytes(), passphrase, cost);
  sodium_memzero(body.bytes().data(), body.bytes().size());
  return sealed;
}

Result<SecretKey> decode_secret_key(ByteView bytes, const std::function<Result<std::string>()>& ask) {
  VULTUS_TRY(Bytes body, open_secret(bytes, ask));
  const auto decode = [](ByteView from_bytes) -> Result<SecretKey> {
    ByteReader from(from_bytes);
    VULTUS_TRY(PublicParts open, take_parts(from));
    auto secret = std::make_shared<SecretParts>();
    VULTUS_TRY(const auto p, from.block(kMaxNumber, "p"));
    VULTUS_TRY(const auto q, from.block(kMaxNumber, "q"));
    VULTUS_TRY(const auto box, from.raw(secret->box.size(), "X25519 key"));
    VULTUS_CHECK(at_end(from));
    secret->p = number_from(p);
    secret->q = number_from(q);
    std::ranges::copy(box, secret->box.begin());
    VULTUS_CHECK(complete(*secret, open));
    return SecretKey(PublicKey(std::make_shared<const PublicParts>(std::move(open))), std::move(secret));
  };
  auto key = decode(body);
  sodium_memzero(body.data(), body.size());
  return key;
}

}  // namespace vultus::sealed
