#include <apps/face_recognition/arguments.hpp>

#include <algorithm>
#include <map>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace vultus::compat {
namespace {

const std::map<std::string, bool> kBools{{"true", true}, {"1", true},  {"yes", true},    {"y", true},
                                         {"t", true},    {"on", true}, {"false", false}, {"0", false},
                                         {"no", false},  {"n", false}, {"f", false},     {"off", false}};

void add_common(CLI::App& app, int& cpus, PlaceArguments& places) {
  app.set_help_flag("--help", "Show this message and exit.");
  app.add_option("--cpus", cpus, "pictures looked at side by side; -1 means all processors")
      ->check(CLI::Validator(
          [](const std::string& text) {
            return text == "-1" || text.find_first_not_of("0123456789") == std::string::npos
                       ? std::string()
                       : "must be 1 or more, or -1";
          },
          ""));
  app.add_flag("--commercial-only", places.commercial_only,
               "use no network that is not stated to be free for commercial use");
  app.add_option("--models", places.models, "folder of the model manifests")->type_name("DIR");
  app.add_option("--cache", places.cache, "folder of downloaded networks")->type_name("DIR");
}

ParseEnd parse(CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    app.parse(std::move(reversed));
    return {};
  } catch (const CLI::CallForHelp&) {
    return {.go_on = false, .exit_code = 0, .text = app.help()};
  } catch (const CLI::ParseError& wrong) {
    const std::string& name = app.get_name();
    return {.go_on = false,
            .exit_code = 2,
            .text = "Usage: " + name + " [OPTIONS] ...\nTry '" + name + " --help' for help.\n\nError: " + wrong.what() +
                    "\n"};
  }
}

ParseEnd refuse_cpus(const std::string& name) {
  return {.go_on = false, .exit_code = 2, .text = "Error: " + name + ": --cpus must be 1 or more, or -1\n"};
}

}  // namespace

ParseEnd parse(const std::vector<std::string>& words, RecognitionArguments& into) {
  CLI::App app(
      "Says who is on pictures, from a folder with one picture of each known person.\n"
      "Arguments and lines are those of the Python package face_recognition 1.3.0; the work is done by Vultus.",
      "face_recognition");
  app.add_option("KNOWN_PEOPLE_FOLDER", into.known,
                 "pictures of known people; the name of a file is the name of the person")
      ->type_name("")
      ->required();
  app.add_option("IMAGE_TO_CHECK", into.probe, "a picture, or a folder of pictures")->type_name("")->required();
  app.add_option("--tolerance", into.tolerance, "largest distance that is the same person; 0.6 unless told");
  app.add_option("--show-distance", into.show_distance, "true adds the distance to every line")
      ->type_name("BOOLEAN")
      ->transform(CLI::CheckedTransformer(kBools, CLI::ignore_case).description(""));
  app.add_option(
         "--preset", into.preset,
         "recognise with a preset of Vultus instead of dlib's network; its distances are rescaled so that 0.6 is "
         "its threshold")
      ->type_name("NAME");
  app.add_flag("--native-distance", into.native_distance, "print distances that are not rescaled");
  add_common(app, into.cpus, into.places);
  app.footer(
      "Example:\n  face_recognition known/ photo.jpg --show-distance true\n"
      "  face_recognition known/ photos/ --cpus -1 --tolerance 0.5\n");
  ParseEnd end = parse(app, words);
  return end.go_on && (into.cpus == 0 || into.cpus < -1) ? refuse_cpus("face_recognition") : end;
}

ParseEnd parse(const std::vector<std::string>& words, DetectionArguments& into) {
  CLI::App app(
      "Finds faces. Arguments and lines are those of the Python package face_recognition 1.3.0; the work is done "
      "by Vultus.",
      "face_detection");
  app.add_option("IMAGE_TO_CHECK", into.probe, "a picture, or a folder of pictures")->type_name("")->required();
  app.add_option("--model", into.model, "hog or cnn; both are the detector of Vultus");
  app.add_option("--upsample", into.upsample, "from 2 on large pictures are searched piece by piece for small faces")
      ->check(CLI::Range(0, 16));
  add_common(app, into.cpus, into.places);
  app.footer("Example:\n  face_detection photo.jpg\n  face_detection photos/ --cpus -1\n");
  ParseEnd end = parse(app, words);
  return end.go_on && (into.cpus == 0 || into.cpus < -1) ? refuse_cpus("face_detection") : end;
}

}  // namespace vultus::compat
