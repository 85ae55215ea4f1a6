// For tests: a server without a network, and requests to it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <apps/server/http/message.hpp>

namespace vultus::engine {
class Engine;
}

namespace vultus::server {
class Router;
class Service;
struct ServerOptions;
}  // namespace vultus::server

namespace vultus::server::testing {

using Headed = std::vector<std::pair<std::string, std::string>>;
using TestJson = nlohmann::ordered_json;

/// What is sent.
struct Ask {
  std::string body = {};
  std::string key = "admin";  ///< "admin", "" = none, else the text of a key
  Headed headers = {};        ///< a body is application/json unless told otherwise
};

class World {
 public:
  /// A server in a folder of its own, on networks that are none unless told otherwise. @throw where it does not start
  explicit World(const std::function<void(ServerOptions&)>& change = nullptr,
                 std::shared_ptr<const engine::Engine> engine = nullptr);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// @param target  path and query
  Response ask(Method method, const std::string& target, const Ask& with = {});
  Response get(const std::string& target, const std::string& key = "admin") {
    return ask(Method::get, target, {.key = key});
  }
  Response post(const std::string& target, const TestJson& body, const std::string& key = "admin") {
    return ask(Method::post, target, {.body = body.dump(), .key = key});
  }
  static TestJson json(const Response& response) { return TestJson::parse(response.body); }
  static std::string code(const Response& response);  ///< of a refusal

  /// A key with a scope for some collections; none = all.
  std::string key(const std::string& scope, const std::vector<std::string>& collections = {},
                  const TestJson& more = {});
  void make_collection(const std::string& name);
  /// Enrols a picture whatever the gate says. @return the number of its subject
  std::int64_t enrol(const std::string& collection, const std::string& subject, const std::string& picture);

  void restart();  ///< the same folder, opened again
  void advance(std::chrono::seconds by);
  [[nodiscard]] Service& service();
  [[nodiscard]] Router& router();
  [[nodiscard]] std::filesystem::path data() const;
  [[nodiscard]] std::vector<std::string> log() const;
  [[nodiscard]] const std::string& admin_key() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::string base64_of(const std::string& bytes);
/// A body of a form and its Content-Type.
[[nodiscard]] Ask form_of(const std::vector<std::pair<std::string, std::string>>& parts,
                          const std::string& boundary = "frontier");

}  // namespace vultus::server::testing
