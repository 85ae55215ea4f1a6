#include <vultus/engine/html_page.hpp>

#include <algorithm>
#include <cstddef>

#include <vultus/core/version.hpp>
#include <vultus/evaluation/plot.hpp>

namespace vultus::engine {
namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--paper:#f6f7f9;--card:#ffffff;--ink:#1b1f24;--soft:#57606a;--line:#d9dee4;--known:#00795a;
--known-bar:#009e73;--unknown:#8f5f00;--unknown-bar:#e69f00;--accent:#0b5cad;--bad:#b42318;--shade:#eceff3}
@media (prefers-color-scheme:dark){:root{--paper:#0f1216;--card:#181c22;--ink:#e8ebef;--soft:#a0a9b4;--line:#2c333c;
--known:#3ecf9f;--known-bar:#2bb98a;--unknown:#f0b54a;--unknown-bar:#e69f00;--accent:#7ab7ff;--bad:#ff8a80;--shade:#232932}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:36px}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:1.25rem;margin:44px 0 14px}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
p{margin:0 0 12px;max-width:75ch}
a{color:var(--accent);text-underline-offset:2px}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-9999px}.skip:focus{left:20px;top:8px;background:var(--card);padding:6px 12px;border-radius:6px}
.soft{color:var(--soft)}.small{font-size:.875rem}
.banner{border:2px solid var(--unknown-bar);background:var(--card);border-radius:10px;padding:12px 16px;margin:18px 0;font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px;margin:22px 0 0;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}
.tiles b{display:block;font-size:1.7rem;line-height:1.15;font-variant-numeric:tabular-nums}
.tiles span{color:var(--soft);font-size:.875rem}
nav{margin:18px 0 0;display:flex;flex-wrap:wrap;gap:6px 18px;font-size:.95rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:12px;margin:0;padding:0;list-style:none}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px}
.person{display:flex;gap:14px;align-items:center}.person .face{width:72px;height:72px}
.face{display:inline-block;flex:none;width:56px;height:56px;border-radius:10px;background:var(--shade) center/cover no-repeat;
print-color-adjust:exact;-webkit-print-color-adjust:exact}
.faces{display:flex;flex-wrap:wrap;gap:8px;margin:0;padding:0;list-style:none}
.faces a{display:block;border-radius:10px}.others{margin-top:12px}.others .small{margin:6px 0 0}
h3 a{color:inherit;text-decoration-color:var(--line)}h3 a:hover{text-decoration-color:currentColor}
.picture{background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden;margin:0 0 16px;
display:grid;grid-template-columns:minmax(0,3fr) minmax(270px,2fr);scroll-margin-top:12px}
.shot{background:var(--shade);display:flex;align-items:center;justify-content:center;min-width:0}
.shot img{display:block;max-width:100%;max-height:600px;width:auto;height:auto}
.picture.bare{grid-template-columns:1fr}
.about{padding:16px 18px;min-width:0}
.about ol{margin:12px 0 0;padding:0;list-style:none;display:grid;gap:12px}
.about li{display:flex;gap:12px;align-items:center;min-width:0}
.who{min-width:0;flex:1}.who b{overflow-wrap:anywhere}
.known b{color:var(--known)}.unknown b{color:var(--unknown)}
.bar{position:relative;height:8px;border-radius:4px;background:var(--shade);margin:5px 0 3px;overflow:hidden}
.bar i{position:absolute;inset:0 auto 0 0;border-radius:4px;background:var(--unknown-bar)}.known .bar i{background:var(--known-bar)}
.bar u{position:absolute;top:0;bottom:0;width:2px;background:var(--ink)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:12px;background:var(--card)}
table{border-collapse:collapse;width:100%;font-size:.925rem}
th,td{text-align:left;padding:8px 14px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
tr:last-child th,tr:last-child td{border-bottom:0}th{font-weight:600;white-space:nowrap}tbody th{white-space:normal;min-width:9rem}thead th{color:var(--soft);font-weight:600}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll+.scroll{margin-top:12px}.models td{min-width:16em}
.mono{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.85em;overflow-wrap:anywhere}
figure{margin:0;border:1px solid var(--line);border-radius:12px;overflow:hidden;background:var(--card)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:12px}
.scroll+p{margin-top:8px}tbody th{min-width:8.5em}figure svg{display:block;max-width:100%;height:auto}
footer{margin-top:48px;padding-top:16px;padding-bottom:32px;color:var(--soft);font-size:.875rem}
@media (max-width:720px){main,header,footer{padding-left:14px;padding-right:14px}.picture{grid-template-columns:1fr}
h1{font-size:1.5rem}.tiles{grid-template-columns:repeat(2,1fr)}th{white-space:normal;overflow-wrap:break-word}th,td{padding:8px 10px}
.tiles li:last-child:nth-child(odd){grid-column:1/-1}.shot img{max-height:75vh}}
@media print{body{background:#fff}.picture,.card{break-inside:avoid}nav,.skip{display:none}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
)";

}  // namespace

std::string html_text(std::string_view text) { return evaluation::escape_xml(text); }

std::string base64(std::span<const std::uint8_t> bytes) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) three = (three << 8U) | (k < have ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= have ? kDigits[(three >> (18U - 6U * k)) & 0x3FU] : '=';
  }
  return text;
}

