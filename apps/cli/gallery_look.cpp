// vultus gallery list | show | info: what is in a gallery.
#include <functional>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <vultus/media/csv.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

struct LookSettings {
  std::string gallery;
  KeySettings keys;
  std::string name;
  FormatSettings format;
};

/// Hands over every subject, in the order of their names, without holding all of them.
Status each_subject(const Gallery& gallery, const std::function<Status(const Subject&)>& take) {
  ListOptions options{.after = {}, .limit = 1000};
  for (;;) {
    VULTUS_TRY(const auto subjects, gallery.subjects(options));
    for (const Subject& subject : subjects) VULTUS_CHECK(take(subject));
    if (subjects.size() < options.limit) return {};
    options.after = subjects.back().name;
  }
}

Json subject_json(const Subject& subject) {
  Json object;
  object["subject"] = subject.name;
  object["faces"] = subject.faces;
  object["created"] = to_iso8601(subject.created);
  return object;
}

Result<ExitCode> list_subjects(const LookSettings& settings, Context& context) {
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  const Format format = settings.format.format();
  std::vector<Row> rows;
  if (format == Format::csv)
    VULTUS_CHECK(context.out.write(media::csv_row(std::vector<std::string>{"subject", "faces", "created"})));
  VULTUS_CHECK(each_subject(gallery, [&](const Subject& subject) -> Status {
    const std::vector<std::string> fields{subject.name, fmt::format("{}", subject.faces), to_iso8601(subject.created)};
    if (format == Format::json) return context.out.write(json_line(subject_json(subject)));
    if (format == Format::csv) return context.out.write(media::csv_row(fields));
    rows.push_back({{fields[0]}, {fields[1]}, {fields[2], Style::dim}});
    return {};
  }));
  if (format != Format::table) return ExitCode::done;
  const GalleryInfo info = gallery.info();
  if (!rows.empty())
    VULTUS_CHECK(context.out.write(
        table_text({{"NAME"}, {"FACES", Align::right}, {"SINCE"}}, rows, context.out.colour()) + "\n"));
  VULTUS_CHECK(
      context.out.write(counted(info.subjects, "person", "people") + ", " + counted(info.faces, "face") + ".\n"));
  return ExitCode::done;
}

Json face_json(const EnrolledFace& face) {
  Json object;
  object["face"] = face.id.number();
  object["enrolled"] = to_iso8601(face.enrolled);
  object["source"] = face.details.source;
  object["source_sha256"] = face.details.source_sha256;
  object["box"] = face.details.box ? box_json(*face.details.box) : Json(nullptr);
  object["detection"] = face.details.detection ? number_json(face.details.detection->value(), 4) : Json(nullptr);
  object["inter_eye_px"] = face.details.inter_eye_px ? number_json(*face.details.inter_eye_px, 1) : Json(nullptr);
  object["thumbnail"] = face.thumbnail.has_value();
  return object;
}

Result<ExitCode> show_subject(const LookSettings& settings, Context& context) {
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  VULTUS_TRY(const Subject subject, named_subject(gallery, settings.name));
  VULTUS_TRY(const auto faces, gallery.faces(subject.id));
  if (settings.format.json) {
    Json object = subject_json(subject);
    Json list = Json::array();
    for (const EnrolledFace& face : faces) list.push_back(face_json(face));
    object["enrolled"] = std::move(list);
    VULTUS_CHECK(context.out.write(json_line(object)));
    return ExitCode::done;
  }
  std::vector<Row> rows;
  rows.reserve(faces.size());
  for (const EnrolledFace& face : faces)
    rows.push_back({{fmt::format("{}", face.id.number())},
                    {to_iso8601(face.enrolled), Style::dim},
                    {face.details.inter_eye_px ? fmt::format("{:.0f} px", *face.details.inter_eye_px) : "-"},
                    {face.details.source}});
  VULTUS_CHECK(context.out.write(printable(subject.name) + ": " + counted(subject.faces, "face") + ", since " +
                                 to_iso8601(subject.created) + "\n"));
  if (!rows.empty())
    VULTUS_CHECK(
        context.out.write("\n" + table_text({{"FACE", Align::right}, {"ENROLLED"}, {"EYES", Align::right}, {"FROM"}},
                                            rows, context.out.colour())));
  return ExitCode::done;
}

