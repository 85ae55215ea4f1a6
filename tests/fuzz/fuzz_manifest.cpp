// Any bytes as a manifest: an error with a message, or a manifest whose promises hold.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <vultus/runtime/manifest.hpp>

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

void check(const vultus::runtime::ModelManifest& model) {
  using vultus::runtime::Registry;
  require(!model.id.empty() && model.id.text().find('/') == std::string::npos);
  require(!model.files.empty() && !model.outputs.empty());
  for (const auto& file : model.files) {
    require(file.path.find('\0') == std::string::npos && !file.path.ends_with("/.."));
    require(!file.path.empty() && file.sha256.size() == 64 && file.bytes > 0 && file.offset >= 0);
    require(!file.end || *file.end - file.offset == file.bytes);
  }
  require(model.input.batch() >= 1 && model.input.batch() <= 64 && model.task.size() <= 200);
  require(model.input.shape.size() == 4 && model.input.width() > 0 && model.input.height() > 0);
  require(static_cast<int>(model.input.mean.size()) == model.input.channels());
  require(static_cast<int>(model.input.scale.size()) == model.input.channels());
  for (const float s : model.input.scale) require(s != 0 && std::isfinite(s));
  if (model.source.registry == Registry::local) return;
  require(is_package_name(model.source.registry, model.source.package));
  require(model.source.package.front() != '-' && model.source.package.find("..") == std::string::npos);
  require(model.source.package.find_first_of(" :;$`\n") == std::string::npos);
  require(model.source.archive_bytes > 0 && model.source.archive_sha256.size() == 64);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto model = vultus::runtime::parse_manifest({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (model)
    check(*model);
  else
    require(!model.error().message.empty());
  return 0;
}
