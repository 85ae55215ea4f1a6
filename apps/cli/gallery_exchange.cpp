// vultus gallery export | import | permit.
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <vultus/engine/gallery_export.hpp>
#include <vultus/engine/gallery_import.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/gallery_command.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

struct ExchangeSettings {
  std::string gallery;
  std::string file;
  KeySettings keys;
  std::string name;
  bool everyone = false;
  std::string format;
  engine::ImportOptions choice;
  bool encrypt = false;
  std::string allowed;
  bool json = false;
};

Status tell(const ExchangeSettings& settings, Context& context, const Json& object, const std::string& text) {
  return context.out.write(settings.json ? json_line(object) : printable_lines(text) + "\n");
}

/// A new file that only its owner may read: what goes into it is not encrypted.
class PrivateFile {
 public:
  static Result<PrivateFile> make(const std::string& path) {
    PrivateFile file;
    file.path_ = path;
    file.number_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file.number_ >= 0) return file;
    return fail(errno == EEXIST ? ErrorCode::invalid_argument : ErrorCode::not_found,
                path + ": cannot be made; a new file in a folder that is there is wanted");
  }
  PrivateFile(PrivateFile&& other) noexcept
      : path_(std::move(other.path_)), number_(std::exchange(other.number_, -1)), whole_(other.whole_) {}
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile() {
    if (number_ < 0) return;
    ::close(number_);
    if (!whole_) ::unlink(path_.c_str());  // nothing half written is left
  }
  Status write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t wrote = ::write(number_, text.data(), text.size());
      if (wrote <= 0) return fail(ErrorCode::resource_limit, path_ + ": cannot be written");
      text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return {};
  }
  Status finish() {
    if (::fsync(number_) != 0) return fail(ErrorCode::resource_limit, path_ + ": cannot be written");
    whole_ = true;
    return {};
  }

 private:
  PrivateFile() = default;
  std::string path_;
  int number_ = -1;
  bool whole_ = false;
};

Status require_permission(const ExchangeSettings& settings, Gallery& gallery) {
  VULTUS_TRY(const bool allowed, gallery.allows_bulk_export());
  if (allowed) return {};
  VULTUS_CHECK(gallery.note_change({.what = "export-refused"}));
  return fail(ErrorCode::invalid_argument,
              shown_gallery(settings.gallery) +
                  ": does not allow to export everyone at once; whoever may decide it allows it with: "
                  "vultus gallery permit " +
                  shown_gallery(settings.gallery) + " bulk-export on");
}

Result<engine::GalleryExport> whom(const ExchangeSettings& settings, const Gallery& gallery) {
  if (settings.everyone) return engine::GalleryExport::of_everyone(gallery);
  VULTUS_TRY(Subject one, named_subject(gallery, settings.name));
  return engine::GalleryExport::of(gallery, std::move(one));
}

/// Of a gallery that keeps a log; empty for one without, whose keyring is not made for this.
Result<std::string> id_of(const Gallery& gallery) {
  if (gallery.info().audit == AuditLevel::off) return std::string();
  VULTUS_TRY(const AuditHead head, gallery.audit_head());
  return head.gallery;
}

Result<ExitCode> export_people(const ExchangeSettings& settings, Context& context) {
  if (settings.everyone == !settings.name.empty())
    return fail(ErrorCode::invalid_argument, "export: one of --subject NAME and --everyone is wanted");
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  if (settings.everyone) VULTUS_CHECK(require_permission(settings, gallery));
  VULTUS_TRY(const engine::GalleryExport people, whom(settings, gallery));
  // Made before the act is logged: where there is something already, nothing leaves the gallery.
  VULTUS_TRY(PrivateFile file, PrivateFile::make(settings.file));
  // The log knows of it before anything leaves the gallery.
  AuditNote act{.what = "export", .count = people.faces(), .detail = "everyone"};
  if (!settings.everyone) act = {.what = "export", .subjects = {people.people().front().id}, .count = people.faces()};
  VULTUS_CHECK(gallery.note_change(act));
  VULTUS_TRY(const std::string id, id_of(gallery));
  VULTUS_CHECK(people.write(id, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                            [&](std::string_view lines) { return file.write(lines); }));
  VULTUS_CHECK(file.finish());
  const Json object{{"file", settings.file}, {"subjects", people.subjects()}, {"faces", people.faces()}};
  VULTUS_CHECK(tell(settings, context, object,
                    counted(people.faces(), "face") + " of " + counted(people.subjects(), "person", "people") +
                        " are in " + settings.file + ", which is not encrypted."));
  return ExitCode::done;
}

Result<engine::ImportFormat> format_of(const std::string& name) {
  if (name.empty()) return engine::ImportFormat::automatic;
  if (name == "vultus") return engine::ImportFormat::vultus;
  if (name == "csv") return engine::ImportFormat::csv;
  if (name == "compreface") return engine::ImportFormat::compreface;
  return fail(ErrorCode::invalid_argument, "--format \"" + name + "\": vultus, csv or compreface is wanted");
}

