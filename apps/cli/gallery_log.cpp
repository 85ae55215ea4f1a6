// vultus gallery log show | verify | head | set.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include <vultus/media/file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/gallery_command.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr std::size_t kMaxHeadBytes = 1 << 20;

struct LogSettings {
  std::string gallery;
  KeySettings keys;
  std::string subject;
  std::int64_t after = 0;
  std::string head;
  std::string output;
  std::string level;
  bool json = false;
};

Json entry_json(const AuditEntry& entry) {
  Json object;
  if (!entry.shard.empty()) object["shard"] = entry.shard;
  object["number"] = entry.number;
  object["at"] = to_iso8601(entry.at);
  object["who"] = entry.who;
  object["purpose"] = entry.purpose.empty() ? Json(nullptr) : Json(entry.purpose);
  object["what"] = entry.what;
  object["subjects"] = entry.subjects;
  object["faces"] = entry.faces;
  object["count"] = entry.count ? Json(*entry.count) : Json(nullptr);
  object["detail"] = entry.detail.empty() ? Json(nullptr) : Json(entry.detail);
  return object;
}

std::string first_of(const std::vector<std::string>& names) {
  if (names.empty()) return "-";
  return names.size() == 1 ? names.front() : fmt::format("{} and {} more", names.front(), names.size() - 1);
}

Result<ExitCode> show_log(const LogSettings& settings, Context& context) {
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  std::string whose;
  if (!settings.subject.empty()) {
    VULTUS_TRY(const Subject subject, named_subject(gallery, settings.subject));
    whose = gallery.pseudonym(subject.id);
  }
  std::vector<Row> rows;
  VULTUS_CHECK(gallery.each_audit(settings.after, [&](const AuditEntry& entry) -> Status {
    if (!whose.empty() && std::ranges::find(entry.subjects, whose) == entry.subjects.end()) return {};
    if (settings.json) return context.out.write(json_line(entry_json(entry)));
    std::string more = entry.detail;
    if (entry.count) more = fmt::format("{}{}", *entry.count, more.empty() ? "" : ", " + more);
    rows.push_back(
        {{entry.shard.empty() ? fmt::format("{}", entry.number) : fmt::format("{} {}", entry.shard, entry.number)},
         {to_iso8601(entry.at), Style::dim},
         {entry.who},
         {entry.what},
         {first_of(entry.subjects)},
         {more},
         {entry.purpose}});
    return {};
  }));
  if (!rows.empty())
    VULTUS_CHECK(context.out.write(
        table_text({{"NUMBER", Align::right}, {"AT"}, {"WHO"}, {"WHAT"}, {"SUBJECT"}, {"DETAILS"}, {"PURPOSE"}}, rows,
                   context.out.colour())));
  return ExitCode::done;
}

Result<std::optional<AuditHead>> head_from(const std::string& path) {
  if (path.empty()) return std::optional<AuditHead>();
  VULTUS_TRY(const auto bytes, media::read_file(path, kMaxHeadBytes));
  auto head = audit_head_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!head) return head.error().with_context(path);
  return std::optional(*std::move(head));
}

std::string listed(const char* heading, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += std::string(text.empty() ? heading : "") + "  " + line + "\n";
  return text;
}

Result<ExitCode> verify(const LogSettings& settings, Context& context) {
  VULTUS_TRY(const std::optional<AuditHead> head, head_from(settings.head));
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  VULTUS_TRY(const AuditVerdict verdict, gallery.verify_audit(head));
  if (settings.json) {
    Json object;
    object["gallery"] = shown_gallery(settings.gallery);
    object["ok"] = verdict.sound();
    object["records"] = verdict.records;
    object["findings"] = verdict.findings;
    object["proven"] = verdict.proven;
    object["not_proven"] = verdict.not_proven;
    VULTUS_CHECK(context.out.write(json_line(object)));
  } else {
    std::string text = shown_gallery(settings.gallery) + ": " + counted(verdict.records, "record") + ": " +
                       (verdict.sound() ? "nothing was found" : "the log is not sound") + "\n";
    for (const std::string& finding : verdict.findings) text += "  " + finding + "\n";
    text += listed("This shows:\n", verdict.proven) + listed("It does not show:\n", verdict.not_proven);
    VULTUS_CHECK(context.out.write(printable_lines(text)));
  }
  if (verdict.sound()) return ExitCode::done;
  VULTUS_CHECK(context.out.flush());
  return fail(ErrorCode::corrupt_data, shown_gallery(settings.gallery) + ": the audit log is not sound: " +
                                           counted(static_cast<std::int64_t>(verdict.findings.size()), "finding"));
}

