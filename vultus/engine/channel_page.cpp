#include <vultus/engine/channel_page.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vultus/core/version.hpp>
#include <vultus/engine/channel_page_script.hpp>
#include <vultus/engine/html_page.hpp>
#include <vultus/engine/identify.hpp>
#include <vultus/engine/lane.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/video.hpp>
#include <vultus/timeline/scan.hpp>

namespace vultus::engine {
namespace {

using PageJson = nlohmann::ordered_json;

constexpr double kFirstStretch = 0.02;  // seconds: finer than frames of 50 a second are apart
constexpr double kBoxStretch = 0.2;     // seconds between the boxes that are drawn over the video
constexpr double kLatest = 1e12;        // seconds: what the clock of a damaged file says beyond is no time
constexpr std::size_t kMostReasons = 100;

/// What becomes of a track on the page.
struct PageTrack {
  double from = 0, to = 0;
  std::int64_t frames = 0;
  std::string name;
  std::map<std::size_t, Lane> lanes;  // by position of the channel
  std::map<std::int64_t, RectF> boxes;
};

/// What becomes of a source.
struct PageSource {
  double length = 0;
  std::int64_t frames = 0, with_face = 0, damaged = 0, cuts = 0;
  std::map<std::size_t, PageTrack> tracks;  // by position of the track
  std::map<std::string, std::int64_t> reasons;
};

class PageBuilder {
 public:
  PageBuilder(const TimelineScan& scan, const ChannelPageOptions& options) : scan_(&scan), options_(&options) {}

  void add(const Moment& moment);
  [[nodiscard]] PageJson json(const std::filesystem::path& page) const;

 private:
  void read(PageSource& source, PageTrack& track, const MomentReading& reading, double seconds) const;
  [[nodiscard]] PageJson json_of(const Source& about, const PageSource& source,
                                 const std::filesystem::path& page) const;
  [[nodiscard]] PageJson json_of(std::size_t number, const PageTrack& track) const;
  [[nodiscard]] PageJson events_of(const Source& about) const;

