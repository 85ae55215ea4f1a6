// The schemas of what is sent and answered, in one place: the document shows them and the server checks with them.
#pragma once

#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {

// JSON texts: {"Name": schema, ...}.
extern const char* const kLiveSchemas;
extern const char* const kPictureSchemas;
extern const char* const kPeopleSchemas;
extern const char* const kSealedSchemas;
extern const char* const kSystemSchemas;

/// All of them together.
[[nodiscard]] Json all_schemas();

}  // namespace vultus::server
