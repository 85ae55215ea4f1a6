// Reading small JSON files of ours with errors that name the file and the field. Not installed: shows the JSON library.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

/// @param text  at most 1 MiB, nested at most 16 deep
/// @error corrupt_data  too large, not JSON, or not an object
[[nodiscard]] inline Result<nlohmann::json> parse_json_object(std::string_view text, std::string_view origin) {
  constexpr std::size_t kMaxText = 1U << 20U;
  const std::string name(origin);
  if (text.size() > kMaxText)
    return fail(ErrorCode::corrupt_data, name + ": " + std::to_string(text.size()) + " bytes, at most " +
                                             std::to_string(kMaxText) + " are read");
  // The callback stops deep nesting before the parser builds it.
  nlohmann::json value = nlohmann::json::parse(
      text, [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) { return depth < 16; }, false);
  if (value.is_discarded() || !value.is_object()) return fail(ErrorCode::corrupt_data, name + ": not a JSON object");
  return value;
}

/// Reads fields and remembers the first thing that was wrong: a file is read top to bottom, then asked once.
class JsonReader {
 public:
  explicit JsonReader(std::string_view origin) : origin_(origin) {}

  [[nodiscard]] bool good() const { return !error_; }
  [[nodiscard]] Error error() const { return *error_; }

  void refuse(const std::string& what, ErrorCode code = ErrorCode::corrupt_data) {
    if (error_) return;
    error_ = Error{code, std::string(origin_) + ": " + what};
    // What stands in the file may be meant for the terminal that shows the message.
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    std::ranges::replace_if(error_->message, control, '?');
  }

  const nlohmann::json& object(const nlohmann::json& in, const char* key) {
    static const nlohmann::json kNone = nlohmann::json::object();
    if (const auto at = in.find(key); at != in.end() && at->is_object()) return *at;
    refuse(std::string("needs an object \"") + key + "\"");
    return kNone;
  }

  std::string text(const nlohmann::json& in, const char* key, bool required = true) {
    const auto at = in.find(key);
    if (at == in.end() && !required) return {};
    if (at != in.end() && at->is_string() && (!required || !at->get_ref<const std::string&>().empty()))
      return at->get<std::string>();
    refuse(std::string("needs a text \"") + key + "\"");
    return {};
  }

  std::int64_t whole(const nlohmann::json& in, const char* key, std::int64_t least, std::int64_t most) {
    const auto at = in.find(key);
    if (at != in.end() && at->is_number_integer() &&
        !(at->is_number_unsigned() && at->get<std::uint64_t>() > (1ULL << 62U))) {
      const auto value = at->get<std::int64_t>();
      if (value >= least && value <= most) return value;
      refuse(std::string("\"") + key + "\" is " + std::to_string(value) + ", allowed are " + std::to_string(least) +
             " to " + std::to_string(most));
      return least;
    }
    refuse(std::string("needs a whole number \"") + key + "\" from " + std::to_string(least) + " to " +
           std::to_string(most) + instead_of(in, key));
    return least;
  }

  std::string hash(const nlohmann::json& in, const char* key) {
    std::string value = text(in, key);
    const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (good() && (value.size() != 64 || !std::ranges::all_of(value, digit)))
      refuse(std::string("\"") + key + "\" must be 64 lower-case hexadecimal digits" + instead_of(in, key));
    return value;
  }

  double number(const nlohmann::json& in, const char* key, double least, double most) {
    const auto at = in.find(key);
    if (at != in.end() && at->is_number() && at->get<double>() >= least && at->get<double>() <= most)
      return at->get<double>();
    refuse(std::string("needs a number \"") + key + "\" from " + std::to_string(least) + " to " + std::to_string(most) +
           instead_of(in, key));
    return least;
  }

  void require_schema(const nlohmann::json& in, std::int64_t newest) {
    const std::int64_t schema = whole(in, "schema", 1, 1 << 20U);
    if (good() && schema > newest)
      refuse("schema " + std::to_string(schema) + ", this program reads up to " + std::to_string(newest),
             ErrorCode::unsupported);
  }

  template <class Enum, std::size_t N>
  Enum choice(const nlohmann::json& in, const char* key,
              const std::array<std::pair<std::string_view, Enum>, N>& names) {
    const std::string value = text(in, key);
    for (const auto& [name, result] : names)
      if (name == value) return result;
    std::string known;
    for (const auto& [name, result] : names) known += (known.empty() ? "" : ", ") + std::string(name);
    refuse(std::string("\"") + key + "\" is \"" + value + "\", known are " + known);
    return names[0].second;
  }

 private:
  /// What stands there, for messages; nothing where nothing does.
  static std::string instead_of(const nlohmann::json& in, const char* key) {
    constexpr std::size_t kShown = 80;
    const auto at = in.find(key);
    if (at == in.end() || at->is_structured()) return {};
    const std::string text = at->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    return ", not " + (text.size() > kShown ? text.substr(0, kShown) + "..." : text);
  }

  std::string_view origin_;
  std::optional<Error> error_;
};

}  // namespace vultus::runtime
