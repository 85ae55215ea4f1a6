// Everything that stands behind the routes of the server, and the routes themselves.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <apps/server/api/kept_answers.hpp>
#include <apps/server/collections/collections.hpp>
#include <apps/server/data/data_folder.hpp>
#include <apps/server/data/server_database.hpp>
#include <apps/server/data/server_secret.hpp>
#include <apps/server/faces/face_service.hpp>
#include <apps/server/http/hooks.hpp>
#include <apps/server/http/router.hpp>
#include <apps/server/jobs/job_board.hpp>
#include <apps/server/jobs/job_feed.hpp>
#include <apps/server/keys/key_store.hpp>
#include <apps/server/liveness/challenges.hpp>
#include <apps/server/observe/counters.hpp>
#include <apps/server/observe/request_note.hpp>
#include <apps/server/options.hpp>
#include <apps/server/sealed/sealed_store.hpp>
#include <apps/server/sealed/turn.hpp>
#include <apps/server/state/state.hpp>

namespace vultus::server {

class Live;

/// Thread-safe. Its parts are used by the functions behind the routes.
class Service {
 public:
  /// Takes the data folder, loads the engine and its workers, and makes the first key where none is valid.
  /// @error resource_limit  another process serves the folder; else those of its parts
  static Result<std::unique_ptr<Service>> open(ServerOptions options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Decides about a request before its body is read: key, scope, limits, and whether the collection is one that the
  /// key sees. Sets Request::principal. The function behind a route does the same where nobody did before.
  /// @param request  with its path values; the body may be missing still
  /// @return the refusal, if there is one
  std::optional<Response> admit(const Route& route, Request& request);

  /// Where templates of people were made or read: a server that stops tells load balancers first.
  void set_ready(bool ready) { ready_ = ready; }
  [[nodiscard]] bool is_ready() const { return ready_; }
  /// Ends all streams, cameras and deliveries: the first step of a graceful stop, so that nobody waits for them.
  void end_streams();
  /// Closes collections that nobody uses and writes down what keys have used. At the end of a graceful stop; else by
  /// itself.
  Status rest();

  [[nodiscard]] const ServerOptions& options() const { return options_; }
  [[nodiscard]] KeyStore& keys() { return *keys_; }
  [[nodiscard]] Collections& collections() { return *collections_; }
  /// Null where several servers share their state: what one of them keeps the others do not see.
  [[nodiscard]] SealedStore* sealed() { return sealed_.get(); }
  /// The audit logs of sealed galleries: collections without people, by the names of the galleries.
  [[nodiscard]] Collections& sealed_logs() { return *sealed_logs_; }
  /// The audit log of what is done with faces and belongs to no collection: a collection without people. Of this server
  /// alone, also where several share their state.
  /// @error as Collections::use()
  [[nodiscard]] Result<CollectionLease> server_log();
  /// Of comparisons with a sealed probe, each of which may need a gigabyte for a table.
  [[nodiscard]] Turn& sealed_turn() { return sealed_turn_; }
  [[nodiscard]] FaceService& faces() { return *faces_; }
  [[nodiscard]] JobBoard& jobs() { return *jobs_; }
  [[nodiscard]] JobFeed& feed() { return *feed_; }
  /// Drops what was told of the people of a collection and is kept: answers, and results of jobs.
  Status forget_told(const std::string& collection);
  [[nodiscard]] std::filesystem::path scratch() const { return folder_.scratch(); }
  [[nodiscard]] Live& live() { return *live_; }
  [[nodiscard]] KeptAnswers& answers() { return *answers_; }
  [[nodiscard]] Challenges& challenges() { return *challenges_; }
  [[nodiscard]] const ServerSecret& secret() const { return secret_; }
  [[nodiscard]] Counters& counters() { return counters_; }
  [[nodiscard]] Gauges gauges();
  [[nodiscard]] std::chrono::system_clock::time_point now() const { return options_.now(); }
  [[nodiscard]] UtcTime utc_now() const { return std::chrono::floor<std::chrono::seconds>(now()); }
  void log(const RequestNote& note) const;
  /// Logs and counts what the transport has refused by itself; of all else the gate tells. May be called on I/O
  /// threads.
  void note_transport(const Answered& answered);
  /// A text of the library without the data folder in it: where things lie is no caller's business.
  [[nodiscard]] std::string without_places(std::string text) const;
  /// The OpenAPI document; made by add_routes().
  [[nodiscard]] const std::string& document() const { return document_; }
  void set_document(std::string document) { document_ = std::move(document); }

 private:
  Service(ServerOptions options, DataFolder folder, ServerDatabase database, const ServerSecret& secret)
      : options_(std::move(options)),
        folder_(std::move(folder)),
        database_(std::move(database)),
        own_secret_(secret),
        secret_(secret) {}
  Status open_state();

  // In the order in which they depend on each other.
  ServerOptions options_;
  DataFolder folder_;
  ServerDatabase database_;
  ServerSecret own_secret_;  ///< of what lies in the data folder
  ServerSecret secret_;      ///< of keys: of all servers where they share their state
  std::unique_ptr<State> state_;
  std::unique_ptr<KeyStore> keys_;
  std::unique_ptr<FaceService> faces_;
  std::unique_ptr<Collections> collections_;
  std::unique_ptr<SealedStore> sealed_;
  std::unique_ptr<Collections> sealed_logs_;
  std::unique_ptr<Collections> server_logs_;  ///< one: "server"
  Turn sealed_turn_;
  std::unique_ptr<KeptAnswers> answers_;
  std::unique_ptr<Challenges> challenges_;
  Counters counters_;
  std::string document_;
  std::atomic<bool> ready_ = true;
  std::unique_ptr<JobBoard> jobs_;  // a job uses those above
  std::unique_ptr<JobFeed> feed_;
  std::shared_ptr<Live> live_;  // so do cameras; shared, because it is known by name alone here
};

/// Adds the routes of /v1, /metrics and the CompreFace interface.
/// @param service  must outlive the router
/// @error as Router::add
Status add_routes(Router& router, Service& service);

}  // namespace vultus::server
