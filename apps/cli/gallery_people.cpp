// vultus gallery merge | split | not | undo: who is whom.
#include <memory>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/gallery_command.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

struct PeopleSettings {
  KeySettings keys;
  std::string gallery;
  std::string name;
  std::string other;
  std::vector<std::int64_t> faces;
  std::int64_t face = 0;
  std::int64_t other_face = 0;
  std::int64_t number = 0;
  bool no_longer = false;
  bool list = false;
  bool forget = false;
  bool json = false;
};

/// What helps with faces that are not there.
template <class T>
Result<T> with_hint(Result<T> result) {
  if (result || result.error().code != ErrorCode::not_found) return result;
  return fail(ErrorCode::not_found,
              result.error().message + "; `vultus gallery show` tells the numbers of a person's faces");
}

Result<ExitCode> merge(const PeopleSettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  VULTUS_TRY(const Subject from, named_subject(gallery, settings.name));
  VULTUS_TRY(const Subject into, named_subject(gallery, settings.other));
  VULTUS_CHECK(gallery.merge(from.id, into.id));
  VULTUS_TRY(const Subject now, gallery.subject(into.id));
  const Json object{{"merged", from.name}, {"subject", now.name}, {"faces", now.faces}};
  VULTUS_CHECK(tell_answer(
      settings, context, object,
      "The faces of " + from.name + " are now " + now.name + "'s, who has " + counted(now.faces, "face") + "."));
  return ExitCode::done;
}

Result<ExitCode> split(const PeopleSettings& settings, Context& context) {
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  const std::vector<FaceId> faces(settings.faces.begin(), settings.faces.end());
  VULTUS_TRY(const SubjectId made, with_hint(gallery.split(faces, settings.other)));
  VULTUS_TRY(const Subject now, gallery.subject(made));
  const Json object{{"split", settings.faces}, {"subject", now.name}, {"faces", now.faces}};
  VULTUS_CHECK(
      tell_answer(settings, context, object, now.name + " was split off, " + counted(now.faces, "face") + "."));
  return ExitCode::done;
}

Json link_json(const NotSame& one, const Gallery& gallery) {
  Json object{{"face", one.face.number()}};
  if (one.other) object["not_face"] = one.other->number();
  if (one.subject) {
    const Result<Subject> subject = gallery.subject(*one.subject);
    object["not_subject"] = subject ? subject->name : std::to_string(one.subject->number());
  }
  return object;
}

Result<ExitCode> list_links(const PeopleSettings& settings, Context& context) {
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  VULTUS_TRY(const auto links, gallery.not_same());
  for (const NotSame& one : links) {
    const Json object = link_json(one, gallery);
    const std::string whom = one.subject ? object["not_subject"].get<std::string>()
                                         : "the person of face " + std::to_string(one.other->number());
    VULTUS_CHECK(tell_answer(settings, context, object,
                             "Face " + std::to_string(one.face.number()) + " does not show " + whom + "."));
  }
  return ExitCode::done;
}

Result<ExitCode> say_not(const PeopleSettings& settings, Context& context) {
  if (settings.list) return list_links(settings, context);
  if (settings.face == 0 || settings.name.empty() == (settings.other_face == 0))
    return fail(ErrorCode::invalid_argument, "a face, and a person's name or --face with another face, are wanted");
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  const Say say = settings.no_longer ? Say::no_longer : Say::yes;
  NotSame one{.face = FaceId(settings.face)};
  std::string whom = "the person of face " + std::to_string(settings.other_face);
  if (settings.other_face != 0) {
    one.other = FaceId(settings.other_face);
    VULTUS_CHECK(with_hint(gallery.not_same_person(one.face, *one.other, say)));
  } else {
    VULTUS_TRY(const Subject subject, named_subject(gallery, settings.name));
    one.subject = subject.id;
    whom = subject.name;
    VULTUS_CHECK(with_hint(gallery.not_this_person(one.face, subject.id, say)));
  }
  Json object = link_json(one, gallery);
  object["said"] = !settings.no_longer;
  VULTUS_CHECK(tell_answer(
      settings, context, object,
      "Face " + std::to_string(settings.face) + (settings.no_longer ? " may show " : " does not show ") + whom + "."));
  return ExitCode::done;
}

