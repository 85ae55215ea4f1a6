#include <apps/server/sealed/sealed_store.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <vultus/core/utf8.hpp>

#include <apps/server/collections/collection_name.hpp>
#include <apps/server/http/private_file.hpp>

namespace vultus::server {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kSealedEnding = ".vsg";
constexpr std::size_t kFileSum = 32;   // bytes at the end of a file
constexpr std::size_t kTagBytes = 16;  // of them, in an ETag
constexpr std::size_t kIdDigits = 32;

/// An ETag is the sum that the file ends with: the same bytes, the same tag.
std::string etag_of_sum(sealed::ByteView sum) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string tag = "\"";
  for (const std::uint8_t byte : sum.first(kTagBytes)) {
    tag += kDigits[byte >> 4U];
    tag += kDigits[byte & 15U];
  }
  return tag + "\"";
}

bool is_plain_text(const std::string& text) {
  return is_utf8(text) &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

/// The parser takes any bytes for these; a server tells them, and compares with a plain scale that bounds its work.
Status check_head(const std::string& model, const std::string& id, const sealed::Layout& layout, std::int64_t rows,
                  const SealedLimits& limits) {
  if (rows < 1) return fail(ErrorCode::corrupt_data, "the sealed gallery has no rows");
  if (!is_plain_text(model)) return fail(ErrorCode::corrupt_data, "the name of the model is no text");
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (id.size() != kIdDigits || !std::ranges::all_of(id, is_digit))
    return fail(ErrorCode::corrupt_data, "the id of the gallery is not 32 hex digits");
  if (layout.precision.plain > limits.max_plain_scale)
    return fail(ErrorCode::unsupported, "the plain scale is " + std::to_string(layout.precision.plain) +
                                            ", this server takes at most " + std::to_string(limits.max_plain_scale));
  return {};
}

SealedFacts facts_of(const std::string& name, const sealed::GalleryHead& head, sealed::ByteView sum, std::size_t bytes,
                     UtcTime stored) {
  return {.name = name,
          .etag = etag_of_sum(sum),
          .kind = head.key.kind(),
          .key = head.key.id(),
          .model = head.model,
          .id = head.id,
          .layout = head.layout,
          .rows = head.rows,
          .packs = head.packs(),
          .bytes = bytes,
          .stored = stored};
}

UtcTime time_of_file(const fs::path& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return {};
  return UtcTime(std::chrono::seconds(about.st_mtime));
}

/// What the beginning and the end of a file tell; the rest is looked at when it is used.
Result<SealedFacts> facts_of_file(const std::string& name, const fs::path& path, const SealedLimits& limits) {
  std::error_code failed;
  const auto size = static_cast<std::size_t>(fs::file_size(path, failed));
  std::ifstream file(path, std::ios::binary);
  if (failed || !file) return fail(ErrorCode::resource_limit, path.string() + ": cannot be read");
  if (size < kFileSum) return fail(ErrorCode::corrupt_data, path.string() + ": is cut off");
  sealed::Bytes beginning(std::min(size, sealed::kMaxGalleryHead));
  std::array<std::uint8_t, kFileSum> sum{};
  file.read(reinterpret_cast<char*>(beginning.data()), static_cast<std::streamsize>(beginning.size()));
  file.seekg(static_cast<std::streamoff>(size - kFileSum));
  file.read(reinterpret_cast<char*>(sum.data()), kFileSum);
  if (!file) return fail(ErrorCode::resource_limit, path.string() + ": cannot be read");
  VULTUS_TRY(const sealed::GalleryHead head, sealed::decode_gallery_head(beginning).with_context(path.string()));
  VULTUS_CHECK(check_head(head.model, head.id, head.layout, head.rows, limits).with_context(path.string()));
  return facts_of(name, head, sum, size, time_of_file(path));
}

}  // namespace

