#include <vultus/engine/identify.hpp>

#include <algorithm>
#include <utility>

#include <vultus/core/version.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/identity/decide.hpp>
#include <vultus/identity/once_each.hpp>
#include <vultus/identity/scale.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kMaxTopK = 100;
// With one identity at most once per picture a face may fall back through as many candidates as there are faces.
constexpr std::size_t kMaxCandidates = 1000;

Status decide_all(std::vector<std::vector<Candidate>>& candidates, const IdentifyOptions& options,
                  std::vector<IdentifiedFace>& faces) {
  if (options.once == OncePerPicture::yes) {
    VULTUS_TRY(auto decisions, identity::decide_once_each(candidates, options.at));
    for (std::size_t i = 0; i < faces.size(); ++i) faces[i].decision = std::move(decisions[i]);
  } else {
    for (std::size_t i = 0; i < faces.size(); ++i) faces[i].decision = identity::decide(candidates[i], options.at);
  }
  for (std::size_t i = 0; i < faces.size(); ++i) {
    candidates[i].resize(std::min(candidates[i].size(), options.top_k));
    faces[i].candidates = std::move(candidates[i]);
  }
  return {};
}

/// Who is not judged live is not named, neither as a match nor as a candidate; and a picture of somebody that is held
/// up beside them does not take their name away (OncePerPicture).
void withhold_spoofs(std::vector<IdentifiedFace>& faces, std::vector<std::vector<Candidate>>& candidates) {
  for (std::size_t i = 0; i < faces.size(); ++i) {
    if (faces[i].liveness && faces[i].liveness->decision() == liveness::Decision::live) continue;
    faces[i].withheld = true;
    candidates[i].clear();
  }
}

Status check_top_k(const IdentifyOptions& options) {
  if (options.top_k >= 1 && options.top_k <= kMaxTopK) return {};
  return fail(ErrorCode::invalid_argument,
              "top_k " + std::to_string(options.top_k) + ": allowed are 1 to " + std::to_string(kMaxTopK));
}

}  // namespace

std::string why_not_live(const IdentifiedFace& face) {
  if (!face.liveness) return "liveness was not judged";
  const std::string reason(liveness::name_of(face.liveness->reason));
  return face.liveness->decision() == liveness::Decision::spoof ? reason : "not judged live: " + reason;
}

Result<IdentifiedPicture> identify_seen(SeenPicture seen, const Gallery& gallery, const IdentifyOptions& options) {
  VULTUS_CHECK(check_top_k(options));
  IdentifiedPicture picture{.path = std::move(seen.path),
                            .width = seen.width,
                            .height = seen.height,
                            .faces = {},
                            .error = std::move(seen.error)};
  if (seen.faces.empty()) return picture;
  std::vector<Embedding> probes;
  for (SeenFace& face : seen.faces) {
    probes.push_back(*std::move(face.embedding));
    picture.faces.push_back({.face = std::move(face.face),
                             .decision = {},
                             .candidates = {},
                             .quality = face.quality,
                             .liveness = face.liveness});
  }
  SearchOptions search;
  search.top_k = options.once == OncePerPicture::yes ? std::min(kMaxCandidates, std::max(options.top_k, probes.size()))
                                                     : options.top_k;
  search.top_k = std::max(search.top_k, identity::kCandidatesForProbability);
  search.subjects = options.only;
  VULTUS_TRY(auto candidates, gallery.search(probes, search));
  const std::int64_t people = options.only ? std::ssize(*options.only) : gallery.info().subjects;
  for (auto& of_face : candidates) identity::add_probabilities(of_face, options.at, people);
  if (options.require_live) withhold_spoofs(picture.faces, candidates);
  VULTUS_CHECK(decide_all(candidates, options, picture.faces));
  AuditNote act{.what = "decision", .count = static_cast<std::int64_t>(picture.faces.size())};
  for (const IdentifiedFace& face : picture.faces)
    if (face.decision.match) act.subjects.push_back(face.decision.match->subject);
  act.detail = act.subjects.empty() ? "unknown" : "match";
  VULTUS_CHECK(gallery.note(act));
  return picture;
}

