// A program of somebody else: which runtime is here, and which models could it run?
#include <array>
#include <filesystem>
#include <iostream>

#include <vultus/runtime/catalogue.hpp>
#include <vultus/runtime/network.hpp>

int main() {
  const auto backend = vultus::runtime::make_openvino_backend({});
  const auto catalogue = vultus::runtime::Catalogue::load(std::array{std::filesystem::path(MODELS)});
  if (!backend || !catalogue) return 1;
  std::cout << (*backend)->description();
  for (const auto& model : catalogue->models()) std::cout << ' ' << model.id.text();
}
