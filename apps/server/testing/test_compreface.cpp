#include <apps/server/testing/test_compreface.hpp>

#include <stdexcept>

namespace vultus::server::testing {

ComprefaceWorld::ComprefaceWorld() {
  make_collection("staff");
  keys_ = {.recognition = make_service("recognition", "staff"),
           .detection = make_service("detection", ""),
           .verification = make_service("verification", "")};
}

std::string ComprefaceWorld::make_service(const std::string& kind, const std::string& collection) {
  TestJson body{{"name", "a " + kind}, {"kind", kind}};
  if (!collection.empty()) body["collection"] = collection;
  const Response made = post("/v1/compatibility/compreface/services", body);
  if (made.status != 201) throw std::runtime_error("no service: " + made.body);
  return json(made).at("secret").get<std::string>();
}

Response ComprefaceWorld::call(Method method, const std::string& target, const std::string& key, Ask with) {
  with.key.clear();
  if (!key.empty()) with.headers.emplace_back("x-api-key", key);
  return ask(method, "/api/v1" + target, with);
}

Response ComprefaceWorld::call_json(Method method, const std::string& target, const std::string& key,
                                    const TestJson& body) {
  return call(method, target, key, {.body = body.dump()});
}

std::string ComprefaceWorld::add(const std::string& subject, const std::string& picture) {
  const Response added =
      call(Method::post, "/recognition/faces?subject=" + subject, keys_.recognition, files({{"file", picture}}));
  if (added.status != 201) throw std::runtime_error("not added: " + added.body);
  return json(added).at("image_id").get<std::string>();
}

Ask files(const std::vector<std::pair<std::string, std::string>>& parts, const std::string& name) {
  Ask ask{.headers = {{"Content-Type", "multipart/form-data; boundary=frontier"}}};
  for (const auto& [part, bytes] : parts)
    ask.body += "--frontier\r\nContent-Disposition: form-data; name=\"" + part + "\"; filename=\"" + name +
                "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + bytes + "\r\n";
  ask.body += "--frontier--\r\n";
  return ask;
}

}  // namespace vultus::server::testing
