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
  Meaning(const CheckedRows& how, std::map<ModelRowId, GalleryModel> models)
      : codec_(*how.codec), is_going_(how.is_going), models_(std::move(models)) {}

  void look(SubjectRow row) {
    if (is_going(row.id)) {
      ++going_;
      return;
    }
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
    if (is_going(row.subject)) return;
    const std::string name = "face " + std::to_string(row.id.number());
    if (const Status opened = codec_.open(row); !opened) return add(opened.error().message);
    const std::string key = row.source_key;
    if (row.source_sha256.empty() && key.empty()) return;
    if (const Result<std::string> wanted = codec_.source_key(row.source_sha256); wanted && *wanted != key)
      add(name + " is found by another source than its own");
  }

  void look(TemplateRow row, SubjectId owner) {
    if (is_going(owner)) return;
    const std::string name = "face " + std::to_string(row.face.number()) + " ";
    const auto model = models_.find(row.model);
    if (model == models_.end()) return add(name + "has a template of a model that is not there");
    if (const Status opened = codec_.open(row, owner); !opened) return add(opened.error().message);
    if (const auto wrong = from_bytes(row.bytes, static_cast<std::size_t>(model->second.dimension), values_))
      add(name + *wrong);
  }

  void look(ThumbnailRow row, SubjectId owner) {
    if (is_going(owner)) return;
    const std::string name = "face " + std::to_string(row.face.number());
    if (const Status opened = codec_.open(row, owner); !opened) return add(opened.error().message);
    if (row.bytes.empty() || row.bytes.size() > kMaxThumbnailBytes)
      add(name + " has a thumbnail of " + std::to_string(row.bytes.size()) + " bytes");
  }

  [[nodiscard]] const std::vector<std::string>& findings() const { return findings_; }
  /// People whose key is destroyed and whose rows are there: nothing of them opens, as it should be.
  [[nodiscard]] std::int64_t going() const { return going_; }

 private:
  [[nodiscard]] bool is_going(SubjectId id) const { return is_going_ && is_going_(id); }
  void add(std::string finding) {
    if (findings_.size() < kMaxFindings) findings_.push_back(std::move(finding));
  }

  const Codec& codec_;
  const std::function<bool(SubjectId)>& is_going_;
  std::int64_t going_ = 0;
  std::map<ModelRowId, GalleryModel> models_;
  std::vector<float> values_;
  std::vector<std::string> findings_;
};

}  // namespace

Result<GalleryCheck> check_rows(Store& store, const CheckedRows& how) {
  if (how.codec == nullptr) return store.check({});
  std::map<ModelRowId, GalleryModel> by_id;
  // Models that cannot be read are among the store's own findings.
  if (const Result<std::vector<ModelRow>> models = store.models())
    for (const ModelRow& one : *models) by_id.emplace(one.id, one.model);
  Meaning meaning(how, std::move(by_id));
  VULTUS_TRY(GalleryCheck result,
             store.check({.subject = [&](const SubjectRow& row) { meaning.look(row); },
                          .face = [&](const FaceRow& row) { meaning.look(row); },
                          .face_template = [&](const TemplateRow& row, SubjectId owner) { meaning.look(row, owner); },
                          .thumbnail = [&](const ThumbnailRow& row, SubjectId owner) { meaning.look(row, owner); }}));
  for (const std::string& finding : meaning.findings())
    if (result.findings.size() < kMaxFindings) result.findings.push_back(finding);
  if (meaning.going() > 0) {
    const bool one = meaning.going() == 1;
    result.notes.push_back("the removal of " + std::to_string(meaning.going()) + (one ? " person" : " people") +
                           " was interrupted after their " + (one ? "key was" : "keys were") +
                           " destroyed: nothing of them opens, and the next opening for writing removes their rows");
  }
  return result;
}

}  // namespace vultus::gallery
