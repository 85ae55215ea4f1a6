#include <apps/server/http/router.hpp>

#include <algorithm>
#include <optional>

#include <apps/server/http/percent.hpp>

namespace vultus::server {
namespace {

using Pattern = std::vector<PathSegment>;
using Segments = std::vector<std::string_view>;

// What stands between the slashes of a path that begins with one: "/" has one empty segment.
Segments path_segments(std::string_view path) {
  Segments segments;
  if (path.empty() || path.front() != '/') return segments;
  do {
    path.remove_prefix(1);
    segments.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(segments.back().size());
  } while (!path.empty());
  return segments;
}

std::optional<PathSegment> parse_path_segment(std::string_view text) {
  using Kind = PathSegment::Kind;
  const bool braced = text.size() >= 2 && text.front() == '{' && text.back() == '}';
  if (braced) text = text.substr(1, text.size() - 2);
  if (text.find_first_of("{}%") != std::string_view::npos || (braced && text.empty())) return std::nullopt;
  if (!braced) return PathSegment{Kind::literal, std::string(text)};
  if (!text.ends_with("...")) return PathSegment{Kind::value, std::string(text)};
  text.remove_suffix(3);
  if (text.empty()) return std::nullopt;
  return PathSegment{Kind::rest, std::string(text)};
}

std::optional<Pattern> parse_path_template(std::string_view path) {
  const Segments segments = path_segments(path);
  if (segments.empty()) return std::nullopt;
  Pattern pattern;
  for (const std::string_view text : segments) {
    const bool after_rest = !pattern.empty() && pattern.back().kind == PathSegment::Kind::rest;
    auto segment = parse_path_segment(text);
    if (after_rest || !segment) return std::nullopt;
    pattern.push_back(*std::move(segment));
  }
  return pattern;
}

bool is_same_shape(const Pattern& a, const Pattern& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const PathSegment& x, const PathSegment& y) {
    return x.kind == y.kind && (x.kind != PathSegment::Kind::literal || x.text == y.text);
  });
}

bool fits_pattern(const Pattern& pattern, const std::vector<std::string>& segments) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].kind == PathSegment::Kind::rest) return true;
    if (i >= segments.size()) return false;
    if (pattern[i].kind == PathSegment::Kind::literal ? pattern[i].text != segments[i] : segments[i].empty())
      return false;
  }
  return pattern.size() == segments.size();
}

// Whether the first of two patterns that both fit says more: a literal before a value before the rest, from the left.
bool is_more_exact(const Pattern& a, const Pattern& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](const PathSegment& x, const PathSegment& y) { return x.kind < y.kind; });
}

void fill_path_values(const Pattern& pattern, const std::vector<std::string>& segments, Request& request) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].kind == PathSegment::Kind::literal) continue;
    std::string value = i < segments.size() ? segments[i] : std::string();
    if (pattern[i].kind == PathSegment::Kind::rest)
      for (std::size_t k = i + 1; k < segments.size(); ++k) value += '/' + segments[k];
    request.path_values.emplace_back(pattern[i].text, std::move(value));
  }
}

std::string allowed_methods(const std::vector<const Route*>& fitting) {
  std::string list;
  for (const Route* route : fitting) {
    list += std::string(name_of(route->method)) + ", ";
    if (route->method == Method::get) list += "HEAD, ";
  }
  return list + "OPTIONS";
}

Router::Match refused_match(const Problem& problem, std::string_view code, const Request& request) {
  return {nullptr, problem_response(problem, request.id), code};
}

Router::Match unmatched_path(const std::vector<const Route*>& fitting, const Request& request) {
  if (fitting.empty())
    return refused_match({404, "path_not_found", "Nothing is served under this path", request.path, {}},
                         "path_not_found", request);
  Router::Match match;
  if (request.method == Method::options)
    match.refusal.status = 204;
  else
    match = refused_match({405,
                           "method_not_allowed",
                           "This path does not know the method",
                           std::string(name_of(request.method)) + " " + request.path,
                           {}},
                          "method_not_allowed", request);
  match.refusal.headers.set("Allow", allowed_methods(fitting));
  return match;
}

}  // namespace

Status Router::add(Route route) {
  const std::string name = std::string(name_of(route.method)) + " " + route.path;
  if (route.method == Method::head || route.method == Method::options || route.method == Method::trace)
    return fail(ErrorCode::invalid_argument, name + ": the router answers HEAD, OPTIONS and TRACE by itself");
  auto pattern = parse_path_template(route.path);
  if (!pattern) return fail(ErrorCode::invalid_argument, name + ": is no template of a path");
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (routes_[i].method == route.method && is_same_shape(patterns_[i], *pattern))
      return fail(ErrorCode::invalid_argument, name + ": is there already, as " + routes_[i].path);
    if (!route.operation.empty() && routes_[i].operation == route.operation)
      return fail(ErrorCode::invalid_argument, name + ": operation " + route.operation + " is that of " +
                                                   std::string(name_of(routes_[i].method)) + " " + routes_[i].path);
  }
  patterns_.push_back(*std::move(pattern));
  routes_.push_back(std::move(route));
  return {};
}

Router::Match Router::match(Request& request) const {
  std::vector<std::string> segments;
  for (const std::string_view text : path_segments(request.path)) {
    auto decoded = percent_decoded(text);
    if (!decoded)
      return refused_match({400, "path_not_decodable", "The path is not percent-encoded UTF-8", {}, {}},
                           "path_not_decodable", request);
    segments.push_back(*std::move(decoded));
  }
  // Among the patterns that fit, the most exact one decides, for every method alike.
  const Pattern* best = nullptr;
  for (const Pattern& pattern : patterns_)
    if (fits_pattern(pattern, segments) && (best == nullptr || is_more_exact(pattern, *best))) best = &pattern;
  std::vector<const Route*> fitting;
  const Method wanted = request.method == Method::head ? Method::get : request.method;
  for (std::size_t i = 0; best != nullptr && i < routes_.size(); ++i) {
    if (!is_same_shape(patterns_[i], *best)) continue;
    fitting.push_back(&routes_[i]);
    if (routes_[i].method != wanted) continue;
    request.path_values.clear();
    fill_path_values(patterns_[i], segments, request);
    return {&routes_[i], {}, {}};
  }
  return unmatched_path(fitting, request);
}

}  // namespace vultus::server
