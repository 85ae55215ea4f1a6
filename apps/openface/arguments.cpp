#include <apps/openface/arguments.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace vultus::openface {
namespace {

// Of the original: folders of its models, parameters of its solver, the look of its windows and aligned pictures.
constexpr std::array<std::string_view, 15> kIgnoredWithValue{
    "-mloc",      "-fdloc",      "-n_iter",         "-sigma",
    "-reg",       "-w_reg",      "-multi_view",     "-validate_detections",
    "-simsize",   "-simscale",   "-format_aligned", "-format_vis_image",
    "-cam_width", "-cam_height", "-au_rec_model"};
constexpr std::array<std::string_view, 12> kIgnoredFlags{"-wild",    "-nobadaligned", "-nomask",  "-g",
                                                         "-q",       "-verbose",      "-vis",     "-vis-track",
                                                         "-vis-hog", "-vis-align",    "-vis-aus", "-rigid"};
constexpr std::array<std::string_view, 3> kNotWritten{"-hogalign", "-simalign", "-tracked"};

template <class Words>
bool holds(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool set_group(OpenFaceGroups& groups, std::string_view word) {
  if (word == "-2Dfp") return groups.landmarks_2d = true;
  if (word == "-3Dfp") return groups.landmarks_3d = true;
  if (word == "-pdmparams") return groups.shape = true;
  if (word == "-pose") return groups.pose = true;
  if (word == "-aus") return groups.action_units = true;
  if (word == "-gaze") return groups.gaze = true;
  return false;
}

constexpr std::array<std::pair<std::string_view, std::optional<double> face::KnownCamera::*>, 4> kIntrinsics{
    {{"-fx", &face::KnownCamera::fx},
     {"-fy", &face::KnownCamera::fy},
     {"-cx", &face::KnownCamera::cx},
     {"-cy", &face::KnownCamera::cy}}};

/// Where a number of the camera goes, -fx 512.5; nothing for other options.
std::optional<double> face::KnownCamera::*intrinsic(std::string_view word) {
  const auto at = std::ranges::find(kIntrinsics, word, [](const auto& row) { return row.first; });
  return at == kIntrinsics.end() ? nullptr : at->second;
}

Status set_intrinsic(std::optional<double>& number_of, const face::KnownCamera& camera, const std::string& word,
                     const std::string& value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size())
    return fail(ErrorCode::invalid_argument, "option " + word + ": \"" + value + "\" is no number");
  number_of = number;
  return face::check(camera).with_context("option " + word);
}

std::string below(const std::string& root, const std::string& path) {
  return root.empty() ? path : (std::filesystem::path(root) / path).string();
}

}  // namespace

const char* name_of(Program program) {
  static constexpr std::array<const char*, 3> kNames{"FeatureExtraction", "FaceLandmarkImg", "FaceLandmarkVidMulti"};
  return kNames[static_cast<std::size_t>(program)];
}

Result<Arguments> parse(Program program, const std::vector<std::string>& words) {
  Arguments arguments;
  std::string root, out_root;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "-h" || word == "-help" || word == "--help") {
      arguments.help = true;
      return arguments;
    }
    if (set_group(arguments.groups, word) || holds(kIgnoredFlags, word)) continue;
    if (holds(kNotWritten, word)) {
      arguments.notes.push_back(word + ": not written by Vultus; the table is");
      continue;
    }
    if (word == "-au_static") {  // it changes the numbers of the original, so its silence would mislead
      arguments.notes.push_back(word + ": changes nothing here; action units are measured as without it");
      continue;
    }
    const auto camera_number = intrinsic(word);
    const bool known = holds(kIgnoredWithValue, word) || camera_number != nullptr || word == "-f" || word == "-fdir" ||
                       word == "-device" || word == "-root" || word == "-inroot" || word == "-outroot" ||
                       word == "-out_dir" || word == "-of";
    if (!known) return fail(ErrorCode::invalid_argument, "unknown option " + word);
    if (i + 1 == words.size()) return fail(ErrorCode::invalid_argument, "option " + word + " needs a value");
    const std::string& value = words[++i];
    if (word == "-f") arguments.files.push_back(value);
    if (word == "-fdir") arguments.folders.push_back(value);
    if (word == "-device") arguments.devices.push_back("camera:" + value);
    if (word == "-root") root = value, out_root = value;
    if (word == "-inroot") root = value;
    if (word == "-outroot") out_root = value;
    if (word == "-out_dir") arguments.out_dir = value;
    if (word == "-of") arguments.name = value;
    if (camera_number != nullptr)
      VULTUS_CHECK(set_intrinsic(arguments.camera.*camera_number, arguments.camera, word, value));
  }
  for (std::string& file : arguments.files) file = below(root, file);
  for (std::string& folder : arguments.folders) folder = below(root, folder);
  arguments.out_dir = below(out_root, arguments.out_dir);
  if (program == Program::landmark_img && !arguments.devices.empty())
    return fail(ErrorCode::invalid_argument, "FaceLandmarkImg looks at pictures: -device is for the other programs");
  if (arguments.files.empty() && arguments.folders.empty() && arguments.devices.empty())
    return fail(ErrorCode::invalid_argument,
                std::string("no input: ") + (program == Program::landmark_img ? "-f PICTURE or -fdir FOLDER"
                                                                              : "-f VIDEO, -fdir FOLDER or -device N"));
  return arguments;
}

std::string help_text(Program program) {
  const bool pictures = program == Program::landmark_img;
  std::string text = std::string(name_of(program)) + (pictures ? " -f PICTURE" : " -f VIDEO") + " [-out_dir DIR]\n\n";
  text += pictures ? "Writes a table in the format of OpenFace 2.2 for each picture: a row a face.\n\n"
          : program == Program::feature_extraction
              ? "Writes a table in the format of OpenFace 2.2 for each video: a row a frame, of one person.\n\n"
              : "Writes a table in the format of OpenFace 2.2 for each video: a row for each face in each frame.\n\n";
  text +=
      "  -f FILE          a video or picture; may be repeated\n"
      "  -fdir DIR        a folder of pictures\n"
      "  -device N        a camera\n"
      "  -root DIR, -inroot DIR   before the inputs; -root and -outroot before -out_dir\n"
      "  -out_dir DIR     where tables go; processed unless told\n"
      "  -of NAME         the name of the table\n"
      "  -fx -fy -cx -cy   the camera, pixels; assumed from the size of the frames unless told\n"
      "  -2Dfp -3Dfp -pdmparams -pose -aus -gaze   groups of columns; none asked = all\n"
      "Columns that were not measured hold 0 and are listed in <name>_of_details.txt.\n"
      "Other options of OpenFace are read and change nothing.\n";
  return text;
}

}  // namespace vultus::openface
