#include <apps/server/collections/acting_as.hpp>

#include <utility>

namespace vultus::server {
namespace {

thread_local const ActingAs* acting_now = nullptr;

}  // namespace

AuditActor current_actor() {
  return acting_now == nullptr ? AuditActor{.who = "server", .purpose = {}} : acting_now->actor_;
}

ActingAs::ActingAs(AuditActor actor) : actor_(std::move(actor)), before_(std::exchange(acting_now, this)) {}
ActingAs::~ActingAs() { acting_now = before_; }

}  // namespace vultus::server