Result<ExitCode> head(const LogSettings& settings, Context& context) {
  VULTUS_CHECK(Originals({&settings.gallery, 1}).spare(settings.output));
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  VULTUS_TRY(const AuditHead taken, gallery.audit_head());
  const std::string line = audit_head_to_json(taken) + "\n";
  if (settings.output.empty()) {
    VULTUS_CHECK(context.out.write(line));
  } else {
    VULTUS_CHECK(media::write_file_atomically(settings.output, std::string_view(line)));
  }
  return ExitCode::done;
}

Result<ExitCode> set(const LogSettings& settings, Context& context) {
  const std::optional<AuditLevel> level = audit_level_from(settings.level);
  if (!level)
    return fail(ErrorCode::invalid_argument, "\"" + settings.level + "\" is no level: off, changes or all is wanted");
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_CHECK(gallery.set_audit(*level));
  const Json object{{"gallery", shown_gallery(settings.gallery)}, {"audit", settings.level}};
  VULTUS_CHECK(context.out.write(settings.json ? json_line(object)
                                               : printable(shown_gallery(settings.gallery) + ": the audit log keeps " +
                                                           (*level == AuditLevel::off       ? "nothing"
                                                            : *level == AuditLevel::changes ? "changes and exports"
                                                                                            : "everything")) +
                                                     "\n"));
  return ExitCode::done;
}

}  // namespace

void add_gallery_log(CLI::App& gallery, Commands& commands) {
  CLI::App* log = gallery.add_subcommand("log", "the audit log: who did what, when and why");
  log->require_subcommand(1);
  log->footer(
      "Examples:\n  vultus gallery log show people.vgal\n  vultus gallery log verify people.vgal --head head.json");

  auto settings = std::make_shared<LogSettings>();
  CLI::App* command = add_gallery_command(*log, commands, "show", "the records; subjects stand under pseudonyms",
                                          settings, &show_log, "JSON");
  command->add_option("--subject", settings->subject, "only what concerns this person")->type_name("NAME");
  command->add_option("--after", settings->after, "only records behind this number")->type_name("NUMBER");
  command->footer("Examples:\n  vultus gallery log show people.vgal --subject 'Ada Lovelace' --json");

  settings = std::make_shared<LogSettings>();
  command = add_gallery_command(*log, commands, "verify",
                                "look for changed, missing and cut-off records; exit code 5 if there are any", settings,
                                &verify, "JSON");
  command->add_option("--head", settings->head, "also hold the log against a head that was exported before")
      ->type_name("FILE");
  command->footer("Examples:\n  vultus gallery log verify people.vgal --head head.json");

  settings = std::make_shared<LogSettings>();
  command = add_gallery_command(*log, commands, "head", "export the signed end of the log, to be kept elsewhere",
                                settings, &head, "JSON");
  command->add_option("-o,--output", settings->output, "write it into this file")->type_name("FILE");
  command->footer("Examples:\n  vultus gallery log head people.vgal -o head.json");

  settings = std::make_shared<LogSettings>();
  command =
      add_gallery_command(*log, commands, "set", "what the log keeps: off, changes or all", settings, &set, "JSON");
  command->add_option("LEVEL", settings->level, "off, changes or all")->type_name("")->required();
  command->footer("Examples:\n  vultus gallery log set people.vgal all");
}

}  // namespace vultus::cli