  const TimelineScan* scan_;
  const ChannelPageOptions* options_;
  std::map<std::size_t, PageSource> sources_;
};

void PageBuilder::read(PageSource& source, PageTrack& track, const MomentReading& reading, double seconds) const {
  if (std::holds_alternative<std::monostate>(reading.value)) {
    if (source.reasons.size() < kMostReasons || source.reasons.contains(reading.reason))
      ++source.reasons[reading.reason];
    if (const auto lane = track.lanes.find(reading.channel); lane != track.lanes.end()) lane->second.absent();
    return;
  }
  const ChannelId& channel = scan_->channels()[reading.channel].id;
  if (const auto* text = std::get_if<std::string>(&reading.value); text != nullptr && channel == kIdentitySubject)
    track.name = *text;
  const auto* number = std::get_if<double>(&reading.value);
  if (number == nullptr || !std::isfinite(*number)) return;
  track.lanes.try_emplace(reading.channel, options_->points, kFirstStretch)
      .first->second.add(std::max(0.0, seconds - track.from), *number);
}

/// Seconds since the start of its source, [0, kLatest].
double seconds_of(const Clock& clock, Timestamp time) {
  const double seconds = clock.seconds(time).value();
  return std::isfinite(seconds) ? std::clamp(seconds, 0.0, kLatest) : 0;
}

void PageBuilder::add(const Moment& moment) {
  PageSource& source = sources_[moment.source];
  const double seconds = seconds_of(scan_->sources()[moment.source].clock, moment.time);
  source.length = std::max(source.length, seconds);
  ++source.frames;
  source.damaged += moment.frame && moment.frame->damaged ? 1 : 0;
  source.cuts += moment.frame && moment.frame->cut ? 1 : 0;
  bool face = false;
  for (const MomentOfTrack& seen : moment.tracks) {
    const auto [at, fresh] = source.tracks.try_emplace(seen.track);
    PageTrack& track = at->second;
    if (fresh) track.from = seconds;
    track.to = std::max(track.to, seconds);
    if (seen.face) {
      face = true;
      ++track.frames;
      track.boxes.try_emplace(static_cast<std::int64_t>(seconds / kBoxStretch), seen.face->box);
    }
    for (const MomentReading& reading : seen.readings) read(source, track, reading, seconds);
  }
  source.with_face += face ? 1 : 0;
}

/// A number of so many bytes, low byte first.
void put_number(std::vector<std::uint8_t>& bytes, std::uint32_t number, unsigned wide = 2) {
  for (unsigned byte = 0; byte < wide; ++byte) bytes.push_back(static_cast<std::uint8_t>(number >> 8U * byte & 0xFFU));
}

/// Each box with the number of its stretch, counted from the first one's, in 32 bits; then x, y, width and height as
/// signed 16-bit numbers. Stretches without a box take no room: a file can tell of two boxes that are years apart.
std::string packed(const std::map<std::int64_t, RectF>& boxes) {
  std::vector<std::uint8_t> bytes;
  for (const auto& [at, box] : boxes) {
    const std::int64_t stretch = at - boxes.begin()->first;
    if (stretch > std::numeric_limits<std::uint32_t>::max()) break;
    put_number(bytes, static_cast<std::uint32_t>(stretch), 4);
    for (const float number : {box.x, box.y, box.width, box.height})
      put_number(bytes, static_cast<std::uint16_t>(std::clamp(std::lround(number), -32768L, 32767L)));
  }
  return base64(bytes);
}

/// Lowest and highest of each stretch as 16-bit numbers between those of the lane.
std::string packed(const Lane& lane) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(4 * lane.stretches().size());
  const double span = lane.high() - lane.low();
  const auto level = [&](float value) {
    return span > 0 ? static_cast<std::uint32_t>(
                          std::lround(std::clamp((double{value} - lane.low()) / span, 0.0, 1.0) * 65534))
                    : 0U;
  };
  for (const Lane::Stretch& stretch : lane.stretches()) {
    const bool measured = stretch.low <= stretch.high;
    put_number(bytes, measured ? level(stretch.low) : 65535U);
    put_number(bytes, measured ? level(stretch.high) : 65535U);
  }
  return base64(bytes);
}

PageJson PageBuilder::json_of(std::size_t number, const PageTrack& track) const {
  PageJson lanes = PageJson::array();
  for (const auto& [channel, lane] : track.lanes)
    lanes.push_back({{"channel", scan_->channels()[channel].id.text()},
                     {"unit", scan_->channels()[channel].unit},
                     {"from", track.from},
                     {"width", lane.width()},
                     {"count", lane.count()},
                     {"absent", lane.absences()},
                     {"mean", lane.mean()},
                     {"deviation", lane.deviation()},
                     {"low", lane.low()},
                     {"high", lane.high()},
                     {"data", packed(lane)}});
  return {{"id", scan_->tracks()[number].id.number()},
          {"name", track.name},
          {"from", track.from},
          {"to", track.to},
          {"frames", track.frames},
          {"lanes", lanes},
          {"box_width", kBoxStretch},
          {"box_from", track.boxes.empty() ? std::int64_t{0} : track.boxes.begin()->first},
          {"boxes", packed(track.boxes)}};
}

PageJson PageBuilder::events_of(const Source& about) const {
  PageJson events = PageJson::array();
  for (const Annotation& event : scan_->annotations()) {
    if (event.source != about.id) continue;
    events.push_back({{"channel", event.channel.text()},
                      {"track", event.track ? PageJson(event.track->number()) : PageJson()},
                      {"from", event.from},
                      {"to", event.to},
                      {"label", event.label},
                      {"confidence", event.confidence ? PageJson(event.confidence->value()) : PageJson()}});
  }
  return events;
}

/// The way from the page to a file that is there, as an address; empty = it is gone, or no file.
std::string way_to(const std::string& path, const std::filesystem::path& page) {
  std::error_code failed;
  if (media::is_stream_name(path) || !std::filesystem::is_regular_file(path, failed)) return {};
  std::string way = std::filesystem::relative(path, page, failed).generic_string();
  if (failed || way.empty()) return {};
  std::string address;
  for (const char c : way) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '.' || c == '-' || c == '_';
    address += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return address;
}

PageJson PageBuilder::json_of(const Source& about, const PageSource& source, const std::filesystem::path& page) const {
  std::vector<std::pair<std::size_t, const PageTrack*>> longest;
  for (const auto& [number, track] : source.tracks) longest.emplace_back(number, &track);
  std::ranges::stable_sort(longest, std::greater(), [](const auto& track) { return track.second->frames; });
  const std::size_t shown = std::min(longest.size(), options_->most_tracks);
  PageJson tracks = PageJson::array();
  for (std::size_t i = 0; i < shown; ++i) tracks.push_back(json_of(longest[i].first, *longest[i].second));
  PageJson reasons = PageJson::array();
  for (const auto& [reason, count] : source.reasons) reasons.push_back({reason, count});
  return {{"path", media::without_secrets(about.path)},
          {"width", about.width},
          {"height", about.height},
          {"length", source.length},
          {"picture", media::has_picture_name(about.path)},
          {"media", way_to(about.path, page)},
          {"frames", source.frames},
          {"with_face", source.with_face},
          {"damaged", source.damaged},
          {"cuts", source.cuts},
          {"left_out", longest.size() - shown},
          {"reasons", reasons},
          {"events", events_of(about)},
          {"tracks", tracks}};
}

PageJson PageBuilder::json(const std::filesystem::path& page) const {
  PageJson sources = PageJson::array();
  for (const auto& [number, source] : sources_) sources.push_back(json_of(scan_->sources()[number], source, page));
  return {{"sources", sources}};
}

std::string evidence_html(const std::vector<Evidence>& evidence) {
  std::string html = "<h2>What these figures rest on</h2><div class=\"scroll\"><table><tbody>";
  for (const Evidence& e : evidence)
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", html_text(e.producer),
                        html_text(e.model), html_text(e.protocol), html_text(e.backend));
  return html + "</tbody></table></div>";
}

}  // namespace

