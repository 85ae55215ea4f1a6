// The page of what is wrong with a gallery.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/face_picture.hpp>
#include <vultus/engine/gallery_health.hpp>
#include <vultus/engine/html_page.hpp>
#include <vultus/engine/rate_text.hpp>

namespace vultus::engine {
namespace {

using identity::HealthFinding;
using identity::HealthPlace;
using identity::HealthReport;

constexpr std::string_view kHealthRules = R"(
.finding{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--unknown-bar);border-radius:12px;
padding:14px 16px;margin:0 0 12px;break-inside:avoid;scroll-margin-top:12px}
.finding.problem{border-left-color:var(--bad)}.finding.note{border-left-color:var(--line)}
.finding p{margin:0 0 10px;overflow-wrap:anywhere}
.sides{display:flex;flex-wrap:wrap;gap:10px 34px;margin:0 0 10px}
.side h3{margin:0 0 6px;font-size:.9rem;font-weight:600}
.side ul{display:flex;flex-wrap:wrap;gap:6px;margin:0;padding:0;list-style:none}
.side img,.side .bare{display:block;width:88px;height:88px;border-radius:8px;object-fit:cover;background:var(--shade)}
.side li.it img,.side li.it .bare{outline:3px solid var(--bad);outline-offset:-3px}
.side li span.small{display:block;text-align:center}
.finding code{display:block;background:var(--shade);border-radius:8px;padding:8px 10px;font-size:.85rem;overflow-wrap:anywhere;
white-space:pre-wrap}
)";

class Page {
 public:
  Page(const Gallery& gallery, const HealthPageOptions& options) : gallery_(gallery), options_(options) {}

  Result<std::string> finding(const HealthFinding& one) {
    const auto weight = identity::weight_of(one.code);
    std::string html = fmt::format("<article class=\"finding {}\"><p>{}</p>\n", name_of(weight), html_text(one.text));
    if (one.at) {
      html += "<div class=\"sides\">\n";
      VULTUS_TRY(const std::string at, side(*one.at));
      html += at;
      if (one.other && one.other->subject != one.at->subject) {
        VULTUS_TRY(const std::string other, side(*one.other));
        html += other;
      }
      html += "</div>\n";
    }
    if (const std::string command = command_text(one.mend); !command.empty())
      html += "<code>" + html_text(command) + "</code>\n";
    return html + "</article>\n";
  }

 private:
  /// The faces of a subject, the one that is meant first.
  Result<std::string> side(const HealthPlace& place) {
    const auto faces = gallery_.faces(place.subject);
    if (!faces) return faces.error();
    std::vector<FaceId> shown;
    if (place.face) shown.push_back(*place.face);
    const std::size_t most = options_.faces_of_a_subject + shown.size();
    for (const EnrolledFace& face : *faces)
      if (shown.size() < most && (!place.face || face.id != *place.face)) shown.push_back(face.id);
    std::string html = fmt::format("<section class=\"side\"><h3>{}</h3>\n<ul>\n", html_text(place.name));
    for (const FaceId face : shown) {
      VULTUS_TRY(const std::string picture, picture_of(face, place.name));
      html += fmt::format("<li{}>{}<span class=\"small soft\">{}</span></li>\n",
                          place.face == face ? " class=\"it\"" : "", picture, face.number());
    }
    if (faces->size() > shown.size())
      html += fmt::format("<li class=\"soft small\">and {} more</li>\n",
                          grouped(static_cast<std::int64_t>(faces->size() - shown.size())));
    return html + "</ul></section>\n";
  }

  Result<std::string> picture_of(FaceId face, const std::string& name) {
    VULTUS_TRY(const auto thumbnail, gallery_.thumbnail(face));
    if (!thumbnail || thumbnail->format != ThumbnailFormat::jpeg) return std::string("<span class=\"bare\"></span>");
    return fmt::format("<img loading=\"lazy\" alt=\"face {} of {}\" src=\"{}\">", face.number(), html_text(name),
                       data_uri("image/jpeg", page_picture(thumbnail->bytes)));
  }

  const Gallery& gallery_;
  const HealthPageOptions& options_;
};

void add_facts(HtmlPage& page, const HealthReport& report) {
  page.section("facts", "How it was measured");
  std::vector<std::pair<std::string, std::string>> rows{
      {"Two faces match from", fmt::format("{:.4f}", report.limits.match.value())},
      {"A conflict begins at", fmt::format("{:.4f}; {:.4f} for a face that does not match its own person",
                                           report.limits.conflict.value(), report.limits.weak_conflict.value())},
      {"Conflicts by chance",
       fmt::format("a clean gallery of this size shows up to {:.1f} faces", report.expected_conflicts)}};
  for (const identity::SearchRecall& one : report.recall)
    rows.emplace_back(
        fmt::format("Search, {}", name_of(one.method)),
        fmt::format(
            "the nearest person is found for {:.2f} % of {} faces that are left out, of the ten nearest {:.2f} %",
            100 * one.at_1, grouped(static_cast<std::int64_t>(report.recall_probes)), 100 * one.at_10));
  page.facts(rows);
}

}  // namespace

Result<std::string> health_page(const Gallery& gallery, const HealthReport& report, const HealthPageOptions& options) {
  HtmlPage page(options.title);
  page.rule(kHealthRules);
  page.subtitle(gallery.info().path);
  std::map<identity::HealthCode, std::vector<const HealthFinding*>> by_code;
  std::int64_t problems = 0;
  for (const HealthFinding& one : report.findings) {
    by_code[one.code].push_back(&one);
    problems += identity::weight_of(one.code) == identity::HealthWeight::problem ? 1 : 0;
  }
  page.tiles(std::vector<Tile>{
      {grouped(report.subjects), report.subjects == 1 ? "person" : "people"},
      {grouped(report.faces), report.faces == 1 ? "face" : "faces"},
      {grouped(problems), problems == 1 ? "problem" : "problems"},
      {grouped(static_cast<std::int64_t>(report.findings.size()) - problems), "to look at, or to know"}});
  if (report.findings.empty()) page.paragraph("Nothing was found.");
  std::string links;
  for (const auto& [code, findings] : by_code)
    links += fmt::format("<a href=\"#{}\">{} ({})</a>", name_of(code), html_text(heading_of(code)), findings.size());
  page.html("<nav aria-label=\"Findings\">" + links + "</nav>\n");
  Page cards(gallery, options);
  for (const auto& [code, findings] : by_code) {
    page.section(name_of(code), heading_of(code));
    const std::size_t shown = std::min(findings.size(), options.most_of_a_code);
    for (std::size_t i = 0; i < shown; ++i) {
      VULTUS_TRY(const std::string html, cards.finding(*findings[i]));
      page.html(html);
    }
    if (shown < findings.size())
      page.paragraph(
          fmt::format("{} more are not shown.", grouped(static_cast<std::int64_t>(findings.size() - shown))));
  }
  add_facts(page, report);
  return std::move(page).finish();
}

}  // namespace vultus::engine
