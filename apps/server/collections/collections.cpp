#include <apps/server/collections/collections.hpp>

#include <algorithm>
#include <thread>
#include <utility>

#include <apps/server/collections/acting_as.hpp>
#include <apps/server/collections/collection_name.hpp>
#include <apps/server/nodes/node_client.hpp>

namespace vultus::server {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr auto kWaitForUsers = std::chrono::seconds(5);
constexpr auto kLookAgain = std::chrono::milliseconds(10);

}  // namespace

Collections::Collections(const std::filesystem::path& folder, State& state, CollectionOptions options,
                         GalleryModel model, WallClock now)
    : options_(std::move(options)),
      ask_node_(node_client()),
      model_(std::move(model)),
      now_(std::move(now)),
      places_(folder, state, options_) {}

std::shared_ptr<Collections::Slot> Collections::slot(const std::string& name) {
  const std::scoped_lock lock(lock_);
  auto& slot = slots_[name];
  if (slot == nullptr) slot = std::make_shared<Slot>();
  return slot;
}

GalleryOptions Collections::gallery_options(const Place& place, GalleryAccess access) const {
  GalleryOptions options{.path = place.path, .access = access};
  options.key = options_.key;
  options.search = options_.search;
  options.cells_recall = options_.cells_recall;
  options.now = [now = now_] { return std::chrono::floor<std::chrono::seconds>(now()); };
  options.actor = &current_actor;
  options.ask_node = ask_node_;
  return options;
}

Result<CollectionLease> Collections::use(const std::string& name) {
  VULTUS_TRY(const Place place, places_.find(name));
  if (!place.known) return fail(ErrorCode::not_found, "there is no collection of this name");
  const auto at = slot(name);
  CollectionLease lease;
  {
    const std::scoped_lock lock(at->lock);
    const auto now = SteadyClock::now();
    if (at->open == nullptr) {
      VULTUS_TRY(Gallery gallery, Gallery::open(gallery_options(place, GalleryAccess::read_write)));
      at->open = std::make_shared<Collection>(name, std::move(gallery));
      at->fresh = now;
    } else if (now - at->fresh >= options_.refresh_every) {
      if (const auto refreshed = at->open->gallery().refresh(); !refreshed) return refreshed.error();
      at->fresh = now;
    }
    at->used = now;
    lease = at->open;
  }
  close_least_used(options_.max_open);
  return lease;
}

Result<CollectionLease> Collections::create(const NewCollection& wanted) {
  if (!is_collection_name(wanted.name))
    return fail(ErrorCode::invalid_argument, "a collection's name is 1 to 63 of a-z, 0-9, - and _");
  VULTUS_TRY(const Place place, places_.find(wanted.name));
  // Templates in a database of others are plain only where somebody said so.
  const bool on_server = place.kind == Place::Kind::server;
  const bool encrypted = wanted.encrypted.value_or(options_.encrypt_new || on_server);
  if (encrypted && !options_.key)
    return fail(ErrorCode::invalid_argument,
                on_server ? "the server was given no key for encrypted collections; in a database one is plain only "
                            "where \"encrypted\": false asks for it"
                          : "the server was given no key for encrypted collections");
  const auto at = slot(wanted.name);
  const std::scoped_lock lock(at->lock);
  const Error taken = fail(ErrorCode::invalid_argument, "there is a collection of this name already");
  if (at->open != nullptr || (place.kind == Place::Kind::file && place.known)) return taken;
  if (on_server) {
    const auto there = Gallery::open(gallery_options(place, GalleryAccess::read_only));
    if (there) return taken;
    if (there.error().code != ErrorCode::not_found) return there.error();
  }
  GalleryOptions options = gallery_options(place, GalleryAccess::create_or_open);
  options.model = model_;
  options.audit = wanted.audit;
  if (encrypted) options.encryption = GalleryEncryption::sealed;
  if (on_server && !encrypted) options.sql_search = SqlSearch::exact;
  VULTUS_TRY(Gallery gallery, Gallery::open(options));
  VULTUS_CHECK(places_.note_made(wanted.name, place, options.now().time_since_epoch().count()));
  at->open = std::make_shared<Collection>(wanted.name, std::move(gallery));
  at->used = at->fresh = SteadyClock::now();
  return at->open;
}

Result<CollectionLease> Collections::use_or_create(const NewCollection& wanted) {
  auto there = use(wanted.name);
  if (there || there.error().code != ErrorCode::not_found) return there;
  auto made = create(wanted);
  return made ? made : use(wanted.name);  // another request may have made it
}

Status Collections::remove(const std::string& name) {
  VULTUS_TRY(const Place place, places_.find(name));
  if (!place.known) return fail(ErrorCode::not_found, "there is no collection of this name");
  const auto at = slot(name);
  const std::scoped_lock lock(at->lock);
  const auto until = SteadyClock::now() + kWaitForUsers;
  while (at->open.use_count() > 1) {
    if (SteadyClock::now() > until)
      return fail(ErrorCode::resource_limit, "the collection is in use and cannot be removed now");
    std::this_thread::sleep_for(kLookAgain);
  }
  if (place.kind == Place::Kind::file) at->open.reset();
  return places_.remove(name);
}

std::size_t Collections::open_count() const {
  const std::scoped_lock lock(lock_);
  return static_cast<std::size_t>(std::ranges::count_if(slots_, [](const auto& one) {
    const std::unique_lock slot_lock(one.second->lock, std::try_to_lock);
    return !slot_lock.owns_lock() || one.second->open != nullptr;
  }));
}

void Collections::close_idle() { close_least_used(0); }

void Collections::close_least_used(std::size_t keep) {
  std::vector<std::pair<SteadyTime, std::shared_ptr<Slot>>> open;
  {
    const std::scoped_lock lock(lock_);
    if (slots_.size() <= keep) return;
    for (const auto& [name, slot] : slots_) {
      const std::unique_lock slot_lock(slot->lock, std::try_to_lock);
      if (slot_lock.owns_lock() && slot->open != nullptr) open.emplace_back(slot->used, slot);
    }
  }
  if (open.size() <= keep) return;
  std::ranges::sort(open, {}, [](const auto& one) { return one.first; });
  for (std::size_t i = 0; i < open.size() - keep; ++i) {
    Slot& slot = *open[i].second;
    const std::unique_lock lock(slot.lock, std::try_to_lock);
    if (lock.owns_lock() && slot.open.use_count() == 1) slot.open.reset();
  }
}

}  // namespace vultus::server
