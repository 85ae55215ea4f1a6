// A Timeline as a file: written while it is recorded, read back whole.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>

namespace vultus {

enum class TimelineFileMode : std::uint8_t {
  create,  ///< a new file; one that is there already is refused
  append,  ///< goes on with a file, or makes it
};

struct TimelineWriterOptions {
  std::filesystem::path path;
  TimelineFileMode mode = TimelineFileMode::create;
  std::size_t rows_per_commit = 1000;            ///< [1, 1,000,000]
  std::chrono::milliseconds commit_after{1000};  ///< an add commits when the oldest waiting row is as old, >= 0
  /// The clock for commit_after; empty = the system's steady one.
  std::function<std::chrono::steady_clock::time_point()> now = nullptr;
};

/// Writes what it is given into a file, in batches. Move-only; thread-compatible: one user at a time.
/// Rows are safe from the end of the process and of the power when the commit after them has succeeded; a file that
/// was cut off is whole up to its last commit. After an error other than invalid_argument the rows since the last
/// commit are lost, and every further call answers the same error.
class TimelineWriter final : public TimelineSink {
 public:
  /// Timelines have a handful of either; a reader trusts no file with more.
  static constexpr std::size_t kMaxChannels = 10'000;
  static constexpr std::size_t kMaxEvidence = 10'000;
  static constexpr std::size_t kMaxValues = 100'000;  ///< of one reading in a row

  /// @error invalid_argument  the file is there already and mode is create; the path is no file; an option outside its
  ///                          range
  /// @error not_found         no such folder
  /// @error corrupt_data      appending to what is no Timeline, or damaged
  /// @error unsupported       appending to a file of a newer version
  /// @error resource_limit    no permission, disk full, locked by another writer
  static Result<TimelineWriter> open(TimelineWriterOptions options);

  TimelineWriter(TimelineWriter&&) noexcept;
  TimelineWriter& operator=(TimelineWriter&&) noexcept;
  /// Commits what waits; an error is lost, so call commit() first where it matters.
  ~TimelineWriter() override;

  /// Each add checks what it refers to, as Timeline does, and that every number is finite.
  /// @error invalid_argument  an id given twice, a source, track, channel or evidence that was not added before, a
  ///                          number that is not finite, more than a limit above allows, an empty row of values,
  ///                          landmarks of a wrong number; nothing was added, and the writer goes on
  /// @error resource_limit    disk full, locked
  /// @error corrupt_data      the file is damaged
  Status add(const Source& source) override;
  Status add(const Evidence& evidence) override;
  Status add(const Channel& channel) override;
  Status add(const SourceFrame& frame) override;
  Status add(const Track& track) override;
  Status add(const Observation& observation) override;
  Status add(const Reading& reading) override;
  Status add(const Signal& signal) override;
  Status add(const Annotation& annotation) override;

  /// Puts everything that was added onto the disk.
  Status commit();

 private:
  class Impl;
  explicit TimelineWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Reads a file that TimelineWriter made. One that is still being written is read up to its last commit.
/// @return a Timeline equal to the one whose rows were added
/// @error not_found         no such file
/// @error invalid_argument  the path is no file
/// @error corrupt_data      not a Timeline, or damaged
/// @error unsupported       made by a newer version: the message names both. Files of older versions are read as they
/// are
/// @error resource_limit    no permission, out of memory
/// @thread  no shared state
[[nodiscard]] Result<Timeline> read_timeline(const std::filesystem::path& path);

/// Whether the first bytes of a file say that TimelineWriter made it, whatever state the rest is in: a damaged Timeline
/// may be replaced by a new one, what somebody else made may not.
/// @return false also where there is no such file, or it cannot be read
/// @thread  no state
[[nodiscard]] bool has_timeline_head(const std::filesystem::path& path);

/// Hands every row of a file to a sink without holding them: kind by kind, as TimelineSink lists them, each in the
/// order in which it came. Other tables are looked up by the sink if it cares: here nothing checks that ids are known.
/// @error that of the sink; else as read_timeline
[[nodiscard]] Status replay_timeline(const std::filesystem::path& path, TimelineSink& to);

}  // namespace vultus
