#include <apps/openface/run.hpp>

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <vultus/engine/analyser_catalogue.hpp>
#include <vultus/engine/follow_video.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include <apps/cli/settings.hpp>

namespace vultus::openface {
namespace fs = std::filesystem;
namespace {

/// An input with the name of its table.
struct Job {
  std::string input;
  std::string name;
  OpenFaceTimes times = OpenFaceTimes::seconds;
};

std::vector<Job> jobs_of(Program program, const Arguments& arguments, std::vector<std::string>& failed) {
  std::vector<Job> jobs;
  const auto add = [&](const std::string& input, OpenFaceTimes times) {
    fs::path path(input);
    if (!path.has_filename()) path = path.parent_path();  // "frames/"
    jobs.push_back({.input = input, .name = path.stem().string(), .times = times});
  };
  for (const std::string& file : arguments.files) add(file, OpenFaceTimes::seconds);
  if (program == Program::landmark_img && !arguments.folders.empty()) {
    const media::InputList list = media::expand_inputs(arguments.folders);
    for (const media::Input& input : list.inputs) add(input.path, OpenFaceTimes::seconds);
    for (const media::InputError& error : list.errors) failed.push_back(error.error.message);
  } else {
    for (const std::string& folder : arguments.folders) add(folder, OpenFaceTimes::zero);
  }
  for (const std::string& device : arguments.devices) {
    add(device, OpenFaceTimes::seconds);
    jobs.back().name = "webcam_" + device.substr(device.find(':') + 1);
  }
  if (!arguments.name.empty() && jobs.size() == 1) jobs.front().name = fs::path(arguments.name).stem().string();
  return jobs;
}

/// Gives each job a table of its own: inputs of several folders, or of several endings, may have one name.
/// @return a sentence for each table with another name than its input
std::vector<std::string> tell_apart(std::vector<Job>& jobs) {
  std::vector<std::string> told;
  std::set<std::string> taken;
  for (Job& job : jobs) {
    const std::string name = job.name;
    for (int number = 2; !taken.insert(job.name).second; ++number) job.name = name + "-" + std::to_string(number);
    if (job.name != name)
      told.push_back(job.input + ": its table is " + job.name + ".csv, for " + name + ".csv is that of another input");
  }
  return told;
}

/// What is measured, as by `vultus track`: what was not fetched is left out and told.
Result<std::vector<std::size_t>> plan_of(const engine::Engine& engine, std::vector<std::string>& told) {
  VULTUS_TRY(auto plan, engine::plan_analysers(engine::analyser_catalogue(), {}));
  told = engine::leave_out_unfetched(engine::analyser_catalogue(), engine, plan);
  return plan;
}

/// A Timeline beside the table, gone when the work is done.
class Scratch {
 public:
  explicit Scratch(fs::path path) : path_(std::move(path)) { remove(); }
  ~Scratch() { remove(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  Scratch(Scratch&&) = delete;
  Scratch& operator=(Scratch&&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(path_.string() + suffix, ignored);
  }
  fs::path path_;
};

Status record_video(const engine::Engine& engine, const std::string& input, engine::TrackRecorder& recorder) {
  engine::FollowReceivers receivers;
  receivers.opened = [&](const media::VideoInfo& info) { return recorder.begin(info); };
  receivers.frame = [&](engine::FollowedFrame& frame) { return recorder.add(frame); };
  receivers.track = [&](engine::TrackSummary& track) { return recorder.end(track); };
  const auto followed = engine::follow_video(engine, input, {}, {}, receivers);
  Status finished = recorder.finish();
  if (!followed) return followed.error();
  return finished;
}

Status record_picture(face::FaceFinder& finder, const std::string& input, engine::TrackRecorder& recorder) {
  VULTUS_TRY(const media::Picture picture, media::read_picture(input));
  VULTUS_TRY(const auto faces, finder.find(picture.image.view()));
  return recorder.add_picture(input, picture.image.view(), faces);
}

class Worker {
 public:
  Worker(Program program, const Arguments& arguments, const engine::Engine& engine, std::vector<std::size_t> analysers)
      : program_(program), arguments_(&arguments), engine_(&engine), analysers_(std::move(analysers)) {}

  Status work(const Job& job) {
    const fs::path csv = fs::path(arguments_->out_dir) / (job.name + ".csv");
    const Scratch scratch(fs::path(arguments_->out_dir) / ("." + job.name + ".vultus.part"));
    {
      VULTUS_TRY(TimelineWriter file, TimelineWriter::open({.path = scratch.path()}));
      VULTUS_TRY(auto recorder, engine::TrackRecorder::start(
                                    file, *engine_,
                                    {.at = std::nullopt,
                                     .catalogue = engine::analyser_catalogue(),
                                     .analysers = analysers_,
                                     .givens = {.camera = arguments_->camera, .baseline = {}, .learnt = {}}}));
      if (program_ == Program::landmark_img) {
        if (!finder_) {
          VULTUS_TRY(finder_, engine_->make_finder());
        }
        VULTUS_CHECK(record_picture(*finder_, job.input, recorder));
      } else {
        VULTUS_CHECK(record_video(*engine_, job.input, recorder));
      }
      VULTUS_CHECK(file.commit());
    }
    OpenFaceExport how{.options = {.times = job.times, .groups = arguments_->groups}, .path_of = {}};
    if (program_ == Program::feature_extraction) how.options.who = OpenFaceWho::one;
    how.path_of = [&](const Source&) -> Result<fs::path> { return csv; };
    VULTUS_TRY(const auto written, export_openface(scratch.path(), how));
    return {};
  }

 private:
  Program program_;
  const Arguments* arguments_;
  const engine::Engine* engine_;
  std::vector<std::size_t> analysers_;
  std::optional<face::FaceFinder> finder_;
};

}  // namespace

int run(Program program, const Arguments& arguments, std::FILE* err) {
  const auto say = [&](const std::string& message) {
    std::fprintf(err, "%s: %s\n", name_of(program), message.c_str());
  };
  for (const std::string& note : arguments.notes) say(note);
  std::vector<std::string> failed;
  std::vector<Job> jobs = jobs_of(program, arguments, failed);
  for (const std::string& message : failed) say(message);
  for (const std::string& message : tell_apart(jobs)) say(message);
  const auto engine = cli::load_engine({});
  if (!engine) {
    say(engine.error().message);
    return 1;
  }
  std::vector<std::string> unmeasured;
  auto analysers = plan_of(*engine, unmeasured);
  if (!analysers) {
    say(analysers.error().message);
    return 1;
  }
  for (const std::string& message : unmeasured) say(message);
  std::error_code unmade;
  fs::create_directories(arguments.out_dir, unmade);
  if (unmade) {
    say(arguments.out_dir + ": cannot be made: " + unmade.message());
    return 1;
  }
  Worker worker(program, arguments, *engine, *std::move(analysers));
  bool all = failed.empty();
  for (const Job& job : jobs) {
    if (const Status done = worker.work(job); !done) {
      say(done.error().message);
      all = false;
    }
  }
  return all ? 0 : 1;
}

}  // namespace vultus::openface
