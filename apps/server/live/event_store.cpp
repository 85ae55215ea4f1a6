#include <apps/server/live/event_store.hpp>

#include <limits>
#include <utility>

#include <vultus/gallery/utc_time.hpp>

namespace vultus::server {
namespace {

constexpr const char* kEventColumns = "id, time, camera, collection, kind, subject, sealed, picture IS NOT NULL";

/// What sealed bytes belong to.
std::string about_event(const LiveEvent& event) {
  return event.camera + " " + event.collection + " " + std::to_string(event.time.time_since_epoch().count()) + " " +
         std::string(name_of(event.what.kind));
}

Json optional_score(const std::optional<double>& score) { return score ? cli::number_json(*score, 6) : Json(nullptr); }

Json sealed_liveness(const LivenessTold& told) {
  return {
      {"score", told.score ? Json(*told.score) : Json(nullptr)}, {"decision", told.decision}, {"reason", told.reason}};
}

Json sealed_part(const Happening& what) {
  return {{"name", what.name},
          {"similarity", what.similarity ? Json(*what.similarity) : Json(nullptr)},
          {"threshold", what.threshold ? Json(*what.threshold) : Json(nullptr)},
          {"zone", what.zone},
          {"track", what.track.number()},
          {"live", what.live ? sealed_liveness(*what.live) : Json(nullptr)},
          {"box", {what.box.x, what.box.y, what.box.width, what.box.height}}};
}

std::optional<double> optional_number(const Json& json) {
  return json.is_number() ? std::optional(json.get<double>()) : std::nullopt;
}

LivenessTold liveness_of(const Json& json) {
  return {.score = optional_number(json.at("score")),
          .decision = json.at("decision").get<std::string>(),
          .reason = json.at("reason").get<std::string>()};
}

}  // namespace

Json event_json(const LiveEvent& event) {
  const Happening& what = event.what;
  const auto& live = what.live;
  return {{"event", event.id},
          {"time", to_iso8601(event.time)},
          {"camera", event.camera},
          {"collection", event.collection},
          {"kind", std::string(name_of(what.kind))},
          {"subject", what.subject ? Json(what.name) : Json(nullptr)},
          {"subject_id", what.subject ? Json(what.subject->number()) : Json(nullptr)},
          {"similarity", optional_score(what.similarity)},
          {"threshold", optional_score(what.threshold)},
          {"track", what.track.number()},
          {"zone", what.zone.empty() ? Json(nullptr) : Json(what.zone)},
          {"box", cli::box_json(what.box)},
          {"live", live && live->score ? cli::probability_json(*live->score) : Json(nullptr)},
          {"live_decision", live ? Json(live->decision) : Json(nullptr)},
          {"live_reason", live ? Json(live->reason) : Json(nullptr)},
          {"picture", event.has_picture}};
}

Digest EventStore::who(const std::string& collection, const std::string& name) const {
  return sealer_.mark(collection + "\n" + name);
}

Result<LiveEvent> EventStore::add(LiveEvent event,
                                  const std::function<Status(sqlite::Database&, const LiveEvent&)>& with) {
  const std::vector<std::uint8_t> picture = std::move(event.what.picture);
  event.what.picture.clear();
  event.has_picture = !picture.empty();
  const std::string about = about_event(event);
  const auto sealed = sealer_.seal(sealed_part(event.what).dump(), about);
  const auto sealed_picture =
      sealer_.seal({reinterpret_cast<const char*>(picture.data()), picture.size()}, "picture " + about);
  VULTUS_TRY(event.id, database_.with([&](sqlite::Database& database) -> Result<std::int64_t> {
    VULTUS_TRY(sqlite::Transaction all, sqlite::Transaction::begin(database, sqlite::Transaction::Kind::write));
    VULTUS_TRY(sqlite::Statement row,
               database.prepare("INSERT INTO events(time, camera, collection, kind, subject, who, sealed, picture) "
                                "VALUES(?,?,?,?,?,?,?,?)"));
    row.bind(1, event.time.time_since_epoch().count()).bind(2, event.camera).bind(3, event.collection);
    row.bind(4, name_of(event.what.kind));
    if (event.what.subject) {
      const Digest mark = who(event.collection, event.what.name);
      row.bind(5, event.what.subject->number()).bind(6, std::span<const std::byte>(mark));
    } else {
      row.bind(5, nullptr).bind(6, nullptr);
    }
    row.bind(7, std::span<const std::byte>(sealed));
    if (event.has_picture)
      row.bind(8, std::span<const std::byte>(sealed_picture));
    else
      row.bind(8, nullptr);
    VULTUS_CHECK(row.run());
    event.id = database.last_row();
    if (with) VULTUS_CHECK(with(database, event));
    VULTUS_CHECK(all.commit());
    return event.id;
  }));
  return event;
}

Result<LiveEvent> EventStore::event_of(const sqlite::Statement& row) {
  LiveEvent event{.id = row.integer(0), .camera = row.text(2), .collection = row.text(3)};
  event.time = UtcTime(std::chrono::seconds(row.integer(1)));
  event.what.kind = event_kind_from(row.text(4)).value_or(EventKind::unknown);
  if (!row.is_null(5)) event.what.subject = SubjectId(row.integer(5));
  event.has_picture = row.integer(7) != 0;
  VULTUS_TRY(const std::string plain, sealer_.open(row.blob(6), about_event(event)));
  const Json json = Json::parse(plain, nullptr, false);
  if (!json.is_object())
    return fail(ErrorCode::corrupt_data, "event " + std::to_string(event.id) + " of server.db is damaged");
  event.what.track = TrackId(json.at("track").get<std::int64_t>());
  event.what.name = json.at("name").get<std::string>();
  event.what.similarity = optional_number(json.at("similarity"));
  event.what.threshold = optional_number(json.at("threshold"));
  event.what.zone = json.at("zone").get<std::string>();
  if (const auto live = json.find("live"); live != json.end() && live->is_object())
    event.what.live = liveness_of(*live);
  const Json& box = json.at("box");
  event.what.box = {box.at(0).get<float>(), box.at(1).get<float>(), box.at(2).get<float>(), box.at(3).get<float>()};
  return event;
}

Result<sqlite::Statement> EventStore::select(sqlite::Database& database, const std::string& begin,
                                             const EventFilter& filter, const std::string& more,
                                             std::optional<std::int64_t> id, std::size_t limit) {
  std::string sql = begin + " WHERE 1";
  if (filter.collections) {
    sql += " AND collection IN (''";
    for (std::size_t i = 0; i < filter.collections->size(); ++i) sql += ",?";
    sql += ")";
  }
  if (!filter.camera.empty()) sql += " AND camera = ?";
  if (filter.kind) sql += " AND kind = ?";
  if (!filter.subject.empty()) {
    // The mark of a name depends on its collection.
    if (!filter.collections || filter.collections->empty())
      return fail(ErrorCode::internal, "a name is looked for in collections that are known");
    sql += " AND who IN (''";
    for (std::size_t i = 0; i < filter.collections->size(); ++i) sql += ",?";
    sql += ")";
  }
  if (filter.from) sql += " AND time >= ?";
  if (filter.to) sql += " AND time < ?";
  sql += more;
  if (limit > 0) sql += " LIMIT " + std::to_string(limit);
  VULTUS_TRY(sqlite::Statement rows, database.prepare(sql));
  int at = 0;
  if (filter.collections)
    for (const std::string& name : *filter.collections) rows.bind(++at, name);
  if (!filter.camera.empty()) rows.bind(++at, filter.camera);
  if (filter.kind) rows.bind(++at, name_of(*filter.kind));
  if (!filter.subject.empty())
    for (const std::string& name : *filter.collections) {
      const Digest mark = who(name, filter.subject);
      rows.bind(++at, std::span<const std::byte>(mark));
    }
  if (filter.from) rows.bind(++at, filter.from->time_since_epoch().count());
  if (filter.to) rows.bind(++at, filter.to->time_since_epoch().count());
  if (id) rows.bind(++at, *id);
  return rows;
}

Result<std::vector<LiveEvent>> EventStore::read(const EventFilter& filter, const std::string& more, std::int64_t id,
                                                std::size_t limit) {
  return database_.with([&](sqlite::Database& database) -> Result<std::vector<LiveEvent>> {
    VULTUS_TRY(sqlite::Statement rows,
               select(database, std::string("SELECT ") + kEventColumns + " FROM events", filter, more, id, limit));
    std::vector<LiveEvent> events;
    for (;;) {
      VULTUS_TRY(const bool another, rows.step());
      if (!another) return events;
      VULTUS_TRY(LiveEvent event, event_of(rows));
      events.push_back(std::move(event));
    }
  });
}

Result<std::vector<LiveEvent>> EventStore::list(const EventFilter& filter, std::int64_t before, std::size_t limit) {
  return read(filter, " AND id < ? ORDER BY id DESC", before > 0 ? before : std::numeric_limits<std::int64_t>::max(),
              limit);
}

Result<std::vector<LiveEvent>> EventStore::behind(const EventFilter& filter, std::int64_t id, std::size_t limit) {
  return read(filter, " AND id > ? ORDER BY id", id, limit);
}

Result<std::int64_t> EventStore::newest() {
  return database_.with([](sqlite::Database& database) -> Result<std::int64_t> {
    return database.integer("SELECT coalesce(max(id), 0) FROM events");
  });
}

Result<std::optional<LiveEvent>> EventStore::find(std::int64_t id) {
  VULTUS_TRY(auto events, read({}, " AND id = ?", id, 1));
  if (events.empty()) return std::optional<LiveEvent>();
  return std::optional(std::move(events.front()));
}

Result<std::optional<std::string>> EventStore::picture(std::int64_t id) {
  VULTUS_TRY(const auto event, find(id));
  if (!event || !event->has_picture) return std::optional<std::string>();
  return database_.with([&](sqlite::Database& database) -> Result<std::optional<std::string>> {
    VULTUS_TRY(sqlite::Statement row, database.prepare("SELECT picture FROM events WHERE id = ?"));
    row.bind(1, id);
    VULTUS_TRY(const bool there, row.step());
    if (!there || row.is_null(0)) return std::optional<std::string>();
    VULTUS_TRY(std::string jpeg, sealer_.open(row.blob(0), "picture " + about_event(*event)));
    return std::optional(std::move(jpeg));
  });
}

Result<std::int64_t> EventStore::remove(const EventFilter& filter) {
  return database_.with([&](sqlite::Database& database) -> Result<std::int64_t> {
    VULTUS_TRY(sqlite::Statement rows, select(database, "DELETE FROM events", filter, "", std::nullopt, 0));
    VULTUS_CHECK(rows.run());
    return database.changes();
  });
}

Status EventStore::remove(std::int64_t id) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement row, database.prepare("DELETE FROM events WHERE id = ?"));
    row.bind(1, id);
    return row.run();
  });
}

