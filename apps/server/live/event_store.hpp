// Events of cameras in server.db: bounded by age and number, names and pictures sealed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/gallery/utc_time.hpp>

#include <apps/server/data/sealer.hpp>
#include <apps/server/data/server_database.hpp>
#include <apps/server/live/visits.hpp>
#include <apps/server/openapi/json_schema.hpp>

namespace vultus::server {

/// A happening with its place and time.
struct LiveEvent {
  std::int64_t id = 0;  ///< rises, is never used again
  UtcTime time{};
  std::string camera;
  std::string collection;
  Happening what;  ///< without the picture
  bool has_picture = false;
};
[[nodiscard]] Json event_json(const LiveEvent& event);

struct EventLimits {
  std::int64_t most = 100'000;          ///< newest that are kept
  std::int64_t most_pictures = 20'000;  ///< of the newest
  std::chrono::hours keep{30 * 24};     ///< and how long
};

/// Which events are meant.
struct EventFilter {
  std::optional<std::vector<std::string>> collections;  ///< empty optional = all
  std::string camera;                                   ///< "" = all
  std::optional<EventKind> kind;
  std::string subject;              ///< a name; "" = all
  std::optional<UtcTime> from, to;  ///< from <= time < to
};

/// Thread-safe.
class EventStore {
 public:
  EventStore(ServerDatabase& database, const ServerSecret& secret, EventLimits limits)
      : database_(database), sealer_(secret, "events"), limits_(limits) {}

  /// @param with  called in the same transaction, with the id: what belongs to the event is kept with it or not at all
  Result<LiveEvent> add(LiveEvent event, const std::function<Status(sqlite::Database&, const LiveEvent&)>& with = {});
  /// Newest first. @param before  ids below this; 0 = from the newest on
  Result<std::vector<LiveEvent>> list(const EventFilter& filter, std::int64_t before, std::size_t limit);
  /// In the order in which they happened, behind an id.
  Result<std::vector<LiveEvent>> behind(const EventFilter& filter, std::int64_t id, std::size_t limit);
  Result<std::int64_t> newest();  ///< 0 = none yet
  Result<std::optional<LiveEvent>> find(std::int64_t id);
  /// JPEG. Nothing: none is kept.
  Result<std::optional<std::string>> picture(std::int64_t id);

  Result<std::int64_t> remove(const EventFilter& filter);  ///< @return how many
  Status remove(std::int64_t id);
  /// What is known of a person. The overwritten bytes are gone from the log of the database, too.
  Status forget(const std::string& collection, SubjectId subject);
  Status forget_collection(const std::string& collection);
  /// The events of a subject are those of another one now.
  Status move(const std::string& collection, SubjectId from, SubjectId to);
  Status prune(UtcTime now);  ///< drops what is too old or too much

 private:
  [[nodiscard]] Digest who(const std::string& collection, const std::string& name) const;
  Result<sqlite::Statement> select(sqlite::Database& database, const std::string& begin, const EventFilter& filter,
                                   const std::string& more, std::optional<std::int64_t> id, std::size_t limit);
  Result<std::vector<LiveEvent>> read(const EventFilter& filter, const std::string& more, std::int64_t id,
                                      std::size_t limit);
  Result<LiveEvent> event_of(const sqlite::Statement& row);

  ServerDatabase& database_;
  Sealer sealer_;
  EventLimits limits_;
};

}  // namespace vultus::server
