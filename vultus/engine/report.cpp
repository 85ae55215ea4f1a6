#include <vultus/engine/report.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/html_page.hpp>
#include <vultus/engine/rate_text.hpp>
#include <vultus/engine/report_content.hpp>
#include <vultus/media/draw.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/thumbnail.hpp>

namespace vultus::engine {
namespace {

constexpr float kFaceMargin = 0.25F;
// Faces are cut from a picture of this size, in which small ones are still sharp.
constexpr int kCutSide = 2400;
constexpr std::size_t kShownOfPerson = 12;
constexpr std::size_t kShownUnknown = 400;

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

Status check(const ReportOptions& options) {
  const auto within = [](const char* what, int value, int low, int high) -> Status {
    if (value >= low && value <= high) return {};
    return fail(ErrorCode::invalid_argument,
                fmt::format("report: {} {}: allowed are {} to {}", what, value, low, high));
  };
  VULTUS_CHECK(within("picture_side", options.picture_side, 64, 4096));
  VULTUS_CHECK(within("face_side", options.face_side, 16, 512));
  return within("quality", options.quality, 1, 100);
}

/// The pixels of the page: annotated pictures, and faces as rules of its style sheet so that each is in it once.
class Shots {
 public:
  Shots(const ReportContent& content, const ReportOptions& options, HtmlPage& page)
      : content_(content), options_(options), page_(page) {}

  struct Shot {
    std::string uri;  ///< of the annotated picture; empty: `reason` says why
    std::string reason;
    int width = 0;
    int height = 0;
  };

  Shot take(const ReportPicture& picture) {
    auto shot = guarded("picture", [&] { return try_take(picture); });
    if (shot) return *std::move(shot);
    return {.uri = {}, .reason = shot.error().message, .width = 0, .height = 0};
  }
  [[nodiscard]] bool has_face(std::size_t number) const { return faces_.contains(number); }

 private:
  Result<Shot> try_take(const ReportPicture& picture) {
    if (picture.source->path == "-") return fail(ErrorCode::not_found, "it came on standard input and was not kept");
    media::Picture decoded;
    media::Decoder decoder;
    VULTUS_CHECK(decoder.read(picture.source->path, {.limits = options_.limits, .wanted_side = kCutSide}, decoded));
    const float scale = decoded.scale();
    for (const std::size_t f : picture.faces) add_face(decoded.image.view(), content_.faces[f], scale);
    VULTUS_TRY(Image image, media::resize_to_side(decoded.image.view(), options_.picture_side));
    const float shown = static_cast<float>(image.width()) / static_cast<float>(std::max(1, decoded.full_width));
    VULTUS_CHECK(media::draw_marks(image, marks_of(picture, shown)));
    VULTUS_TRY(const auto bytes, media::encode_jpeg(image.view(), {.quality = options_.quality}));
    return Shot{.uri = data_uri("image/jpeg", bytes), .reason = {}, .width = image.width(), .height = image.height()};
  }

  /// A face that cannot be cut out is shown as an empty frame.
  void add_face(ImageView image, const ReportFace& face, float scale) {
    const RectF& box = face.face.box;
    const RectF scaled{box.x * scale, box.y * scale, box.width * scale, box.height * scale};
    const auto cut = media::face_thumbnail(image, scaled, kFaceMargin, options_.face_side);
    if (!cut) return;
    const auto bytes = media::encode_jpeg(cut->view(), {.quality = options_.quality});
    if (!bytes) return;
    page_.rule(fmt::format(".f{}{{background-image:url({})}}", face.number, data_uri("image/jpeg", *bytes)));
    faces_.insert(face.number);
  }

  [[nodiscard]] std::vector<media::Mark> marks_of(const ReportPicture& picture, float scale) const {
    std::vector<media::Mark> marks;
    for (const std::size_t f : picture.faces) {
      const ReportFace& face = content_.faces[f];
      const RectF& box = face.face.box;
      marks.push_back({.box = {box.x * scale, box.y * scale, box.width * scale, box.height * scale},
                       .label = face.name.empty() ? "unknown" : face.name,
                       .colour = face.name.empty() ? media::kUnknownColour : media::kKnownColour});
    }
    return marks;
  }

