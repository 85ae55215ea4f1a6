#include <vultus/engine/track_report.hpp>

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/html_page.hpp>
#include <vultus/engine/rate_text.hpp>

namespace vultus::engine {
namespace {

// A page is for reading: strangers who walked by for a moment are counted below the chart.
constexpr std::size_t kMostLanes = 60;
constexpr std::size_t kMostCards = 300;

constexpr std::string_view kRules = R"(
.lanes{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}
.lane{display:grid;grid-template-columns:minmax(90px,180px) 1fr;gap:12px;align-items:center;min-height:30px}
.lane>span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-size:.925rem}
.way{position:relative;height:18px;border-radius:5px;background:var(--shade)}
.way a{position:absolute;top:0;bottom:0;min-width:4px;border-radius:5px;background:var(--unknown-bar)}
.known .way a{background:var(--known-bar)}
.clock{position:relative;height:1.5em;font-size:.8rem;color:var(--soft);font-variant-numeric:tabular-nums}
.clock i{position:absolute;font-style:normal;transform:translateX(-50%);white-space:nowrap}
.clock i:first-child{transform:none}.clock i:last-child{transform:translateX(-100%)}
.track .face{width:88px;height:88px}.card:target{outline:3px solid var(--accent)}
@media (max-width:720px){.lane{grid-template-columns:84px 1fr;gap:8px}}
)";

/// "0:07.4", "12:30", "1:02:03".
std::string clock_text(double seconds, bool tenths) {
  const auto whole = static_cast<std::int64_t>(std::max(0.0, seconds));
  const std::int64_t hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
  std::string text =
      hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, rest) : fmt::format("{}:{:02}", minutes, rest);
  if (tenths && hours == 0) text += fmt::format(".{}", static_cast<int>((seconds - static_cast<double>(whole)) * 10));
  return text;
}

const std::string& name_of(const TrackSummary& track) {
  static const std::string kUnknown = "unknown";
  return track.decision.match ? track.decision.match->name : kUnknown;
}

std::string track_id(std::size_t video, const TrackSummary& track) {
  return fmt::format("track-{}-{}", video + 1, track.track.number());
}

/// One person with all their tracks, or one unknown track.
struct TrackLane {
  std::string label;
  bool known = false;
  std::vector<const TrackSummary*> tracks;
};

std::vector<TrackLane> lanes_of(const VideoStory& story) {
  std::map<std::string, TrackLane> people;
  std::vector<TrackLane> unknown;
  for (const TrackSummary& track : story.tracks) {
    if (track.decision.match) {
      TrackLane& lane = people[track.decision.match->name];
      lane.label = track.decision.match->name;
      lane.known = true;
      lane.tracks.push_back(&track);
    } else {
      unknown.push_back({.label = fmt::format("unknown, track {}", track.track.number()), .tracks = {&track}});
    }
  }
  std::vector<TrackLane> lanes;
  lanes.reserve(people.size() + unknown.size());
  for (auto& [name, lane] : people) lanes.push_back(std::move(lane));
  std::ranges::stable_sort(lanes, {}, [](const TrackLane& lane) { return lane.tracks.front()->from; });
  std::ranges::move(unknown, std::back_inserter(lanes));
  return lanes;
}

void add_chart(HtmlPage& page, std::size_t video, const VideoStory& story) {
  const std::vector<TrackLane> lanes = lanes_of(story);
  const double length = std::max(story.duration.value(), 0.001);
  std::string html = "<div class=\"lanes\">\n";
  for (std::size_t i = 0; i < std::min(lanes.size(), kMostLanes); ++i) {
    const TrackLane& lane = lanes[i];
    html += fmt::format("<div class=\"lane {}\"><span title=\"{}\">{}</span><div class=\"way\">",
                        lane.known ? "known" : "unknown", html_text(lane.label), html_text(lane.label));
    for (const TrackSummary* track : lane.tracks) {
      const double from = 100 * track->from.value() / length, to = 100 * track->to.value() / length;
      const std::string when = clock_text(track->from.value(), true) + " to " + clock_text(track->to.value(), true);
      html +=
          fmt::format("<a href=\"#{}\" style=\"left:{:.2f}%;width:{:.2f}%\" title=\"{}\" aria-label=\"{}, {}\"></a>",
                      track_id(video, *track), std::clamp(from, 0.0, 100.0), std::clamp(to - from, 0.2, 100.0), when,
                      html_text(lane.label), when);
    }
    html += "</div></div>\n";
  }
  html += "<div class=\"lane\"><span></span><div class=\"clock\">";
  for (int tick = 0; tick <= 4; ++tick)
    html += fmt::format("<i style=\"left:{}%\">{}</i>", 25 * tick, clock_text(length * tick / 4, length < 60));
  html += "</div></div></div>\n";
  page.html(html);
  if (lanes.size() > kMostLanes)
    page.paragraph(fmt::format("{} more unknown tracks are not drawn.", lanes.size() - kMostLanes));
}

