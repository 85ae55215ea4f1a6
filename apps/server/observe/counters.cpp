#include <apps/server/observe/counters.hpp>

#include <fmt/format.h>

#include <vultus/core/version.hpp>

namespace vultus::server {
namespace {

void add_family(std::string& text, std::string_view name, std::string_view type, std::string_view help) {
  text += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

template <class Number>
void add_single(std::string& text, std::string_view name, std::string_view type, std::string_view help, Number value) {
  add_family(text, name, type, help);
  text += fmt::format("{} {}\n", name, value);
}

}  // namespace

void Counters::answered(std::string_view operation, int status, double seconds) {
  const std::scoped_lock lock(lock_);
  ++requests_[{std::string(operation), status}];
  Timing& timing = timings_[std::string(operation)];
  for (std::size_t i = 0; i < kSecondsUpTo.size(); ++i)
    if (seconds <= kSecondsUpTo[i]) ++timing.up_to[i];
  ++timing.count;
  timing.sum += seconds;
}

void Counters::looked(std::size_t pictures, std::size_t faces) {
  const std::scoped_lock lock(lock_);
  pictures_ += pictures;
  faces_ += faces;
}

void Counters::searched_sealed(std::size_t rows) {
  const std::scoped_lock lock(lock_);
  ++sealed_searches_;
  sealed_rows_ += rows;
}

std::string Counters::prometheus_text(const Gauges& gauges) const {
  const std::scoped_lock lock(lock_);
  std::string text;
  add_family(text, "vultus_build_info", "gauge", "The version that runs.");
  text += fmt::format("vultus_build_info{{version=\"{}\"}} 1\n", kVersion);
  add_family(text, "vultus_requests_total", "counter", "Requests answered, by operation and status.");
  for (const auto& [key, count] : requests_)
    text += fmt::format("vultus_requests_total{{operation=\"{}\",status=\"{}\"}} {}\n", key.first, key.second, count);
  add_family(text, "vultus_request_seconds", "histogram", "Time from a whole request to its answer.");
  for (const auto& [operation, timing] : timings_) {
    for (std::size_t i = 0; i < kSecondsUpTo.size(); ++i)
      text += fmt::format("vultus_request_seconds_bucket{{operation=\"{}\",le=\"{}\"}} {}\n", operation,
                          kSecondsUpTo[i], timing.up_to[i]);
    text += fmt::format(
        "vultus_request_seconds_bucket{{operation=\"{0}\",le=\"+Inf\"}} {1}\n"
        "vultus_request_seconds_sum{{operation=\"{0}\"}} {2}\nvultus_request_seconds_count{{operation=\"{0}\"}} {1}\n",
        operation, timing.count, timing.sum);
  }
  add_single(text, "vultus_pictures_total", "counter", "Pictures looked at.", pictures_);
  add_single(text, "vultus_faces_total", "counter", "Faces seen in them.", faces_);
  add_single(text, "vultus_sealed_searches_total", "counter", "Encrypted searches.", sealed_searches_);
  add_single(text, "vultus_sealed_rows_total", "counter", "Rows compared in them.", sealed_rows_);
  add_single(text, "vultus_workers", "gauge", "Workers that look at pictures.", gauges.workers);
  add_single(text, "vultus_workers_busy", "gauge", "Workers at work.", gauges.workers_busy);
  add_single(text, "vultus_requests_waiting", "gauge", "Requests that wait for a worker.", gauges.waiting);
  add_single(text, "vultus_collections_open", "gauge", "Collections held open.", gauges.collections_open);
  add_single(text, "vultus_sealed_galleries", "gauge", "Sealed galleries that are kept.", gauges.sealed);
  add_single(text, "vultus_sealed_open", "gauge", "Sealed galleries held open.", gauges.sealed_open);
  add_single(text, "vultus_jobs_running", "gauge", "Jobs at work.", gauges.jobs_running);
  return text;
}

}  // namespace vultus::server
