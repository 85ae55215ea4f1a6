// Opening the file, and handing its templates to the search.
#include <vultus/gallery/store.hpp>

#include <array>

#include <vultus/gallery/schema.hpp>
#include <vultus/gallery/subject_name.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {
namespace {

using sqlite::Database;
using sqlite::Statement;

std::optional<std::string> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Status check_model(const GalleryModel& model) {
  if (model.id.empty()) return fail(ErrorCode::invalid_argument, "gallery model without an id");
  VULTUS_CHECK(check_length("gallery model id", model.id.text(), kMaxNameBytes));
  if (model.dimension < 1 || model.dimension > static_cast<int>(Embedding::kMaxDimension))
    return fail(ErrorCode::invalid_argument, "gallery model " + model.id.text() + " with dimension " +
                                                 std::to_string(model.dimension) + ", 1 to " +
                                                 std::to_string(Embedding::kMaxDimension) + " is allowed");
  if (!model.sha256.empty()) VULTUS_CHECK(check_sha256("SHA-256 of the gallery model", model.sha256));
  return check_length("preset of the gallery model", model.preset, kMaxNameBytes);
}

Status write_identity(Database& file, const GalleryModel& model, UtcTime now) {
  const std::string time = to_iso8601(now);
  VULTUS_TRY(Statement add,
             file.prepare("INSERT INTO models(name, dimension, sha256, preset, added) VALUES(?,?,?,?,?)"));
  add.bind(1, std::string_view(model.id.text())).bind(2, std::int64_t{model.dimension});
  add.bind(3, if_given(model.sha256)).bind(4, if_given(model.preset)).bind(5, std::string_view(time));
  VULTUS_CHECK(add.run());
  const std::string row = std::to_string(file.last_row());
  VULTUS_TRY(Statement meta, file.prepare("INSERT INTO meta(key, value) VALUES(?,?)"));
  const std::array<std::pair<std::string_view, std::string_view>, 3> rows{
      {{kMetaModel, row}, {kMetaCreated, time}, {kMetaEncryption, "none"}}};
  for (const auto& [key, value] : rows) {
    meta.bind(1, key).bind(2, value);
    VULTUS_CHECK(meta.run());
  }
  return {};
}

sqlite::Access access_of(GalleryAccess access) {
  switch (access) {
    case GalleryAccess::read_only: return sqlite::Access::read_only;
    case GalleryAccess::read_write: return sqlite::Access::read_write;
    case GalleryAccess::create_or_open: return sqlite::Access::create_or_open;
  }
  return sqlite::Access::read_only;
}

}  // namespace

Result<Store> Store::open(const GalleryOptions& options) {
  if (options.busy_wait.count() < 0 || options.busy_wait > std::chrono::hours(1))
    return fail(ErrorCode::invalid_argument,
                "gallery busy_wait of " + std::to_string(options.busy_wait.count()) + " ms, 0 to 3600000 is allowed");
  if (options.max_bytes < 0)
    return fail(ErrorCode::invalid_argument,
                "gallery max_bytes of " + std::to_string(options.max_bytes) + ", 0 or more is allowed");
  if (options.model) VULTUS_CHECK(check_model(*options.model));
  if (options.access == GalleryAccess::create_or_open && !options.model)
    return fail(ErrorCode::invalid_argument, options.path.string() + ": a gallery cannot be made without a model");
  const std::int64_t page = format().page_bytes;
  const sqlite::OpenOptions how{
      .path = options.path,
      .access = access_of(options.access),
      .busy_wait = options.busy_wait,
      .on_create = [&options](Database& made) { return write_identity(made, *options.model, options.now()); },
      .max_pages = (options.max_bytes + page - 1) / page};
  Result<Database> opened = Database::open(format(), how);
  if (!opened && opened.error().code == ErrorCode::unsupported && how.access == sqlite::Access::read_only) {
    // A gallery of an older version is brought up to date, where that is allowed, so that whoever reads can go on.
    sqlite::OpenOptions once = how;
    once.access = sqlite::Access::read_write;
    if (Database::open(format(), once)) opened = Database::open(format(), how);
  }
  VULTUS_TRY(Database file, std::move(opened));
  Store store(std::move(file));
  VULTUS_CHECK(store.read_identity());
  if (options.model) VULTUS_CHECK(store.require_model(*options.model));
  return store;
}