Status identify_pictures(const Engine& engine, const Gallery& gallery, std::span<const media::Input> inputs,
                         const IdentifyOptions& options, const std::function<Status(IdentifiedPicture)>& receive,
                         const std::stop_token& stop) {
  VULTUS_CHECK(check_top_k(options));
  VULTUS_CHECK(require_model(engine, gallery));
  const LookOptions look{.depth = Depth::embed_all,
                         .limits = options.limits,
                         .quality = options.quality,
                         .liveness = options.require_live};
  return engine.look_at(
      inputs, look,
      [&](SeenPicture seen) -> Status {
        VULTUS_TRY(IdentifiedPicture picture, identify_seen(std::move(seen), gallery, options));
        return receive(std::move(picture));
      },
      stop);
}

Status record_model_evidence(TimelineSink& sink, const Engine& engine, EvidenceId first) {
  std::int64_t number = first.number();
  for (const ModelId& id : engine.preset().models()) {
    if (id == engine.preset().embedder && engine.preset().fused_with.empty()) continue;
    VULTUS_TRY(const runtime::ModelManifest* model, engine.catalogue().find(id));
    VULTUS_CHECK(sink.add(Evidence{.id = EvidenceId(number++),
                                   .producer = std::string("vultus ") + kVersion,
                                   .model = id.text(),
                                   .model_sha256 = model->files.front().sha256,
                                   .backend = engine.backend(),
                                   .protocol = model->task}));
  }
  return {};
}

Status record_identity_evidence(TimelineSink& sink, const Engine& engine, const OperatingPoint& at) {
  const EvidenceId evidence(1);
  VULTUS_CHECK(sink.add(
      Evidence{.id = evidence,
               .producer = std::string("vultus ") + kVersion,
               .model = engine.preset().template_model().text(),
               .model_sha256 = engine.template_sha256(),
               .backend = engine.backend(),
               .protocol = "open-set identification, preset " + engine.preset().id + ", threshold from " + at.source}));
  for (const auto& [id, unit] : {std::pair(&kIdentitySubject, "name"), std::pair(&kIdentitySimilarity, "cosine"),
                                 std::pair(&kIdentityThreshold, "cosine"), std::pair(&kIdentityFmr, "rate"),
                                 std::pair(&kIdentityProbability, "probability")})
    VULTUS_CHECK(sink.add(Channel{*id, unit, evidence}));
  // The other networks decide what is a face and where it is: they belong to the evidence too.
  return record_model_evidence(sink, engine, EvidenceId(2));
}

Result<IdentityRecorder> IdentityRecorder::start(TimelineSink& sink, const Engine& engine, const OperatingPoint& at) {
  VULTUS_CHECK(record_identity_evidence(sink, engine, at));
  return IdentityRecorder(sink);
}

Status IdentityRecorder::add(const IdentifiedPicture& picture) {
  const SourceId source(++sources_);
  VULTUS_CHECK(sink_->add(Source{.id = source,
                                 .path = picture.path,
                                 .width = picture.width,
                                 .height = picture.height,
                                 .clock = {},
                                 .error = picture.error}));
  for (const IdentifiedFace& face : picture.faces) {
    const TrackId track(++tracks_);
    VULTUS_CHECK(sink_->add(Track{track, source}));
    VULTUS_CHECK(sink_->add(Observation{track, {}, face.face}));
    const auto write = [&](const ChannelId& channel, ReadingValue value, std::string reason) {
      return sink_->add(Reading{channel, track, {}, std::move(value), std::move(reason)});
    };
    const Decision& decision = face.decision;
    const std::string nobody = face.withheld ? "withheld: " + why_not_live(face) : "the gallery is empty";
    if (decision.match)
      VULTUS_CHECK(write(kIdentitySubject, decision.match->name, ""));
    else
      VULTUS_CHECK(
          write(kIdentitySubject, std::monostate(), decision.best ? "unknown: nobody reaches the threshold" : nobody));
    if (decision.best)
      VULTUS_CHECK(write(kIdentitySimilarity, double{decision.told()->similarity.value()}, ""));
    else
      VULTUS_CHECK(write(kIdentitySimilarity, std::monostate(), nobody));
    VULTUS_CHECK(write(kIdentityThreshold, double{decision.at.threshold.value()}, ""));
    VULTUS_CHECK(write(kIdentityFmr, decision.at.false_match_rate, ""));
    const auto& told = decision.told();
    if (told && told->probability)
      VULTUS_CHECK(write(kIdentityProbability, *told->probability, ""));
    else
      VULTUS_CHECK(write(kIdentityProbability, std::monostate(), told ? "no calibration tells a probability" : nobody));
  }
  return {};
}

}  // namespace vultus::engine
