// What `vultus identify` prints of each picture.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <vultus/engine/identify.hpp>

#include <apps/cli/picture_run.hpp>

namespace vultus::cli {

/// What is told of each face beside the decision.
struct IdentifyExtras {
  bool candidates = false;
  bool quality = false;
  bool liveness = false;    ///< it was required
  int shards = 0;           ///< of the gallery that was asked; 0 = it has none
  int shards_answered = 0;  ///< fewer than that: the answers are partial
  /// What a search may miss; empty = the gallery is not searched by cells, or has none yet.
  std::optional<SearchCells> cells = {};
};

[[nodiscard]] Rows identify_rows(Context& context, Format format, const std::vector<media::Input>& inputs,
                                 const IdentifyExtras& extras);

/// Who was found, over all pictures.
struct People {
  std::set<std::string> names;
  std::int64_t known = 0;  ///< faces
  std::int64_t unknown = 0;
  std::int64_t withheld = 0;  ///< because the face was not judged live
  void count(const engine::IdentifiedPicture& picture);
  /// "9 of known people (3), 8 unknown"
  [[nodiscard]] std::string text() const;
};

/// The rows of one picture; a picture without a face is a row of the table and nothing in JSON and CSV.
/// @param annotated  file of the annotated picture; empty = none
Status tell_identified(Rows& rows, const engine::IdentifiedPicture& picture, const std::string& annotated,
                       const IdentifyExtras& extras);

}  // namespace vultus::cli
