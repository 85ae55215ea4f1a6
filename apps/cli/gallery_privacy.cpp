// vultus gallery describe | expire | forget | subject-export: consent, retention and the rights of a person.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include <vultus/media/file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/gallery_command.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

struct PrivacySettings {
  std::string gallery;
  std::string name;
  KeySettings keys;
  std::optional<std::string> external_id;
  std::optional<std::string> consent;
  std::optional<std::string> use;
  std::optional<std::string> retain_until;
  std::optional<std::string> notes;
  std::vector<std::string> tags;
  bool no_tags = false;
  bool dry_run = false;
  std::string folder;
  bool json = false;
};

Json details_json(const Subject& subject) {
  const SubjectDetails& details = subject.details;
  const auto text = [](const std::string& one) { return one.empty() ? Json(nullptr) : Json(one); };
  Json object;
  object["subject"] = subject.name;
  object["id"] = subject.id.number();
  object["created"] = to_iso8601(subject.created);
  object["faces"] = subject.faces;
  object["external_id"] = text(details.external_id);
  object["tags"] = details.tags;
  object["consent"] = text(details.consent);
  object["use"] = text(details.purpose);
  object["retain_until"] = details.retain_until ? Json(to_iso8601(*details.retain_until)) : Json(nullptr);
  object["notes"] = text(details.notes);
  return object;
}

/// "2027-01-31" is the first moment of that day; "" takes the date away.
Result<std::optional<UtcTime>> time_of(const std::string& text) {
  if (text.empty()) return std::optional<UtcTime>();
  const auto time = from_iso8601(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!time)
    return fail(ErrorCode::invalid_argument,
                "--retain-until \"" + text + "\": a date such as 2027-01-31 or 2027-01-31T12:00:00Z is wanted");
  return time;
}

Result<ExitCode> describe(const PrivacySettings& settings, Context& context) {
  const bool changes = settings.external_id || settings.consent || settings.use || settings.retain_until ||
                       settings.notes || !settings.tags.empty() || settings.no_tags;
  VULTUS_TRY(
      Gallery gallery,
      open_gallery(settings.gallery, changes ? GalleryAccess::read_write : GalleryAccess::read_only, settings.keys));
  VULTUS_TRY(Subject subject, named_subject(gallery, settings.name));
  SubjectDetails& details = subject.details;
  if (settings.external_id) details.external_id = *settings.external_id;
  if (settings.consent) details.consent = *settings.consent;
  if (settings.use) details.purpose = *settings.use;
  if (settings.notes) details.notes = *settings.notes;
  if (settings.retain_until) {
    VULTUS_TRY(details.retain_until, time_of(*settings.retain_until));
  }
  if (settings.no_tags) details.tags.clear();
  if (!settings.tags.empty()) details.tags = settings.tags;
  if (changes) VULTUS_CHECK(gallery.describe(subject.id, details));
  if (settings.json) {
    VULTUS_CHECK(context.out.write(json_line(details_json(subject))));
    return ExitCode::done;
  }
  std::string text =
      subject.name + ": " + counted(subject.faces, "face") + ", since " + to_iso8601(subject.created) + "\n";
  const auto line = [&text](const char* what, const std::string& value) {
    text += fmt::format("  {:<14}{}\n", what, value.empty() ? "-" : value);
  };
  std::string tags;
  for (const std::string& tag : details.tags) tags += (tags.empty() ? "" : ", ") + tag;
  line("external id", details.external_id);
  line("tags", tags);
  line("consent", details.consent);
  line("use", details.purpose);
  line("retain until", details.retain_until ? to_iso8601(*details.retain_until) : "");
  line("notes", details.notes);
  VULTUS_CHECK(context.out.write(printable_lines(text)));
  return ExitCode::done;
}

