#include <apps/server/faces/face_service.hpp>

#include <span>
#include <utility>

namespace vultus::server {

Result<std::unique_ptr<FaceService>> FaceService::make(std::shared_ptr<const engine::Engine> engine,
                                                       const FaceLimits& limits) {
  VULTUS_TRY(auto pool, LookerPool::make(*engine, limits));
  return std::unique_ptr<FaceService>(new FaceService(std::move(engine), limits, std::move(pool)));
}

Result<engine::SeenPicture> FaceService::look(std::string_view bytes, const std::string& name, const LookWanted& wanted,
                                              const std::stop_token& stop) {
  if (bytes.size() > limits_.decode.max_bytes)
    return engine::SeenPicture{
        .path = name,
        .error = fail(ErrorCode::resource_limit, name + ": " + std::to_string(bytes.size()) + " bytes, at most " +
                                                     std::to_string(limits_.decode.max_bytes) + " are allowed")};
  const engine::LookOptions options{.depth = wanted.depth,
                                    .limits = limits_.decode,
                                    .hash = wanted.for_enrolment,
                                    .thumbnails = wanted.for_enrolment,
                                    .thumbnail_kind = engine::ThumbnailKind::re_embed,
                                    .quality = wanted.quality || wanted.for_enrolment,
                                    .liveness = wanted.liveness};
  VULTUS_TRY(LookerPool::Loan looker, pool_->borrow(stop));
  return guarded("looking at a picture", [&]() -> Result<engine::SeenPicture> {
    return (*looker).look({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, name, options);
  });
}

}  // namespace vultus::server