Json undo_json(const UndoEntry& entry) {
  return {{"number", entry.number}, {"at", to_iso8601(entry.at)}, {"kind", entry.kind}, {"what", entry.what}};
}

Result<ExitCode> undo(const PeopleSettings& settings, Context& context) {
  if (settings.list) {
    VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
    VULTUS_TRY(const auto entries, gallery.undoable());
    for (const UndoEntry& entry : entries)
      VULTUS_CHECK(tell_answer(settings, context, undo_json(entry),
                               std::to_string(entry.number) + "  " + to_iso8601(entry.at) + "  " + entry.what));
    return ExitCode::done;
  }
  VULTUS_TRY(Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_write, settings.keys));
  if (settings.forget) {
    VULTUS_CHECK(gallery.forget_undo());
    VULTUS_CHECK(tell_answer(settings, context, {{"forgotten", true}}, "Nothing can be taken back any more."));
    return ExitCode::done;
  }
  VULTUS_TRY(const UndoEntry entry, gallery.undo(settings.number == 0 ? std::nullopt : std::optional(settings.number)));
  Json object = undo_json(entry);
  object["undone"] = true;
  VULTUS_CHECK(tell_answer(settings, context, object, "Taken back: " + entry.what + "."));
  return ExitCode::done;
}

}  // namespace

void add_gallery_people(CLI::App& gallery, Commands& commands) {
  auto settings = std::make_shared<PeopleSettings>();
  CLI::App* command = add_gallery_command(gallery, commands, "merge", "give all faces of a person to another one",
                                          settings, &merge, "JSON");
  command->add_option("FROM", settings->name, "the name that goes")->type_name("")->required();
  command->add_option("INTO", settings->other, "the name that stays")->type_name("")->required();
  command->footer("Examples:\n  vultus gallery merge people.vgal 'Ada Lovelace' 'Joe Biden'");

  settings = std::make_shared<PeopleSettings>();
  command = add_gallery_command(gallery, commands, "split", "make a person of some faces of another one", settings,
                                &split, "JSON");
  command->add_option("FACES", settings->faces, "numbers as vultus gallery show tells them, with commas")
      ->type_name("")
      ->delimiter(',')
      ->required();
  command->add_option("--as", settings->other, "the new person's name")->type_name("NAME")->required();
  command->footer(
      "Examples:\n  vultus gallery merge people.vgal 'Ada Lovelace' 'Joe Biden' && "
      "vultus gallery split people.vgal 1 --as 'Ada King'");

  settings = std::make_shared<PeopleSettings>();
  command = add_gallery_command(gallery, commands, "not", "say that a face does not show a person", settings, &say_not,
                                "JSON");
  command->add_option("FACE", settings->face, "its number, as vultus gallery show tells it")->type_name("");
  command->add_option("NAME", settings->name, "the person whom it does not show")->type_name("");
  command->add_option("--face", settings->other_face, "instead of NAME: the face of another person")->type_name("FACE");
  command->add_flag("--no-longer", settings->no_longer, "take it back");
  command->add_flag("--list", settings->list, "show all that was said");
  command->footer("Examples:\n  vultus gallery not people.vgal --list");

  settings = std::make_shared<PeopleSettings>();
  command =
      add_gallery_command(gallery, commands, "undo", "take back the last merge, split or not", settings, &undo, "JSON");
  command->add_option("NUMBER", settings->number, "another change, as --list tells it")->type_name("");
  command->add_flag("--list", settings->list, "show what can be taken back");
  command->add_flag("--forget", settings->forget, "forget all of it, names of merged people too");
  command->footer("Examples:\n  vultus gallery undo people.vgal --list");
}

}  // namespace vultus::cli