Status EventStore::forget(const std::string& collection, SubjectId subject) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement rows, database.prepare("DELETE FROM events WHERE collection = ? AND subject = ?"));
    rows.bind(1, collection).bind(2, subject.number());
    VULTUS_CHECK(rows.run());
    if (database.changes() == 0) return {};
    VULTUS_TRY(const bool emptied, database.empty_log());
    static_cast<void>(emptied);  // another reader: it is emptied with the next one
    return {};
  });
}

Status EventStore::forget_collection(const std::string& collection) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement rows, database.prepare("DELETE FROM events WHERE collection = ?"));
    rows.bind(1, collection);
    return rows.run();
  });
}

Status EventStore::move(const std::string& collection, SubjectId from, SubjectId to) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement rows,
               database.prepare("UPDATE events SET subject = ? WHERE collection = ? AND subject = ?"));
    rows.bind(1, to.number()).bind(2, collection).bind(3, from.number());
    return rows.run();
  });
}

Status EventStore::prune(UtcTime now) {
  return database_.with([&](sqlite::Database& database) -> Status {
    VULTUS_TRY(sqlite::Statement old, database.prepare("DELETE FROM events WHERE time < ? OR id <= (SELECT "
                                                       "coalesce(max(id), 0) FROM events) - ?"));
    old.bind(1, (now - limits_.keep).time_since_epoch().count()).bind(2, limits_.most);
    VULTUS_CHECK(old.run());
    VULTUS_TRY(sqlite::Statement pictures,
               database.prepare("UPDATE events SET picture = NULL WHERE picture IS NOT NULL AND id <= (SELECT "
                                "coalesce(max(id), 0) FROM events) - ?"));
    pictures.bind(1, limits_.most_pictures);
    return pictures.run();
  });
}

}  // namespace vultus::server
