// Opening a library and reading it.
#include <vultus/library/library.hpp>

#include <cmath>
#include <system_error>
#include <unordered_map>

#include <vultus/library/schema.hpp>

namespace vultus::library {
namespace {

using sqlite::Database;
using sqlite::Statement;
using sqlite::Transaction;

Status write_model(Database& file, const LibraryModel& model) {
  VULTUS_TRY(Statement add, file.prepare("INSERT INTO model(id, name, dimension, preset) VALUES(1,?,?,?)"));
  add.bind(1, std::string_view(model.id.text())).bind(2, std::int64_t{model.dimension});
  add.bind(3, std::string_view(model.preset));
  return add.run();
}

Status check_model(const LibraryModel& model) {
  if (!model.id.empty() && model.dimension >= 1 && model.dimension <= static_cast<int>(Embedding::kMaxDimension))
    return {};
  return fail(ErrorCode::invalid_argument, "library model \"" + model.id.text() + "\" with dimension " +
                                               std::to_string(model.dimension) + ": a name and 1 to " +
                                               std::to_string(Embedding::kMaxDimension) + " are wanted");
}

std::optional<float> optional_float(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return static_cast<float>(row.real(column));
}

Result<PhotoFace> read_face(Database& file, const Statement& row, const LibraryModel& model) {
  auto embedding = from_bytes(row.blob(12), model);
  if (!embedding)
    return file.fail(ErrorCode::corrupt_data,
                     "damaged: face " + std::to_string(row.integer(0)) + " has " + embedding.error().message);
  const auto real = [&row](int column) { return static_cast<float>(row.real(column)); };
  PhotoFace face{.id = row.integer(0),
                 .number = static_cast<int>(row.integer(1)),
                 .box = {real(2), real(3), real(4), real(5)},
                 .detection = Score(real(6)),
                 .inter_eye_px = optional_float(row, 7),
                 .quality = optional_float(row, 8),
                 .sharpness = optional_float(row, 9),
                 .yaw = optional_float(row, 10),
                 .pitch = optional_float(row, 11),
                 .embedding = *std::move(embedding),
                 .thumbnail = {},
                 .cluster = {}};
  if (!row.is_null(13)) face.cluster = row.integer(13);
  for (const float side : {face.box.x, face.box.y, face.box.width, face.box.height})
    if (!std::isfinite(side))
      return file.fail(ErrorCode::corrupt_data, "damaged: face " + std::to_string(face.id) + " has no box");
  return face;
}

/// Row numbers of photos, and their places in Content::photos.
using Places = std::unordered_map<std::int64_t, std::size_t>;

Result<Places> read_photos(Database& file, Content& content) {
  Places places;
  VULTUS_TRY(Statement row, file.prepare("SELECT id, sha256, width, height FROM photos ORDER BY sha256"));
  for (;;) {
    VULTUS_TRY(const bool more, row.step());
    if (!more) return places;
    places.emplace(row.integer(0), content.photos.size());
    content.photos.push_back({.sha256 = row.text(1),
                              .width = static_cast<int>(row.integer(2)),
                              .height = static_cast<int>(row.integer(3)),
                              .faces = {}});
  }
}

Status read_faces(Database& file, const LibraryModel& model, const Places& places, Content& content) {
  VULTUS_TRY(Statement row,
             file.prepare("SELECT id, number, box_x, box_y, box_width, box_height, detection, inter_eye_px, quality, "
                          "sharpness, yaw, pitch, template, cluster, photo FROM faces ORDER BY photo, number, id"));
  for (;;) {
    VULTUS_TRY(const bool more, row.step());
    if (!more) return {};
    const auto place = places.find(row.integer(14));
    if (place == places.end()) return file.fail(ErrorCode::corrupt_data, "damaged: a face without its photo");
    VULTUS_TRY(PhotoFace face, read_face(file, row, model));
    content.photos[place->second].faces.push_back(std::move(face));
  }
}

Status read_rest(Database& file, const Places& places, Content& content) {
  VULTUS_TRY(Statement files, file.prepare("SELECT path, bytes, modified, photo FROM files ORDER BY path"));
  for (;;) {
    VULTUS_TRY(const bool more, files.step());
    if (!more) break;
    const auto place = places.find(files.integer(3));
    if (place == places.end()) return file.fail(ErrorCode::corrupt_data, "damaged: a file without its photo");
    content.files.push_back({.path = files.text(0),
                             .bytes = files.integer(1),
                             .modified = files.integer(2),
                             .sha256 = content.photos[place->second].sha256});
  }
  VULTUS_TRY(Statement names, file.prepare("SELECT cluster, name FROM names"));
  for (;;) {
    VULTUS_TRY(const bool more, names.step());
    if (!more) break;
    content.names.emplace(names.integer(0), names.text(1));
  }
  VULTUS_TRY(Statement apart, file.prepare("SELECT first, second FROM apart ORDER BY first, second"));
  for (;;) {
    VULTUS_TRY(const bool more, apart.step());
    if (!more) break;
    content.apart.emplace_back(apart.integer(0), apart.integer(1));
  }
  VULTUS_TRY(content.next_cluster, file.integer("SELECT next_cluster FROM model"));
  return {};
}

}  // namespace

Library::Library(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Library::Library(Library&&) noexcept = default;
Library& Library::operator=(Library&&) noexcept = default;
Library::~Library() = default;

Result<Library> Library::open(const LibraryOptions& options) {
  VULTUS_CHECK(check_model(options.model));
  const sqlite::OpenOptions how{.path = options.path,
                                .access = sqlite::Access::create_or_open,
                                .busy_wait = options.busy_wait,
                                .on_create = [&](Database& made) { return write_model(made, options.model); }};
  VULTUS_TRY(Database file, Database::open(format(), how));
  VULTUS_TRY(LibraryModel model, read_model(file));
  const auto named = [](const LibraryModel& m) {
    return m.id.text() + " with " + std::to_string(m.dimension) + " values (preset " + m.preset + ")";
  };
  if (model.id != options.model.id || model.dimension != options.model.dimension)
    return file.fail(ErrorCode::model_mismatch,
                     "its templates are of model " + named(model) + ", not of model " + named(options.model));
  return Library(std::make_unique<Impl>(Impl{std::move(file), std::move(model)}));
}

Result<Content> Library::load() const {
  VULTUS_TRY(Transaction view, Transaction::begin(impl_->file, Transaction::Kind::read));
  Content content;
  VULTUS_TRY(const Places places, read_photos(impl_->file, content));
  VULTUS_CHECK(read_faces(impl_->file, impl_->model, places, content));
  VULTUS_CHECK(read_rest(impl_->file, places, content));
  VULTUS_CHECK(view.commit());
  return content;
}

Result<std::vector<std::byte>> Library::thumbnail(std::int64_t face) const {
  VULTUS_TRY(Statement row, impl_->file.prepare("SELECT thumbnail FROM faces WHERE id=?"));
  row.bind(1, face);
  VULTUS_TRY(const bool found, row.step());
  if (!found) return std::vector<std::byte>();
  const auto bytes = row.blob(0);
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

Result<std::optional<LibraryModel>> model_of_library(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed) && !failed) return std::optional<LibraryModel>();
  VULTUS_TRY(Database file, Database::open(format(), {.path = path, .access = sqlite::Access::read_only}));
  VULTUS_TRY(LibraryModel model, read_model(file));
  return std::optional(std::move(model));
}

}  // namespace vultus::library
