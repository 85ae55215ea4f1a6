#include <vultus/gallery/store/row_sum.hpp>

#include <array>
#include <bit>
#include <span>
#include <string_view>

#include <sodium.h>

namespace vultus::gallery {
namespace {

/// Bytes of a row in their order, hashed as they come.
class Summer {
 public:
  explicit Summer(std::string_view table) {
    crypto_generichash_init(&state_, nullptr, 0, crypto_generichash_BYTES_MIN);
    add(table);
  }

  Summer& add(std::int64_t value) {
    std::array<unsigned char, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(value) >> (8 * i));
    crypto_generichash_update(&state_, bytes.data(), bytes.size());
    return *this;
  }
  // SQLite keeps a -0 as 0, so it counts as that.
  Summer& add(double value) { return add(std::bit_cast<std::int64_t>(value == 0 ? 0.0 : value)); }
  Summer& add(std::string_view text) { return add_bytes(text.data(), text.size()); }
  Summer& add(std::span<const std::byte> bytes) { return add_bytes(bytes.data(), bytes.size()); }
  Summer& add(UtcTime time) { return add(std::int64_t{time.time_since_epoch().count()}); }
  template <class T>
  Summer& add(const std::optional<T>& value) {
    const unsigned char there = value ? 1 : 0;
    crypto_generichash_update(&state_, &there, 1);
    return value ? add(*value) : *this;
  }
  /// An empty text is an absent one.
  Summer& add_text(std::string_view text) {
    return add(text.empty() ? std::optional<std::string_view>() : std::optional(text));
  }

  [[nodiscard]] std::int64_t sum() {
    std::array<unsigned char, crypto_generichash_BYTES_MIN> hash{};
    crypto_generichash_final(&state_, hash.data(), hash.size());
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value |= std::uint64_t{hash[i]} << (8 * i);
    return static_cast<std::int64_t>(value);
  }

 private:
  Summer& add_bytes(const void* data, std::size_t size) {
    add(static_cast<std::int64_t>(size));
    crypto_generichash_update(&state_, static_cast<const unsigned char*>(data), size);
    return *this;
  }

  crypto_generichash_state state_;
};

}  // namespace

std::int64_t sum_of(const SubjectRow& row) {
  Summer sum("subjects");
  sum.add(row.id.number()).add(std::string_view(row.name)).add(std::string_view(row.name_key)).add(row.created);
  sum.add_text(row.external_id).add_text(row.tags).add_text(row.consent).add_text(row.purpose).add(row.retain_until);
  return sum.add_text(row.notes).add(row.changed).sum();
}

std::int64_t sum_of(const FaceRow& row) {
  Summer sum("faces");
  sum.add(row.id.number()).add(row.subject.number()).add(row.enrolled).add(row.retain_until);
  sum.add(row.quality).add(row.inter_eye_px).add(row.detection);
  sum.add_text(row.source).add_text(row.source_sha256).add_text(row.source_key);
  sum.add(row.box ? std::optional(double{row.box->x}) : std::nullopt);
  if (row.box) sum.add(double{row.box->y}).add(double{row.box->width}).add(double{row.box->height});
  return sum.add(row.changed).sum();
}

std::int64_t sum_of(const TemplateRow& row) {
  return Summer("templates").add(row.face.number()).add(row.model).add(std::span<const std::byte>(row.bytes)).sum();
}

std::int64_t sum_of(const ThumbnailRow& row) {
  return Summer("thumbnails")
      .add(row.face.number())
      .add(name_of(row.format))
      .add(std::span<const std::byte>(row.bytes))
      .sum();
}

std::int64_t sum_of(const ModelRow& row) {
  Summer sum("models");
  sum.add(row.id).add(std::string_view(row.model.id.text())).add(std::int64_t{row.model.dimension});
  return sum.add_text(row.model.sha256).add_text(row.model.preset).add(row.added).sum();
}

std::int64_t sum_of(const LinkRow& row) { return Summer("links").add(name_of(row.kind)).add(row.a).add(row.b).sum(); }

std::int64_t sum_of(const UndoRow& row) {
  return Summer("undo")
      .add(row.number)
      .add(row.at)
      .add(std::string_view(row.kind))
      .add(std::string_view(row.body))
      .sum();
}

std::int64_t sum_of(ModelRowId model, const Calibration& row) {
  Summer sum("calibrations");
  sum.add(model).add(double{row.at.threshold.value()}).add(row.at.false_match_rate);
  sum.add(std::string_view(row.at.source)).add(row.subjects).add(row.made);
  sum.add(row.target).add(row.fmr_low).add(row.fmr_high).add(row.fnmr).add(row.fpir);
  sum.add(row.impostor_pairs).add(row.mated_pairs);
  for (const auto& curve : {row.logistic, row.search_logistic}) {
    sum.add(curve ? std::optional(curve->slope) : std::nullopt);
    if (curve) sum.add(curve->intercept).add(curve->prior);
  }
  sum.add(row.ece).add_text(row.data_sha256).add(static_cast<std::int64_t>(row.rows.size()));
  for (const ThresholdRow& point : row.rows) sum.add(point.false_match_rate).add(double{point.threshold.value()});
  return sum.sum();
}

std::int64_t sum_of_meta(std::string_view key, std::string_view value) {
  return Summer("meta").add(key).add(value).sum();
}

std::string_view name_of(ThumbnailFormat format) { return format == ThumbnailFormat::jpeg ? "jpeg" : "encrypted"; }
std::string_view name_of(LinkKind kind) { return kind == LinkKind::not_face ? "not_face" : "not_subject"; }

}  // namespace vultus::gallery
