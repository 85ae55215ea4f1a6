// The rows of a Timeline file, handed to a sink. Private to this room.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::timeline {

/// What an error of the sink means: a Timeline refuses rows that point at nothing, so the file is damaged.
enum class SinkErrors : std::uint8_t { of_the_file, of_the_sink };

/// Thread-compatible; file and sink must outlive it.
class Replay {
 public:
  Replay(sqlite::Database& file, TimelineSink& sink, SinkErrors errors) : file_(&file), sink_(&sink), errors_(errors) {}
  /// Everything, as it is at one moment.
  Status read_all();
  /// Sources, evidence and channels.
  Status read_head();
  /// After the head.
  Status read_tracks();
  /// After the head.
  Status read_annotations();

 private:
  using Row = sqlite::Statement;
  /// Calls `take` for each row. Column 0 counts upwards in a sound file; a tree whose branches meet again does not.
  Status each(std::string_view sql, const std::function<Status(const Row&)>& take);
  Status add(const auto& value) {
    const Status added = sink_->add(value);
    return added || errors_ == SinkErrors::of_the_sink ? added : Status(damaged(added.error().message));
  }
  [[nodiscard]] Error damaged(const std::string& what) const {
    return file_->fail(ErrorCode::corrupt_data, "damaged timeline: " + what);
  }
  Result<ChannelId> channel_at(const Row& row, int column) const;
  Status take_source(const Row& row);
  Status take_evidence(const Row& row);
  Status take_observation(const Row& row);
  Status take_reading(const Row& row);
  Status read_signals();
  Status take_annotation(const Row& row);

  sqlite::Database* file_;
  TimelineSink* sink_;
  SinkErrors errors_;
  std::size_t evidence_ = 0;
  std::unordered_map<std::int64_t, ChannelId> channels_;
};

}  // namespace vultus::timeline
