#include <vultus/gallery/codec.hpp>

namespace vultus::gallery {
namespace {

class PlainCodec final : public Codec {
 public:
  [[nodiscard]] std::string_view encryption() const override { return "none"; }
  [[nodiscard]] bool hides_names() const override { return false; }
  [[nodiscard]] bool binds_to_subject() const override { return false; }
  Result<std::string> name_key(std::string_view name) const override { return std::string(name); }
  Result<std::string> source_key(std::string_view sha256) const override { return std::string(sha256); }
  Status add_subjects(std::span<const SubjectId> /*made*/) override { return {}; }
  Status forget(SubjectId /*subject*/) override { return {}; }
  Status seal(SubjectRow& row) const override {
    row.name_key = row.name;
    return {};
  }
  Status open(SubjectRow& /*row*/) const override { return {}; }
  Status seal(FaceRow& row) const override {
    row.source_key = row.source_sha256;
    return {};
  }
  Status open(FaceRow& /*row*/) const override { return {}; }
  Status seal(TemplateRow& /*row*/, SubjectId /*owner*/) const override { return {}; }
  Status open(TemplateRow& /*row*/, SubjectId /*owner*/) const override { return {}; }
  Status seal(ThumbnailRow& /*row*/, SubjectId /*owner*/) const override { return {}; }
  Status open(ThumbnailRow& /*row*/, SubjectId /*owner*/) const override { return {}; }
};

}  // namespace

std::unique_ptr<Codec> plain_codec() { return std::make_unique<PlainCodec>(); }

}  // namespace vultus::gallery
