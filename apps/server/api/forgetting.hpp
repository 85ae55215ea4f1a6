// People who go, with what the server keeps of them outside of their collection: events, answers, results of jobs.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>

#include <apps/server/collections/collections.hpp>

namespace vultus::server {

class Service;

/// Forgets people outside of their collection. May be repeated.
Status forget_people(Service& service, const std::string& collection, std::span<const SubjectId> people);

/// Carries out what removes people, who are forgotten before it, so that nobody is gone where that fails and the caller
/// can ask again, and after it, because others may have been told of them in between. Collection::changing() is held.
/// @param remove  returns a Result
template <class Remove>
auto remove_forgetting(Service& service, const Collection& collection, std::span<const SubjectId> people,
                       const Remove& remove) -> decltype(remove()) {
  VULTUS_CHECK(forget_people(service, collection.name(), people));
  auto removed = remove();
  if (removed) VULTUS_CHECK(forget_people(service, collection.name(), people));
  return removed;
}

/// Removes people so. Collection::changing() is held. @return how many faces went with them
Result<std::int64_t> remove_people(Service& service, Collection& collection, std::span<const SubjectId> people);

}  // namespace vultus::server
