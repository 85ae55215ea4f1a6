#include <vultus/engine/frequency_audit.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/audit_people.hpp>
#include <vultus/engine/ordered_work.hpp>
#include <vultus/engine/picture_decoder.hpp>
#include <vultus/engine/recogniser_audit.hpp>
#include <vultus/engine/table_file.hpp>
#include <vultus/face/align.hpp>
#include <vultus/face/prominence.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {
namespace {

constexpr double kMostTemplateBytes = 4.0 * 1024 * 1024 * 1024;

Status check_memory(const Engine& engine, const FrequencyAuditPlan& plan, std::size_t pictures) {
  const double bytes = static_cast<double>(pictures) * (plan.bands + 1) * engine.dimension() * sizeof(float);
  if (bytes > kMostTemplateBytes)
    return fail(ErrorCode::resource_limit,
                fmt::format("{} pictures without each of {} bands make templates of {:.1f} GiB, the limit is 4: fewer "
                            "pictures or bands",
                            pictures, plan.bands, bytes / (1024.0 * 1024 * 1024)));
  return {};
}

/// Keeps the first pictures of each person. @return how many were left out
std::int64_t keep_first(AuditList& list, int most) {
  std::map<std::string, int> seen;
  return static_cast<std::int64_t>(
      std::erase_if(list.pictures, [&](const AuditPicture& picture) { return ++seen[picture.person] > most; }));
}

/// The main face of a picture; empty where there is none.
Result<std::optional<audit::BandTemplates>> look_without_bands(FaceParts& parts, const audit::FrequencyBands& bands,
                                                               ImageView picture) {
  VULTUS_TRY(const std::vector<FaceObservation> faces, parts.finder.find(picture));
  if (faces.empty()) return std::optional<audit::BandTemplates>();
  const FaceObservation& main = face::most_prominent(faces, picture.width, picture.height);
  VULTUS_TRY(const Image crop, face::align(picture, main.keypoints));
  // By keypoints instead of as a crop, because an embedder of several networks takes no crops. The keypoints of the
  // template stand where they are in every crop, so that its pixels are taken as they are.
  VULTUS_TRY(auto made, audit::band_templates(bands, crop.view(), [&](ImageView masked) {
               return parts.embedder.embed(masked, face::kTemplate);
             }));
  return std::optional(std::move(made));
}

using TemplatesOfPictures = std::vector<std::optional<audit::BandTemplates>>;

/// What a thread needs to look at pictures.
struct BandWorker {
  FaceParts parts;
  media::Decoder decoder;
  media::Picture picture;
};

Result<TemplatesOfPictures> look_at_all_without_bands(const Engine& engine, const AuditList& list,
                                                      const audit::FrequencyBands& bands,
                                                      const std::function<void(std::size_t, std::size_t)>& progress,
                                                      const std::stop_token& stop) {
  using Found = std::optional<audit::BandTemplates>;
  TemplatesOfPictures all;
  const std::size_t count = list.pictures.size();
  const Status looked = in_order<Result<Found>>(
      count, engine.threads(),
      [&]() -> Result<BandWorker> {
        VULTUS_TRY(FaceParts parts, engine.make_parts());
        VULTUS_TRY(media::Decoder decoder, make_decoder(engine));
        return BandWorker{std::move(parts), std::move(decoder), {}};
      },
      [&](BandWorker& worker, std::size_t i) -> Result<Found> {
        const std::string& path = list.pictures[i].path;
        VULTUS_CHECK(worker.decoder.read(path, {}, worker.picture));
        return look_without_bands(worker.parts, bands, worker.picture.image.view()).with_context(path);
      },
      [&](Result<Found> found) -> Status {
        if (!found) return found.error();
        all.push_back(*std::move(found));
        if (progress) progress(all.size(), count);
        return {};
      },
      stop);
  if (!looked && looked.error().code == ErrorCode::cancelled)
    return fail(ErrorCode::cancelled, "stopped while looking at pictures without bands");
  if (!looked) return looked.error();
  return all;
}

/// Pictures with a face, and whose they are.
struct FrequencyPeople {
  std::vector<std::vector<audit::BandTemplates>> people;
  std::vector<std::size_t> picture_of;
  std::vector<std::uint32_t> person_of;
};

FrequencyPeople frequency_people_of(const AuditList& list, TemplatesOfPictures templates) {
  FrequencyPeople all;
  std::map<std::string, std::uint32_t> numbers;
  for (std::size_t i = 0; i < templates.size(); ++i) {
    if (!templates[i]) continue;
    const auto [at, is_new] = numbers.emplace(list.pictures[i].person, static_cast<std::uint32_t>(numbers.size()));
    if (is_new) all.people.emplace_back();
    all.people[at->second].push_back(*std::move(templates[i]));
    all.picture_of.push_back(i);
    all.person_of.push_back(at->second);
  }
  return all;
}

std::vector<BandFacts> facts_of(const audit::FrequencyBands& bands, const FrequencyPeople& all) {
  std::vector<BandFacts> facts;
  const auto pictures = static_cast<double>(all.picture_of.size());
  for (int band = 0; band < bands.options().bands; ++band) {
    BandFacts one{.from = bands.lowest(band), .to = bands.lowest(band + 1)};
    for (const auto& person : all.people)
      for (const audit::BandTemplates& picture : person) {
        one.energy += picture.energy[static_cast<std::size_t>(band)] / pictures;
        one.clipped += picture.clipped[static_cast<std::size_t>(band)] / pictures;
      }
    facts.push_back(one);
  }
  return facts;
}

std::string why_nothing(audit::FrequencyPairs pairs) {
  switch (pairs) {
    case audit::FrequencyPairs::mated: return "no person in a group has two pictures with a face";
    case audit::FrequencyPairs::strangers: return "no group has two people";
    case audit::FrequencyPairs::self: break;
  }
  return "nobody is in a group";
}

Result<AttributeFrequencies> audit_column(const FrequencyAuditPlan& plan, const AuditList& list, std::size_t column,
                                          const FrequencyPeople& all, const std::stop_token& stop) {
  const PersonValues values = values_of_persons(list, all.picture_of, all.person_of, all.people.size(), column);
  std::vector<std::optional<std::uint32_t>> group_of;
  for (const std::uint32_t group : values.group_of)
    group_of.push_back(group < values.names.size() ? std::optional(group) : std::nullopt);
  AttributeFrequencies result{.attribute = list.columns[column], .kinds = {}, .persons_left_out = values.left_out};
  for (const auto pairs :
       {audit::FrequencyPairs::mated, audit::FrequencyPairs::strangers, audit::FrequencyPairs::self}) {
    FrequencyKind kind{.pairs = pairs, .audit = std::nullopt, .reason = {}};
    VULTUS_TRY(const auto units,
               audit::frequency_units(
                   all.people, group_of, pairs,
                   {.masked = plan.masked, .directed = plan.directed, .seed = plan.options.bootstrap.seed}));
    if (units.empty()) {
      kind.reason = why_nothing(pairs);
    } else {
      VULTUS_TRY(kind.audit, audit::audit_frequency(units, values.names, plan.options, stop));
    }
    result.kinds.push_back(std::move(kind));
  }
  return result;
}

}  // namespace

