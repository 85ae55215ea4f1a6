#include <apps/server/live/live_counters.hpp>

#include <fmt/format.h>

namespace vultus::server {
namespace {

void add_number(std::string& text, std::string_view name, std::string_view type, std::string_view help,
                std::int64_t value) {
  text += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n{0} {3}\n", name, type, help, value);
}

}  // namespace

std::string LiveCounters::prometheus_text(std::size_t cameras, std::size_t running) const {
  std::string text;
  add_number(text, "vultus_cameras", "gauge", "Cameras that are enabled.", static_cast<std::int64_t>(cameras));
  add_number(text, "vultus_cameras_running", "gauge", "Cameras that give frames.", static_cast<std::int64_t>(running));
  add_number(text, "vultus_camera_frames_total", "counter", "Frames of cameras looked at.", frames);
  add_number(text, "vultus_camera_frames_dropped_total", "counter",
             "Frames of cameras that came faster than this machine looks at them.", dropped);
  add_number(text, "vultus_camera_connections_total", "counter", "Times that a camera was opened.", connections);
  add_number(text, "vultus_camera_failures_total", "counter", "Times that a camera did not open or broke off.",
             failures);
  text += "# HELP vultus_events_total Events of cameras.\n# TYPE vultus_events_total counter\n";
  for (const EventKind kind : {EventKind::known, EventKind::unknown, EventKind::lost})
    text += fmt::format("vultus_events_total{{kind=\"{}\"}} {}\n", name_of(kind),
                        events.at(static_cast<std::size_t>(kind)).load());
  add_number(text, "vultus_events_failed_total", "counter", "Events that could not be written down.", events_failed);
  add_number(text, "vultus_webhook_deliveries_total", "counter", "Messages that webhooks took.", delivered);
  add_number(text, "vultus_webhook_failures_total", "counter", "Attempts that failed.", delivery_failures);
  add_number(text, "vultus_webhook_dead_letters_total", "counter", "Messages given up.", dead_letters);
  add_number(text, "vultus_mqtt_messages_total", "counter", "Messages given to the broker.", published);
  add_number(text, "vultus_mqtt_lost_total", "counter", "Messages while no broker was there.", not_published);
  return text;
}

}  // namespace vultus::server
