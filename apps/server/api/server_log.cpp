#include <apps/server/api/server_log.hpp>

#include <utility>

#include <apps/server/service.hpp>

namespace vultus::server {

Checked<CollectionLease> opened_server_log(const Call& call) {
  auto log = call.service.server_log();
  if (log) return *std::move(log);
  return Refusal{.problem = problem("internal", ""), .for_log = log.error().message};
}

std::function<Reply(Call&)> in_server_log(std::string what, std::function<Reply(Call&)> act) {
  return [what = std::move(what), act = std::move(act)](Call& call) -> Reply {
    Reply reply = act(call);
    if (!reply && call.pictures_seen == 0) return reply;
    VULTUS_TRY(const CollectionLease log, opened_server_log(call));
    VULTUS_CHECK(log->gallery().note(
        {.what = what, .count = call.faces_seen, .detail = reply ? std::string() : reply.error().problem.code}));
    return reply;
  };
}

}  // namespace vultus::server
