// vultus export: a Timeline for other programs.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include <vultus/media/inputs.hpp>
#include <vultus/media/video.hpp>
#include <vultus/timeline/export.hpp>
#include <vultus/timeline/openface.hpp>
#include <vultus/timeline/scan.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/originals.hpp>

namespace vultus::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kExportExamples =
    "csv, parquet: a row for each face and moment, a column for each channel and each of its elements. jsonl: every "
    "row "
    "of\nthe Timeline as an object. openface: the table of OpenFace 2.2 (FeatureExtraction), with "
    "<name>_of_details.txt "
    "beside\n"
    "it, which lists the columns that were not measured. A Timeline of several videos or pictures gives several\n"
    "OpenFace tables: then OUT is a folder.\n\n"
    "Examples:\n"
    "  vultus track clip.mp4 -o clip.vultus --force\n"
    "  vultus export clip.vultus --format openface -o clip.csv\n"
    "  vultus export clip.vultus --format parquet -o clip.parquet\n"
    "  vultus export clip.vultus --format jsonl -o clip.jsonl";

struct ExportSettings {
  std::string timeline;
  std::string format = "csv";
  std::string out;
  OpenFaceOptions openface;
  std::string times = "auto";
  bool one_face = false;
  bool quiet = false;
};

using StreamWriter = Status (*)(const fs::path&, std::ostream&);

Status write_part(const fs::path& part, const ExportSettings& settings, StreamWriter write) {
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  if (!file) return fail(ErrorCode::resource_limit, settings.out + ": cannot be written");
  return write(settings.timeline, file);
}

/// Rows that are in no order of time are put in order in memory.
template <Status (*write)(const Timeline&, std::ostream&)>
Status write_sorted(const fs::path& timeline, std::ostream& to) {
  VULTUS_TRY(const Timeline whole, read_timeline(timeline));
  return write(whole, to);
}

/// How a format is written from a file, and how if its rows are in no order of time.
struct Writers {
  StreamWriter of_file = nullptr, of_disorder = nullptr;
};

Writers writers_of(const std::string& format) {
  if (format == "jsonl") return {.of_file = &write_json_lines, .of_disorder = nullptr};
  if (format == "parquet") return {.of_file = &write_parquet, .of_disorder = &write_sorted<&write_parquet>};
  return {.of_file = &write_csv, .of_disorder = &write_sorted<&write_csv>};
}

/// Writes beside the file and renames: what was there stays whole if something fails.
Status write_stream(const ExportSettings& settings) {
  const fs::path part = settings.out + ".part";
  const Writers writers = writers_of(settings.format);
  Status written = write_part(part, settings, writers.of_file);
  if (!written && written.error().code == ErrorCode::unsupported && writers.of_disorder != nullptr)
    written = write_part(part, settings, writers.of_disorder);
  std::error_code failed;
  if (!written) {
    fs::remove(part, failed);
    return written;
  }
  fs::rename(part, settings.out, failed);
  if (failed) return fail(ErrorCode::resource_limit, settings.out + ": cannot be written: " + failed.message());
  return {};
}

/// Names of tables in a folder: that of the source, with a number where it is taken.
class TableNames {
 public:
  explicit TableNames(fs::path folder) : folder_(std::move(folder)) {}
  fs::path next(const Source& source) {
    std::string stem = fs::path(source.path).stem().string();
    if (stem.empty() || source.path == "-" || source.path.find("://") != std::string::npos) stem = "stream";
    for (int number = 1;; ++number) {
      const std::string name = number == 1 ? stem : fmt::format("{}-{}", stem, number);
      if (taken_.insert(name).second) return folder_ / (name + ".csv");
    }
  }

 private:
  fs::path folder_;
  std::set<std::string> taken_;
};

/// A folder of pictures, or frame%04d.png: nobody knows when they were taken, and OpenFace writes 0.
bool is_pictures_in_a_row(const Source& source) {
  if (media::is_stream_name(source.path)) return false;
  std::error_code failed;
  return fs::is_directory(source.path, failed) ||
         (source.path.find('%') != std::string::npos && media::has_picture_name(source.path));
}