std::string_view name_of(audit::FrequencyPairs pairs) {
  switch (pairs) {
    case audit::FrequencyPairs::mated: return "mated";
    case audit::FrequencyPairs::strangers: return "strangers";
    case audit::FrequencyPairs::self: break;
  }
  return "self";
}

Result<FrequencyAuditRun> run_frequency_audit(const Engine& engine, const FrequencyAuditPlan& plan,
                                              const std::function<void(std::size_t, std::size_t)>& progress,
                                              const std::stop_token& stop) {
  if (plan.pictures < 1 || plan.pictures > 100)
    return fail(ErrorCode::invalid_argument, fmt::format("{} pictures of a person: 1 to 100", plan.pictures));
  VULTUS_TRY(
      const audit::FrequencyBands bands,
      audit::FrequencyBands::make({.side = face::kTemplateSide, .bands = plan.bands, .remove_mean = plan.remove_mean}));
  VULTUS_TRY(const TableFile table, read_table(plan.attributes));
  VULTUS_TRY(const auto present, pictures_of_subjects(table.table, plan.folder));
  const RecogniserAuditPlan joined{
      .folder = plan.folder, .attributes = plan.attributes, .columns = plan.columns, .options = {}};
  VULTUS_TRY(AuditList list, audit_list(table.table, joined, present));
  FrequencyAuditRun run{.plan = plan, .bands = {}, .attributes = {}, .attributes_sha256 = table.sha256};
  run.not_looked_at = keep_first(list, plan.pictures);
  VULTUS_CHECK(check_memory(engine, plan, list.pictures.size()));
  const auto start = std::chrono::steady_clock::now();
  VULTUS_TRY(auto templates, look_at_all_without_bands(engine, list, bands, progress, stop));
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const FrequencyPeople all = frequency_people_of(list, std::move(templates));
  run.pictures = static_cast<std::int64_t>(list.pictures.size());
  run.persons = static_cast<std::int64_t>(all.people.size());
  run.without_face = run.pictures - static_cast<std::int64_t>(all.picture_of.size());
  run.not_listed = list.not_there;
  if (all.people.empty())
    return fail(ErrorCode::invalid_argument,
                fmt::format("{}: no face in any of {} pictures", plan.folder, list.pictures.size()));
  run.bands = facts_of(bands, all);
  for (std::size_t column = 0; column < list.columns.size(); ++column) {
    VULTUS_TRY(auto one, audit_column(plan, list, column, all, stop).with_context(list.columns[column]));
    run.attributes.push_back(std::move(one));
  }
  return run;
}

}  // namespace vultus::engine