  const ReportContent& content_;
  const ReportOptions& options_;
  HtmlPage& page_;
  std::set<std::size_t> faces_;
};

std::string face_image(std::size_t number, std::string_view alternative) {
  return fmt::format("<span class=\"face f{}\" role=\"img\" aria-label=\"{}\"></span>", number, html_text(alternative));
}

const std::string& path_of(const ReportContent& content, const ReportFace& face) {
  return content.pictures[face.picture].source->path;
}

/// A bar from 0 to 1 with the threshold as a mark; the numbers stand beside it as text.
std::string similarity_html(const ReportFace& face) {
  if (!face.similarity) return "<div class=\"soft small\">" + html_text(face.reason) + "</div>";
  const auto percent = [](double value) { return std::clamp(value, 0.0, 1.0) * 100; };
  std::string html =
      fmt::format("<div class=\"bar\" aria-hidden=\"true\"><i style=\"width:{:.1f}%\"></i>", percent(*face.similarity));
  if (face.threshold) html += fmt::format("<u style=\"left:{:.1f}%\"></u>", percent(*face.threshold));
  html += fmt::format("</div><div class=\"soft small\">similarity {:.3f}", *face.similarity);
  if (face.threshold) html += fmt::format(", threshold {:.3f}", *face.threshold);
  if (face.probability) html += "<br>probability " + html_text(probability_text(face.probability));
  return html + "</div>";
}

std::string alternative_text(const ReportContent& content, const ReportPicture& picture) {
  std::string names;
  std::size_t unknown = 0;
  for (const std::size_t f : picture.faces) {
    if (content.faces[f].name.empty())
      ++unknown;
    else
      names += (names.empty() ? "" : ", ") + content.faces[f].name;
  }
  if (picture.faces.empty()) return picture.source->path + ": no face was found";
  if (unknown > 0) names += (names.empty() ? "" : " and ") + counted(unknown, "unknown person", "unknown people");
  return picture.source->path + ": " + names;
}

std::string picture_html(const ReportContent& content, std::size_t index, const std::optional<Shots::Shot>& shot) {
  const ReportPicture& picture = content.pictures[index];
  const bool shown = shot && !shot->uri.empty();
  std::string html = fmt::format("<article class=\"picture{}\" id=\"picture-{}\">\n", shown ? "" : " bare", index + 1);
  if (shown)
    html += fmt::format("<div class=\"shot\"><img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{}\"></div>\n", shot->uri,
                        shot->width, shot->height, html_text(alternative_text(content, picture)));
  html += "<div class=\"about\"><h3>" + html_text(picture.source->path) + "</h3>\n";
  html +=
      fmt::format("<div class=\"soft small\">{} x {} pixels, {}</div>\n", picture.source->width, picture.source->height,
                  picture.faces.empty() ? "no face was found" : counted(picture.faces.size(), "face", "faces"));
  if (shot && !shown) html += "<div class=\"small\">Not shown: " + html_text(shot->reason) + "</div>\n";
  if (!picture.faces.empty()) {
    html += "<ol>\n";
    for (const std::size_t f : picture.faces) {
      const ReportFace& face = content.faces[f];
      const std::string who = face.name.empty() ? "unknown" : face.name;
      html += fmt::format("<li class=\"{}\">{}<div class=\"who\"><b>{}</b>{}</div></li>\n",
                          face.name.empty() ? "unknown" : "known", shown ? face_image(f, who) : "", html_text(who),
                          similarity_html(face));
    }
    html += "</ol>\n";
  }
  return html + "</div></article>\n";
}

std::string face_link(const ReportContent& content, std::size_t f) {
  const ReportFace& face = content.faces[f];
  const std::string who = (face.name.empty() ? "unknown person" : face.name) + " in " + path_of(content, face);
  return fmt::format("<li><a href=\"#picture-{}\" title=\"{}\">{}</a></li>", face.picture + 1, html_text(who),
                     face_image(f, who));
}

/// The first faces of a list that have pixels.
std::string face_list(const ReportContent& content, const std::vector<std::size_t>& faces, const Shots& shots,
                      std::size_t most) {
  std::string html = "<ul class=\"faces\">";
  std::size_t shown = 0;
  for (const std::size_t f : faces) {
    if (!shots.has_face(f)) continue;
    html += face_link(content, f);
    if (++shown == most) break;
  }
  html += "</ul>\n";
  if (shown < faces.size())
    html += "<p class=\"soft small\">" + fmt::format("{} of {} are shown.", shown, faces.size()) + "</p>\n";
  return shown == 0 ? std::string() : html;
}

void add_people(HtmlPage& page, const ReportContent& content, const Shots& shots) {
  page.section("people", "People found");
  if (content.people.empty()) page.paragraph("Nobody known was found.");
  if (!content.people.empty()) page.html("<ul class=\"cards\">\n");
  for (const ReportPerson& person : content.people) {
    const ReportFace& best = content.faces[person.faces.front()];
    std::string html = fmt::format(
        "<li class=\"card\"><div class=\"person\">{}<div class=\"who\"><h3><a href=\"#picture-{}\">{}</a></h3>"
        "<div class=\"soft small\">{}<br>similarity up to {:.3f}</div></div></div>\n",
        shots.has_face(best.number) ? face_image(best.number, person.name) : "", best.picture + 1,
        html_text(person.name), counted(person.pictures, "picture", "pictures"), best.similarity.value_or(0));
    const std::vector<std::size_t> others(person.faces.begin() + 1, person.faces.end());
    if (!others.empty())
      html += "<div class=\"others\">" + face_list(content, others, shots, kShownOfPerson) + "</div>";
    page.html(html + "</li>\n");
  }
  if (!content.people.empty()) page.html("</ul>\n");
  if (content.unknown.empty()) return;
  page.section("unknown", "Unknown faces");
  page.paragraph("Faces that resemble nobody in the gallery closely enough to be named.");
  page.html(face_list(content, content.unknown, shots, kShownUnknown));
}

void add_failed(HtmlPage& page, const ReportContent& content) {
  if (content.failed.empty()) return;
  page.section("failed", "Inputs that could not be read");
  page.html(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"failed\"><table><thead><tr><th "
      "scope=\"col\">File</th>"
      "<th scope=\"col\">Reason</th><th scope=\"col\">Code</th></tr></thead><tbody>\n");
  for (const Source* source : content.failed) {
    std::string why = source->error->message;
    if (const std::string prefix = source->path + ": "; why.starts_with(prefix)) why.erase(0, prefix.size());
    page.html("<tr><td>" + html_text(source->path) + "</td><td>" + html_text(why) + "</td><td>" +
              html_text(name_of(source->error->code)) + "</td></tr>\n");
  }
  page.html("</tbody></table></div>\n");
}

const char* name_of(DataKind kind) {
  switch (kind) {
    case DataKind::planted: return "planted: made by a program, with known answers";
    case DataKind::public_data: return "public data";
    case DataKind::user: break;
  }
  return "the user's own pictures";
}

/// What is common to all evidence is told once, each model in a row of its own.
void add_evidence(HtmlPage& page, const ReportContent& content, const Timeline& timeline) {
  page.section("evidence", "What these answers rest on");
  if (content.threshold && content.fmr)
    page.paragraph(fmt::format(
        "A face gets a name when its similarity to a known face is at least {:.3f}. At this threshold about {} "
        "comparisons of two different people would pass (false match rate {:.2g}). Similarity is no probability.",
        *content.threshold, one_of(*content.fmr), *content.fmr));
  if (timeline.evidence().empty()) return;
  const auto collect = [&](const auto& value_of) {
    std::vector<std::string> values;
    for (const Evidence& e : timeline.evidence())
      if (const std::string value = value_of(e); !value.empty() && std::ranges::find(values, value) == values.end())
        values.push_back(value);
    return fmt::format("{}", fmt::join(values, "; "));
  };
  std::vector<std::pair<std::string, std::string>> rows{
      {"Program", collect([](const Evidence& e) { return e.producer; })},
      {"Computed with", collect([](const Evidence& e) { return e.backend; })},
      {"Pictures", collect([](const Evidence& e) { return std::string(name_of(e.data)); })}};
  if (std::string data = collect([](const Evidence& e) { return e.data_sha256; }); !data.empty())
    rows.emplace_back("SHA-256 of the data", std::move(data));
  page.facts(rows);
  page.html(
      "<div class=\"scroll models\" tabindex=\"0\" role=\"region\" aria-label=\"Models\"><table><thead><tr>"
      "<th scope=\"col\">Model</th><th scope=\"col\">For</th><th scope=\"col\">SHA-256 of its file</th></tr></thead>"
      "<tbody>\n");
  for (const Evidence& e : timeline.evidence())
    page.html("<tr><th scope=\"row\">" + html_text(e.model) + "</th><td>" + html_text(e.protocol) +
              "</td><td class=\"mono\">" + html_text(e.model_sha256) + "</td></tr>\n");
  page.html("</tbody></table></div>\n");
}

void add_head(HtmlPage& page, const ReportContent& content) {
  if (content.planted)
    page.banner("These are planted data: made by a program to test the system, not photos of real people.");
  if (content.threshold && content.fmr)
    page.subtitle(fmt::format(
        "A face gets a name at similarity {:.3f} or more; of two different people about {} comparisons would pass.",
        *content.threshold, one_of(*content.fmr)));
  const std::vector<Tile> tiles{
      {fmt::format("{}", content.pictures.size()), content.pictures.size() == 1 ? "picture" : "pictures"},
      {fmt::format("{}", content.faces.size()), content.faces.size() == 1 ? "face" : "faces"},
      {fmt::format("{}", content.people.size()), content.people.size() == 1 ? "known person" : "known people"},
      {fmt::format("{}", content.unknown.size()), content.unknown.size() == 1 ? "unknown face" : "unknown faces"},
      {fmt::format("{}", content.failed.size()),
       content.failed.size() == 1 ? "unreadable input" : "unreadable inputs"}};
  page.tiles(tiles);
  std::string nav = "<nav aria-label=\"Sections\"><a href=\"#people\">People found</a>";
  if (!content.unknown.empty()) nav += "<a href=\"#unknown\">Unknown faces</a>";
  nav += "<a href=\"#pictures\">Pictures</a>";
  if (!content.failed.empty()) nav += "<a href=\"#failed\">Unreadable inputs</a>";
  page.html(nav + "<a href=\"#evidence\">Evidence</a></nav>\n");
}

}  // namespace

Result<std::string> identity_report(const Timeline& timeline, const ReportOptions& options,
                                    const std::stop_token& stop) {
  VULTUS_CHECK(check(options));
  const ReportContent content = gather_report(timeline);
  HtmlPage page(options.title);
  Shots shots(content, options, page);
  std::string pictures;
  for (std::size_t i = 0; i < content.pictures.size(); ++i) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "report: stopped");
    std::optional<Shots::Shot> shot;
    if (i < options.max_pictures) shot = shots.take(content.pictures[i]);
    pictures += picture_html(content, i, shot);
  }
  add_head(page, content);
  add_people(page, content, shots);
  page.section("pictures", "Pictures");
  if (content.pictures.empty()) page.paragraph("No picture was read.");
  if (content.pictures.size() > options.max_pictures)
    page.paragraph(fmt::format("The first {} of {} are shown; the others are listed without their pixels.",
                               options.max_pictures, content.pictures.size()));
  page.html(pictures);
  add_failed(page, content);
  add_evidence(page, content, timeline);
  return std::move(page).finish();
}

}  // namespace vultus::engine