Result<std::unique_ptr<SealedStore>> SealedStore::open(fs::path folder, const SealedLimits& limits) {
  std::unique_ptr<SealedStore> store(new SealedStore(std::move(folder), limits));
  std::error_code failed;
  for (fs::directory_iterator at(store->folder_, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code ignored;
    if (!fs::is_regular_file(at->symlink_status(ignored))) continue;
    const fs::path& path = at->path();
    if (path.extension() == ".new") fs::remove(path, ignored);
    const std::string name = path.stem().string();
    if (path.extension() != kSealedEnding || !is_collection_name(name)) continue;
    store->slots_[name] = std::make_shared<Slot>(facts_of_file(name, path, limits));
  }
  if (failed) return fail(ErrorCode::resource_limit, store->folder_.string() + ": " + failed.message());
  return store;
}

fs::path SealedStore::path_of(const std::string& name) const { return folder_ / (name + std::string(kSealedEnding)); }

std::vector<std::string> SealedStore::names() const {
  const std::scoped_lock lock(lock_);
  std::vector<std::string> names;
  for (const auto& [name, slot] : slots_) names.push_back(name);
  return names;
}

Result<SealedFacts> SealedStore::find(const std::string& name) const {
  const std::scoped_lock lock(lock_);
  const auto at = slots_.find(name);
  if (at == slots_.end()) return fail(ErrorCode::not_found, "there is no sealed gallery of this name");
  return at->second->facts;
}

Result<SealedLease> SealedStore::looked_through(const std::string& name, sealed::ByteView bytes,
                                                const std::stop_token& stop) const {
  VULTUS_TRY(const sealed::SealedGallery gallery, sealed::decode_gallery(bytes));
  VULTUS_CHECK(check_head(gallery.model, gallery.id, gallery.layout, gallery.rows(), limits_));
  VULTUS_TRY(sealed::Searcher searcher, sealed::Searcher::make(gallery, {}, stop));
  const sealed::GalleryHead head{
      .key = gallery.key, .model = gallery.model, .id = gallery.id, .layout = gallery.layout, .rows = gallery.rows()};
  return std::make_shared<OpenSealed>(OpenSealed{.facts = facts_of(name, head, bytes.last(kFileSum), bytes.size(), {}),
                                                 .searcher = std::move(searcher)});
}

Result<SealedLease> SealedStore::use(const std::string& name, const std::stop_token& stop) {
  std::shared_ptr<Slot> slot;
  {
    const std::scoped_lock lock(lock_);
    const auto at = slots_.find(name);
    if (at == slots_.end()) return fail(ErrorCode::not_found, "there is no sealed gallery of this name");
    slot = at->second;
    if (!slot->facts) return slot->facts.error();
  }
  const std::scoped_lock opening(slot->opening);  // who comes second finds it open
  {
    const std::scoped_lock lock(lock_);
    slot->used = ++uses_;
    if (slot->open != nullptr) return slot->open;
  }
  const fs::path path = path_of(name);
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_file(path));
  VULTUS_TRY(SealedLease lease, looked_through(name, bytes, stop).with_context(path.string()));
  lease->facts.stored = time_of_file(path);
  const std::scoped_lock lock(lock_);
  keep_open(*slot, lease);
  return lease;
}

void SealedStore::keep_open(Slot& slot, const SealedLease& lease) {
  if (lease->facts.bytes > limits_.max_open_bytes) return;
  slot.open = lease;
  slot.used = ++uses_;
  std::vector<Slot*> open;
  std::size_t bytes = 0;
  for (const auto& [name, one] : slots_)
    if (one->open != nullptr) {
      open.push_back(one.get());
      bytes += one->open->facts.bytes;
    }
  std::ranges::sort(open, {}, [](const Slot* one) { return one->used; });
  for (Slot* const one : open) {
    if (bytes <= limits_.max_open_bytes) return;
    bytes -= one->open->facts.bytes;
    one->open.reset();
  }
}

Status SealedStore::put(const std::string& name, sealed::ByteView bytes, const SealedLease& sound) {
  if (!is_collection_name(name)) throw std::logic_error("a name that was not looked at");
  const fs::path path = path_of(name);
  VULTUS_CHECK(write_private_file(path.string(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
  sound->facts.stored = time_of_file(path);
  const std::scoped_lock lock(lock_);
  // Another slot: who opens the file that was there keeps what it finds for itself.
  const auto& slot = slots_[name] = std::make_shared<Slot>(sound->facts);
  keep_open(*slot, sound);
  return {};
}

Status SealedStore::remove(const std::string& name) {
  const std::scoped_lock lock(lock_);
  if (!slots_.contains(name)) return fail(ErrorCode::not_found, "there is no sealed gallery of this name");
  std::error_code failed;
  fs::remove(path_of(name), failed);
  if (failed) return fail(ErrorCode::resource_limit, path_of(name).string() + ": " + failed.message());
  slots_.erase(name);
  return {};
}

std::size_t SealedStore::count() const {
  const std::scoped_lock lock(lock_);
  return slots_.size();
}

std::size_t SealedStore::open_count() const {
  const std::scoped_lock lock(lock_);
  return static_cast<std::size_t>(
      std::ranges::count_if(slots_, [](const auto& one) { return one.second->open != nullptr; }));
}

}  // namespace vultus::server
