// vultus body: hands and bodies in pictures.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/body_looker.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/thumbnail.hpp>

#include <apps/cli/body_commands.hpp>
#include <apps/cli/body_names.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBodyDetectExamples =
    "Needs networks that no preset has: vultus models fetch mp_palm_full mp_hand_full mp_pose_detect mp_pose_full\n\n"
    "Examples:\n"
    "  vultus body detect photos/\n"
    "  vultus body detect --json --annotate drawn/ a.jpg";

constexpr int kDrawnSide = 2048;
constexpr int kDrawnQuality = 88;

struct BodyDetectSettings {
  EngineSettings engine;
  InputSettings inputs;
  FormatSettings format;
  std::string annotate;
  bool light = false;
  bool faces = false;
};

Json point_json(Point2f p, float depth) {
  return {{"x", number_json(p.x, 1)}, {"y", number_json(p.y, 1)}, {"z", number_json(depth, 1)}};
}

Json world_json(std::span<const WorldPoint> points) {
  Json list = Json::array();
  for (const WorldPoint& p : points) list.push_back({number_json(p.x, 4), number_json(p.y, 4), number_json(p.z, 4)});
  return list;
}

Json hand_json(const HandObservation& hand) {
  Json object{{"box", box_json(hand.box)},
              {"handedness", hand.side == HandSide::left ? "left" : "right"},
              {"handedness_score", score_json(hand.side_score.value())},
              {"presence", score_json(hand.presence.value())}};
  Json& points = object["points"] = Json::array();
  for (std::size_t i = 0; i < kHandPoints; ++i) points.push_back(point_json(hand.points.at(i), hand.depths.at(i)));
  object["world"] = world_json(hand.world);
  return object;
}

Json body_json(const BodyObservation& body) {
  Json object{{"box", box_json(body.box)}, {"presence", score_json(body.presence.value())}};
  Json& points = object["points"] = Json::array();
  for (std::size_t i = 0; i < kBodyPoints; ++i) {
    const BodyPoint& p = body.points.at(i);
    Json point{{"name", kBodyPointNames.at(i)}};
    point.update(point_json(p.place, p.depth));
    point["visibility"] = score_json(p.visibility.value());
    point["presence"] = score_json(p.presence.value());
    points.push_back(std::move(point));
  }
  object["world"] = world_json(body.world);
  return object;
}

/// The index of a part in the list it was told in; null where the person has none.
template <class Part>
Json index_json(const std::vector<Part>& list, const std::optional<Part>& part) {
  if (!part) return nullptr;
  return std::ranges::find(list, *part) - list.begin();
}

Json seen_json(const std::string& file, ImageView picture, const engine::SeenBodies& seen, bool faces) {
  Json object{{"file", file}, {"picture", {{"width", picture.width}, {"height", picture.height}}}};
  Json& hands = object["hands"] = Json::array();
  for (const HandObservation& hand : seen.hands) hands.push_back(hand_json(hand));
  Json& bodies = object["bodies"] = Json::array();
  for (const BodyObservation& body : seen.bodies) bodies.push_back(body_json(body));
  if (faces) {
    Json& list = object["faces"] = Json::array();
    for (const Landmarks& face : seen.faces) {
      Json& points = list.emplace_back(Json::array());
      for (const Point2f& p : face.points) points.push_back({number_json(p.x, 1), number_json(p.y, 1)});
    }
  }
  Json& people = object["people"] = Json::array();
  for (const WholeBody& person : seen.people) {
    Json one{{"body", index_json(seen.bodies, person.body)},
             {"left_hand", index_json(seen.hands, person.left_hand)},
             {"right_hand", index_json(seen.hands, person.right_hand)}};
    if (faces) one["face"] = index_json(seen.faces, person.face);
    people.push_back(std::move(one));
  }
  return object;
}

Status tell_bodies(Rows& rows, const std::string& file, ImageView picture, const engine::SeenBodies& seen, bool faces) {
  if (rows.format() == Format::json) return rows.json(json_line(seen_json(file, picture, seen, faces)));
  std::size_t number = 0;
  for (const WholeBody& person : seen.people) {
    ++number;
    const auto tell = [&](const char* part, std::size_t at, Point2f p, float depth, const std::string& score) {
      return rows.csv({file, fmt::format("{}", number), part, fmt::format("{}", at), fmt::format("{:.1f}", p.x),
                       fmt::format("{:.1f}", p.y), fmt::format("{:.1f}", depth), score});
    };
    const auto score = [](Score s) { return fmt::format("{:.4f}", s.value()); };
    if (rows.format() == Format::table) {
      const auto hand = [&](const std::optional<HandObservation>& h) {
        return h ? score(h->presence) : std::string("-");
      };
      VULTUS_CHECK(rows.table({{file},
                               {fmt::format("{}", number)},
                               {person.body ? box_text(person.body->box) : std::string("-")},
                               {person.body ? score(person.body->presence) : std::string("-")},
                               {hand(person.left_hand)},
                               {hand(person.right_hand)}}));
      continue;
    }
    if (person.body)
      for (std::size_t i = 0; i < kBodyPoints; ++i)
        VULTUS_CHECK(tell("body", i, person.body->points.at(i).place, person.body->points.at(i).depth,
                          score(person.body->points.at(i).visibility)));
    for (const auto& [part, hand] :
         {std::pair("left_hand", &person.left_hand), std::pair("right_hand", &person.right_hand)})
      if (*hand)
        for (std::size_t i = 0; i < kHandPoints; ++i)
          VULTUS_CHECK(tell(part, i, (*hand)->points.at(i), (*hand)->depths.at(i), score((*hand)->presence)));
  }
  if (seen.people.empty() && rows.format() == Format::table)
    return rows.table({{file}, {"-", Style::dim}, {"nobody", Style::dim}, {""}, {""}, {""}});
  return {};
}

