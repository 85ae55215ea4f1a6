#include <apps/cli/only_people.hpp>

#include <algorithm>

#include <apps/cli/gallery_access.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {

void add_only_options(CLI::App& command, OnlySettings& settings) {
  command.add_option("--only", settings.names, "look for this person alone; can be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      .add_option("--only-tag", settings.tags,
                  "look for people with this tag alone (see vultus gallery describe); can be repeated")
      ->type_name("TAG")
      ->allow_extra_args(false);
}

Result<std::optional<std::vector<SubjectId>>> only_people(const Gallery& gallery, const OnlySettings& settings) {
  if (settings.names.empty() && settings.tags.empty()) return std::optional<std::vector<SubjectId>>();
  std::vector<SubjectId> people;
  if (!settings.tags.empty()) {
    VULTUS_TRY(people, gallery.tagged(settings.tags));
    if (people.empty())
      return fail(ErrorCode::not_found, "nobody in " + shown_gallery(gallery.info().path) + " has the tag \"" +
                                            printable(settings.tags.front()) + "\"" +
                                            (settings.tags.size() > 1 ? " or one of the others" : ""));
  }
  for (const std::string& name : settings.names) {
    VULTUS_TRY(const Subject subject, named_subject(gallery, name));
    people.push_back(subject.id);
  }
  std::ranges::sort(people);
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return std::optional(std::move(people));
}

}  // namespace vultus::cli