void add_cards(HtmlPage& page, std::size_t video, const VideoStory& story) {
  std::string html = "<ul class=\"cards\">\n";
  std::size_t shown = 0;
  for (const TrackSummary& track : story.tracks) {
    if (shown++ == kMostCards) break;
    const std::string id = track_id(video, track);
    std::string face;
    if (!track.thumbnail.empty()) {
      page.rule(fmt::format(".{}{{background-image:url({})}}", id, data_uri("image/jpeg", track.thumbnail)));
      face = fmt::format("<span class=\"face {}\" role=\"img\" aria-label=\"{} at {}\"></span>", id,
                         html_text(name_of(track)), clock_text(track.best_time.value(), true));
    }
    std::string why;
    if (track.decision.best)
      why = fmt::format("similarity {:.3f}, threshold {:.3f}", track.decision.best->similarity.value(),
                        track.decision.at.threshold.value());
    if (track.decision.told() && track.decision.told()->probability)
      why += "; probability " + probability_text(track.decision.told()->probability);
    if (!track.enough) why += std::string(why.empty() ? "" : "; ") + "not enough evidence to name anybody";
    html += fmt::format(
        "<li class=\"card {} track\" id=\"{}\"><div class=\"person\">{}<div class=\"who\"><b>{}</b>"
        "<div class=\"soft small\">{} to {}<br>{} frames{}{}</div></div></div></li>\n",
        track.decision.match ? "known" : "unknown", id, face, html_text(name_of(track)),
        clock_text(track.from.value(), true), clock_text(track.to.value(), true), track.frames,
        why.empty() ? "" : "<br>", html_text(why));
  }
  page.html(html + "</ul>\n");
  const std::int64_t more = static_cast<std::int64_t>(story.tracks.size()) -
                            static_cast<std::int64_t>(std::min(story.tracks.size(), kMostCards)) + story.left_out;
  if (more > 0) page.paragraph(fmt::format("{} more tracks are not shown.", more));
}

const OperatingPoint* threshold_of(const std::vector<VideoStory>& stories) {
  for (const VideoStory& story : stories)
    for (const TrackSummary& track : story.tracks)
      if (track.decision.best) return &track.decision.at;
  return nullptr;
}

void add_evidence(HtmlPage& page, const std::vector<VideoStory>& stories, const std::vector<Evidence>& evidence) {
  page.section("evidence", "What these answers rest on");
  if (const OperatingPoint* at = threshold_of(stories))
    page.paragraph(fmt::format(
        "A track gets a name when the mean of its templates, weighted by how good each view was, has a similarity of "
        "at least {:.3f} to a known face, and there is enough evidence. For single faces about {} comparisons of two "
        "different people would pass (false match rate {:.2g}). Similarity is no probability.",
        at->threshold.value(), one_of(at->false_match_rate), at->false_match_rate));
  std::vector<std::pair<std::string, std::string>> rows;
  rows.reserve(evidence.size());
  for (const Evidence& e : evidence) rows.emplace_back(e.model, e.protocol + "; " + e.backend + "; " + e.producer);
  if (!rows.empty()) page.facts(rows);
}

}  // namespace

void StoryKeeper::begin(const media::VideoInfo& info) {
  story_ = {.name = info.name, .width = info.width, .height = info.height};
}

void StoryKeeper::add(TrackSummary track) {
  story_.tracks.push_back(std::move(track));
  if (story_.tracks.size() <= most_) return;
  const auto shortest = std::ranges::min_element(story_.tracks, {}, &TrackSummary::frames);
  story_.tracks.erase(shortest);
  ++story_.left_out;
}

VideoStory StoryKeeper::finish(Seconds last) {
  story_.duration = last;
  std::ranges::stable_sort(story_.tracks, {}, &TrackSummary::from);
  return std::exchange(story_, {});
}

std::string track_report(const std::vector<VideoStory>& stories, const std::string& title,
                         const std::vector<Evidence>& evidence) {
  HtmlPage page(title);
  page.rule(kRules);
  if (std::ranges::any_of(evidence, [](const Evidence& e) { return e.data == DataKind::planted; }))
    page.banner("These are planted data: made by a program to test the system, not recordings of real people.");
  std::size_t tracks = 0, known = 0;
  std::map<std::string, int> people;
  for (const VideoStory& story : stories)
    for (const TrackSummary& track : story.tracks) {
      ++tracks;
      if (!track.decision.match) continue;
      ++known;
      ++people[track.decision.match->name];
    }
  page.tiles(
      std::vector<Tile>{{fmt::format("{}", stories.size()), stories.size() == 1 ? "video" : "videos"},
                        {fmt::format("{}", tracks), tracks == 1 ? "track" : "tracks"},
                        {fmt::format("{}", people.size()), people.size() == 1 ? "known person" : "known people"},
                        {fmt::format("{}", tracks - known), tracks - known == 1 ? "unknown track" : "unknown tracks"}});
  for (std::size_t v = 0; v < stories.size(); ++v) {
    const VideoStory& story = stories[v];
    page.section(fmt::format("video-{}", v + 1), story.name);
    page.paragraph(
        fmt::format("{} x {} pixels, {} long.", story.width, story.height, clock_text(story.duration.value(), true)));
    if (story.tracks.empty()) {
      page.paragraph("No face was found.");
      continue;
    }
    add_chart(page, v, story);
    page.html("<h3 class=\"soft\" style=\"margin:18px 0 10px\">Tracks and their best pictures</h3>\n");
    add_cards(page, v, story);
  }
  add_evidence(page, stories, evidence);
  return std::move(page).finish();
}

}  // namespace vultus::engine