Result<ExitCode> expire(const PrivacySettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery,
             open_gallery(settings.gallery, settings.dry_run ? GalleryAccess::read_only : GalleryAccess::read_write,
                          settings.keys));
  VULTUS_TRY(Expired found, gallery.expire(ExpiryRun::look));
  Json names = Json::array();
  std::string text;
  for (const SubjectId id : found.subjects) {
    VULTUS_TRY(const Subject subject, gallery.subject(id));
    names.push_back(subject.name);
    text += "  " + subject.name + ", " + counted(subject.faces, "face") + "\n";
  }
  if (!settings.dry_run) {
    VULTUS_TRY(found, gallery.expire(ExpiryRun::remove));
  }
  Json faces = Json::array();
  for (const FaceId face : found.faces) faces.push_back(face.number());
  if (settings.json) {
    VULTUS_CHECK(context.out.write(json_line({{"gallery", shown_gallery(settings.gallery)},
                                              {"dry_run", settings.dry_run},
                                              {"subjects", names},
                                              {"faces", faces}})));
    return ExitCode::done;
  }
  const std::string what = counted(static_cast<std::int64_t>(found.subjects.size()), "person", "people") + " and " +
                           counted(static_cast<std::int64_t>(found.faces.size()), "further face");
  VULTUS_CHECK(context.out.write(printable_lines(
      shown_gallery(settings.gallery) + ": " + what +
      (settings.dry_run ? " past their time; nothing was removed.\n" : " past their time, removed.\n") + text)));
  return ExitCode::done;
}

/// Null for a gallery that is not encrypted.
Json keyring_in_json(KeyringIn place) {
  switch (place) {
    case KeyringIn::none: break;
    case KeyringIn::file: return "file";
    case KeyringIn::gallery_database: return "gallery_database";
    case KeyringIn::other_database: return "other_database";
  }
  return nullptr;
}

Json proof_json(const std::string& name, const ForgetProof& proof) {
  Json searched = Json::array();
  for (const ForgetSearch& one : proof.searched)
    searched.push_back({{"what", one.what}, {"bytes", one.bytes}, {"found", one.found}});
  Json object;
  object["forgotten"] = name;
  object["faces"] = proof.faces;
  object["at"] = to_iso8601(proof.at);
  object["pseudonym"] = proof.pseudonym.empty() ? Json(nullptr) : Json(proof.pseudonym);
  object["key_fingerprint"] = proof.key_fingerprint.empty() ? Json(nullptr) : Json(proof.key_fingerprint);
  object["keyring"] = proof.keyring.empty() ? Json(nullptr) : Json(proof.keyring);
  object["keyring_in"] = keyring_in_json(proof.keyring_in);
  object["undo_steps"] = proof.undo_steps;
  object["files"] = proof.files;
  object["searched"] = std::move(searched);
  object["on_server"] = proof.on_server;
  object["log_emptied"] = proof.log_emptied;
  object["clean"] = proof.clean();
  return object;
}

/// Which copies from before still hold the person. docs/postgres.md tells what a server keeps.
std::string copies_text(const ForgetProof& proof) {
  if (proof.key_fingerprint.empty())
    return "  The gallery is not encrypted: copies that were made before still hold this person.\n";
  const std::string destroyed = "  Key " + proof.key_fingerprint + " was destroyed in keyring " + proof.keyring;
  const std::string elsewhere =
      "  `vultus gallery rotate-key --all` with a new key, and the old one destroyed, closes those copies too; "
      "a keyring in a file (--keyring) is in no copy of a database.\n";
  switch (proof.keyring_in) {
    case KeyringIn::gallery_database:
      return destroyed +
             ", in the gallery's own database. Copies of it that were made before hold the key too, unless the schema "
             "vultus_keys was left out: with the gallery's key this person can still be read in them.\n" +
             elsewhere;
    case KeyringIn::other_database:
      return destroyed +
             ", a database of keys. Who has a copy of that database that was made before, a copy of the gallery and "
             "the gallery's key can still read this person.\n" +
             elsewhere;
    case KeyringIn::none:
    case KeyringIn::file: break;
  }
  return destroyed + ": no copy or backup of the gallery can be read for this person any more.\n";
}

