#include <vultus/learn/training/systems/run_options.hpp>

#include <array>
#include <charconv>

#include <vultus/runtime/sha256.hpp>

namespace vultus::learn {

RunIdentity& RunIdentity::add(const std::string& name, const std::string& value) {
  text_ += "\n" + name + " " + value;
  return *this;
}

RunIdentity& RunIdentity::add(const std::string& name, double value) {
  std::array<char, 64> digits{};
  const auto [end, failed] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return add(name, failed == std::errc() ? std::string(digits.data(), end) : "?");
}

Result<LoopOptions> options_of(const TrainingRun& run, const std::string& name, RunIdentity identity, int epochs) {
  VULTUS_TRY(const std::string data, runtime::sha256_of_file(run.data));
  identity.add("data", data);
  if (run.tested.empty()) {
    identity.add("test_share", run.test_share);
  } else {
    VULTUS_TRY(const std::string tested, runtime::sha256_of_file(run.tested));
    identity.add("tested", tested);
  }
  identity.add("epochs", epochs).add("batch", run.batch).add("rate", run.learning_rate);
  identity.add("seed", std::to_string(run.seed)).add("shuffled", run.shuffle_labels ? 1 : 0);
  return LoopOptions{.name = name,
                     .identity = identity.text(),
                     .epochs = epochs,
                     .batch = run.batch,
                     .learning_rate = run.learning_rate,
                     .weight_decay = 0.05,
                     .clip = 1,
                     .seed = run.seed};
}

}  // namespace vultus::learn
