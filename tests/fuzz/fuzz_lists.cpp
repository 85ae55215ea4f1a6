// Lists that users and data sets bring: presets (JSON), pairs of LFW, groups of people (CSV). The first byte says
// which.
#include <string>
#include <string_view>
#include <vector>

#include <vultus/engine/calibrate.hpp>
#include <vultus/engine/preset.hpp>
#include <vultus/evaluation/lfw.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::ErrorCode;
using vultus::fuzz::require;

void check_preset(std::string_view text) {
  const auto preset = vultus::engine::parse_preset(text, "fuzz");
  if (!preset) {
    require(preset.error().message.starts_with("fuzz"), "an error names the file");
    return;
  }
  require(!preset->id.empty() && !preset->models().empty(), "a preset has a name and models");
  require(preset->default_fmr > 0 && preset->default_fmr < 1, "a rate is a rate");
  const auto scale = preset->scale();
  require(scale.usual.threshold.value() >= -1 && scale.usual.threshold.value() <= 1, "a threshold is a cosine");
}

void check_pairs(std::string_view text) {
  const auto pairs = vultus::evaluation::parse_lfw_pairs(text, "fuzz");
  if (!pairs) {
    require(pairs.error().code == ErrorCode::corrupt_data || pairs.error().code == ErrorCode::resource_limit,
            "bytes are never our fault");
    return;
  }
  for (const auto& pair : pairs->pairs) {
    require(pair.first < pairs->images.size() && pair.second < pairs->images.size(), "pairs are of pictures");
    require(pair.fold >= 0 && pair.fold < pairs->folds, "pairs are of folds");
    require(pair.mated == (pairs->images[pair.first].person == pairs->images[pair.second].person),
            "a pair of one person is of one person");
  }
  for (const std::string& person : pairs->persons)
    require(!person.empty() && person != ".." && person.find('/') == std::string::npos, "a name stays in the folder");
}

void check_groups(std::string_view text) {
  const std::vector<std::string> names{"Ada", "Joe"};
  const auto groups = vultus::engine::parse_groups(text, names, "fuzz");
  if (!groups) return;
  for (const auto& grouping : *groups) {
    require(grouping.value_of.size() == names.size(), "every person has a place");
    for (const std::uint32_t value : grouping.value_of) require(value <= grouping.values.size(), "values are known");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0: check_preset(text); break;
    case 1: check_pairs(text); break;
    default: check_groups(text);
  }
  return 0;
}