Result<ExitCode> take_in(const ExchangeSettings& settings, Context& context) {
  engine::ImportOptions options = settings.choice;
  VULTUS_TRY(options.format, format_of(settings.format));
  VULTUS_TRY(const engine::ImportFile file, engine::ImportFile::open(settings.file, options));
  GalleryOptions how = gallery_options(settings.gallery, GalleryAccess::create_or_open, settings.keys);
  std::error_code failed;
  const bool there = std::filesystem::exists(settings.gallery, failed);
  if (there) how.access = GalleryAccess::read_write;  // and which model it holds is told below
  if (!there) how.model = file.model();
  if (!there && settings.encrypt) {
    how.encryption = GalleryEncryption::sealed;
    if (!how.key) {
      VULTUS_TRY(how.key, new_key_of(settings.keys));
    }
  }
  VULTUS_TRY(Gallery gallery, Gallery::open(std::move(how)));
  if (settings.encrypt) VULTUS_CHECK(require_encrypted(gallery, settings.gallery));
  VULTUS_TRY(const engine::ImportReport report, file.into(gallery));
  VULTUS_CHECK(gallery.note_change({.what = "import", .count = report.added}));
  Json object;
  object["gallery"] = shown_gallery(settings.gallery);
  object["model"] = file.model().id.text();
  object["subjects"] = report.subjects;
  object["added"] = report.added;
  object["already_there"] = report.already_there;
  object["refused"] = report.refused_count;
  object["reasons"] = report.refused;
  std::string text = fmt::format(
      "{} of model {} added, {} there already, {} refused. {} holds {} of {}.", counted(report.added, "face"),
      file.model().id.text(), report.already_there, report.refused_count, shown_gallery(settings.gallery),
      counted(gallery.info().faces, "face"), counted(gallery.info().subjects, "person", "people"));
  for (const std::string& why : report.refused) text += "\n  " + why;
  VULTUS_CHECK(tell(settings, context, object, text));
  return report.refused_count == 0 ? ExitCode::done : ExitCode::some_failed;
}

Result<ExitCode> permit(const ExchangeSettings& settings, Context& context) {
  if (settings.file != "bulk-export" || (settings.allowed != "on" && settings.allowed != "off"))
    return fail(ErrorCode::invalid_argument, "permit: bulk-export on, or bulk-export off is wanted");
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_CHECK(gallery.allow_bulk_export(settings.allowed == "on" ? BulkExport::allowed : BulkExport::refused));
  VULTUS_CHECK(
      tell(settings, context, {{"gallery", shown_gallery(settings.gallery)}, {"bulk_export", settings.allowed == "on"}},
           shown_gallery(settings.gallery) + (settings.allowed == "on" ? ": everyone may be exported at once."
                                                                       : ": nobody may export everyone at once.")));
  return ExitCode::done;
}

}  // namespace

void add_gallery_exchange(CLI::App& gallery, Commands& commands) {
  auto settings = std::make_shared<ExchangeSettings>();
  CLI::App* command = add_gallery_command(gallery, commands, "export", "write people with their templates into a file",
                                          settings, &export_people);
  command->add_option("FILE", settings->file, "the new file; it is not encrypted")->type_name("")->required();
  command->add_option("--subject", settings->name, "this person")->type_name("NAME");
  command->add_flag("--everyone", settings->everyone, "everyone, where the gallery allows it (else exit code 3)");
  command->footer("Examples:\n  vultus gallery export people.vgal ada.jsonl --subject 'Ada Lovelace'");

  settings = std::make_shared<ExchangeSettings>();
  command = add_gallery_command(gallery, commands, "import",
                                "take templates from an export, a CSV file or a CompreFace dump", settings, &take_in);
  command->add_option("FILE", settings->file, "an export, name,source,value,... as .csv, or a plain pg_dump")
      ->type_name("")
      ->required();
  command->add_option("--format", settings->format, "vultus, csv or compreface, where the file does not tell")
      ->type_name("NAME");
  command->add_option("--model", settings->choice.model, "the model that made the embeddings of a CSV file")
      ->type_name("NAME");
  command->add_option("--calculator", settings->choice.calculator, "of a dump with embeddings of several")
      ->type_name("NAME");
  command->add_option("--collection", settings->choice.collection, "of a dump with several: name or API key")
      ->type_name("NAME");
  command
      ->add_flag("--encrypt", settings->encrypt,
                 "make the new gallery encrypted; an existing one is encrypted by vultus gallery encrypt")
      ->group("Key and log");
  command->footer(
      "Examples:\n  vultus gallery import people.vgal people.jsonl\n"
      "  vultus gallery import others.vgal embeddings.csv --model facenet");

  settings = std::make_shared<ExchangeSettings>();
  command = add_gallery_command(gallery, commands, "permit", "allow or refuse what a gallery does not do by itself",
                                settings, &permit);
  command->add_option("WHAT", settings->file, "bulk-export")->type_name("")->required();
  command->add_option("ALLOWED", settings->allowed, "on or off")->type_name("")->required();
  command->footer("Examples:\n  vultus gallery permit people.vgal bulk-export on");
}

}  // namespace vultus::cli
