// A page of what faces did: lanes of channels for every person on one clock, events, statistics, quality of the data.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include <vultus/core/result.hpp>

namespace vultus::engine {

struct ChannelPageOptions {
  std::string title = "What was seen of every face";
  /// Most points of a lane, [16, 100,000]: of more moments the page keeps the lowest and highest value of each stretch.
  std::size_t points = 1200;
  std::size_t most_tracks = 60;  ///< of a source that have lanes: those seen longest, [1, 10,000]
};

/// Makes a page of HTML that is one file and works offline; the video or picture is shown beside the lanes where its
/// file is still at its place. Goes through the Timeline once: memory grows with the lanes, not with the length.
/// @param timeline  a Timeline file  @param page  folder of the page, for the way to the pictures
/// @error as TimelineScan; invalid_argument  an option outside its range
[[nodiscard]] Result<std::string> channel_page(const std::filesystem::path& timeline, const std::filesystem::path& page,
                                               const ChannelPageOptions& options = {});

}  // namespace vultus::engine
