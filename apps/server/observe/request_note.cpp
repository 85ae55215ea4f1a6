#include <apps/server/observe/request_note.hpp>

#include <apps/cli/json_lines.hpp>

namespace vultus::server {

std::string note_line(const RequestNote& note) {
  cli::Json line;
  line["at"] = note.at;
  line["request"] = note.request;
  line["method"] = note.method;
  line["route"] = note.route;
  line["operation"] = note.operation;
  line["status"] = note.status;
  line["ms"] = cli::number_json(note.milliseconds, 2);
  line["bytes_in"] = note.bytes_in;
  line["bytes_out"] = note.bytes_out;
  for (const auto& [name, value] :
       {std::pair("key", &note.key), std::pair("peer", &note.peer), std::pair("collection", &note.collection),
        std::pair("sealed", &note.sealed), std::pair("code", &note.code), std::pair("fault", &note.fault)})
    if (!value->empty()) line[name] = *value;
  if (note.repeated) line["repeated"] = true;
  return line.dump(-1, ' ', false, cli::Json::error_handler_t::replace);
}

}  // namespace vultus::server
