// For whom a thread works: what the audit logs of galleries tell of a request.
#pragma once

#include <vultus/gallery/audit_note.hpp>

namespace vultus::server {

/// The actor of the calling thread: that of the innermost ActingAs, else the server itself.
[[nodiscard]] AuditActor current_actor();

/// As long as it lives, its thread works for this actor. A gallery asks on the thread that calls it.
class ActingAs {
 public:
  explicit ActingAs(AuditActor actor);
  ActingAs(const ActingAs&) = delete;
  ActingAs& operator=(const ActingAs&) = delete;
  ~ActingAs();

 private:
  AuditActor actor_;
  const ActingAs* before_;
  friend AuditActor current_actor();
};

}  // namespace vultus::server
