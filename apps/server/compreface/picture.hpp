// The pictures of the CompreFace interface, the faces in them, and how a face is told.
#pragma once

#include <string>

#include <vultus/engine/looker.hpp>

#include <apps/server/api/call.hpp>
#include <apps/server/compreface/query.hpp>
#include <apps/server/faces/face_service.hpp>

namespace vultus::server::compreface {

/// What is wanted of a picture beside its query.
struct Wanted {
  bool templates = true;
  bool for_enrolment = false;
};

/// The bytes of a picture: a file of the form, or a member of the JSON body in base64.
/// @return numbers 34 (missing), 21 (extension, base64), 0 (too large) where they are not as they should be
[[nodiscard]] Checked<std::string> sent_picture(const Call& call, const std::string& part);

/// Looks at a picture: faces that reach the wanted detection, largest first, at most as many as wanted.
/// @return at least one face; number 28 where there is none or the picture cannot be read
[[nodiscard]] Checked<engine::SeenPicture> look_at(Call& call, const std::string& part, const FaceQuery& query,
                                                   const Wanted& wanted);

/// "box" and what the plugins tell.
[[nodiscard]] Json face_json(const engine::SeenFace& face, const engine::SeenPicture& seen, const FaceQuery& query);

/// "plugins_versions"; null unless "status" was asked for.
[[nodiscard]] Json plugins_versions(const Call& call, const FaceQuery& query);

}  // namespace vultus::server::compreface