std::string data_uri(std::string_view media_type, std::span<const std::uint8_t> bytes) {
  return "data:" + std::string(media_type) + ";base64," + base64(bytes);
}

std::string json_in_html(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  // A less-than sign stands in strings alone, where its escape says the same. "</script" would end the element, and
  // "<!--<script" would make the rest of the page part of it.
  for (const char c : json) {
    if (c == '<')
      text += "\\u003c";
    else
      text += c;
  }
  return text;
}

void HtmlPage::subtitle(std::string_view text) { body_ += "<p class=\"soft\">" + html_text(text) + "</p>\n"; }

void HtmlPage::banner(std::string_view text) {
  body_ += "<p class=\"banner\" role=\"note\">" + html_text(text) + "</p>\n";
}

void HtmlPage::tiles(std::span<const Tile> tiles) {
  body_ += "<ul class=\"tiles\">\n";
  for (const Tile& tile : tiles)
    body_ += "<li><b>" + html_text(tile.value) + "</b><span>" + html_text(tile.label) + "</span></li>\n";
  body_ += "</ul>\n";
}

void HtmlPage::begin_table(std::string_view section, const std::vector<std::string>& columns) {
  body_ += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"" + std::string(section) +
           "\"><table><thead><tr>";
  for (std::size_t i = 0; i < columns.size(); ++i)
    body_ +=
        std::string("<th scope=\"col\"") + (i > 0 ? " class=\"number\"" : "") + ">" + html_text(columns[i]) + "</th>";
  body_ += "</tr></thead><tbody>\n";
}

void HtmlPage::row(std::string_view name, const std::vector<std::string>& numbers) {
  body_ += "<tr><th scope=\"row\">" + html_text(name) + "</th>";
  for (const std::string& number : numbers) body_ += "<td class=\"number\">" + html_text(number) + "</td>";
  body_ += "</tr>\n";
}

void HtmlPage::section(std::string_view id, std::string_view heading) {
  if (in_section_) body_ += "</section>\n";
  in_section_ = true;
  const std::string name = html_text(id);
  body_ += "<section aria-labelledby=\"" + name + "\">\n<h2 id=\"" + name + "\">" + html_text(heading) + "</h2>\n";
}

void HtmlPage::paragraph(std::string_view text) { body_ += "<p>" + html_text(text) + "</p>\n"; }

void HtmlPage::facts(std::span<const std::pair<std::string, std::string>> rows) {
  body_ += "<div class=\"scroll\"><table><tbody>\n";
  for (const auto& [name, value] : rows)
    body_ += "<tr><th scope=\"row\">" + html_text(name) + "</th><td>" + html_text(value) + "</td></tr>\n";
  body_ += "</tbody></table></div>\n";
}

std::string HtmlPage::finish() && {
  if (in_section_) body_ += "</section>\n";
  const std::string title = html_text(title_);
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      // Nothing is loaded from anywhere and nothing runs, whatever a file is called.
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'\">\n<title>" +
      title + "</title>\n<style>";
  page.append(kStyle).append(rules_).append("</style>\n</head>\n<body>\n");
  page += "<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header><h1>" + title + "</h1></header>\n";
  page.append("<main id=\"content\">\n").append(body_).append("</main>\n");
  page += std::string("<footer>Made by Vultus ") + kVersion +
          ". This page is one file; nothing is loaded from elsewhere.</footer>\n";
  return page + "</body>\n</html>\n";
}

}  // namespace vultus::engine