Result<ExitCode> info(const LookSettings& settings, Context& context) {
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  const GalleryInfo about = gallery.info();
  VULTUS_TRY(const auto move, gallery.model_move());
  if (settings.format.json) {
    Json object;
    object["gallery"] = shown_gallery(settings.gallery);
    if (about.shards > 0) {
      object["shards"] = about.shards;
      object["shards_answered"] = about.shards_answered;
      object["templates_here"] = about.templates_here;
    }
    object["subjects"] = about.subjects;
    object["faces"] = about.faces;
    object["model"] = about.model.id.text();
    object["model_sha256"] = about.model.sha256;
    object["dimension"] = about.model.dimension;
    object["preset"] = about.model.preset;
    object["schema_version"] = about.version;
    object["created"] = to_iso8601(about.created);
    object["encrypted"] = about.encrypted;
    object["audit"] = name_of(about.audit);
    if (move)
      object["moves_to"] = {{"model", move->to.id.text()}, {"preset", move->to.preset}, {"missing", move->missing}};
    VULTUS_CHECK(context.out.write(json_line(object)));
    return ExitCode::done;
  }
  const std::string preset = about.model.preset.empty() ? std::string() : " (preset " + about.model.preset + ")";
  VULTUS_CHECK(context.out.write(printable_lines(
      fmt::format("{}\n  {} of {}\n  model {}, {} values{}\n  model file SHA-256 {}\n  made {}, schema version {}\n  "
                  "{}, audit log: {}\n",
                  shown_gallery(settings.gallery), counted(about.faces, "face"),
                  counted(about.subjects, "person", "people"), about.model.id.text(), about.model.dimension, preset,
                  about.model.sha256.empty() ? "not known" : about.model.sha256, to_iso8601(about.created),
                  about.version, about.encrypted ? "encrypted" : "not encrypted", name_of(about.audit)))));
  if (move)
    VULTUS_CHECK(context.out.write(printable_lines(fmt::format("  moves to model {}: {} without a template of it\n",
                                                               move->to.id.text(), counted(move->missing, "face")))));
  return ExitCode::done;
}

using Look = Result<ExitCode> (*)(const LookSettings&, Context&);

void add(CLI::App& gallery, Commands& commands, const char* name, const char* help, const char* example, Look look) {
  CLI::App* command = gallery.add_subcommand(name, help);
  auto settings = std::make_shared<LookSettings>();
  command
      ->add_option("GALLERY", settings->gallery,
                   "the gallery's file, a database (postgresql://...) or a configuration of shards")
      ->type_name("")
      ->required();
  if (look == &show_subject)
    command->add_option("NAME", settings->name, "the person's name")->type_name("")->required();
  if (look == &list_subjects)
    add_format_options(*command, settings->format);
  else
    command->add_flag("--json", settings->format.json, "one JSON object")->group("Output");
  add_key_options(*command, settings->keys);
  command->footer(example);
  commands.push_back({command, [settings, look](Context& context) { return look(*settings, context); }});
}

}  // namespace

void add_gallery(CLI::App& app, Commands& commands) {
  CLI::App* gallery = app.add_subcommand("gallery", "look into a gallery, rename and remove people");
  gallery->require_subcommand(1);
  gallery->footer("Examples:\n  vultus gallery list people.vgal\n  vultus gallery show people.vgal 'Ada Lovelace'");
  add(*gallery, commands, "list", "all people",
      "Examples:\n  vultus gallery list people.vgal\n  vultus gallery list people.vgal --csv", &list_subjects);
  add(*gallery, commands, "show", "the faces of a person",
      "Examples:\n  vultus gallery show people.vgal 'Ada Lovelace'", &show_subject);
  add_gallery_changes(*gallery, commands);
  add_gallery_people(*gallery, commands);
  add_gallery_care(*gallery, commands);
  add_gallery_privacy(*gallery, commands);
  add_gallery_protection(*gallery, commands);
  add_gallery_exchange(*gallery, commands);
  add_gallery_log(*gallery, commands);
  add_gallery_shards(*gallery, commands);
  add_gallery_doctor(*gallery, commands);
  add_gallery_models(*gallery, commands);
  add(*gallery, commands, "info", "model, size and version", "Examples:\n  vultus gallery info people.vgal --json",
      &info);
}

}  // namespace vultus::cli
