// vultus gallery rename | remove | remove-face | index.
#include <memory>

#include <fmt/format.h>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/gallery_command.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

struct ChangeSettings {
  std::string gallery;
  KeySettings keys;
  std::string name;
  std::string to;
  std::int64_t face = 0;
  bool merge = false;
  bool json = false;
};

Result<ExitCode> rename(const ChangeSettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_TRY(const Subject subject, named_subject(gallery, settings.name));
  const auto renamed =
      gallery.rename(subject.id, settings.to, settings.merge ? IfNameTaken::merge : IfNameTaken::refuse);
  if (!renamed) {
    VULTUS_TRY(const auto taken, gallery.find_subject(settings.to));
    const bool other = taken && taken->id != subject.id && !settings.merge;
    return fail(renamed.error().code,
                renamed.error().message + (other ? "; --merge puts the faces of both together" : ""));
  }
  VULTUS_TRY(const Subject now, gallery.subject(*renamed));
  const Json object{{"renamed", settings.name}, {"subject", now.name}, {"faces", now.faces}};
  VULTUS_CHECK(tell_answer(settings, context, object,
                           settings.name + " is now " + now.name + ", " + counted(now.faces, "face") + "."));
  return ExitCode::done;
}

/// What to say when old bytes may be left.
std::string rest_of(const Removal& removal, const std::string& gallery) {
  if (removal.bytes_gone) return "";
  return on_servers(gallery) ? " The server keeps the old bytes until a vacuum, and in its log."
                             : " Another program has the gallery open: the bytes are overwritten when it closes it.";
}

Result<ExitCode> remove(const ChangeSettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_TRY(const Subject subject, named_subject(gallery, settings.name));
  VULTUS_TRY(const Removal removal, gallery.remove(subject.id));
  const Json object{{"removed", subject.name}, {"faces", removal.faces}, {"bytes_gone", removal.bytes_gone}};
  VULTUS_CHECK(tell_answer(
      settings, context, object,
      subject.name + " was removed with " + counted(removal.faces, "face") + "." + rest_of(removal, settings.gallery)));
  return ExitCode::done;
}

Result<ExitCode> remove_face(const ChangeSettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  const auto removal = gallery.remove(FaceId(settings.face));
  if (!removal) {
    const bool missing = removal.error().code == ErrorCode::not_found;
    return fail(
        removal.error().code,
        removal.error().message + (missing ? "; `vultus gallery show` tells the numbers of a person's faces" : ""));
  }
  const Json object{{"removed_face", settings.face}, {"bytes_gone", removal->bytes_gone}};
  VULTUS_CHECK(tell_answer(settings, context, object,
                           fmt::format("Face {} was removed.", settings.face) + rest_of(*removal, settings.gallery)));
  return ExitCode::done;
}

Result<ExitCode> index(const ChangeSettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_TRY(const std::int64_t bytes, gallery.write_snapshot());
  const std::int64_t faces = gallery.info().faces;
  const Json object{{"gallery", shown_gallery(settings.gallery)}, {"faces", faces}, {"bytes", bytes}};
  VULTUS_CHECK(tell_answer(
      settings, context, object,
      fmt::format("Snapshot of {} written, {:.1f} MB.", counted(faces, "face"), static_cast<double>(bytes) / 1e6)));
  return ExitCode::done;
}

}  // namespace

void add_gallery_changes(CLI::App& gallery, Commands& commands) {
  auto settings = std::make_shared<ChangeSettings>();
  CLI::App* command = add_gallery_command(gallery, commands, "rename", "give a person another name", settings, &rename);
  command->add_option("NAME", settings->name, "the present name")->type_name("")->required();
  command->add_option("NEW", settings->to, "the new name")->type_name("")->required();
  command->add_flag("--merge", settings->merge, "if someone has the new name, put the faces of both together");
  command->footer("Examples:\n  vultus gallery rename people.vgal 'Ada Lovelace' 'Ada King'");

  settings = std::make_shared<ChangeSettings>();
  command = add_gallery_command(gallery, commands, "remove",
                                "remove a person with all faces, and overwrite their bytes", settings, &remove);
  command->add_option("NAME", settings->name, "the person's name")->type_name("")->required();
  command->footer("Examples:\n  vultus gallery remove people.vgal 'Ada Lovelace'");

  settings = std::make_shared<ChangeSettings>();
  command = add_gallery_command(gallery, commands, "remove-face", "remove one face; its person stays", settings,
                                &remove_face);
  command->add_option("FACE", settings->face, "its number, as vultus gallery show tells it")->type_name("")->required();
  command->footer("Examples:\n  vultus gallery remove-face people.vgal 1");

  settings = std::make_shared<ChangeSettings>();
  command = add_gallery_command(gallery, commands, "index",
                                "write the snapshot that makes opening a large gallery fast", settings, &index);
  command->footer("Examples:\n  vultus gallery index people.vgal");
}

}  // namespace vultus::cli
