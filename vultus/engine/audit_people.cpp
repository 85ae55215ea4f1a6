#include <vultus/engine/audit_people.hpp>

#include <iterator>
#include <set>

#include <vultus/media/enrol_list.hpp>

namespace vultus::engine {

PersonValues values_of_persons(const AuditList& list, std::span<const std::size_t> picture_of,
                               std::span<const std::uint32_t> person_of, std::size_t persons, std::size_t column) {
  std::vector<std::set<std::string>> seen(persons);
  std::set<std::string> names;
  for (std::size_t i = 0; i < person_of.size(); ++i) {
    const std::string& value = list.pictures[picture_of[i]].values[column];
    seen[person_of[i]].insert(value);
    if (!value.empty()) names.insert(value);
  }
  PersonValues values{.names = {names.begin(), names.end()}, .group_of = {}};
  for (const auto& one : seen) {
    const bool known = one.size() == 1 && !one.begin()->empty();
    values.left_out += known ? 0 : 1;
    values.group_of.push_back(static_cast<std::uint32_t>(known ? std::distance(names.begin(), names.find(*one.begin()))
                                                               : static_cast<std::ptrdiff_t>(names.size())));
  }
  return values;
}

Result<std::vector<std::pair<std::string, std::string>>> pictures_of_subjects(const evaluation::Table& table,
                                                                              const std::string& folder) {
  std::vector<std::pair<std::string, std::string>> present;
  if (table.find("file")) return present;
  VULTUS_TRY(const media::EnrolList all, media::enrol_list_of_folder(folder));
  if (!all.errors.empty()) return all.errors.front().error;
  for (const media::LabelledPicture& picture : all.pictures) present.emplace_back(picture.path, picture.subject);
  return present;
}

}  // namespace vultus::engine
