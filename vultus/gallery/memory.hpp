// What is searched of a gallery: an index over all templates of one model, in memory. Private to this room.
#pragma once

#include <memory>

#include <vultus/core/result.hpp>
#include <vultus/gallery/index/template_index.hpp>
#include <vultus/gallery/open_rows.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

/// Every subject of a face in the index has a name there.
struct Memory {
  ModelRow model;
  std::shared_ptr<TemplateIndex> index;
};

/// @error corrupt_data  there is no such row
[[nodiscard]] Result<std::string> required_meta(Store& store, std::string_view key);
/// The model that the gallery is searched with.
[[nodiscard]] Result<ModelRow> searched_model(Store& store);

/// Reads all of a store, inside a transaction.
/// @param holding  nothing: templates are neither read nor held
/// @error corrupt_data  a face without a name or a template
[[nodiscard]] Result<Memory> load_memory(Store& store, const OpenRows& rows, Holding holding);
/// Makes memory show what others have added and changed, inside the transaction that told it.
/// @param some  what memory shall drop for it. Nobody else may change the index meanwhile
Status take_into_memory(Store& store, const OpenRows& rows, const Changes& changes, IndexChanges some,
                        const Memory& memory);

}  // namespace vultus::gallery
