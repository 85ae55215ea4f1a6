#include <apps/server/http/server_sent_events.hpp>

#include <algorithm>
#include <utility>

namespace vultus::server {

Result<std::string> event_text(const ServerSentEvent& event) {
  if (event.name.find_first_of("\r\n") != std::string::npos)
    return fail(ErrorCode::invalid_argument, "an event's name has one line");
  if (event.id.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    return fail(ErrorCode::invalid_argument, "an event's id has one line and no NUL");
  std::string text;
  if (!event.id.empty()) text += "id: " + event.id + "\n";
  if (!event.name.empty()) text += "event: " + event.name + "\n";
  if (event.retry) {
    if (event.retry->count() < 0) return fail(ErrorCode::invalid_argument, "an event's retry is not negative");
    text += "retry: " + std::to_string(event.retry->count()) + "\n";
  }
  std::string_view rest = event.data;
  while (true) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    text += "data: ";
    text += rest.substr(0, end);
    text += '\n';
    if (end == rest.size()) break;
    rest.remove_prefix(rest.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  return text + "\n";
}

Result<bool> EventStream::send(const ServerSentEvent& event) {
  VULTUS_TRY(std::string text, event_text(event));
  return writer_->write(std::move(text));
}

Response event_stream_response(std::function<void(std::shared_ptr<EventStream>)> producer) {
  Response response;
  response.headers.add("Content-Type", "text/event-stream");
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("X-Accel-Buffering", "no");  // nginx would wait for more
  response.stream = [producer = std::move(producer)](std::shared_ptr<StreamWriter> writer) {
    producer(std::make_shared<EventStream>(std::move(writer)));
  };
  return response;
}

}  // namespace vultus::server
