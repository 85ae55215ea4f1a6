#include <vultus/timeline/scan.hpp>

#include <algorithm>
#include <compare>
#include <unordered_map>
#include <utility>

#include <vultus/timeline/replay.hpp>
#include <vultus/timeline/rows.hpp>
#include <vultus/timeline/schema.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace {

using sqlite::Statement;

/// Where a row belongs: sources follow each other, and so do the moments of each.
struct MomentKey {
  std::size_t source = 0;
  std::int64_t ticks = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the zero of the comparison for a pointer.
  auto operator<=>(const MomentKey&) const = default;
};

}  // namespace

class TimelineScan::Impl {
 public:
  explicit Impl(sqlite::Database file) : file_(std::move(file)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Status begin();
  Result<std::vector<ChannelForm>> forms();
  Result<bool> next(Moment& into);
  [[nodiscard]] const Timeline& head() const { return head_; }

 private:
  /// One of the long tables, at the row that comes next.
  struct Cursor {
    std::optional<Statement> rows;
    std::optional<MomentKey> key;  // empty: at its end
    std::size_t track = 0;
  };

  [[nodiscard]] Error damaged(const std::string& what) const {
    return file_.fail(ErrorCode::corrupt_data, "damaged timeline: " + what);
  }
  Status advance(Cursor& cursor, bool of_track);
  Status advance_frames() { return advance(frames_, false); }
  MomentOfTrack& track_in(Moment& moment, std::size_t track);

  sqlite::Database file_;
  Timeline head_;  // without the long tables
  std::unordered_map<std::int64_t, std::size_t> source_at_, track_at_, channel_at_;
  std::vector<std::size_t> source_of_track_;
  std::optional<sqlite::Transaction> view_;
  Cursor frames_, observations_, readings_;
  std::optional<MomentKey> last_;
};

Status TimelineScan::Impl::begin() {
  VULTUS_TRY(auto view, sqlite::Transaction::begin(file_, sqlite::Transaction::Kind::read));
  view_.emplace(std::move(view));
  timeline::Replay replay(file_, head_, timeline::SinkErrors::of_the_file);
  VULTUS_CHECK(replay.read_head());
  VULTUS_CHECK(replay.read_tracks());
  VULTUS_CHECK(replay.read_annotations());
  for (const Source& source : head().sources()) source_at_.emplace(source.id.number(), source_at_.size());
  for (const Track& track : head().tracks()) {
    track_at_.emplace(track.id.number(), track_at_.size());
    source_of_track_.push_back(source_at_.at(track.source.number()));
  }
  VULTUS_TRY(Statement channels, file_.prepare("SELECT n FROM channels ORDER BY n"));
  for (;;) {
    VULTUS_TRY(const bool more, channels.step());
    if (!more) break;
    channel_at_.emplace(channels.integer(0), channel_at_.size());
  }
  const auto select = [&](Cursor& cursor, const std::string& sql) -> Status {
    VULTUS_TRY(Statement rows, file_.prepare(sql));
    cursor.rows.emplace(std::move(rows));
    return {};
  };
  VULTUS_CHECK(select(observations_, std::string(timeline::kSelectObservations) + " ORDER BY n"));
  VULTUS_CHECK(
      select(readings_, "SELECT n, track, ticks, channel, value, reason, typeof(value) FROM readings ORDER BY n"));
  if (file_.version() >= timeline::kFirstWithFrames) {
    VULTUS_CHECK(select(frames_, "SELECT n, source, ticks, damaged, cut FROM frames ORDER BY n"));
    VULTUS_CHECK(advance_frames());
  }
  VULTUS_CHECK(advance(observations_, true));
  return advance(readings_, true);
}

Status TimelineScan::Impl::advance(Cursor& cursor, bool of_track) {
  VULTUS_TRY(const bool more, cursor.rows->step());
  if (!more) {
    cursor.key.reset();
    return {};
  }
  const auto& places = of_track ? track_at_ : source_at_;
  const auto at = places.find(cursor.rows->integer(1));
  if (at == places.end())
    return damaged(std::string("unknown ") + (of_track ? "track " : "source ") +
                   std::to_string(cursor.rows->integer(1)));
  cursor.track = at->second;
  cursor.key = MomentKey{of_track ? source_of_track_[at->second] : at->second, cursor.rows->integer(2)};
  if (last_ && *cursor.key < *last_)
    return file_.fail(ErrorCode::unsupported, "rows of the timeline are not in order of time");
  return {};
}

MomentOfTrack& TimelineScan::Impl::track_in(Moment& moment, std::size_t track) {
  const auto at = std::ranges::find(moment.tracks, track, &MomentOfTrack::track);
  if (at != moment.tracks.end()) return *at;
  moment.tracks.push_back({.track = track, .face = {}, .readings = {}});
  return moment.tracks.back();
}

Result<bool> TimelineScan::Impl::next(Moment& into) {
  std::optional<MomentKey> key;
  for (const Cursor* cursor : {&frames_, &observations_, &readings_})
    if (cursor->key && (!key || *cursor->key < *key)) key = cursor->key;
  if (!key) return false;
  last_ = key;
  into = {.source = key->source, .time = {key->ticks}, .frame = {}, .tracks = {}};
  while (frames_.key == key) {
    const Statement& row = *frames_.rows;
    into.frame = SourceFrame{SourceId(row.integer(1)), {row.integer(2)}, row.integer(3) != 0, row.integer(4) != 0};
    VULTUS_CHECK(advance_frames());
  }
  while (observations_.key == key) {
    MomentOfTrack& track = track_in(into, observations_.track);
    if (const Status read = timeline::read_face(*observations_.rows, track.face.emplace()); !read)
      return damaged(read.error().message);
    VULTUS_CHECK(advance(observations_, true));
  }
  while (readings_.key == key) {
    const auto channel = channel_at_.find(readings_.rows->integer(3));
    if (channel == channel_at_.end()) return damaged("unknown channel " + std::to_string(readings_.rows->integer(3)));
    MomentReading& reading = track_in(into, readings_.track).readings.emplace_back();
    reading.channel = channel->second;
    if (const Status read = timeline::read_value(*readings_.rows, reading.value); !read)
      return damaged(read.error().message);
    reading.reason = readings_.rows->text(5);
    VULTUS_CHECK(advance(readings_, true));
  }
  std::ranges::sort(into.tracks, {}, &MomentOfTrack::track);
  return true;
}

Result<std::vector<ChannelForm>> TimelineScan::Impl::forms() {
  std::vector<ChannelForm> forms(head().channels().size());
  VULTUS_TRY(Statement rows, file_.prepare("SELECT channel, typeof(value), max(length(value)) FROM readings "
                                           "WHERE value IS NOT NULL GROUP BY channel, typeof(value)"));
  for (;;) {
    VULTUS_TRY(const bool more, rows.step());
    if (!more) return forms;
    const auto channel = channel_at_.find(rows.integer(0));
    if (channel == channel_at_.end()) return damaged("unknown channel " + std::to_string(rows.integer(0)));
    ChannelForm& form = forms[channel->second];
    const std::string kind(rows.text(1));
    if (kind == "blob") {
      const auto bytes = static_cast<std::size_t>(rows.integer(2));
      if (bytes > timeline::kMostValueBytes) return damaged("values of " + std::to_string(bytes) + " bytes");
      form.width = bytes / sizeof(float);
    } else {
      (kind == "text" ? form.texts : form.numbers) = true;
    }
  }
}

TimelineScan::TimelineScan(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TimelineScan::TimelineScan(TimelineScan&&) noexcept = default;
TimelineScan& TimelineScan::operator=(TimelineScan&&) noexcept = default;
TimelineScan::~TimelineScan() = default;

Result<TimelineScan> TimelineScan::open(const std::filesystem::path& path) {
  VULTUS_TRY(auto file, timeline::open_for_reading(path));
  auto impl = std::make_unique<Impl>(std::move(file));
  VULTUS_CHECK(impl->begin());
  return TimelineScan(std::move(impl));
}

const std::vector<Source>& TimelineScan::sources() const { return impl_->head().sources(); }
const std::vector<Evidence>& TimelineScan::evidence() const { return impl_->head().evidence(); }
const std::vector<Channel>& TimelineScan::channels() const { return impl_->head().channels(); }
const std::vector<Track>& TimelineScan::tracks() const { return impl_->head().tracks(); }
const std::vector<Annotation>& TimelineScan::annotations() const { return impl_->head().annotations(); }
Result<std::vector<ChannelForm>> TimelineScan::forms() { return impl_->forms(); }
Result<bool> TimelineScan::next(Moment& into) { return impl_->next(into); }

}  // namespace vultus
