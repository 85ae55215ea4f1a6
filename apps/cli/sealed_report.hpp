// The report of encrypted search's benchmark as JSON: of `vultus sealed bench` and of bench/sealed.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <vultus/sealed/benchmark.hpp>

namespace vultus::cli {

/// The middle one.
inline double middle(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Medians over the rounds of what two steps take together, in ms: by the clock and of the processor.
inline nlohmann::ordered_json together_ms(const std::vector<sealed::Timing>& a, const std::vector<sealed::Timing>& b) {
  std::vector<double> wall, processor;
  for (std::size_t i = 0; i < a.size(); ++i) {
    wall.push_back((a[i].wall + b[i].wall) * 1e3);
    processor.push_back((a[i].processor + b[i].processor) * 1e3);
  }
  return {{"wall", middle(wall)}, {"processor", middle(processor)}};
}

inline nlohmann::ordered_json time_ms(const sealed::Timing& time) {
  return {{"wall", time.wall * 1e3}, {"processor", time.processor * 1e3}};
}

inline nlohmann::ordered_json sealed_report_json(const sealed::BenchmarkOptions& options,
                                                 const sealed::BenchmarkReport& report) {
  nlohmann::ordered_json object;
  object["scheme"] = std::string(name_of(options.kind.scheme));
  object["bits"] = options.kind.bits;
  object["s"] = options.kind.s;
  object["arithmetic"] = report.arithmetic;
  object["threads"] = options.compute.threads;
  object["rows"] = options.rows;
  object["dimension"] = options.dimension;
  object["sealed_scale"] = options.precision.sealed;
  object["plain_scale"] = options.precision.plain;
  object["slot_bits"] = report.layout.slot_bits;
  object["slots"] = report.layout.slots;
  object["packs"] = report.packs;
  object["ciphertext_bytes"] = report.ciphertext_bytes;
  object["gallery_bytes"] = report.gallery_bytes;
  object["data"] = "planted";
  object["seed"] = options.seed;
  object["rounds"] = options.rounds;
  object["equal_to_plain"] = report.equal;
  auto& ms = object["ms"];
  ms["make_key"] = time_ms(report.make_key);
  ms["enrol_first"] = time_ms(report.enrol_first);
  ms["enrol_one"] = time_ms(report.enrol_one);
  ms["stock"] = time_ms(report.stock);
  ms["enrol_stocked"] = time_ms(report.enrol_stocked);
  ms["enrol_rest"] = time_ms(report.enrol_rest);
  ms["open_gallery"] = time_ms(report.open_gallery);
  ms["prepare"] = time_ms(report.prepare);
  ms["search"] = together_ms(report.search, std::vector<sealed::Timing>(report.search.size()));
  ms["answer"] = together_ms(report.answer, std::vector<sealed::Timing>(report.answer.size()));
  ms["one_to_all"] = together_ms(report.search, report.answer);
  ms["one_to_one"] = together_ms(report.compare, report.verdict);
  auto& us = object["us_per_comparison"];
  for (const char* const clock : {"wall", "processor"})
    us[clock] = ms["one_to_all"][clock].get<double>() * 1e3 / options.rows;
  return object;
}

}  // namespace vultus::cli
