// Thresholds measured on a collection's own faces.
#include <cmath>

#include <vultus/engine/calibrate.hpp>
#include <vultus/evaluation/score_histogram.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/job_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/collections/acting_as.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr int kRetryWhenFull = 30;  // seconds

Reply list_calibrations(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  VULTUS_TRY(const auto calibrations, collection->gallery().calibrations());
  Json list = Json::array();
  for (const Calibration& one : calibrations) {
    list.push_back(calibration_record_json(one));
    list.back()["source"] = call.service.without_places(one.at.source);
  }
  return answer({{"calibrations", std::move(list)}});
}

constexpr double kCurveStep = 0.03;  // decades: closer points look the same on logarithmic axes

bool looks_other(double rate, double before) {
  if (rate <= 0 || before <= 0) return rate != before;
  return std::abs(std::log10(rate / before)) > kCurveStep;
}

/// Both rates over the thresholds, for a picture. Null where the faces have no pairs of one kind.
Json curve_json(const evaluation::PairHistograms& histograms) {
  const auto curve = evaluation::curve(histograms.mated, histograms.impostors);
  if (!curve) return nullptr;
  Json points = Json::array();
  const evaluation::ErrorRates* last = nullptr;
  for (const evaluation::ErrorRates& at : *curve) {
    const bool other = last == nullptr || looks_other(at.fmr, last->fmr) || looks_other(at.fnmr, last->fnmr);
    if (!other && &at != &curve->back()) continue;
    points.push_back({{"threshold", at.threshold}, {"fmr", at.fmr}, {"fnmr", at.fnmr}});
    last = &at;
  }
  return points;
}

/// All pairs of the collection's faces, on one thread: requests come first.
Result<Json> calibrate(Service& service, const std::string& name, const engine::CalibrateOptions& options, bool dry_run,
                       const std::stop_token& stop) {
  VULTUS_TRY(const CollectionLease collection, service.collections().use(name));
  Gallery& gallery = collection->gallery();
  VULTUS_TRY(engine::FaceSet faces, engine::faces_of_gallery(gallery));
  VULTUS_TRY(const auto result, engine::calibrate(std::move(faces), gallery,
                                                  service.faces().engine().preset().probability, {}, options, stop));
  if (!dry_run) VULTUS_CHECK(gallery.add_calibration(result.record));
  Json object = calibration_record_json(result.record);
  object["made"] = to_iso8601(service.utc_now());
  object["subjects"] = result.people;
  object["source"] = service.without_places(result.record.at.source);
  object["curve"] = curve_json(result.histograms);
  object["stored"] = !dry_run;
  object["without_probability"] = text_json(result.no_probability);
  return object;
}

Reply start_calibration(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  engine::CalibrateOptions options;
  options.fmr = call.body.at("fmr").get<double>();
  options.prior = call.body.value("prior", options.prior);
  options.seed = call.body.value("seed", options.seed);
  const bool dry_run = call.body.value("dry_run", false);
  auto job = call.service.jobs().add(
      "calibration", collection->name(),
      [&service = call.service, name = collection->name(), options, dry_run, actor = current_actor()](
          const TellProgress&, const std::stop_token& stop) -> Result<Json> {
        const ActingAs acting(actor);
        auto done = calibrate(service, name, options, dry_run, stop);
        if (!done) return fail(done.error().code, service.without_places(done.error().message));
        return done;
      },
      nullptr, JobBoard::Lane::long_work, JobTells::numbers);
  if (!job) return problem("too_many_jobs", job.error().message, kRetryWhenFull);
  return job_started(*job);
}

constexpr const char* kCalibration =
    R"({"made": "2026-02-01T10:00:00Z", "threshold": 0.4431, "fmr": 0.0001, "target": 0.0001,
        "fmr_interval": [2e-05, 0.0002], "fnmr": 0.004, "fpir": 0.01, "ece": 0.002, "impostor_pairs": 499500,
        "mated_pairs": 1200, "subjects": 1000, "source": "leave one subject out"})";

}  // namespace

std::vector<Operation> calibration_operations() {
  Route listing{.method = Method::get,
                .path = "/v1/collections/{collection}/calibrations",
                .operation = "listCalibrations",
                .tag = "calibration",
                .summary = "What was measured on a collection",
                .description = "Oldest first; the newest one decides.",
                .scope = Scope::read,
                .parameters = {collection_parameter()},
                .response_schema = schema_ref("CalibrationList"),
                .problems = {"collection_not_found", "collection_not_usable"},
                .examples = {{"one", "", std::string(R"({"calibrations": [)") + kCalibration + "]}"}}};
  Route starting{
      .method = Method::post,
      .path = "/v1/collections/{collection}/calibrations",
      .operation = "calibrate",
      .tag = "calibration",
      .summary = "Measure the threshold on the collection's own faces",
      .description =
          "A job: every face is compared with every other. It fails where the faces cannot show the "
          "rate, and tells how many pairs it needs. What it measures decides from then on, unless it is a `dry_run`. "
          "Its `result` has the member `curve`, thresholds rising: {threshold, fmr, fnmr} holds up to its "
          "threshold, and above the last one nothing matches. Null without pairs of one person.",
      .scope = Scope::admin,
      .parameters = {collection_parameter(), idempotency_parameter(), purpose_parameter()},
      .request_type = kJsonBody,
      .request_schema = schema_ref("CalibrationRequest"),
      .success = 202,
      .response_schema = schema_ref("Job"),
      .response_headers = {"Location"},
      .problems = {"collection_not_found", "collection_not_usable", "too_many_jobs"},
      .examples = {{"one false match in ten", R"({"fmr": 0.1})", kExampleJob}}};
  return {{std::move(listing), &list_calibrations}, {std::move(starting), &start_calibration}};
}

}  // namespace vultus::server
