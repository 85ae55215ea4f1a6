// What doctor says about processor, threads and memory.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <vultus/engine/doctor.hpp>

namespace vultus::engine {
namespace {

using runtime::InferenceFacts;
using runtime::MachineFacts;
using runtime::Precision;

constexpr double kGigabyte = 1e9;
/// What `vultus identify` takes with one thread and pictures of 12 megapixels, with some room (docs/performance.md).
constexpr std::int64_t kMemoryWanted = 700'000'000;

Finding library_finding(const Result<InferenceFacts>& library) {
  Finding found{.area = "inference", .subject = "OpenVINO", .facts = {}};
  if (!library) {
    found.health = Health::problem;
    found.text = library.error().message;
    found.code = library.error().code;
    found.fix = "tools/setup runtime, then build or install again";
    return found;
  }
  std::string can;
  for (const std::string& name : library->can) can += (can.empty() ? "" : " ") + name;
  found.text = "OpenVINO " + library->version + ", device CPU: " + library->device;
  found.facts = {{"version", library->version}, {"device", library->device}, {"can", can}};
  if (!library->limited_by.empty()) {
    found.health = Health::note;
    found.text += "; held back by " + library->limited_by;
    found.fix = "unset " + library->limited_by.substr(0, library->limited_by.find('='));
    found.facts.emplace_back("limited_by", library->limited_by);
  }
  return found;
}

Finding precision_finding(const MachineFacts& machine, const InferenceFacts& library, Precision wanted) {
  Finding found{.area = "inference", .subject = "precision", .facts = {}};
  const bool can = library.has("BF16");
  const bool chosen = can && wanted != Precision::f32;
  if (wanted == Precision::bf16 && !can) {
    found.health = Health::problem;
    found.code = ErrorCode::unsupported;
    found.text = "bf16 was asked for, and this processor has no instructions for it";
    found.fix = "leave --precision out, or use --precision f32";
  } else if (chosen) {
    std::string by;
    for (const char* name : {"AMX BF16", "AVX-512 BF16", "BF16"})
      if (machine.has(name)) by += (by.empty() ? "" : " and ") + std::string(name);
    found.text = "bf16: the processor has instructions for it" + (by.empty() ? "" : " (" + by + ")");
  } else {
    found.text = wanted == Precision::f32      ? "f32, as asked for"
                 : !library.limited_by.empty() ? "f32: " + library.limited_by + " keeps instructions for bf16 away"
                                               : "f32: this processor has no instructions for bf16";
  }
  found.facts = {{"precision", std::string(chosen ? "bf16" : "f32")}};
  return found;
}

Finding processor_finding(const MachineFacts& machine) {
  Finding found{.area = "processor", .subject = machine.architecture, .facts = {}};
  std::string has;
  std::string lacks;
  for (const runtime::CpuFeature& feature : machine.features) {
    std::string& list = feature.present ? has : lacks;
    list += (list.empty() ? "" : ", ") + feature.name;
    found.facts.emplace_back(feature.name, feature.present);
  }
  found.text = (machine.processor.empty() ? "" : machine.processor + ": ") + "has " + (has.empty() ? "none" : has);
  if (!lacks.empty()) found.text += "; lacks " + lacks;
  found.text += ". Networks and searches use what is there; none of it is needed";
  if (machine.architecture == "x86_64" && !machine.has("AVX2")) {
    found.health = Health::note;
    found.text += ". Without AVX2 it works several times slower";
    found.fix = "--fast, or another machine (docs/install.md)";
  }
  return found;
}

Finding threads_finding(const MachineFacts& machine) {
  Finding found{.area = "threads", .subject = "processors", .facts = {}};
  found.text = fmt::format("{} that this process may use, one picture each", machine.processors);
  found.facts = {{"processors", std::int64_t{machine.processors}}};
  if (machine.quota) {
    found.facts.emplace_back("quota", *machine.quota);
    found.text += fmt::format("; a container allows the time of {:.2f}", *machine.quota);
    if (*machine.quota < machine.processors) {
      found.health = Health::note;
      found.fix = fmt::format("--threads {}   (more threads than that only wait for each other)",
                              std::max(1, static_cast<int>(std::floor(*machine.quota))));
    }
  }
  return found;
}

Finding memory_finding(const MachineFacts& machine) {
  Finding found{.area = "memory", .subject = "memory", .facts = {}};
  const std::int64_t most = std::min(machine.memory, machine.memory_limit.value_or(machine.memory));
  found.text = fmt::format("{:.1f} GB", static_cast<double>(most) / kGigabyte);
  if (machine.memory_limit)
    found.text += fmt::format(" that a container allows of {:.1f} GB", static_cast<double>(machine.memory) / kGigabyte);
  found.facts = {{"bytes", machine.memory}};
  if (machine.memory_limit) found.facts.emplace_back("limit_bytes", *machine.memory_limit);
  if (most > 0 && most < kMemoryWanted) {
    found.health = Health::note;
    found.text +=
        fmt::format("; {:.1f} GB are wanted for large pictures", static_cast<double>(kMemoryWanted) / kGigabyte);
    found.fix = "--threads 1 --max-megapixels 12";
  }
  return found;
}

}  // namespace

std::vector<Finding> examine_machine(const MachineFacts& machine, const Result<InferenceFacts>& library,
                                     Precision wanted) {
  std::vector<Finding> findings{library_finding(library)};
  if (library) findings.push_back(precision_finding(machine, *library, wanted));
  findings.push_back(processor_finding(machine));
  findings.push_back(threads_finding(machine));
  findings.push_back(memory_finding(machine));
  return findings;
}

}  // namespace vultus::engine
