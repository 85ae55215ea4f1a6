// Hostile Timeline files: reading ends with an error, or with a Timeline that can be exported; a writer goes on with it
// or refuses. The input is the file, or changes to a sound one: file_or_changes().
#include <sstream>
#include <string>

#include <vultus/timeline/export.hpp>
#include <vultus/timeline/scan.hpp>
#include <vultus/timeline/timeline_file.hpp>

#include "fuzz_file.hpp"
#include "fuzz_target.hpp"

namespace {

using vultus::fuzz::folder;
using vultus::fuzz::require;

/// The bytes of a file with one row of every kind.
std::string sound_timeline() {
  using namespace vultus;  // NOLINT(google-build-using-namespace): a list of its values
  const auto path = folder() / "sound";
  {
    auto writer = TimelineWriter::open({.path = path});
    require(writer.has_value(), "a Timeline file can be made");
    const SourceId source(1);
    const TrackId track(1);
    const ChannelId channel("c");
    const auto add = [&](const auto& row) { require(writer->add(row).has_value(), "sound rows are written"); };
    add(Source{.id = source, .path = "a.mp4", .width = 8, .height = 8});
    add(Evidence{.id = EvidenceId(1), .producer = "fuzz"});
    add(Channel{.id = channel, .unit = "cosine", .evidence = EvidenceId(1)});
    add(SourceFrame{.source = source, .time = {0}});
    add(Track{.id = track, .source = source});
    Observation seen;
    seen.track = track;
    seen.face.box = {1, 2, 3, 4};
    add(seen);
    add(Reading{.channel = channel, .track = track, .value = 0.5});
    add(Reading{.channel = channel, .track = track, .value = std::vector<float>{1, 2}});
    add(Signal{.channel = channel, .source = source, .track = track, .rate = 10, .start = 0, .samples = {1, 2, 3}});
    add(Annotation{.channel = channel, .source = source, .from = 1, .to = 2, .label = "l", .annotator = "a"});
    require(writer->commit().has_value(), "a Timeline file can be committed");
  }
  return fuzz::bytes_of(path);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string kSound = sound_timeline();
  const auto path = folder() / "t";
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(path.string() + suffix);
  vultus::fuzz::write(path, vultus::fuzz::file_or_changes(data, size, kSound));
  const auto timeline = vultus::read_timeline(path);
  if (timeline) {
    std::ostringstream text;
    require(vultus::write_json_lines(*timeline, text).has_value(), "what was read can be exported");
    require(vultus::write_csv(*timeline, text).has_value(), "what was read can be exported");
  } else {
    require(!timeline.error().message.empty(), "an error says something");
  }
  if (auto scan = vultus::TimelineScan::open(path)) {
    (void)scan->forms();
    vultus::Moment moment;
    for (auto more = scan->next(moment); more && *more;) more = scan->next(moment);
    std::ostringstream text;
    (void)vultus::write_csv(path, text);
  }
  // The fuzzer decides by the length whether a writer tries as well, which is slower.
  if (size % 3 == 0)
    if (auto writer = vultus::TimelineWriter::open({.path = path, .mode = vultus::TimelineFileMode::append})) {
      (void)writer->add(vultus::Source{.id = vultus::SourceId(77), .path = "b.mp4"});
      (void)writer->commit();
    }
  return 0;
}