/// What a server keeps beside the rows.
std::string server_text(const ForgetProof& proof) {
  std::string text = "  The server keeps old bytes of rows until they are vacuumed, and in its own log";
  if (proof.key_fingerprint.empty()) return text + ": this person can still be read in them.\n";
  if (proof.keyring_in == KeyringIn::file)
    return text + "; what is encrypted in them opens with no key that is left.\n";
  return text +
         "; the log, its archives and standbys hold the destroyed key, sealed under the gallery's key, until they are "
         "recycled.\n";
}

std::string proof_text(const std::string& name, const ForgetProof& proof) {
  std::string text = name + " was forgotten at " + to_iso8601(proof.at) + ": " + counted(proof.faces, "face") + ".\n";
  text += copies_text(proof);
  if (!proof.pseudonym.empty()) text += "  In the audit log: " + proof.pseudonym + "\n";
  if (proof.undo_steps > 0)
    text += "  " + counted(proof.undo_steps, "step") + " that could have been taken back went too.\n";
  if (proof.on_server)
    text += server_text(proof);
  else if (!proof.log_emptied)
    text += "  Another program has the gallery open: old bytes stay in its log until it closes it.\n";
  for (const std::string& file : proof.files) text += "  Looked through byte by byte: " + file + "\n";
  for (const ForgetSearch& one : proof.searched)
    text += fmt::format("    {:<44} {:>3} bytes  {}\n", one.what, one.bytes,
                        one.found == 0 ? "not found" : fmt::format("FOUND {} times", one.found));
  return text;
}

Result<ExitCode> forget(const PrivacySettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_TRY(const Subject subject, named_subject(gallery, settings.name));
  VULTUS_TRY(const ForgetProof proof, gallery.forget(subject.id));
  VULTUS_CHECK(context.out.write(settings.json ? json_line(proof_json(subject.name, proof))
                                               : printable_lines(proof_text(subject.name, proof))));
  return proof.clean() ? ExitCode::done : ExitCode::some_failed;
}

Json face_json(const EnrolledFace& face, const Embedding& embedding) {
  Json object;
  object["face"] = face.id.number();
  object["enrolled"] = to_iso8601(face.enrolled);
  object["retain_until"] = face.details.retain_until ? Json(to_iso8601(*face.details.retain_until)) : Json(nullptr);
  object["source"] = face.details.source;
  object["source_sha256"] = face.details.source_sha256;
  object["box"] = face.details.box ? box_json(*face.details.box) : Json(nullptr);
  object["quality"] = face.details.quality ? number_json(face.details.quality->value(), 4) : Json(nullptr);
  object["inter_eye_px"] = face.details.inter_eye_px ? number_json(*face.details.inter_eye_px, 1) : Json(nullptr);
  object["detection"] = face.details.detection ? number_json(face.details.detection->value(), 4) : Json(nullptr);
  object["template"] = std::vector<float>(embedding.values().begin(), embedding.values().end());
  return object;
}

