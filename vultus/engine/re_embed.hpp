// Moving a gallery to a better model: templates made again from the stored thumbnails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::engine {

struct ReEmbedOptions {
  std::size_t batch = 64;       ///< faces of one transaction, [1, 10000]: what an interruption can cost
  float min_inter_eye_px = 10;  ///< too_small below, pixels of the thumbnail; as the gate of enrolment
};

/// What became of one face.
struct ReEmbedStep {
  FaceId face;
  SubjectId subject;
  std::string name;  ///< of the subject
  std::string
      reason;  ///< empty = it has a template now; "no_thumbnail", "encrypted", "not_decoded", "no_face", "too_small"
  std::string text;  ///< the reason as a sentence
};

struct ReEmbedReport {
  std::int64_t embedded = 0;
  std::int64_t left = 0;  ///< faces that have no template of the new model
};

/// Begins the move where it was not begun, and makes templates of all faces that have none by the engine's model. The
/// gallery stays in service; faces that were done stay done, so that an interrupted run goes on where it was.
/// @param receive  gets each step when its template is on the disk, in the order of the faces' ids
/// @error invalid_argument  the gallery has the engine's model, or moves to a third one; batch outside its range
/// @error cancelled         stop was requested; what was received before is on the disk. Else the errors of the gallery
/// @cost one look at a small picture for each face, on all threads of the engine
Result<ReEmbedReport> re_embed(const Engine& engine, Gallery& gallery, const ReEmbedOptions& options,
                               const std::function<void(const ReEmbedStep&)>& receive,
                               const std::stop_token& stop = {});

}  // namespace vultus::engine
