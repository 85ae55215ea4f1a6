// Members of a JSON configuration, with the first fault kept. Not installed: shows the JSON library.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace vultus::learn {

using ConfigJson = nlohmann::json;

/// Reads members and remembers the first fault.
class ConfigReader {
 public:
  explicit ConfigReader(std::string_view origin) : origin_(origin) {}
  [[nodiscard]] const std::string& fault() const { return fault_; }
  void refuse(const std::string& what) {
    if (fault_.empty()) fault_ = origin_ + ": " + what;
  }

  template <class T>
  void read(const ConfigJson& in, const char* key, T& into, bool required = false) {
    known_.insert(key);
    const auto at = in.find(key);
    if (at == in.end()) {
      if (required) refuse(std::string("\"") + key + "\" is missing");
      return;
    }
    try {
      at->get_to(into);
    } catch (const ConfigJson::exception&) {
      refuse(std::string("\"") + key + "\" is of the wrong kind");
    }
  }
  void number(const ConfigJson& in, const char* key, double& into, double least, double most) {
    read(in, key, into);
    if (!(into >= least && into <= most))
      refuse(std::string("\"") + key + "\" must be from " + std::to_string(least) + " to " + std::to_string(most));
  }
  void whole(const ConfigJson& in, const char* key, int& into, int least, int most) {
    read(in, key, into);
    if (into < least || into > most)
      refuse(std::string("\"") + key + "\" must be from " + std::to_string(least) + " to " + std::to_string(most));
  }
  const ConfigJson& list(const ConfigJson& in, const char* key) {
    static const ConfigJson kNone = ConfigJson::array();
    known_.insert(key);
    const auto at = in.find(key);
    if (at != in.end() && at->is_array() && !at->empty() && at->size() <= 64) return *at;
    refuse(std::string("\"") + key + "\" must be a list of 1 to 64");
    return kNone;
  }
  /// A misspelt option would be a default in silence.
  void only_known(const ConfigJson& in, const std::string& where) {
    for (const auto& [key, value] : in.items())
      if (!known_.contains(key)) refuse(std::string(where).append("\"").append(key).append("\" is not known"));
    known_.clear();
  }

 private:
  std::string origin_, fault_;
  std::set<std::string> known_;
};

}  // namespace vultus::learn
