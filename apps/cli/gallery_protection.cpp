// vultus gallery new-key | encrypt | decrypt | rotate-key.
#include <memory>

#include <fmt/format.h>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/gallery_command.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

struct ProtectionSettings {
  std::string gallery;
  KeySettings keys;
  KeySettings fresh;
  bool all = false;
  bool yes = false;
  bool json = false;
};

Result<ExitCode> new_key(const ProtectionSettings& settings, Context& context) {
  VULTUS_CHECK(make_key_file(settings.gallery));
  VULTUS_CHECK(
      tell_answer(settings, context, {{"key_file", settings.gallery}},
                  "A new key is in " + settings.gallery +
                      ". Keep a copy where the gallery and its backups do not lie: without it nothing opens."));
  return ExitCode::done;
}

Result<ExitCode> encrypt(const ProtectionSettings& settings, Context& context) {
  VULTUS_TRY(const KeySource key, new_key_of(settings.keys));
  KeySettings others = settings.keys;
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, others));
  VULTUS_CHECK(gallery.encrypt(key));
  const std::string keyring = !settings.keys.keyring.empty() ? shown_gallery(settings.keys.keyring)
                              : on_servers(settings.gallery) ? std::string("its own database")
                                                             : settings.gallery + ".keys";
  VULTUS_CHECK(tell_answer(
      settings, context, {{"encrypted", shown_gallery(settings.gallery)}},
      shown_gallery(settings.gallery) + " is encrypted. Its keys are in " + keyring +
          ", which must not lie beside the backups of the gallery. Copies that were made before are not encrypted."));
  return ExitCode::done;
}

Result<ExitCode> decrypt(const ProtectionSettings& settings, Context& context) {
  if (!settings.yes)
    return fail(ErrorCode::invalid_argument, "decrypt: afterwards whoever reads " + shown_gallery(settings.gallery) +
                                                 " reads everything; --yes does it");
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_CHECK(gallery.decrypt());
  VULTUS_CHECK(tell_answer(settings, context, {{"decrypted", shown_gallery(settings.gallery)}},
                           shown_gallery(settings.gallery) + " is not encrypted any more."));
  return ExitCode::done;
}

Result<ExitCode> rotate(const ProtectionSettings& settings, Context& context) {
  VULTUS_TRY(const KeySource fresh, new_key_of(settings.fresh));
  // Some shards may have the new key already, where this was interrupted.
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys, fresh));
  VULTUS_CHECK(gallery.rotate_key(fresh, {}, settings.all ? RenewKeys::all : RenewKeys::master));
  VULTUS_CHECK(tell_answer(settings, context, {{"rotated", shown_gallery(settings.gallery)}, {"all", settings.all}},
                           shown_gallery(settings.gallery) + " opens with the new key" +
                               (settings.all ? ", and all keys of its subjects are new." : " alone.")));
  return ExitCode::done;
}

using Protect = Result<ExitCode> (*)(const ProtectionSettings&, Context&);

CLI::App* add(CLI::App& gallery, Commands& commands, const char* name, const char* help, const char* what,
              const std::shared_ptr<ProtectionSettings>& settings, Protect protect) {
  CLI::App* command = gallery.add_subcommand(name, help);
  command->add_option(what, settings->gallery, protect == &new_key ? "the new file" : "the gallery's file")
      ->type_name("")
      ->required();
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  commands.push_back({command, [settings, protect](Context& context) { return protect(*settings, context); }});
  return command;
}

}  // namespace

void add_gallery_protection(CLI::App& gallery, Commands& commands) {
  auto settings = std::make_shared<ProtectionSettings>();
  CLI::App* command =
      add(gallery, commands, "new-key", "make a file with a new random key", "FILE", settings, &new_key);
  command->footer("Examples:\n  vultus gallery new-key my.key");

  settings = std::make_shared<ProtectionSettings>();
  command = add(gallery, commands, "encrypt", "encrypt a gallery in its place", "GALLERY", settings, &encrypt);
  add_key_options(*command, settings->keys);
  command->footer("Examples:\n  vultus gallery encrypt people.vgal --key-file gallery.key");

  settings = std::make_shared<ProtectionSettings>();
  command = add(gallery, commands, "decrypt", "write a gallery without encryption", "GALLERY", settings, &decrypt);
  command->add_flag("--yes", settings->yes, "do it; without this option nothing is done");
  add_key_options(*command, settings->keys);
  command->footer("Examples:\n  vultus gallery decrypt sealed.vgal --key-file gallery.key --yes");

  settings = std::make_shared<ProtectionSettings>();
  command = add(gallery, commands, "rotate-key", "give an encrypted gallery another key", "GALLERY", settings, &rotate);
  command->add_flag("--all", settings->all, "also renew the keys of the gallery and of all subjects: writes every row");
  add_new_key_options(*command, settings->fresh);
  add_key_options(*command, settings->keys);
  command->footer(
      "Examples:\n  vultus gallery rotate-key sealed.vgal --key-file gallery.key --new-key-file next.key\n"
      "  vultus gallery rotate-key sealed.vgal --key-file gallery.key --new-key-file next.key --all");
}

}  // namespace vultus::cli
