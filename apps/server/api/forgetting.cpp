#include <apps/server/api/forgetting.hpp>

#include <apps/server/live/live.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {

Status forget_people(Service& service, const std::string& collection, std::span<const SubjectId> people) {
  VULTUS_CHECK(service.forget_told(collection));
  return service.live().forget(collection, people);
}

Result<std::int64_t> remove_people(Service& service, Collection& collection, std::span<const SubjectId> people) {
  return remove_forgetting(service, collection, people, [&]() -> Result<std::int64_t> {
    std::int64_t faces = 0;
    for (const SubjectId one : people) {
      VULTUS_TRY(const Removal removal, collection.gallery().remove(one));
      faces += removal.faces;
    }
    return faces;
  });
}

}  // namespace vultus::server
