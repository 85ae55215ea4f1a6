// Keys and retention of a gallery of shards: each shard has a keyring of its own, under one master key.
#include <vultus/gallery/shards/sharded_gallery.hpp>

#include <algorithm>

namespace vultus::gallery {

Status ShardedGallery::encrypt(const KeySource& /*key*/, const PassphraseCost& /*cost*/) {
  return fail(ErrorCode::unsupported,
              "whether a gallery of shards is encrypted is chosen when it is made; export it, and import it into a new "
              "one");
}

Status ShardedGallery::decrypt() { return encrypt({}, {}); }

Status ShardedGallery::rotate_key(const KeySource& to, const PassphraseCost& cost, RenewKeys which) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  const KeySource fresh = asked_once(to);
  std::size_t done = 0;
  for (const Part& part : now->all) {
    Status rotated = part.gallery->rotate_key(fresh, cost, which);
    if (!rotated && done == 0) return rotated;
    if (!rotated)
      return fail(rotated.error().code, std::to_string(done) + " of " + std::to_string(now->all.size()) +
                                            " shards have the new key; do it again with both keys: shard \"" +
                                            part.shard.name + "\": " + rotated.error().message);
    ++done;
  }
  // A shard that is lost and opened again is opened with the key that it has now.
  options_.other_key = options_.key;
  options_.key = fresh;
  return {};
}

Status ShardedGallery::destroy_left_keys(const Parts& parts, std::size_t at, std::span<const SubjectId> subjects) {
  for (std::size_t i = 0; i < parts.all.size(); ++i)
    for (const SubjectId id : subjects)
      if (i != at)
        if (const auto destroyed = parts.all[i].gallery->destroy_key(id); !destroyed) return destroyed.error();
  return {};
}

Result<ForgetProof> ShardedGallery::forget(SubjectId id) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  VULTUS_TRY(const std::size_t at, settled(*now, id));
  VULTUS_TRY(ForgetProof proof, now->all[at].gallery->forget(id));
  VULTUS_CHECK(destroy_left_keys(*now, at, {&id, 1}));
  // It may have lain in any of them before.
  for (const Part& part : now->all)
    VULTUS_CHECK(part.gallery->with_guard([](Store&, Guard& guard) { return guard.scrub_keys(); }));
  return proof;
}

Result<Expired> ShardedGallery::expire(ExpiryRun run) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  Expired sum;
  for (std::size_t i = 0; i < now->all.size(); ++i) {
    VULTUS_TRY(const Expired one, now->all[i].gallery->expire(run));
    if (run == ExpiryRun::remove) VULTUS_CHECK(destroy_left_keys(*now, i, one.subjects));
    sum.subjects.insert(sum.subjects.end(), one.subjects.begin(), one.subjects.end());
    sum.faces.insert(sum.faces.end(), one.faces.begin(), one.faces.end());
  }
  return sum;
}

Result<bool> ShardedGallery::allows_bulk_export() {
  VULTUS_TRY(const Shared now, whole());
  for (const Part& part : now->all) {
    VULTUS_TRY(const bool allowed, part.gallery->allows_bulk_export());
    if (!allowed) return false;
  }
  return true;
}

Status ShardedGallery::allow_bulk_export(BulkExport allowed) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  for (const Part& part : now->all) VULTUS_CHECK(part.gallery->allow_bulk_export(allowed));
  return {};
}

}  // namespace vultus::gallery