Status Store::read_identity() {
  VULTUS_TRY(Statement meta, file_.prepare("SELECT value FROM meta WHERE key=?"));
  const auto value = [&](std::string_view key) -> Result<std::string> {
    meta.reset();
    meta.bind(1, key);
    VULTUS_TRY(const bool row, meta.step());
    if (!row) return damaged("no row \"" + std::string(key) + "\" in meta");
    return meta.text(0);
  };
  VULTUS_TRY(const std::string encryption, value(kMetaEncryption));
  if (encryption != "none")
    return file_.fail(ErrorCode::unsupported, "its encryption is '" + encryption + "', this program knows only 'none'");
  VULTUS_TRY(const std::string created, value(kMetaCreated));
  const std::optional<UtcTime> time = from_iso8601(created);
  if (!time) return damaged("it was created at \"" + created + "\", which is no time");
  created_ = *time;
  VULTUS_TRY(const std::string model, value(kMetaModel));
  VULTUS_TRY(Statement row, file_.prepare("SELECT id, name, dimension, sha256, preset FROM models WHERE id=?"));
  row.bind(1, std::string_view(model));
  VULTUS_TRY(const bool found, row.step());
  if (!found) return damaged("its model \"" + model + "\" is not there");
  model_row_ = row.integer(0);
  const std::int64_t dimension = row.integer(2);
  if (dimension < 1 || dimension > static_cast<std::int64_t>(Embedding::kMaxDimension) || row.text(1).empty())
    return damaged("model \"" + row.text(1) + "\" with dimension " + std::to_string(dimension));
  model_ = {.id = ModelId(row.text(1)),
            .dimension = static_cast<int>(dimension),
            .sha256 = row.text(3),
            .preset = row.text(4)};
  return {};
}

Status Store::require_model(const GalleryModel& wanted) const {
  const auto mismatch = [&](const std::string& mine, const std::string& other) {
    return file_.fail(ErrorCode::model_mismatch, "made with model " + mine + ", opened with model " + other);
  };
  if (wanted.id != model_.id) return mismatch(model_.id.text(), wanted.id.text());
  if (wanted.dimension != model_.dimension)
    return mismatch(model_.id.text() + " of dimension " + std::to_string(model_.dimension),
                    wanted.id.text() + " of dimension " + std::to_string(wanted.dimension));
  if (!wanted.sha256.empty() && !model_.sha256.empty() && wanted.sha256 != model_.sha256)
    return mismatch(model_.id.text() + " (SHA-256 " + model_.sha256 + ")",
                    wanted.id.text() + " (SHA-256 " + wanted.sha256 + ")");
  return {};
}

Result<std::vector<std::pair<SubjectId, std::string>>> Store::names() {
  VULTUS_TRY(Statement rows, file_.prepare("SELECT id, name FROM subjects ORDER BY id"));
  std::vector<std::pair<SubjectId, std::string>> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return all;
    const SubjectId id(rows.integer(0));
    std::string name = rows.text(1);
    const Result<std::string> checked = checked_name(name);
    if (!checked) return damaged("subject " + std::to_string(id.number()) + ": " + checked.error().message);
    // Rows out of order come from a tree whose branches meet again.
    if (!all.empty() && all.back().first >= id) return damaged("subjects out of order");
    all.emplace_back(id, std::move(name));
  }
}

Result<std::vector<std::pair<FaceId, SubjectId>>> Store::owners() {
  // The index on subject answers this alone, so the templates stay on the disk.
  VULTUS_TRY(Statement rows, file_.prepare("SELECT id, subject FROM faces ORDER BY subject, id"));
  std::vector<std::pair<FaceId, SubjectId>> all;
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return all;
    const std::pair<FaceId, SubjectId> face{FaceId(rows.integer(0)), SubjectId(rows.integer(1))};
    if (!all.empty() && std::pair(all.back().second, all.back().first) >= std::pair(face.second, face.first))
      return damaged("faces out of order");
    all.push_back(face);
  }
}

Status Store::each_template(const TakeTemplate& take) {
  VULTUS_TRY(Statement rows, file_.prepare("SELECT id, subject, model, template FROM faces ORDER BY id"));
  std::vector<float> values;
  for (std::optional<FaceId> last;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return {};
    const FaceId id(rows.integer(0));
    const std::string name = "face " + std::to_string(id.number());
    if (last && *last >= id) return damaged("faces out of order");
    last = id;
    if (rows.integer(2) != model_row_) return damaged(name + " belongs to another model");
    if (const auto wrong = from_bytes(rows.blob(3), static_cast<std::size_t>(model_.dimension), values))
      return damaged(name + " " + *wrong);
    VULTUS_CHECK(take(id, SubjectId(rows.integer(1)), values));
  }
}

Status Store::one_template(FaceId id, const TakeTemplate& take) {
  VULTUS_TRY(Statement row, file_.prepare("SELECT subject, model, template FROM faces WHERE id=?"));
  row.bind(1, id.number());
  const std::string name = "face " + std::to_string(id.number());
  VULTUS_TRY(const bool found, row.step());
  if (!found || row.integer(1) != model_row_)
    return damaged(name + (found ? " belongs to another model" : " is listed but not there"));
  std::vector<float> values;
  if (const auto wrong = from_bytes(row.blob(2), static_cast<std::size_t>(model_.dimension), values))
    return damaged(name + " " + *wrong);
  return take(id, SubjectId(row.integer(0)), values);
}

}  // namespace vultus::gallery
