#include <vultus/runtime/handle.hpp>

#include <utility>

#include <vultus/core/version.hpp>

namespace vultus::runtime {

Result<ModelHandle> model_handle(const Catalogue& catalogue, const ModelStore& store,
                                 std::shared_ptr<const Backend> backend, const ModelId& id) {
  VULTUS_TRY(const ModelManifest* const manifest, catalogue.find(id));
  VULTUS_TRY(std::filesystem::path file, store.verified(*manifest));
  ModelHandle handle{std::move(backend), *manifest, std::move(file)};
  for (Trunk& trunk : handle.manifest.trunks) {
    VULTUS_TRY(const ModelManifest* const read, catalogue.find(trunk.model));
    if (!read->trunks.empty())
      return fail(ErrorCode::corrupt_data,
                  "model " + id.text() + " reads " + trunk.model.text() + ", which reads other networks itself");
    VULTUS_TRY(trunk.file, store.verified(*read).with_context("model " + id.text()));
    trunk.manifest = std::make_shared<const ModelManifest>(*read);
  }
  return handle;
}

Evidence evidence_of(std::string_view analyser, const ModelHandle* model, std::string protocol) {
  Evidence evidence;
  evidence.producer = "vultus " + std::string(kVersion) + " " + std::string(analyser);
  evidence.protocol = std::move(protocol);
  if (model == nullptr) return evidence;
  evidence.model = model->manifest.id.text();
  if (!model->manifest.files.empty()) evidence.model_sha256 = model->manifest.files.front().sha256;
  if (model->backend) evidence.backend = model->backend->description();
  return evidence;
}

}  // namespace vultus::runtime
