// For tests: every example of every route, against a server that has what the examples speak of.
#pragma once

#include <memory>
#include <string>

namespace vultus::engine {
class Engine;
}

namespace vultus::server::testing {

/// The pictures that stand for those of the examples.
struct ExamplePictures {
  std::string ada, ada_again, grace;
};

/// Runs them; what goes wrong is a failure of the calling test.
void run_all_examples(const ExamplePictures& pictures, const std::shared_ptr<const engine::Engine>& engine);

}  // namespace vultus::server::testing
