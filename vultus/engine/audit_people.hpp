// Which group the people of an audit are in. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <vultus/engine/recogniser_audit.hpp>

namespace vultus::engine {

/// Value of each person; persons of several values and of none have none.
struct PersonValues {
  std::vector<std::string> names;
  std::vector<std::uint32_t> group_of;  ///< names.size() = none
  std::int64_t left_out = 0;
};

/// @param picture_of  index into the list of each picture that is used
/// @param person_of   person of each of those
[[nodiscard]] PersonValues values_of_persons(const AuditList& list, std::span<const std::size_t> picture_of,
                                             std::span<const std::uint32_t> person_of, std::size_t persons,
                                             std::size_t column);

/// The pictures of the folder with the names of their subfolders, for tables by subject; nothing for others.
/// @error as media::enrol_list_of_folder
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> pictures_of_subjects(
    const evaluation::Table& table, const std::string& folder);

}  // namespace vultus::engine