/// Copies with skeletons, each with a name of its own; no input is overwritten.
class BodyDrawings {
 public:
  static Result<BodyDrawings> into(const std::string& folder, std::span<const media::Input> inputs) {
    BodyDrawings made;
    made.originals_ = Originals(inputs);
    made.folder_ = folder;
    std::error_code failed;
    if (!folder.empty()) fs::create_directories(folder, failed);
    if (failed) return fail(ErrorCode::resource_limit, folder + ": the folder cannot be made: " + failed.message());
    return made;
  }
  Status write(const std::string& source, ImageView picture, const engine::SeenBodies& seen) {
    if (folder_.empty()) return {};
    VULTUS_TRY(Image whole, copy_of(picture));
    VULTUS_TRY(Image image, media::resize_to_side(whole.view(), kDrawnSide));
    engine::draw_people(image, seen, static_cast<float>(image.width()) / static_cast<float>(picture.width));
    VULTUS_TRY(const auto bytes, media::encode_jpeg(image.view(), {.quality = kDrawnQuality, .full_colour = true}));
    for (int number = 1;; ++number) {
      const std::string stem = source == "-" ? std::string("stdin") : fs::path(source).stem().string();
      const std::string name = number == 1 ? stem + ".jpg" : fmt::format("{}-{}.jpg", stem, number);
      const fs::path path = fs::path(folder_) / name;
      if (taken_.contains(name) || originals_.contains(path)) continue;
      taken_.insert(name);
      return media::write_file_atomically(path.string(), bytes);
    }
  }

 private:
  static Result<Image> copy_of(ImageView picture) {
    VULTUS_TRY(Image copy, Image::create(picture.width, picture.height, picture.format));
    for (int y = 0; y < picture.height; ++y) std::copy_n(picture.row(y), copy.stride(), copy.row(y));
    return copy;
  }
  std::string folder_;
  Originals originals_;
  std::set<std::string> taken_;
};

Result<media::Picture> read_body_picture(const media::Input& input, const media::DecodeLimits& limits) {
  VULTUS_TRY(const auto bytes, media::read_input(input, limits.max_bytes));
  auto picture = media::decode_picture(bytes, {.limits = limits});
  if (!picture) return picture.error().with_context(input.path);
  return picture;
}

Result<ExitCode> detect_bodies(const BodyDetectSettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  const media::InputList list = expand(settings.inputs);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  VULTUS_TRY(auto looker, engine::BodyLooker::load(engine, {.light = settings.light, .faces = settings.faces}));
  VULTUS_TRY(BodyDrawings drawings, BodyDrawings::into(settings.annotate, list.inputs));
  Rows rows(context, settings.format.format(),
            {file_column(list.inputs),
             {"PERSON", Align::right},
             {"BOX", Align::left, 20},
             {"BODY", Align::right, 6},
             {"LEFT", Align::right, 6},
             {"RIGHT", Align::right, 6}},
            {"file", "person", "part", "point", "x", "y", "z", "score"});
  PictureRun run(context, rows, list);
  VULTUS_CHECK(run.begin("body detect"));
  const auto walk = [&]() -> Status {
    for (const media::Input& input : list.inputs) {
      if (context.stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped");
      const auto picture = read_body_picture(input, settings.inputs.limits());
      if (!picture) {
        VULTUS_CHECK(run.picture(input.path, picture.error(), 0, [] { return Status(); }));
        continue;
      }
      VULTUS_TRY(const auto seen, looker.look(picture->image.view()));
      VULTUS_CHECK(run.picture(input.path, std::nullopt, seen.people.size(), [&] {
        return tell_bodies(rows, input.path, picture->image.view(), seen, settings.faces);
      }));
      VULTUS_CHECK(drawings.write(input.path, picture->image.view(), seen));
    }
    return {};
  };
  VULTUS_CHECK(run.end(walk()));
  return run.tally().exit_code();
}

}  // namespace

void add_body(CLI::App& app, Commands& commands) {
  CLI::App* body = app.add_subcommand("body", "hands and bodies");
  body->require_subcommand(1);
  body->footer("Examples:\n  vultus body detect --json photos/");
  CLI::App* command = body->add_subcommand("detect", "find hands (21 points) and bodies (33 points) in pictures");
  auto settings = std::make_shared<BodyDetectSettings>();
  add_input_options(*command, settings->inputs,
                    "files, folders, patterns such as 'photos/*.jpg', or - for standard input");
  command->add_option("--annotate", settings->annotate, "write copies with the skeletons drawn into this folder")
      ->type_name("DIR");
  command->add_flag("--light", settings->light, "the light pose network (mp_pose_lite): faster, less exact");
  command->add_flag("--faces", settings->faces, "also the 468 points of the faces of bodies");
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  command->footer(kBodyDetectExamples);
  commands.push_back({command, [settings](Context& context) { return detect_bodies(*settings, context); }});
  add_body_files(*body, commands);
}

}  // namespace vultus::cli
