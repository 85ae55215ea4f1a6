#include <vultus/engine/contact_sheet.hpp>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/html_page.hpp>
#include <vultus/engine/rate_text.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSheetRules = R"(
.sheet{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:12px 16px;margin:0 0 12px;
break-inside:avoid;scroll-margin-top:12px;content-visibility:auto;contain-intrinsic-size:auto 140px}
.sheet header{display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline;padding:0;margin:0 0 10px;max-width:none}
.sheet ul{display:flex;flex-wrap:wrap;gap:6px;margin:0;padding:0;list-style:none}
.sheet a{display:block;border-radius:8px}
.sheet img,.sheet .bare{display:block;width:72px;height:72px;border-radius:8px;object-fit:cover;background:var(--shade)}
.sheet .more{align-self:center;padding:0 8px}
)";

/// Where a link leads, as a URL: bytes of a file name may be anything.
std::string url_of(const std::string& path, const std::string& folder) {
  std::error_code failed;
  const fs::path target = fs::absolute(path, failed).lexically_normal();
  const fs::path base = fs::absolute(folder.empty() ? "." : folder, failed).lexically_normal();
  fs::path way = target.lexically_relative(base);
  if (way.empty()) way = target;
  std::string url;
  // A first part with a colon would be read as a scheme.
  if (way.is_relative()) url = "./";
  if (way.is_absolute()) url = "file://";
  for (const char c : way.string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                       std::string_view("/-_.~").find(c) != std::string_view::npos;
    url += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return url;
}

class Sheet {
 public:
  Sheet(const PhotoSet& set, const ThumbnailSource& thumbnail, const ContactSheetOptions& options)
      : set_(set), thumbnail_(thumbnail), options_(options) {
    for (const PhotoSetFile& file : set.files) file_of_.emplace(file.sha256, &file);
  }

  Result<std::string> face(const FaceOfPhoto& at) const {
    const library::Photo& photo = set_.content.photos[at.first];
    const library::PhotoFace& one = photo.faces[at.second];
    VULTUS_TRY(const auto jpeg, thumbnail_(one));
    const auto file = file_of_.find(photo.sha256);
    const std::string path = file == file_of_.end() ? std::string() : file->second->path;
    std::string shown = "<span class=\"bare\"></span>";
    if (!jpeg.empty()) {
      std::vector<std::uint8_t> bytes;
      bytes.reserve(jpeg.size());
      for (const std::byte b : jpeg) bytes.push_back(std::to_integer<std::uint8_t>(b));
      shown = fmt::format("<img loading=\"lazy\" alt=\"face {} of {}\" src=\"{}\">", one.number, html_text(path),
                          data_uri("image/jpeg", bytes));
    }
    return fmt::format("<li><a href=\"{}\" title=\"{}\">{}</a></li>\n", html_text(url_of(path, options_.folder)),
                       html_text(path), shown);
  }

  /// @param most  faces that are shown
  Result<std::string> row(const PhotoCluster& cluster, std::size_t most) const {
    const bool named = !cluster.name.empty();
    std::string html = fmt::format(
        "<section class=\"sheet {}\" id=\"cluster-{}\"><header class=\"who\"><b>{}</b><span class=\"soft "
        "small\">cluster "
        "{} · {} faces</span></header>\n<ul>\n",
        named ? "known" : "unknown", cluster.id, named ? html_text(cluster.name) : "no name yet", cluster.id,
        grouped(static_cast<std::int64_t>(cluster.faces.size())));
    const std::size_t shown = std::min(cluster.faces.size(), most);
    for (std::size_t i = 0; i < shown; ++i) {
      VULTUS_TRY(const std::string one, face(cluster.faces[i]));
      html += one;
    }
    return html + more(cluster.faces.size() - shown) + "</ul></section>\n";
  }

  static std::string more(std::size_t left) {
    if (left == 0) return {};
    return fmt::format("<li class=\"more soft\">and {} more</li>\n", grouped(static_cast<std::int64_t>(left)));
  }

 private:
  const PhotoSet& set_;
  const ThumbnailSource& thumbnail_;
  const ContactSheetOptions& options_;
  std::unordered_map<std::string, const PhotoSetFile*> file_of_;
};

/// Keeps at most so many clusters, whose order stays: what somebody has named goes last.
void leave_out_smallest(std::vector<const PhotoCluster*>& clusters, std::size_t most) {
  for (const bool named : {false, true})
    for (std::size_t i = clusters.size(); i > 0 && clusters.size() > most; --i)
      if (clusters[i - 1]->name.empty() != named) clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(i - 1));
}

void add_known(HtmlPage& page, const KnownFaces& known) {
  if (known.empty()) return;
  std::map<std::string, std::int64_t> faces;
  for (const auto& [at, candidate] : known) ++faces[candidate.name];
  page.section("known", "Known to the gallery");
  std::vector<std::pair<std::string, std::string>> rows;
  rows.reserve(faces.size());
  for (const auto& [name, count] : faces) rows.emplace_back(name, grouped(count) + (count == 1 ? " face" : " faces"));
  page.facts(rows);
}

}  // namespace

Result<std::string> contact_sheet(const PhotoSet& set, const std::vector<PhotoCluster>& clusters,
                                  const KnownFaces& known, const ThumbnailSource& thumbnail,
                                  const ContactSheetOptions& options) {
  const Sheet sheet(set, thumbnail, options);
  std::vector<const PhotoCluster*> together;
  std::vector<const PhotoCluster*> alone;
  for (const PhotoCluster& one : clusters)
    (one.faces.size() > 1 || !one.name.empty() ? together : alone).push_back(&one);
  HtmlPage page(options.title);
  page.rule(kSheetRules);
  const auto tile = [](std::size_t count, const char* one, const char* many) {
    return Tile{grouped(static_cast<std::int64_t>(count)), count == 1 ? one : many};
  };
  std::vector<Tile> tiles{tile(set.content.photos.size(), "photo", "photos"),
                          tile(together.size(), "cluster of faces", "clusters of faces"),
                          tile(alone.size(), "face alone", "faces alone")};
  if (!known.empty()) tiles.push_back(tile(known.size(), "known face", "known faces"));
  page.tiles(tiles);
  page.section("clusters", "Clusters, the largest first");
  if (together.empty()) page.paragraph("No two faces resemble each other enough.");
  const std::size_t all = together.size();
  leave_out_smallest(together, options.most_clusters);
  for (std::size_t i = 0; i < together.size(); ++i) {
    VULTUS_TRY(const std::string html,
               sheet.row(*together[i], i < options.rows_in_full ? options.faces_a_row : options.faces_a_short_row));
    page.html(html);
  }
  if (together.size() < all)
    page.paragraph(
        fmt::format("{} smaller clusters are not shown.", grouped(static_cast<std::int64_t>(all - together.size()))));
  add_known(page, known);
  if (!alone.empty()) {
    page.section("alone", "Faces alone");
    std::string html = "<div class=\"sheet\"><ul>\n";
    const std::size_t shown = std::min(alone.size(), options.most_alone);
    for (std::size_t i = 0; i < shown; ++i) {
      VULTUS_TRY(const std::string one, sheet.face(alone[i]->faces.front()));
      html += one;
    }
    page.html(html + Sheet::more(alone.size() - shown) + "</ul></div>\n");
  }
  return std::move(page).finish();
}

}  // namespace vultus::engine