Result<std::string> channel_page(const std::filesystem::path& timeline, const std::filesystem::path& page,
                                 const ChannelPageOptions& options) {
  if (options.points < 16 || options.points > 100'000)
    return fail(ErrorCode::invalid_argument, fmt::format("points {}: 16 to 100000 are allowed", options.points));
  if (options.most_tracks < 1 || options.most_tracks > 10'000)
    return fail(ErrorCode::invalid_argument,
                fmt::format("most_tracks {}: 1 to 10000 are allowed", options.most_tracks));
  VULTUS_TRY(TimelineScan scan, TimelineScan::open(timeline));
  PageBuilder builder(scan, options);
  Moment moment;
  for (;;) {
    VULTUS_TRY(const bool more, scan.next(moment));
    if (!more) break;
    builder.add(moment);
  }
  const std::string data = json_in_html(builder.json(page).dump(-1, ' ', false, PageJson::error_handler_t::replace));
  const bool planted =
      std::ranges::any_of(scan.evidence(), [](const Evidence& e) { return e.data == DataKind::planted; });
  std::string unread;
  for (const Source& source : scan.sources())
    if (source.error)
      unread += fmt::format("<li>{}: {}</li>", html_text(media::without_secrets(source.path)),
                            html_text(source.error->message));
  const std::string title = html_text(options.title);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src file: data:; media-src "
      "file:; "
      "style-src 'unsafe-inline'; script-src 'nonce-page'\"><title>{0}</title><style>{1}</style></head>\n<body>"
      "<header><h1>{0}</h1></header><main id=\"content\">{2}{3}</main><main>{4}</main>\n"
      "<footer>Made by Vultus {5}. This page is one file; nothing is loaded from elsewhere but the video or picture at "
      "its "
      "place.</footer>\n<script id=\"data\" type=\"application/json\" nonce=\"page\">{6}</script>\n"
      "<script nonce=\"page\">{7}</script></body></html>\n",
      title, kChannelPageRules,
      planted ? "<p class=\"banner\" role=\"note\">These are planted data: made by a program to test the system, not "
                "recordings of real people.</p>"
              : "",
      unread.empty() ? "" : "<h2>Not read</h2><ul>" + unread + "</ul>", evidence_html(scan.evidence()), kVersion, data,
      kChannelPageScript);
}

}  // namespace vultus::engine
