// Changing a library.
#include <algorithm>

#include <vultus/library/library.hpp>
#include <vultus/library/schema.hpp>

namespace vultus::library {
namespace {

using sqlite::Database;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::string_view kDropPhotosWithoutFile = "DELETE FROM photos WHERE id NOT IN (SELECT photo FROM files)";

std::optional<double> number(const std::optional<float>& value) {
  return value ? std::optional<double>(double{*value}) : std::nullopt;
}

/// The row of a photo; 0 = it is not there.
Result<std::int64_t> find_photo(Statement& find, const std::string& sha256) {
  find.reset();
  find.bind(1, std::string_view(sha256));
  VULTUS_TRY(const bool found, find.step());
  const std::int64_t row = found ? find.integer(0) : 0;
  find.reset();
  return row;
}

Status add_face(Database& file, Statement& add, std::int64_t photo, const LibraryModel& model, PhotoFace& face) {
  if (face.embedding.model() != model.id || face.embedding.values().size() != static_cast<std::size_t>(model.dimension))
    return file.fail(ErrorCode::invalid_argument, "a template of model " + face.embedding.model().text() +
                                                      ", the library keeps those of " + model.id.text());
  add.bind(1, photo).bind(2, std::int64_t{face.number});
  int column = 3;
  for (const float side : {face.box.x, face.box.y, face.box.width, face.box.height}) add.bind(column++, double{side});
  add.bind(column++, double{face.detection.value()});
  for (const auto& value : {face.inter_eye_px, face.quality, face.sharpness, face.yaw, face.pitch})
    add.bind(column++, number(value));
  const std::vector<std::byte> bytes = to_bytes(face.embedding.values());
  add.bind(13, std::span(bytes)).bind(14, std::span<const std::byte>(face.thumbnail)).bind(15, face.cluster);
  VULTUS_CHECK(add.run());
  face.id = file.last_row();
  return {};
}

/// A photo that another process has added meanwhile: its faces are the same.
Status take_ids(Database& file, std::int64_t row, Photo& photo) {
  VULTUS_TRY(Statement ids, file.prepare("SELECT id, number FROM faces WHERE photo=?"));
  ids.bind(1, row);
  for (;;) {
    VULTUS_TRY(const bool more, ids.step());
    if (!more) return {};
    const auto at = std::ranges::find(photo.faces, static_cast<int>(ids.integer(1)), &PhotoFace::number);
    if (at != photo.faces.end()) at->id = ids.integer(0);
  }
}

}  // namespace

Status Library::add(std::span<Photo> photos, std::span<const PhotoFile> files) {
  Database& file = impl_->file;
  VULTUS_TRY(Transaction change, Transaction::begin(file, Transaction::Kind::write));
  VULTUS_TRY(Statement find, file.prepare("SELECT id FROM photos WHERE sha256=?"));
  VULTUS_TRY(Statement add_photo, file.prepare("INSERT INTO photos(sha256, width, height) VALUES(?,?,?)"));
  VULTUS_TRY(Statement add_one,
             file.prepare("INSERT INTO faces(photo, number, box_x, box_y, box_width, box_height, detection, "
                          "inter_eye_px, quality, sharpness, yaw, pitch, template, thumbnail, cluster) "
                          "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  for (Photo& photo : photos) {
    VULTUS_TRY(const std::int64_t there, find_photo(find, photo.sha256));
    if (there != 0) {
      VULTUS_CHECK(take_ids(file, there, photo));
      continue;
    }
    add_photo.bind(1, std::string_view(photo.sha256)).bind(2, std::int64_t{photo.width});
    add_photo.bind(3, std::int64_t{photo.height});
    VULTUS_CHECK(add_photo.run());
    const std::int64_t row = file.last_row();
    for (PhotoFace& face : photo.faces) VULTUS_CHECK(add_face(file, add_one, row, impl_->model, face));
  }
  VULTUS_TRY(Statement put, file.prepare("INSERT OR REPLACE INTO files(path, bytes, modified, photo) VALUES(?,?,?,?)"));
  for (const PhotoFile& one : files) {
    VULTUS_TRY(const std::int64_t photo, find_photo(find, one.sha256));
    if (photo == 0) return file.fail(ErrorCode::invalid_argument, one.path + " leads to a photo that is not there");
    put.bind(1, std::string_view(one.path)).bind(2, one.bytes).bind(3, one.modified).bind(4, photo);
    VULTUS_CHECK(put.run());
  }
  // A path that led to another photo before may have been the last one to it.
  VULTUS_CHECK(file.execute(kDropPhotosWithoutFile));
  return change.commit();
}

Status Library::forget(std::span<const std::string> paths) {
  if (paths.empty()) return {};
  Database& file = impl_->file;
  VULTUS_TRY(Transaction change, Transaction::begin(file, Transaction::Kind::write));
  {
    VULTUS_TRY(Statement drop, file.prepare("DELETE FROM files WHERE path=?"));
    for (const std::string& path : paths) {
      drop.bind(1, std::string_view(path));
      VULTUS_CHECK(drop.run());
    }
  }
  VULTUS_CHECK(file.execute(kDropPhotosWithoutFile));
  VULTUS_CHECK(change.commit());
  VULTUS_TRY(const bool emptied, file.empty_log());  // the faces of a removed photo are not left in the log
  (void)emptied;
  return {};
}

Status Library::keep_clusters(std::span<const std::pair<std::int64_t, std::int64_t>> cluster_of_face,
                              const std::map<std::int64_t, std::string>& names, std::int64_t next_cluster) {
  Database& file = impl_->file;
  VULTUS_TRY(Transaction change, Transaction::begin(file, Transaction::Kind::write));
  VULTUS_TRY(Statement put, file.prepare("UPDATE faces SET cluster=?2 WHERE id=?1 AND cluster IS NOT ?2"));
  for (const auto& [face, cluster] : cluster_of_face) {
    put.bind(1, face).bind(2, cluster);
    VULTUS_CHECK(put.run());
  }
  VULTUS_CHECK(file.execute("DELETE FROM names"));
  VULTUS_TRY(Statement name, file.prepare("INSERT INTO names(cluster, name) VALUES(?,?)"));
  for (const auto& [cluster, text] : names) {
    name.bind(1, cluster).bind(2, std::string_view(text));
    VULTUS_CHECK(name.run());
  }
  VULTUS_TRY(Statement next, file.prepare("UPDATE model SET next_cluster=max(next_cluster, ?)"));
  next.bind(1, next_cluster);
  VULTUS_CHECK(next.run());
  return change.commit();
}

Status Library::keep_apart(std::span<const std::pair<std::int64_t, std::int64_t>> faces) {
  if (faces.empty()) return {};
  Database& file = impl_->file;
  VULTUS_TRY(Transaction change, Transaction::begin(file, Transaction::Kind::write));
  VULTUS_TRY(Statement put, file.prepare("INSERT OR IGNORE INTO apart(first, second) VALUES(?,?)"));
  for (const auto& [first, second] : faces) {
    put.bind(1, std::min(first, second)).bind(2, std::max(first, second));
    VULTUS_CHECK(put.run());
  }
  return change.commit();
}

}  // namespace vultus::library
