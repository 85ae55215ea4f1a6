// vultus body convert and rectify: files of joints that other programs wrote.
#include <algorithm>
#include <charconv>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <vultus/body/keypoint_files.hpp>
#include <vultus/body/keypoint_tables.hpp>
#include <vultus/body/rectify.hpp>
#include <vultus/face3d/npy.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/body_commands.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kConvertExamples =
    "JSON of OpenPose, COCO, COCO-WholeBody and MediaPipe (whose joints are shares of the picture: --size), CSV of\n"
    "`vultus body detect` or with columns named after joints (x_0, y_0, c_0 ...), and numpy arrays of joints are "
    "read.\n\n"
    "Examples:\n"
    "  vultus body convert frame_keypoints.json --to coco-wholebody -o frame.json\n"
    "  vultus body convert frame_keypoints.json --to mediapipe --size 640x480\n"
    "  vultus body convert annotations.json --to openpose --image 0";
constexpr const char* kRectifyExamples =
    "Examples:\n"
    "  vultus body rectify frame_keypoints.json -o rectified.json\n"
    "  vultus body rectify --share 1 annotations.json";

struct JointFileSettings {
  std::string input, output;
  std::string to;
  std::string size;
  std::string image;
  double share = 0.4;
};

Result<body::PictureSize> picture_size(const std::string& text) {
  if (text.empty()) return body::PictureSize{};
  body::PictureSize size;
  const char* const end = text.data() + text.size();
  const auto width = std::from_chars(text.data(), end, size.width);
  if (width.ec == std::errc() && width.ptr != end && *width.ptr == 'x')
    if (const auto height = std::from_chars(width.ptr + 1, end, size.height);
        height.ec == std::errc() && height.ptr == end && size.width > 0 && size.height > 0)
      return size;
  return fail(ErrorCode::invalid_argument, "--size " + text + ": a size is told as 640x480");
}

Result<std::vector<body::Keypoints>> joints_in(const std::string& path, std::span<const std::uint8_t> bytes,
                                               body::PictureSize size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (path.ends_with(".csv")) return body::read_keypoint_csv(text);
  if (!path.ends_with(".npy")) return body::read_keypoints(text, size);
  VULTUS_TRY(const auto array, face3d::read_npy(bytes, body::kMaxKeypointFile));
  return body::keypoints_of_array(array.values, array.shape);
}

Result<std::vector<body::Keypoints>> read_joint_file(const JointFileSettings& settings) {
  VULTUS_TRY(const auto bytes, media::read_file(settings.input, body::kMaxKeypointFile));
  VULTUS_TRY(const auto size, picture_size(settings.size));
  VULTUS_TRY(auto people, joints_in(settings.input, bytes, size).with_context(settings.input));
  if (settings.image.empty()) return people;
  std::erase_if(people, [&](const body::Keypoints& person) {
    return person.image_name != settings.image && std::to_string(person.image) != settings.image;
  });
  if (people.empty()) return fail(ErrorCode::not_found, settings.input + ": nobody in picture " + settings.image);
  return people;
}

Result<ExitCode> write_joint_file(const JointFileSettings& settings, const std::vector<body::Keypoints>& people,
                                  Context& context) {
  VULTUS_CHECK(Originals({&settings.input, 1}).spare(settings.output));
  VULTUS_TRY(const auto size, picture_size(settings.size));
  auto text = body::write_keypoints(people, size);
  if (!text && std::ranges::any_of(people, [&](const auto& one) { return one.image != people.front().image; }))
    return fail(text.error().code, text.error().message + "; choose one by --image");
  if (!text) return text.error();
  if (settings.output.empty())
    VULTUS_CHECK(context.out.write(*text));
  else
    VULTUS_CHECK(media::write_file_atomically(settings.output, *text));
  return ExitCode::done;
}

Result<ExitCode> convert_joints(const JointFileSettings& settings, Context& context) {
  VULTUS_TRY(const body::Layout to, body::layout_named(settings.to));
  VULTUS_TRY(auto people, read_joint_file(settings));
  for (body::Keypoints& person : people) person = body::projected(person, to);
  return write_joint_file(settings, people, context);
}

/// @param first  of the 21 joints of the hand
void rectify_joints(body::Keypoints& person, std::size_t first, HandSide side, double share) {
  if (person.joints.size() < first + kHandPoints) return;
  body::HandPoints points{};
  body::HandMask mask = 0;
  for (std::size_t i = 0; i < kHandPoints; ++i) {
    points.at(i) = person.joints[first + i].place;
    if (person.joints[first + i].seen) mask |= body::HandMask{1} << i;
  }
  points = body::rectify_hand(points, side, share, mask);
  for (std::size_t i = 0; i < kHandPoints; ++i)
    if (person.joints[first + i].seen) person.joints[first + i].place = points.at(i);
}

Result<ExitCode> rectify_hands(const JointFileSettings& settings, Context& context) {
  VULTUS_TRY(auto people, read_joint_file(settings));
  for (body::Keypoints& person : people) {
    if (person.layout == body::Layout::coco17) return fail(ErrorCode::invalid_argument, settings.input + ": no hands");
    const std::size_t left = person.joints.size() - 2 * kHandPoints;
    rectify_joints(person, left, HandSide::left, settings.share);
    rectify_joints(person, left + kHandPoints, HandSide::right, settings.share);
  }
  return write_joint_file(settings, people, context);
}

void add_joint_file(CLI::App& command, JointFileSettings& settings) {
  command.add_option("FILE", settings.input, "JSON of OpenPose, COCO, COCO-WholeBody or MediaPipe, CSV, or NPY")
      ->required();
  command.add_option("--size", settings.size, "of the picture, for files of MediaPipe")->type_name("WIDTHxHEIGHT");
  command
      .add_option("--image", settings.image,
                  "the people of one picture alone: its number or file name in a file of COCO, its file in a CSV")
      ->type_name("PICTURE");
  command.add_option("-o,--output", settings.output, "where to write; standard output unless told")->type_name("FILE");
}

}  // namespace

void add_body_files(CLI::App& body, Commands& commands) {
  CLI::App* convert = body.add_subcommand("convert", "joints of people in the layout of another program");
  auto converting = std::make_shared<JointFileSettings>();
  add_joint_file(*convert, *converting);
  convert->add_option("--to", converting->to, "openpose, coco, coco-wholebody or mediapipe")
      ->type_name("LAYOUT")
      ->check(CLI::IsMember({"openpose", "coco", "coco-wholebody", "mediapipe"}))
      ->required();
  convert->footer(kConvertExamples);
  commands.push_back({convert, [converting](Context& context) { return convert_joints(*converting, context); }});
  CLI::App* rectify = body.add_subcommand("rectify", "bring the joints of hands towards what fingers can do");
  auto rectifying = std::make_shared<JointFileSettings>();
  add_joint_file(*rectify, *rectifying);
  rectify->add_option("--share", rectifying->share, "of each correction, 0 to 1; 0.4 unless told")
      ->type_name("X")
      ->check(within(0.0, 1.0));
  rectify->footer(kRectifyExamples);
  commands.push_back({rectify, [rectifying](Context& context) { return rectify_hands(*rectifying, context); }});
}

}  // namespace vultus::cli
