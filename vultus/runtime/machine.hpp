// The machine that networks run on: processor, how many of its cores and how much memory this process may use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::runtime {

/// Instructions of a processor that matter for networks.
struct CpuFeature {
  std::string name;      ///< as in the processor's papers, for example "AVX-512 BF16"
  bool present = false;  ///< the processor has it and the system keeps its registers
  std::string use;       ///< for people: what it is good for
  bool operator==(const CpuFeature&) const = default;
};

/// What this process may use.
struct MachineFacts {
  std::string architecture;                  ///< for example "x86_64"
  std::string processor;                     ///< its name; empty = not told
  std::vector<CpuFeature> features;          ///< in rising order of what they bring
  int processors = 1;                        ///< that this process may run on
  std::optional<double> quota;               ///< processors' worth of time that a container allows; empty = no limit
  std::int64_t memory = 0;                   ///< bytes in the machine; 0 = not told
  std::optional<std::int64_t> memory_limit;  ///< bytes that a container allows; empty = no limit

  /// Whether a feature of this name is there.
  [[nodiscard]] bool has(std::string_view feature) const;
};

/// Looks at the processor itself, at /proc and at the control groups of version 1 and 2.
/// @param root  where /proc and /sys are looked for; another folder than / in tests
/// @return what could be found out; what is not told stays empty
/// @thread safe, no state
[[nodiscard]] MachineFacts machine_facts(const std::filesystem::path& root = "/");

/// The inference library and what it can do here.
struct InferenceFacts {
  std::string version;           ///< for example "2026.4.1"
  std::string device;            ///< the processor as the library names it
  std::vector<std::string> can;  ///< kinds of arithmetic as the library names them, for example "BF16"
  std::string limited_by;        ///< a setting from outside that keeps instructions away, NAME=VALUE; empty = none

  /// Whether a kind of arithmetic is run by instructions of its own.
  [[nodiscard]] bool has(std::string_view arithmetic) const;
};

/// Asks OpenVINO about its CPU device.
/// @error internal  the library or its CPU plug-in cannot be loaded
/// @thread safe
[[nodiscard]] Result<InferenceFacts> inference_facts();

}  // namespace vultus::runtime
