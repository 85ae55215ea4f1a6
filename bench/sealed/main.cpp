// Times encrypted search: one JSON object. What `vultus sealed bench` runs, without the networks.
//   bench_sealed ROWS ROUNDS [gmp] [--scheme NAME]
#include <cstdio>
#include <string>

#include <nlohmann/json.hpp>

#include <bench/whole_number.hpp>
#include <vultus/sealed/benchmark.hpp>

#include <apps/cli/sealed_report.hpp>

int main(int count, char** arguments) {
  vultus::sealed::BenchmarkOptions options;
  if (count > 1) options.rows = vultus::bench::whole_number("ROWS", arguments[1]);
  if (count > 2) options.rounds = vultus::bench::whole_number("ROUNDS", arguments[2]);
  for (int i = 3; i < count; ++i) {
    const std::string word = arguments[i];
    if (word == "gmp") {
      options.compute.instructions = vultus::sealed::Instructions::gmp;
    } else if (const auto scheme = vultus::sealed::scheme_of(word)) {
      options.kind.scheme = *scheme;
      if (*scheme == vultus::sealed::Scheme::damgard_jurik) options.kind.s = 2;
    }
  }
  const auto report = vultus::sealed::run_benchmark(options);
  if (!report) {
    std::fprintf(stderr, "%s\n", report.error().message.c_str());
    return 1;
  }
  std::printf("%s\n", vultus::cli::sealed_report_json(options, *report).dump().c_str());
  return report->equal ? 0 : 1;
}
