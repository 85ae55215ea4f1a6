// One HTML file that needs nothing beside it. Internal to the room.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vultus::engine {

/// Text as it may stand in HTML, also between double quotes: file names and names of people are not to be trusted.
[[nodiscard]] std::string html_text(std::string_view text);

/// RFC 4648, with padding.
[[nodiscard]] std::string base64(std::span<const std::uint8_t> bytes);

/// "data:image/jpeg;base64,..."
[[nodiscard]] std::string data_uri(std::string_view media_type, std::span<const std::uint8_t> bytes);

/// JSON as it may stand in a script element: no text of it begins a tag or a comment, whatever it says.
[[nodiscard]] std::string json_in_html(std::string_view json);

/// A number that stands large above its name.
struct Tile {
  std::string value;
  std::string label;
};

/// Collects the parts of a page: light and dark by the reader's setting, readable on a phone, without scripts.
/// Thread-compatible. What is added as HTML must be escaped already.
class HtmlPage {
 public:
  explicit HtmlPage(std::string title) : title_(std::move(title)) {}

  /// A line below the title.
  void subtitle(std::string_view text);
  /// A warning above everything else.
  void banner(std::string_view text);
  void tiles(std::span<const Tile> tiles);
  /// Begins a section. @param id  target of links, letters and hyphens
  void section(std::string_view id, std::string_view heading);
  void html(std::string_view fragment) { body_ += fragment; }
  void paragraph(std::string_view text);
  /// Names and values, one pair a row. Values are shown as text.
  void facts(std::span<const std::pair<std::string, std::string>> rows);
  /// Begins a table whose first column holds names and whose others hold numbers. @param section  whose heading names
  /// it
  void begin_table(std::string_view section, const std::vector<std::string>& columns);
  /// A row of it; shown as text.
  void row(std::string_view name, const std::vector<std::string>& numbers);
  void end_table() { body_ += "</tbody></table></div>\n"; }
  /// A rule beside those of every page.
  void rule(std::string_view css) { rules_.append(css).append("\n"); }

  /// The whole page.
  [[nodiscard]] std::string finish() &&;

 private:
  std::string title_;
  std::string body_;
  std::string rules_;
  bool in_section_ = false;
};

}  // namespace vultus::engine
