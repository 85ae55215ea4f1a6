// What a server is told when it starts.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <vultus/engine/engine.hpp>
#include <vultus/gallery/gallery_options.hpp>
#include <vultus/gallery/key_source.hpp>
#include <vultus/liveness/camera_thresholds.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::server {

/// The time of day, also for limits a second; empty = the system's clock.
using WallClock = std::function<std::chrono::system_clock::time_point()>;

/// How many pictures are looked at, and how large they may be.
struct FaceLimits {
  /// Workers with networks of their own, [0, 256]; 0 = Engine::threads().
  int lookers = 0;
  std::size_t max_waiting = 64;                ///< requests that wait for a worker; more are refused (429)
  std::chrono::milliseconds max_wait{15'000};  ///< and how long one waits
  std::size_t max_pictures = 100;              ///< of one enrolment
  std::size_t max_enrolment_bytes = std::size_t{128} << 20U;  ///< body of an enrolment
  std::size_t max_video_bytes = std::size_t{256} << 20U;      ///< body with a video
  media::DecodeLimits decode{.max_pixels = 50'000'000, .max_bytes = std::size_t{20} << 20U};
};

struct CollectionOptions {
  std::size_t max_open = 64;                       ///< galleries kept in memory while nobody uses them
  std::chrono::milliseconds refresh_every{1'000};  ///< how old an answer may be when other processes write
  /// Collections that lie on servers, by name: a database's URL or a configuration of shards.
  std::map<std::string, std::string> databases;
  /// Where all other collections lie: the URL of a database, in which each has a schema of its own, or one with
  /// {collection} in it; empty = files of the data folder.
  std::string database_for_all;
  std::optional<KeySource> key;  ///< of encrypted collections
  /// Unless the caller says otherwise; on a server of databases new ones always are.
  bool encrypt_new = false;
  /// As in GalleryOptions.
  SearchMethod search = SearchMethod::automatic;
  double cells_recall = GalleryOptions().cells_recall;
};

/// Encrypted search (docs/sealed.md).
struct SealedLimits {
  std::size_t max_galleries = 64;                          ///< sealed galleries that are kept
  std::size_t max_gallery_bytes = std::size_t{64} << 20U;  ///< of one: 25,000 rows of 512 values and 2048 bits
  std::size_t max_open_bytes = std::size_t{256} << 20U;    ///< of those that are ready in memory, by their files
  std::size_t max_logs = 1000;                             ///< audit logs, which outlive their galleries
  std::size_t max_probe_bytes = std::size_t{4} << 20U;     ///< of a sealed probe
  std::size_t max_compared = 10'000;                       ///< faces that a sealed probe is compared with
  int max_plain_scale = 10'000;                            ///< of a gallery or probe: it bounds the work
};

struct LiveOptions;  // apps/server/live/live_options.hpp

struct ServerOptions {
  std::filesystem::path data;  ///< made with mode 0700 where it is not there
  engine::EngineOptions engine;
  std::shared_ptr<const engine::Engine> loaded_engine;  ///< in place of `engine`
  FaceLimits faces;
  /// The URL of a database that several servers share: keys and what they use, answers that are kept and the list of
  /// collections lie there; empty = in the data folder, for one server alone.
  std::string state;
  CollectionOptions collections;
  SealedLimits sealed;
  /// The first key of the administrator: shown by this function, which is for terminals ...
  std::function<void(const std::string& key)> show_admin_key;
  /// ... or written into this file, which only its owner may read; empty = <data>/admin.key.
  std::filesystem::path admin_key_file;
  std::function<void(const std::string& line)> log;  ///< one JSON line a request; any thread; empty = none
  WallClock now;
  /// How old what is known of keys is told by; empty = the system's steady clock.
  std::function<std::chrono::steady_clock::time_point()> steady;
  liveness::CameraThresholds camera_thresholds;  ///< of liveness, by the name of the camera; none = 0.5 for all
  std::shared_ptr<const LiveOptions> live;       ///< cameras and who is told; null = as LiveOptions says by itself
};

}  // namespace vultus::server
