// Listens to the changes that others commit on a server. Private to this room.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>

#include <vultus/gallery/store/postgres_store.hpp>

namespace vultus::gallery {

/// A thread with a connection of its own, which waits for the server's notices. None is missed: a notice says only that
/// there may be something, and what was seen is compared with the number of the last change each time the thread begins
/// to wait, also behind a lost connection. Ends with the object, within a second.
class ChangeFollower {
 public:
  /// @param of       the store that is followed: opened for reading only, whatever its options say
  /// @param seen     the number of the last change that was taken in; called by the thread
  /// @param take_in  takes in what there is; called by the thread. An error is tried again after a while.
  ChangeFollower(PostgresOptions of, std::function<Sequence()> seen, std::function<Status()> take_in);

 private:
  void run(const std::stop_token& stop);
  /// Follows until the connection is lost or something cannot be taken in.
  Status follow(const std::stop_token& stop);

  PostgresOptions options_;
  std::function<Sequence()> seen_;
  std::function<Status()> take_in_;
  std::jthread thread_;  // the last member: it uses the others
};

}  // namespace vultus::gallery
