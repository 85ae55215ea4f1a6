// What clients of CompreFace ask without a key.
#include <apps/server/compreface/front.hpp>

namespace vultus::server::compreface {
namespace {

Reply tell_limits(Call& /*call*/) {
  return pretty_answer({{"clientMaxFileSize", kMaxFileBytes}, {"clientMaxBodySize", kMaxBodyBytes}});
}

Reply tell_consistence(Call& /*call*/) {
  return pretty_answer({{"demoFaceCollectionIsInconsistent", false},
                        {"dbIsInconsistent", false},
                        {"saveImagesToDB", true},
                        {"status", "OK"}});
}

/// There is nothing to migrate: `vultus gallery import` reads a dump, `vultus gallery re-embed` changes the model.
Reply migrate(Call& /*call*/) {
  Response response{.body = "Migration started"};
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  return response;
}

}  // namespace

std::vector<Row> system_rows() {
  return {{Method::get, "/config", "comprefaceConfig", std::nullopt, Body::none, &tell_limits},
          {Method::get, "/consistence/status", "comprefaceConsistence", std::nullopt, Body::none, &tell_consistence},
          {Method::post, "/migrate", "comprefaceMigrate", std::nullopt, Body::none, &migrate}};
}

}  // namespace vultus::server::compreface
