// The pictures of a request, and what is seen in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vultus/engine/looker.hpp>

#include <apps/server/api/call.hpp>
#include <apps/server/faces/face_service.hpp>

namespace vultus::server {

/// The bytes of a picture: a member of the JSON body in base64, or a part of the form.
/// @param name  of the member or part, which is there
[[nodiscard]] Checked<std::string> picture_bytes(const Call& call, const std::string& name);

/// @param text  base64; "data:...;base64," before it is left out
/// @error as decode_base64
[[nodiscard]] Result<std::string> bytes_of_base64(std::string_view text, std::size_t most);

/// Looks at a picture of the request.
/// @return a picture that was read, with faces or without; a refusal where it was not, or the server is too busy
[[nodiscard]] Checked<engine::SeenPicture> look_at(Call& call, const std::string& name, const LookWanted& wanted);

/// The same for bytes; SeenPicture::error stays in the picture.
[[nodiscard]] Checked<engine::SeenPicture> look_at_bytes(Call& call, std::string_view bytes, const std::string& name,
                                                         const LookWanted& wanted);

/// Why a picture was not read, as the API says it.
[[nodiscard]] Problem picture_problem(const Error& error);

}  // namespace vultus::server
