// Moving to another model: its templates lie beside those that are searched, until one transaction makes them the
// searched ones.
#include <limits>
#include <utility>

#include <vultus/gallery/local_gallery.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {

namespace {

/// The model that the gallery moves to.
Result<std::optional<ModelRow>> next_model(Store& store, const ModelRow& searched) {
  VULTUS_TRY(const std::vector<ModelRow> models, store.models());
  for (const ModelRow& one : models)
    if (one.id != searched.id) return std::optional(one);
  return std::optional<ModelRow>();
}

Result<ModelRow> require_next_model(Store& store, const ModelRow& searched) {
  VULTUS_TRY(std::optional<ModelRow> next, next_model(store, searched));
  if (next) return *std::move(next);
  return store.fail(ErrorCode::not_found, "does not move to another model");
}

}  // namespace

Status LocalGallery::begin_model_move(const GalleryModel& to) {
  VULTUS_TRY(const UtcTime time, now());
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  if (to.id == memory_.model.model.id)
    return store_->fail(ErrorCode::invalid_argument, "has model " + to.id.text() + " already");
  VULTUS_TRY(const std::optional<ModelRow> next, next_model(*store_, memory_.model));
  if (next && next->model.id == to.id && next->model.dimension == to.dimension && next->model.sha256 == to.sha256)
    return {};
  if (next)
    return store_->fail(ErrorCode::invalid_argument,
                        "moves to model " + next->model.id.text() +
                            (next->model.id == to.id ? " of another file or dimension" : "") +
                            " already; switch to it or drop it first");
  VULTUS_TRY(const ModelRowId added, store_->add_model(to, time));
  (void)added;
  return commit(*transaction);
}

Result<std::optional<ModelMove>> LocalGallery::model_move() {
  return read([&]() -> Result<std::optional<ModelMove>> {
    // Another process may have switched: the model that memory shows is then no longer the one that is searched.
    VULTUS_TRY(const bool changed, take_in_changes());
    (void)changed;
    VULTUS_TRY(std::optional<ModelRow> next, next_model(*store_, memory_.model));
    if (!next) return std::optional<ModelMove>();
    VULTUS_TRY(const std::int64_t missing, store_->count_without_template(next->id));
    return std::optional(ModelMove{
        .to = std::move(next->model), .missing = missing, .faces = static_cast<std::int64_t>(memory_.index->size())});
  });
}

Result<std::vector<EnrolledFace>> LocalGallery::faces_to_move(FaceId after, std::size_t limit) {
  return read([&]() -> Result<std::vector<EnrolledFace>> {
    VULTUS_TRY(const bool changed, take_in_changes());
    (void)changed;
    VULTUS_TRY(const ModelRow next, require_next_model(*store_, memory_.model));
    VULTUS_TRY(const auto ids, store_->faces_without_template(next.id, after, limit));
    std::vector<FaceRow> rows;
    for (const FaceId id : ids) {
      VULTUS_TRY(std::optional<FaceRow> row, store_->face(id));
      if (row) rows.push_back(*std::move(row));
    }
    return rows_.opened(std::move(rows));
  });
}

Result<std::int64_t> LocalGallery::add_moved_templates(std::span<const MovedTemplate> templates) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(const ModelRow next, require_next_model(*store_, memory_.model));
  std::vector<TemplateRow> rows;
  for (const MovedTemplate& one : templates) {
    if (one.embedding.model() != next.model.id ||
        one.embedding.values().size() != static_cast<std::size_t>(next.model.dimension))
      return store_->fail(ErrorCode::model_mismatch, "moves to model " + next.model.id.text() + " of dimension " +
                                                         std::to_string(next.model.dimension) +
                                                         ", a template is of model " + one.embedding.model().text());
    VULTUS_TRY(const std::optional<FaceRow> face, store_->face(one.face));
    if (!face) continue;
    TemplateRow row{.face = one.face, .model = next.id, .bytes = to_bytes(one.embedding.values())};
    VULTUS_CHECK(codec().seal(row, face->subject));
    rows.push_back(std::move(row));
  }
  VULTUS_CHECK(store_->add_templates(rows));
  VULTUS_CHECK(guard_->note(
      *store_, {.what = "re-embed", .count = static_cast<std::int64_t>(rows.size()), .detail = next.model.id.text()},
      AuditKind::change));
  VULTUS_CHECK(commit(*transaction));
  return static_cast<std::int64_t>(rows.size());
}

Result<ModelSwitch> LocalGallery::switch_model(IfNotMoved if_not_moved) {
  const std::scoped_lock lock(file_);
  ModelSwitch done;
  {
    VULTUS_TRY(const auto transaction, begin_change());
    const ModelRow old = memory_.model;
    VULTUS_TRY(const ModelRow next, require_next_model(*store_, memory_.model));
    VULTUS_TRY(const auto missing,
               store_->faces_without_template(next.id, FaceId(0), std::numeric_limits<std::int32_t>::max()));
    if (!missing.empty() && if_not_moved == IfNotMoved::refuse)
      return store_->fail(ErrorCode::invalid_argument,
                          std::to_string(missing.size()) + " faces have no template of model " + next.model.id.text() +
                              ", face " + std::to_string(missing.front().number()) + " first");
    for (const FaceId face : missing) VULTUS_CHECK(store_->remove_face(face));
    VULTUS_CHECK(store_->set_meta(kMetaModel, std::to_string(next.id)));
    VULTUS_CHECK(store_->remove_model(old.id));
    VULTUS_CHECK(guard_->note(*store_, {.what = "switch-model", .faces = missing, .detail = next.model.id.text()},
                              AuditKind::change));
    VULTUS_TRY(Memory again, load_memory(*store_, rows_, shard_.holding));
    VULTUS_CHECK(commit(*transaction));
    publish(std::move(again), seen_);
    done = {.from = old.model, .to = next.model, .removed = static_cast<std::int64_t>(missing.size())};
  }
  drop_snapshot();  // it shows templates of the other model
  tend_index();
  reload_negatives();
  done.bytes_gone = store_->empty_log().value_or(false);
  return done;
}

Status LocalGallery::drop_model_move() {
  const std::scoped_lock lock(file_);
  {
    VULTUS_TRY(const auto transaction, begin_change());
    VULTUS_TRY(const ModelRow next, require_next_model(*store_, memory_.model));
    VULTUS_CHECK(store_->remove_model(next.id));
    VULTUS_CHECK(commit(*transaction));
  }
  (void)store_->empty_log();
  return {};
}

}  // namespace vultus::gallery
