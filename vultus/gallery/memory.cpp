#include <vultus/gallery/memory.hpp>

#include <utility>

#include <vultus/gallery/subject_name.hpp>

namespace vultus::gallery {

Result<std::string> required_meta(Store& store, std::string_view key) {
  VULTUS_TRY(std::optional<std::string> value, store.meta(key));
  if (!value)
    return store.fail(ErrorCode::corrupt_data, "damaged gallery: no row \"" + std::string(key) + "\" in meta");
  return *std::move(value);
}

/// The model that the gallery is searched with.
Result<ModelRow> searched_model(Store& store) {
  VULTUS_TRY(const std::string wanted, required_meta(store, kMetaModel));
  VULTUS_TRY(const std::vector<ModelRow> models, store.models());
  for (const ModelRow& one : models)
    if (std::to_string(one.id) == wanted) return one;
  return store.fail(ErrorCode::corrupt_data, "damaged gallery: its model \"" + wanted + "\" is not there");
}

Result<Memory> load_memory(Store& store, const OpenRows& rows, Holding holding) {
  Memory made;
  VULTUS_TRY(made.model, searched_model(store));
  made.index = std::make_shared<TemplateIndex>(
      made.model.model.id, static_cast<std::size_t>(made.model.model.dimension), best_kernels(), holding);
  // Many at once: each change of an index costs something.
  constexpr std::size_t kAtOnce = 4096;
  IndexChanges some;
  std::vector<std::vector<float>> templates;
  const auto flush = [&]() -> Status {
    VULTUS_CHECK(made.index->change(some));
    some = {};
    templates.clear();
    return {};
  };
  const auto take_subject = [&](const SubjectRow& row) -> Status {
    if (rows.is_forgotten(row.id)) return {};
    SubjectRow plain = row;
    VULTUS_CHECK(rows.codec().open(plain));
    if (const Result<std::string> name = checked_name(plain.name); !name)
      return rows.damaged("subject " + std::to_string(row.id.number()) + ": " + name.error().message);
    some.named.emplace_back(row.id, std::move(plain.name));
    return some.named.size() < kAtOnce ? Status() : flush();
  };
  const auto require_named = [&](FaceId face, SubjectId owner) -> Status {
    if (made.index->view()->name_of(owner)) return {};
    return rows.damaged("face " + std::to_string(face.number()) + " belongs to subject " +
                        std::to_string(owner.number()) + ", who is not there");
  };
  const auto take_owner = [&](FaceId face, SubjectId owner) -> Status {
    if (rows.is_forgotten(owner)) return {};
    VULTUS_CHECK(require_named(face, owner));
    some.added.push_back({face, owner, {}});
    return some.added.size() < kAtOnce ? Status() : flush();
  };
  const auto take_template = [&](SubjectId owner, const TemplateRow& row) -> Status {
    if (rows.is_forgotten(owner)) return {};
    VULTUS_CHECK(require_named(row.face, owner));
    VULTUS_TRY(std::vector<float> values, rows.values_of(row, owner, made.model.model));
    templates.push_back(std::move(values));
    some.added.push_back({row.face, owner, templates.back()});
    return some.added.size() < kAtOnce ? Status() : flush();
  };
  VULTUS_CHECK(store.each_subject(take_subject));
  VULTUS_CHECK(flush());
  if (holding == Holding::nothing)
    VULTUS_CHECK(store.each_owner(take_owner));
  else
    VULTUS_CHECK(store.each_template(made.model.id, FaceId(0), take_template));
  VULTUS_CHECK(flush());
  VULTUS_TRY(const auto without, store.faces_without_template(made.model.id, FaceId(0), 1));
  if (!without.empty())
    return rows.damaged("face " + std::to_string(without.front().number()) + " has no template of model " +
                        made.model.model.id.text());
  return made;
}

Status take_into_memory(Store& store, const OpenRows& rows, const Changes& changes, IndexChanges some,
                        const Memory& memory) {
  some.moved = changes.faces;
  for (SubjectRow row : changes.subjects) {
    VULTUS_CHECK(rows.codec().open(row));
    some.named.emplace_back(row.id, std::move(row.name));
  }
  std::vector<std::vector<float>> values;
  const auto view = memory.index->view();
  for (const auto& [face, owner] : changes.faces) {
    if (view->subject_of(face)) continue;
    if (view->holding() == Holding::nothing) {
      some.added.push_back({face, owner, {}});
      continue;
    }
    VULTUS_TRY(const std::optional<TemplateRow> row, store.face_template(face, memory.model.id));
    if (!row) return rows.damaged("face " + std::to_string(face.number()) + " has no template");
    VULTUS_TRY(auto one, rows.values_of(*row, owner, memory.model.model));
    values.push_back(std::move(one));
    some.added.push_back({face, owner, values.back()});
  }
  return memory.index->change(some);
}

}  // namespace vultus::gallery
