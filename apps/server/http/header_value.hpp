// Values of header fields that have parameters: "form-data; name=\"a\"; filename=\"b\"" (RFC 9110, 5.6.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vultus::server {

struct HeaderValue {
  std::string value;                                            ///< before the first ';', lower case
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case, values without quotes
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;  ///< the first
};

/// What a backslash in a quoted text does. Browsers of old send whole Windows paths as file names and escape nothing.
enum class Backslash : std::uint8_t { escapes_any, escapes_quotes };

/// @return nothing where the text does not follow its grammar or a parameter comes twice
/// @thread any
[[nodiscard]] std::optional<HeaderValue> parse_header_value(std::string_view text,
                                                            Backslash backslash = Backslash::escapes_any);

}  // namespace vultus::server
