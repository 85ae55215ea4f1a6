#include <vultus/engine/tracks_judge.hpp>

#include <string>
#include <utility>

#include <vultus/engine/liveness_check.hpp>

namespace vultus::engine {
namespace {

constexpr double kMostBetweenLooks = 60, kNearlyDueLook = 1e-6;

}  // namespace

Result<TracksJudge> TracksJudge::start(const Engine& engine, const JudgeOptions& options) {
  VULTUS_CHECK(liveness::check(options.track));
  if (!(options.every_s >= 0 && options.every_s <= kMostBetweenLooks))
    return fail(ErrorCode::invalid_argument,
                "liveness every " + std::to_string(options.every_s) + " seconds: allowed are 0 to 60");
  VULTUS_TRY(auto judge, make_judge(engine, options.network, options.policy));
  return TracksJudge(std::move(judge), options);
}

Status TracksJudge::look(ImageView picture, Seconds now, std::span<const FollowedFace> faces) {
  for (const FollowedFace& face : faces) {
    Person& person = people_.try_emplace(face.track, Person{nobody(), {}}).first->second;
    if (person.looked && now.value() - *person.looked < options_.every_s - kNearlyDueLook) continue;
    person.looked = now.value();
    VULTUS_TRY(const liveness::Reading reading, judge_->judge(picture, face.face.box));
    person.frames.add(reading);
  }
  return {};
}

void TracksJudge::forget() {
  for (auto& [track, person] : people_) person.frames.forget();
}

liveness::TrackReading TracksJudge::so_far(TrackId track) const {
  const auto at = people_.find(track);
  return at == people_.end() ? nobody().so_far() : at->second.frames.so_far();
}

liveness::TrackReading TracksJudge::take(TrackId track) {
  const liveness::TrackReading read = so_far(track);
  people_.erase(track);
  return read;
}

}  // namespace vultus::engine
