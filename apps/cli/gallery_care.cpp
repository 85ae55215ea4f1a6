// vultus gallery check | repair | backup: care for the file.
#include <memory>

#include <vultus/gallery/maintenance.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

struct CareSettings {
  std::string gallery;
  KeySettings keys;
  std::string to;
  bool json = false;
};

constexpr const char* kNotOpened =
    "  Not checked: names, templates and all else that is encrypted. It was not opened, since no key was given; with "
    "--key-file it is checked too.\n";

std::string people_and_faces(std::int64_t people, std::int64_t faces) {
  return counted(people, "person", "people") + ", " + counted(faces, "face");
}

std::string lines_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  " + printable(line) + "\n";
  return text;
}

/// What a check finds, also of a file that is too damaged to be looked through.
Result<GalleryCheck> findings_of(const CareSettings& settings) {
  Result<GalleryCheck> found =
      check_gallery(gallery_options(settings.gallery, GalleryAccess::read_only, settings.keys));
  if (found || found.error().code != ErrorCode::corrupt_data) return found;
  return GalleryCheck{.findings = {found.error().message}};
}

/// What can be done about damage: files are repaired, what lies on servers is restored there.
std::string remedy(const std::string& gallery) {
  switch (gallery_kind(gallery)) {
    case GalleryKind::database: return "restore the database from a backup of it (pg_dump or pg_basebackup)";
    case GalleryKind::shards:
      return "restore the databases of the shards that are named from a backup (pg_dump or pg_basebackup)";
    case GalleryKind::file: break;
  }
  return "`vultus gallery repair` saves what is sound into a new file";
}

Result<ExitCode> check(const CareSettings& settings, Context& context) {
  VULTUS_TRY(const GalleryCheck found, findings_of(settings));
  if (settings.json) {
    Json object;
    object["gallery"] = shown_gallery(settings.gallery);
    object["ok"] = found.sound();
    object["sound"] = found.sound();
    object["subjects"] = found.subjects;
    object["faces"] = found.faces;
    object["findings"] = found.findings;
    object["notes"] = found.notes;
    object["sealed_values_checked"] = found.sealed_values_checked ? Json(*found.sealed_values_checked) : Json(nullptr);
    VULTUS_CHECK(context.out.write(json_line(object)));
  } else {
    const std::string verdict = found.sound() ? styled("sound", Style::good, context.out.colour())
                                              : styled("damaged", Style::bad, context.out.colour());
    VULTUS_CHECK(context.out.write(printable(shown_gallery(settings.gallery)) + ": " +
                                   people_and_faces(found.subjects, found.faces) + ": " + verdict + "\n" +
                                   lines_of(found.findings) + lines_of(found.notes) +
                                   (found.sealed_values_checked == false ? kNotOpened : "")));
  }
  if (found.sound()) return ExitCode::done;
  VULTUS_CHECK(context.out.flush());
  return fail(ErrorCode::corrupt_data, shown_gallery(settings.gallery) + ": damaged: " +
                                           counted(static_cast<std::int64_t>(found.findings.size()), "finding") + "; " +
                                           remedy(settings.gallery));
}

Result<ExitCode> repair(const CareSettings& settings, Context& context) {
  VULTUS_TRY(const GalleryRepair saved, repair_gallery(settings.gallery, settings.to));
  if (settings.json) {
    Json object;
    object["gallery"] = shown_gallery(settings.gallery);
    object["repaired"] = settings.to;
    object["subjects"] = saved.subjects;
    object["faces"] = saved.faces;
    object["lost"] = saved.lost;
    VULTUS_CHECK(context.out.write(json_line(object)));
  } else {
    VULTUS_CHECK(context.out.write(
        printable(settings.to) + ": " + people_and_faces(saved.subjects, saved.faces) +
        (saved.lost.empty() ? ", nothing was lost.\n" : ". Lost, or no longer as it was:\n" + lines_of(saved.lost))));
  }
  return saved.lost.empty() ? ExitCode::done : ExitCode::some_failed;
}

Result<ExitCode> backup(const CareSettings& settings, Context& context) {
  VULTUS_CHECK(backup_gallery(settings.gallery, settings.to, context.stop));
  const Json object{{"gallery", shown_gallery(settings.gallery)}, {"backup", settings.to}};
  VULTUS_CHECK(context.out.write(settings.json ? json_line(object)
                                               : printable(settings.to) + " is a copy of " +
                                                     printable(shown_gallery(settings.gallery)) + ".\n"));
  return ExitCode::done;
}

using Care = Result<ExitCode> (*)(const CareSettings&, Context&);

CLI::App* add(CLI::App& gallery, Commands& commands, const char* name, const char* help,
              const std::shared_ptr<CareSettings>& settings, Care care) {
  CLI::App* command = gallery.add_subcommand(name, help);
  command->add_option("GALLERY", settings->gallery, "the gallery's file")->type_name("")->required();
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  commands.push_back({command, [settings, care](Context& context) { return care(*settings, context); }});
  return command;
}

}  // namespace

void add_gallery_care(CLI::App& gallery, Commands& commands) {
  auto settings = std::make_shared<CareSettings>();
  CLI::App* command = add(gallery, commands, "check",
                          "look through the whole gallery for damage; exit code 5 if there is any", settings, &check);
  add_key_options(*command, settings->keys);
  command->footer("Examples:\n  vultus gallery check people.vgal\n  vultus gallery check people.vgal --json");

  settings = std::make_shared<CareSettings>();
  command =
      add(gallery, commands, "repair", "save what is sound of a damaged gallery into a new file", settings, &repair);
  command->add_option("NEW", settings->to, "the new file")->type_name("")->required();
  command->footer("Examples:\n  vultus gallery repair people.vgal repaired.vgal");

  settings = std::make_shared<CareSettings>();
  command = add(gallery, commands, "backup", "copy a gallery, also while it is used", settings, &backup);
  command->add_option("FILE", settings->to, "the copy, a new file")->type_name("")->required();
  command->footer("Examples:\n  vultus gallery backup people.vgal people-backup.vgal");
}

}  // namespace vultus::cli
