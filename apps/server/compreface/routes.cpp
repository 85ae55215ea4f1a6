// The table of routes under /api/v1.
#include <array>
#include <map>
#include <set>

#include <apps/server/compreface/front.hpp>

namespace vultus::server {
namespace {

using compreface::Row;

constexpr std::array kRoutedMethods{Method::get, Method::post, Method::put, Method::patch, Method::del};

/// Where names of values do not count.
std::string shape_of(const std::string& path) {
  std::string shape;
  bool inside = false;
  for (const char letter : path) {
    if (letter == '}') inside = false;
    if (!inside) shape += letter;
    if (letter == '{') inside = true;
  }
  return shape;
}

}  // namespace

Status add_compreface_routes(Router& router, Service& service) {
  std::vector<Row> rows;
  for (const auto& of_a_topic :
       {&compreface::subject_rows, &compreface::face_rows, &compreface::recognition_rows, &compreface::detection_rows,
        &compreface::verification_rows, &compreface::embedding_rows, &compreface::system_rows})
    for (Row& row : of_a_topic()) rows.push_back(std::move(row));
  std::map<std::string, std::pair<std::string, std::set<Method>>> known;
  for (const Row& row : rows) {
    auto& [path, methods] = known[shape_of(row.path)];
    path = row.path;
    methods.insert(row.method);
    VULTUS_CHECK(router.add(compreface::route_of(row, service)));
    // The original answers with a slash at the end as without.
    Row slashed = row;
    slashed.path += "/";
    Route route = compreface::route_of(std::move(slashed), service);
    route.operation.clear();  // for the router; log and counters see the same one
    VULTUS_CHECK(router.add(std::move(route)));
  }
  known["/{...}"].first = "/{rest...}";
  for (const auto& [shape, place] : known)
    for (const Method method : kRoutedMethods) {
      if (place.second.contains(method)) continue;
      VULTUS_CHECK(router.add(compreface::nothing_here(method, place.first, service)));
      if (!place.first.ends_with("...}"))
        VULTUS_CHECK(router.add(compreface::nothing_here(method, place.first + "/", service)));
    }
  return {};
}

}  // namespace vultus::server