Result<std::string> export_tables(const ExportSettings& settings) {
  VULTUS_TRY(const TimelineScan scan, TimelineScan::open(settings.timeline));
  const auto read = std::ranges::count_if(scan.sources(), [](const Source& source) { return !source.error; });
  std::error_code failed;
  const bool folder = read != 1 || fs::is_directory(settings.out, failed) || settings.out.ends_with("/");
  if (folder && fs::exists(settings.out, failed) && !fs::is_directory(settings.out, failed))
    return fail(ErrorCode::invalid_argument, settings.out + ": is a file, but the Timeline holds " +
                                                 std::to_string(read) + " videos or pictures: name a folder");
  if (folder) fs::create_directories(settings.out, failed);
  if (folder && failed) return fail(ErrorCode::resource_limit, settings.out + ": cannot be made: " + failed.message());
  OpenFaceExport how{.options = settings.openface, .path_of = {}};
  how.times_of = [&](const Source& source) {
    const bool zero = settings.times == "zero" || (settings.times == "auto" && is_pictures_in_a_row(source));
    return zero ? OpenFaceTimes::zero : OpenFaceTimes::seconds;
  };
  if (settings.one_face) how.options.who = OpenFaceWho::one;
  TableNames names(settings.out);
  how.path_of = [&](const Source& source) -> Result<fs::path> {
    return folder ? names.next(source) : fs::path(settings.out);
  };
  VULTUS_TRY(const auto written, export_openface(settings.timeline, how));
  return written.size() == 1 ? written.front().string() : fmt::format("{} tables in {}", written.size(), settings.out);
}

Result<ExitCode> export_timeline(const ExportSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  VULTUS_CHECK(Originals({&settings.timeline, 1}).spare(settings.out));
  std::string what = settings.out;
  if (settings.format == "openface") {
    VULTUS_TRY(what, export_tables(settings));
  } else {
    VULTUS_CHECK(write_stream(settings));
  }
  context.console.note("written: " + what);
  return ExitCode::done;
}

}  // namespace

void add_export(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("export", "write a Timeline file for other programs");
  auto settings = std::make_shared<ExportSettings>();
  command->add_option("FILE", settings->timeline, "a .vultus file, made by vultus track -o")->type_name("")->required();
  command->add_option("--format", settings->format, "openface, csv, jsonl or parquet; csv unless told")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"openface", "csv", "jsonl", "parquet"}));
  command->add_option("-o,--output", settings->out, "the file to write; a folder for several OpenFace tables")
      ->type_name("OUT")
      ->required();
  command->add_flag("--one-face", settings->one_face,
                    "openface: one row a frame, of one person as long as that one is seen");
  command
      ->add_option("--times", settings->times,
                   "openface: seconds, or zero as OpenFace writes of pictures in a row; auto (zero for a folder or "
                   "pattern of pictures) unless told")
      ->type_name("TIMES")
      ->check(CLI::IsMember({"auto", "seconds", "zero"}));
  command->add_flag("--2Dfp", settings->openface.groups.landmarks_2d, "openface: 2-D landmarks; no group asked = all");
  command->add_flag("--3Dfp", settings->openface.groups.landmarks_3d, "openface: 3-D landmarks");
  command->add_flag("--pdmparams", settings->openface.groups.shape, "openface: columns of the shape model");
  command->add_flag("--pose", settings->openface.groups.pose, "openface: head pose");
  command->add_flag("--aus", settings->openface.groups.action_units, "openface: action units");
  command->add_flag("--gaze", settings->openface.groups.gaze, "openface: gaze");
  command->add_flag("-q,--quiet", settings->quiet, "say nothing");
  command->footer(kExportExamples);
  commands.push_back({command, [settings](Context& context) { return export_timeline(*settings, context); }});
}

}  // namespace vultus::cli
