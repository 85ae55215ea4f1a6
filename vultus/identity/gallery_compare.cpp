// The comparison of all faces with all others, on many threads.
#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include <vultus/identity/gallery_scan.hpp>

namespace vultus::identity {
namespace {

// Faces of one job: enough that a search reads the gallery for many at once, few enough that the bar moves.
constexpr std::size_t kFacesOfAJob = 256;
// References side by side: two vector registers of the smallest processors.
constexpr std::size_t kColumns = 8;

/// One face of each of some people, drawn by lot, laid out for products with many at once.
class References {
 public:
  static Result<References> draw(const Gallery& gallery, const GalleryScan& scan, const CompareOptions& options) {
    References made;
    std::vector<std::uint32_t> people;
    for (std::uint32_t s = 0; s < scan.subjects.size(); ++s)
      if (scan.subjects[s].faces > 0) people.push_back(s);
    std::mt19937_64 random(options.seed);
    const std::size_t wanted = std::min(options.references, people.size());
    // The first of a shuffle: std::sample draws differently from library to library.
    for (std::size_t i = 0; i < wanted; ++i) std::swap(people[i], people[i + random() % (people.size() - i)]);
    people.resize(wanted);
    std::ranges::sort(people);
    made.people_ = std::move(people);
    made.dimension_ = static_cast<std::size_t>(gallery.info().model.dimension);
    made.panels_.assign((wanted + kColumns - 1) / kColumns * kColumns * made.dimension_, 0.0F);
    for (std::size_t r = 0; r < wanted; ++r) {
      VULTUS_TRY(const auto faces, templates_of(gallery, scan.subjects[made.people_[r]]));
      const auto values = faces[random() % faces.size()].values();
      float* panel = made.panels_.data() + r / kColumns * kColumns * made.dimension_;
      for (std::size_t t = 0; t < made.dimension_; ++t) panel[t * kColumns + r % kColumns] = values[t];
    }
    return made;
  }

  [[nodiscard]] const std::vector<std::uint32_t>& people() const { return people_; }

  void compare(std::uint32_t subject, std::span<const Embedding> faces, float match, StrangerStanding& into) const {
    for (const Embedding& face : faces) {
      const auto values = face.values();
      for (std::size_t r = 0; r < people_.size(); r += kColumns) {
        std::array<float, kColumns> sums{};
        const float* panel = panels_.data() + r * dimension_;
        for (std::size_t t = 0; t < dimension_; ++t)
          for (std::size_t c = 0; c < kColumns; ++c) sums[c] += values[t] * panel[t * kColumns + c];
        for (std::size_t c = 0; c < kColumns && r + c < people_.size(); ++c) {
          if (people_[r + c] == subject) continue;
          into.similarity_sum += double{sums[c]};
          ++into.pairs;
          if (sums[c] < match) continue;
          ++into.matches;
          into.taken_for.push_back(static_cast<std::uint32_t>(r + c));
        }
      }
    }
    std::ranges::sort(into.taken_for);
    into.taken_for.erase(std::unique(into.taken_for.begin(), into.taken_for.end()), into.taken_for.end());
  }