Result<ExitCode> subject_export(const PrivacySettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_TRY(const Subject subject, named_subject(gallery, settings.name));
  const std::filesystem::path folder = settings.folder;
  std::error_code failed;
  if (!std::filesystem::create_directory(folder, failed))
    return fail(failed ? ErrorCode::not_found : ErrorCode::invalid_argument,
                settings.folder + ": cannot be made; a new folder is wanted");
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
  VULTUS_TRY(const auto faces, gallery.faces(subject.id));
  VULTUS_TRY(const auto templates, gallery.templates(subject.id));
  Json object = details_json(subject);
  object["gallery"] = shown_gallery(settings.gallery);
  object["model"] = gallery.info().model.id.text();
  object["pseudonym"] = gallery.pseudonym(subject.id);
  Json list = Json::array();
  for (std::size_t i = 0; i < faces.size(); ++i) {
    Json one = face_json(faces[i], templates.at(i));
    VULTUS_TRY(const auto picture, gallery.thumbnail(faces[i].id));
    one["thumbnail"] = nullptr;
    if (picture) {
      const std::string name =
          fmt::format("face-{}.{}", faces[i].id.number(), picture->format == ThumbnailFormat::jpeg ? "jpg" : "bin");
      const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(picture->bytes.data()),
                                                picture->bytes.size());
      VULTUS_CHECK(media::write_file_atomically((folder / name).string(), bytes));
      one["thumbnail"] = name;
    }
    list.push_back(std::move(one));
  }
  object["enrolled"] = std::move(list);
  VULTUS_CHECK(gallery.note_change({.what = "subject-export", .subjects = {subject.id}}));
  // Asked before: a gallery is not asked anything while it hands over its log.
  const std::string whose = gallery.pseudonym(subject.id);
  Json acts = Json::array();
  VULTUS_CHECK(gallery.each_audit(0, [&](const AuditEntry& entry) -> Status {
    if (std::ranges::find(entry.subjects, whose) != entry.subjects.end())
      acts.push_back({{"number", entry.number},
                      {"at", to_iso8601(entry.at)},
                      {"who", entry.who},
                      {"what", entry.what},
                      {"purpose", entry.purpose}});
    return {};
  }));
  object["log"] = std::move(acts);
  VULTUS_CHECK(media::write_file_atomically(
      (folder / "subject.json").string(),
      std::string_view(object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n")));
  const Json told{{"subject", subject.name}, {"folder", settings.folder}, {"faces", subject.faces}};
  VULTUS_CHECK(context.out.write(
      settings.json
          ? json_line(told)
          : printable("Everything that is kept of " + subject.name + " is in " + settings.folder + ".") + "\n"));
  return ExitCode::done;
}

}  // namespace

void add_gallery_privacy(CLI::App& gallery, Commands& commands) {
  auto settings = std::make_shared<PrivacySettings>();
  CLI::App* command = add_gallery_command(gallery, commands, "describe", "tell or change what is known of a person",
                                          settings, &describe);
  command->add_option("NAME", settings->name, "the person's name")->type_name("")->required();
  const auto text = [&command](const char* name, std::optional<std::string>& value, const char* help) {
    may_be_empty(command->add_option(name, value, help)->type_name("TEXT"));
  };
  text("--consent", settings->consent, "reference of the consent; \"\" takes it away, as of every text");
  text("--use", settings->use, "what the faces may be used for");
  text("--retain-until", settings->retain_until, "when the person is to be removed: 2027-01-31");
  text("--external-id", settings->external_id, "in another system");
  text("--notes", settings->notes, "anything else");
  command->add_option("--tag", settings->tags, "a tag; all of them replace those that were there")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  command->add_flag("--no-tags", settings->no_tags, "take all tags away");
  command->footer(
      "Examples:\n  vultus gallery describe people.vgal 'Ada Lovelace'\n"
      "  vultus gallery describe people.vgal 'Ada Lovelace' --consent 'form 12' --retain-until 2099-01-31");

  settings = std::make_shared<PrivacySettings>();
  command = add_gallery_command(gallery, commands, "expire", "remove people and faces that are past their time",
                                settings, &expire);
  command->add_flag("--dry-run", settings->dry_run, "tell who it would be, and remove nobody");
  command->footer("Examples:\n  vultus gallery expire people.vgal --dry-run");

  settings = std::make_shared<PrivacySettings>();
  command =
      add_gallery_command(gallery, commands, "subject-export",
                          "write everything that is kept of a person into a new folder", settings, &subject_export);
  command->add_option("NAME", settings->name, "the person's name")->type_name("")->required();
  command->add_option("FOLDER", settings->folder, "the new folder")->type_name("")->required();
  command->footer("Examples:\n  vultus gallery subject-export people.vgal 'Ada Lovelace' ada/");

  settings = std::make_shared<PrivacySettings>();
  command = add_gallery_command(gallery, commands, "forget",
                                "destroy the key and everything else of a person, and prove it", settings, &forget);
  command->add_option("NAME", settings->name, "the person's name")->type_name("")->required();
  command->footer("Examples:\n  vultus gallery forget people.vgal 'Ada Lovelace' --json");
}

}  // namespace vultus::cli
