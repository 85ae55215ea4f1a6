// What is asked of a gallery: subjects, faces, templates, and the search.
#include <vultus/gallery/local_gallery.hpp>

#include <algorithm>

#include <vultus/gallery/record_rows.hpp>

namespace vultus::gallery {

Result<std::vector<Subject>> LocalGallery::subjects(const ListOptions& options) {
  return read([&]() -> Result<std::vector<Subject>> {
    if (codec().hides_names()) return list_by_memory(options);
    VULTUS_TRY(std::vector<SubjectRow> rows, store_->subjects(options.after, options.limit));
    std::vector<Subject> all;
    for (SubjectRow& row : rows) {
      VULTUS_TRY(Subject one, rows_.opened(std::move(row)));
      all.push_back(std::move(one));
    }
    return all;
  });
}

/// The same order, where the store cannot see the names.
Result<std::vector<Subject>> LocalGallery::list_by_memory(const ListOptions& options) {
  if (const Result<bool> current = take_in_changes(); !current) return current.error();
  std::vector<std::pair<std::string_view, SubjectId>> behind;
  const auto view = memory_.index->view();
  for (const SubjectId id : view->all_named()) {
    if (gone_.holds(id)) continue;  // memory shows it until the other shards were asked; the store has no row any more
    if (const std::string_view name = *view->name_of(id); name > options.after) behind.emplace_back(name, id);
  }
  const auto count = std::min(options.limit, behind.size());
  std::ranges::partial_sort(behind, behind.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<Subject> all;
  for (std::size_t i = 0; i < count; ++i) {
    VULTUS_TRY(std::optional<SubjectRow> row, store_->subject(behind[i].second));
    if (!row) return rows_.damaged("subject " + std::to_string(behind[i].second.number()) + " is listed but not there");
    VULTUS_TRY(Subject one, rows_.opened(*std::move(row)));
    all.push_back(std::move(one));
  }
  return all;
}

Result<std::optional<Subject>> LocalGallery::find_subject(const std::string& name) {
  return read([&]() -> Result<std::optional<Subject>> {
    VULTUS_TRY(const std::string key, codec().name_key(name));
    VULTUS_TRY(auto found, store_->find_subjects({&key, 1}));
    if (!found.front()) return std::optional<Subject>();
    VULTUS_TRY(Subject one, rows_.opened(*std::move(found.front())));
    return std::optional(std::move(one));
  });
}

Result<Subject> LocalGallery::subject(SubjectId id) {
  return read([&]() -> Result<Subject> {
    VULTUS_TRY(std::optional<SubjectRow> row, store_->subject(id));
    if (!row) return store_->fail(ErrorCode::not_found, "no subject " + std::to_string(id.number()));
    return rows_.opened(*std::move(row));
  });
}

Result<std::vector<EnrolledFace>> LocalGallery::faces(SubjectId id) {
  return read([&]() -> Result<std::vector<EnrolledFace>> {
    VULTUS_TRY(std::vector<FaceRow> rows, store_->faces_of(id));
    // No faces: is there a subject without any, or nobody at all?
    if (rows.empty())
      if (const auto known = rows_.require_subject(id); !known) return known.error();
    return rows_.opened(std::move(rows));
  });
}

Result<EnrolledFace> LocalGallery::face(FaceId id) {
  return read([&]() -> Result<EnrolledFace> {
    VULTUS_TRY(std::optional<FaceRow> row, store_->face(id));
    if (!row) return store_->fail(ErrorCode::not_found, "no face " + std::to_string(id.number()));
    std::vector<FaceRow> rows;
    rows.push_back(*std::move(row));
    VULTUS_TRY(auto opened, rows_.opened(std::move(rows)));
    return std::move(opened.front());
  });
}

Result<std::vector<EnrolledFace>> LocalGallery::faces_of_source(std::string_view sha256) {
  return read([&]() -> Result<std::vector<EnrolledFace>> {
    VULTUS_TRY(const std::string key, codec().source_key(sha256));
    VULTUS_TRY(auto rows, store_->faces_of_sources({&key, 1}));
    return rows_.opened(std::move(rows.front()));
  });
}

Result<std::vector<Embedding>> LocalGallery::templates(SubjectId id) {
  return read([&]() -> Result<std::vector<Embedding>> {
    VULTUS_TRY(const std::vector<FaceRow> rows, store_->faces_of(id));
    if (rows.empty())
      if (const auto known = rows_.require_subject(id); !known) return known.error();
    std::vector<Embedding> all;
    for (const FaceRow& face : rows) {
      VULTUS_TRY(const std::optional<TemplateRow> row, store_->face_template(face.id, memory_.model.id));
      if (!row) return rows_.damaged("face " + std::to_string(face.id.number()) + " has no template");
      VULTUS_TRY(std::vector<float> values, rows_.values_of(*row, id, memory_.model.model));
      VULTUS_TRY(Embedding one, Embedding::normalised(memory_.model.model.id, std::move(values)));
      all.push_back(std::move(one));
    }
    return all;
  });
}

Result<std::optional<Thumbnail>> LocalGallery::thumbnail(FaceId id) {
  return read([&]() -> Result<std::optional<Thumbnail>> {
    VULTUS_TRY(const std::optional<FaceRow> face, store_->face(id));
    if (!face) return store_->fail(ErrorCode::not_found, "no face " + std::to_string(id.number()));
    VULTUS_TRY(std::optional<ThumbnailRow> row, store_->thumbnail(id));
    if (!row) return std::optional<Thumbnail>();
    VULTUS_CHECK(codec().open(*row, face->subject));
    return std::optional(Thumbnail{row->format, std::move(row->bytes)});
  });
}

Result<std::vector<std::vector<Candidate>>> LocalGallery::search(std::span<const Embedding> probes,
                                                                 const SearchOptions& options) {
  VULTUS_TRY(auto answers, search_unnoted(probes, options));
  if (logs_all_) VULTUS_CHECK(note_search(answers));
  return answers;
}

Result<std::vector<std::vector<Candidate>>> LocalGallery::search_unnoted(std::span<const Embedding> probes,
                                                                         const SearchOptions& options) {
  std::shared_ptr<const TemplateView> view;
  VULTUS_TRY(const auto hits, search_hits(probes, options, view));
  std::vector<std::vector<Candidate>> answers(hits.size());
  for (std::size_t i = 0; i < hits.size(); ++i)
    for (const SearchHit& hit : hits[i]) {
      const auto name = view->name_of(hit.subject);
      if (!name) return rows_.damaged("face " + std::to_string(hit.face.number()) + " belongs to nobody");
      answers[i].push_back({hit.subject, std::string(*name), hit.face, hit.similarity});
    }
  return answers;
}

Result<ShardHits> LocalGallery::search_counted(std::span<const Embedding> probes, const SearchOptions& options) {
  ShardHits found{.lists = {}, .seen = seen_};
  std::shared_ptr<const TemplateView> view;
  VULTUS_TRY(found.lists, search_hits(probes, options, view));
  found.lost = lost_;
  return found;
}

/// @param view  in which they were found: names and templates of one moment
Result<std::vector<std::vector<SearchHit>>> LocalGallery::search_hits(std::span<const Embedding> probes,
                                                                      const SearchOptions& options,
                                                                      std::shared_ptr<const TemplateView>& view) {
  SearchOptions how = options;
  if (how.method == SearchMethod::automatic) how.method = options_.search;
  const auto look = [&]() -> Result<std::vector<std::vector<SearchHit>>> {
    const auto memory = searched_.get();
    const Status cells = how.method == SearchMethod::cells ? require_cells(*memory->index) : Status();
    view = memory->index->view();
    VULTUS_CHECK(cells);
    return negatives_.search(probes, how, [&](auto some, const SearchOptions& one) { return view->search(some, one); });
  };
  auto found = look();
  if (!found && view->damaged()) {
    VULTUS_CHECK(recover());
    found = look();
  }
  return found;
}

bool LocalGallery::name(const std::vector<std::vector<SearchHit>>& hits,
                        std::vector<std::vector<Candidate>>& named) const {
  const auto view = searched_.get()->index->view();
  named.assign(hits.size(), {});
  for (std::size_t i = 0; i < hits.size(); ++i)
    for (const SearchHit& hit : hits[i]) {
      const auto name = view->name_of(hit.subject);
      if (!name) return false;
      named[i].push_back({hit.subject, std::string(*name), hit.face, hit.similarity});
    }
  return true;
}

Result<std::vector<Calibration>> LocalGallery::calibrations() {
  return read([&] { return store_->calibrations(memory_.model.id); });
}

}  // namespace vultus::gallery
