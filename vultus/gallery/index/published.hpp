// A value that is replaced while others use it. Internal to the room.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>

namespace vultus::gallery {

/// What read-copy-update needs: a shared pointer that any number of threads take while one puts another in its place.
/// Taking it never waits: a taker announces itself at one of two places, and looks again only if the value was
/// replaced in this moment. The one who replaces waits for takers, who stay for as long as a pointer is copied.
/// (std::atomic<std::shared_ptr> of g++ 12 lets go of its lock without release order, which is a data race.)
template <class T>
class Published {
 public:
  using Pointer = std::shared_ptr<const T>;

  explicit Published(Pointer first) { places_[0].value = std::move(first); }

  [[nodiscard]] Pointer get() const {
    for (;;) {
      const std::size_t at = current_;
      const Place& place = places_[at];
      ++place.takers;
      // While it is current and somebody is announced, nobody writes here.
      Pointer taken = current_ == at ? place.value : nullptr;
      --place.takers;
      if (taken != nullptr) return taken;
    }
  }

  /// By one thread at a time. @param next  not null
  void put(Pointer next) {
    const std::size_t old = current_;
    Place& place = places_[1 - old];
    wait_for_takers(place);
    place.value = std::move(next);
    current_ = 1 - old;
    wait_for_takers(places_[old]);
    places_[old].value.reset();
  }

 private:
  struct Place {
    mutable std::atomic<std::size_t> takers = 0;
    Pointer value;
  };
  static void wait_for_takers(const Place& place) {
    while (place.takers != 0) std::this_thread::yield();
  }

  // In one order that all threads agree on: announcing and looking again must not change places.
  std::atomic<std::size_t> current_ = 0;
  std::array<Place, 2> places_;
};

}  // namespace vultus::gallery