 private:
  std::vector<std::uint32_t> people_;
  std::size_t dimension_ = 0;
  std::vector<float> panels_;
};

/// Subjects whose faces are searched together.
using Job = std::vector<std::uint32_t>;

std::vector<Job> jobs_of(const GalleryScan& scan, const std::vector<std::optional<SubjectStanding>>& known) {
  std::vector<Job> jobs;
  std::size_t faces = kFacesOfAJob;
  for (std::uint32_t s = 0; s < scan.subjects.size(); ++s) {
    if (known[s]) continue;
    if (faces >= kFacesOfAJob) {
      jobs.emplace_back();
      faces = 0;
    }
    jobs.back().push_back(s);
    faces += scan.subjects[s].faces;
  }
  return jobs;
}

/// What all threads share and do not change.
struct Ground {
  const Gallery& gallery;
  const GalleryScan& scan;
  const CompareOptions& options;
  const References& references;
  std::unordered_map<SubjectId, std::uint32_t> number_of;
};

Status search_others(const Ground& ground, const Job& job, const std::vector<Embedding>& probes,
                     std::vector<std::pair<std::uint32_t, SubjectStanding>>& found) {
  VULTUS_TRY(const auto answers,
             ground.gallery.search(probes, {.top_k = kNearSubjects + 1, .method = SearchMethod::bytes}));
  std::size_t row = 0;
  for (std::size_t j = 0; j < job.size(); ++j)
    for (FaceStanding& face : found[j].second.faces)
      for (const Candidate& near : answers[row++]) {
        const auto subject = ground.number_of.find(near.subject);
        // One that was enrolled after the gallery was listed is not examined.
        if (subject == ground.number_of.end() || subject->second == job[j]) continue;
        if (face.others.size() == kNearSubjects) continue;
        if (!face.others.empty() && near.similarity.value() < ground.options.keep) continue;
        face.others.push_back({subject->second, near.face, near.similarity.value()});
      }
  return {};
}

Result<std::vector<std::pair<std::uint32_t, SubjectStanding>>> perform(const Ground& ground, const Job& job) {
  std::vector<std::pair<std::uint32_t, SubjectStanding>> found;
  std::vector<Embedding> probes;
  for (const std::uint32_t s : job) {
    VULTUS_TRY(auto faces, templates_of(ground.gallery, ground.scan.subjects[s]));
    SubjectStanding standing = stand_together(faces, ground.options.match);
    ground.references.compare(s, faces, ground.options.match, standing.strangers);
    found.emplace_back(s, std::move(standing));
    std::ranges::move(faces, std::back_inserter(probes));
  }
  if (!probes.empty()) VULTUS_CHECK(search_others(ground, job, probes, found));
  return found;
}

void take_over(GalleryScan& scan, std::uint32_t subject, SubjectStanding standing) {
  ScannedSubject& about = scan.subjects[subject];
  about.apart = standing.apart;
  about.together = standing.together;
  std::ranges::move(standing.faces, scan.standing.begin() + static_cast<std::ptrdiff_t>(about.first_face));
  scan.strangers[subject] = std::move(standing.strangers);
}

/// Jobs go out to threads, answers come in one at a time.
class Crew {
 public:
  Crew(const Ground& ground, const std::vector<Job>& jobs, const std::stop_token& stop)
      : ground_(ground), jobs_(jobs), stop_(stop) {
    const auto threads = std::min<std::size_t>(static_cast<std::size_t>(ground.options.threads), jobs.size());
    working_ = threads;
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  }

  using Answer = Result<std::vector<std::pair<std::uint32_t, SubjectStanding>>>;
  /// The next answer; nothing when all are in, or when the rest was given up.
  std::optional<Answer> next() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !answers_.empty() || working_ == 0; });
    if (answers_.empty()) return std::nullopt;
    Answer answer = std::move(answers_.back());
    answers_.pop_back();
    return answer;
  }
  void give_up() { next_ = jobs_.size(); }

 private:
  void work() {
    for (;;) {
      const std::size_t at = next_.fetch_add(1);
      if (at >= jobs_.size() || stop_.stop_requested()) break;
      Answer answer = guarded("comparing faces", [&] { return perform(ground_, jobs_[at]); });
      const std::scoped_lock lock(mutex_);
      answers_.push_back(std::move(answer));
      arrived_.notify_one();
    }
    const std::scoped_lock lock(mutex_);
    --working_;
    arrived_.notify_one();
  }

  const Ground& ground_;
  const std::vector<Job>& jobs_;
  const std::stop_token& stop_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Answer> answers_;        // guarded by mutex_
  std::size_t working_ = 0;            // guarded by mutex_
  std::vector<std::jthread> threads_;  // last: they end before what they use
};

}  // namespace

Status compare_gallery(const Gallery& gallery, GalleryScan& scan, std::vector<std::optional<SubjectStanding>> known,
                       const CompareOptions& options, const TakeStanding& take,
                       const std::function<void(std::size_t)>& progress, const std::stop_token& stop) {
  VULTUS_TRY(const References references, References::draw(gallery, scan, options));
  scan.references = references.people();
  Ground ground{gallery, scan, options, references, {}};
  for (std::uint32_t s = 0; s < scan.subjects.size(); ++s) ground.number_of.emplace(scan.subjects[s].id, s);
  const std::vector<Job> jobs = jobs_of(scan, known);
  // The threads read what was listed; what they find is put beside it and taken over when they are done.
  std::size_t done = 0;
  for (std::uint32_t s = 0; s < known.size(); ++s)
    if (known[s]) done += scan.subjects[s].faces;
  scan.reused = static_cast<std::int64_t>(done);
  Status so_far;
  {
    Crew crew(ground, jobs, stop);
    while (auto answer = crew.next()) {
      if (!*answer || !so_far) {
        if (so_far && !*answer) so_far = answer->error();
        crew.give_up();
        continue;
      }
      for (auto& [subject, standing] : **answer) {
        if (take && so_far) so_far = take(subject, standing);
        done += standing.faces.size();
        known[subject] = std::move(standing);
      }
      if (progress) progress(done);
    }
  }
  VULTUS_CHECK(so_far);
  if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while comparing the faces with each other");
  for (std::uint32_t s = 0; s < known.size(); ++s)
    if (known[s]) take_over(scan, s, *std::move(known[s]));
  return {};
}

}  // namespace vultus::identity
