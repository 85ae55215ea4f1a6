#include <vultus/gallery/row_check.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <vultus/gallery/record_rows.hpp>
#include <vultus/gallery/subject_name.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {
namespace {

constexpr std::size_t kMaxFindings = 100;

/// What is wrong with the meaning of rows.
class Meaning {
 public:
  Meaning(const Codec& codec, std::map<ModelRowId, GalleryModel> models) : codec_(codec), models_(std::move(models)) {}

  void look(SubjectRow row) {
    const std::string who = "subject " + std::to_string(row.id.number());
    const std::string key = row.name_key;
    if (const Status opened = codec_.open(row); !opened) return add(opened.error().message);
    const Result<std::string> name = checked_name(row.name);
    if (!name) return add(who + ": " + name.error().message);
    if (const Result<Subject> subject = subject_of(row); !subject) add(subject.error().message);
    if (const Result<std::string> wanted = codec_.name_key(row.name); wanted && *wanted != key)
      add(who + " is found by another name than its own");
  }

  void look(FaceRow row) {
    const std::string name = "face " + std::to_string(row.id.number());
    if (const Status opened = codec_.open(row); !opened) return add(opened.error().message);
    const std::string key = row.source_key;
    if (row.source_sha256.empty() && key.empty()) return;
    if (const Result<std::string> wanted = codec_.source_key(row.source_sha256); wanted && *wanted != key)
      add(name + " is found by another source than its own");
  }

  void look(TemplateRow row, SubjectId owner) {
    const std::string name = "face " + std::to_string(row.face.number()) + " ";
    const auto model = models_.find(row.model);
    if (model == models_.end()) return add(name + "has a template of a model that is not there");
    if (const Status opened = codec_.open(row, owner); !opened) return add(opened.error().message);
    if (const auto wrong = from_bytes(row.bytes, static_cast<std::size_t>(model->second.dimension), values_))
      add(name + *wrong);
  }

  void look(ThumbnailRow row, SubjectId owner) {
    const std::string name = "face " + std::to_string(row.face.number());
    if (const Status opened = codec_.open(row, owner); !opened) return add(opened.error().message);
    if (row.bytes.empty() || row.bytes.size() > kMaxThumbnailBytes)
      add(name + " has a thumbnail of " + std::to_string(row.bytes.size()) + " bytes");
  }

  [[nodiscard]] const std::vector<std::string>& findings() const { return findings_; }

 private:
  void add(std::string finding) {
    if (findings_.size() < kMaxFindings) findings_.push_back(std::move(finding));
  }

  const Codec& codec_;
  std::map<ModelRowId, GalleryModel> models_;
  std::vector<float> values_;
  std::vector<std::string> findings_;
};

}  // namespace

Result<GalleryCheck> check_rows(Store& store, const Codec* codec) {
  if (codec == nullptr) return store.check({});
  std::map<ModelRowId, GalleryModel> by_id;
  // Models that cannot be read are among the store's own findings.
  if (const Result<std::vector<ModelRow>> models = store.models())
    for (const ModelRow& one : *models) by_id.emplace(one.id, one.model);
  Meaning meaning(*codec, std::move(by_id));
  VULTUS_TRY(GalleryCheck result,
             store.check({.subject = [&](const SubjectRow& row) { meaning.look(row); },
                          .face = [&](const FaceRow& row) { meaning.look(row); },
                          .face_template = [&](const TemplateRow& row, SubjectId owner) { meaning.look(row, owner); },
                          .thumbnail = [&](const ThumbnailRow& row, SubjectId owner) { meaning.look(row, owner); }}));
  for (const std::string& finding : meaning.findings())
    if (result.findings.size() < kMaxFindings) result.findings.push_back(finding);
  return result;
}

}  // namespace vultus::gallery
