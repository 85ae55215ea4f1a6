#include <vultus/engine/analyser_catalogue.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <vultus/engine/body_analysers.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/expression/analysers.hpp>
#include <vultus/liveness/analyser.hpp>

namespace vultus::engine {
namespace {

/// An analyser of faces, made with the networks of an engine.
AnalyserRow row_of(const expression::AnalyserRow& row) {
  std::vector<ModelId> models;
  for (const std::string_view model : row.models) models.emplace_back(std::string(model));
  return {.cost = row.models.empty() ? AnalyserCost::light : AnalyserCost::network,
          .by_default = row.by_default,
          .models = std::move(models),
          .info = [&row] { return expression::declared(row); },
          .make =
              [&row](const Engine& engine, const AnalyserGivens& givens) {
                return row.make({.model = [&engine](const ModelId& id) { return engine.model(id); },
                                 .camera = givens.camera,
                                 .baseline = givens.baseline,
                                 .learnt = givens.learnt});
              }};
}

AnalyserRow liveness_row() {
  std::vector<ModelId> models;
  models.reserve(liveness::kPassiveModels.size());
  for (const std::string_view model : liveness::kPassiveModels) models.emplace_back(std::string(model));
  return {.cost = AnalyserCost::network,
          .by_default = false,
          .models = std::move(models),
          .info = [] { return liveness::declared_liveness(); },
          .make =
              [](const Engine& engine, const AnalyserGivens&) {
                return liveness::make_liveness([&engine](const ModelId& id) { return engine.model(id); });
              }};
}

}  // namespace

std::span<const AnalyserRow> analyser_catalogue() {
  static const std::vector<AnalyserRow> kRows = [] {
    std::vector<AnalyserRow> rows;
    for (const expression::AnalyserRow& row : expression::face_analysers()) rows.push_back(row_of(row));
    rows.push_back(liveness_row());
    std::vector<AnalyserRow> body = body_analyser_rows();
    for (AnalyserRow& row : body) rows.push_back(std::move(row));
    return rows;
  }();
  return kRows;
}

std::vector<std::string> leave_out(std::span<const AnalyserRow> catalogue, std::vector<std::size_t>& plan,
                                   const std::function<Status(const ModelId&)>& may_run) {
  std::vector<std::string> told;
  std::string readers;
  std::set<ChannelId> missing;
  std::erase_if(plan, [&](std::size_t at) {
    const AnalyserInfo info = catalogue[at].info();
    const auto gone = [&](const ChannelId& channel) { return missing.contains(channel); };
    const bool unread = std::ranges::any_of(info.reads, gone);
    bool out = unread;
    const std::size_t before = told.size();
    for (const ModelId& id : catalogue[at].models)
      if (const Status may = may_run(id); !may) {
        out = true;
        told.push_back(info.id + " is not measured: " + may.error().message);
      }
    if (unread && told.size() == before) readers += (readers.empty() ? "" : ", ") + info.id;
    if (out)
      for (const ChannelDeclaration& channel : info.writes) missing.insert(channel.id);
    return out;
  });
  if (!readers.empty()) told.push_back("not measured because they read what is not there: " + readers);
  return told;
}

std::vector<std::string> leave_out_unfetched(std::span<const AnalyserRow> catalogue, const Engine& engine,
                                             std::vector<std::size_t>& plan) {
  return leave_out(catalogue, plan, [&engine](const ModelId& id) -> Status {
    const auto model = engine.model(id);
    return model ? Status() : Status(model.error());
  });
}

Status require_all(std::span<const AnalyserRow> catalogue, std::span<const std::size_t> plan,
                   const std::function<Status(const ModelId&)>& may_run) {
  for (const std::size_t at : plan)
    for (const ModelId& id : catalogue[at].models)
      VULTUS_CHECK(may_run(id).with_context("analyser " + catalogue[at].info().id));
  return {};
}

std::string_view name_of(AnalyserCost cost) {
  static constexpr std::array<std::string_view, 3> kNames{"light", "pixels", "network"};
  return kNames[static_cast<std::size_t>(cost)];
}

}  // namespace vultus::engine
