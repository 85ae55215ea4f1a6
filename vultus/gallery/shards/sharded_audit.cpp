// The audit log of a gallery of shards: one chain a shard, read and verified together.
#include <vultus/gallery/shards/sharded_gallery.hpp>

#include <algorithm>
#include <deque>

#include <vultus/gallery/shards/each_part.hpp>

namespace vultus::gallery {
namespace {

constexpr std::size_t kPage = 1000;

/// The log of one shard, read page by page, so that several can be merged.
class LogReader {
 public:
  LogReader(LocalGallery& gallery, std::string shard, std::int64_t after)
      : gallery_(gallery), shard_(std::move(shard)), after_(after) {}

  /// The next record; nothing at the end.
  Result<const AuditEntry*> peek() {
    if (page_.empty() && !over_) VULTUS_CHECK(fill());
    return page_.empty() ? nullptr : &page_.front();
  }
  void pop() { page_.pop_front(); }

 private:
  Status fill() {
    bool full = false;
    Status read = gallery_.each_audit(after_, [&](const AuditEntry& entry) -> Status {
      if (page_.size() == kPage) {
        full = true;
        return vultus::fail(ErrorCode::cancelled, "the page is full");
      }
      page_.push_back(entry);
      page_.back().shard = shard_;
      return {};
    });
    if (!read && !full) return read;
    over_ = !full;
    if (!page_.empty()) after_ = page_.back().number;
    return {};
  }

  LocalGallery& gallery_;
  std::string shard_;
  std::int64_t after_;
  std::deque<AuditEntry> page_;
  bool over_ = false;
};

/// The part of an act that belongs into the log of a shard.
/// @return nothing if none does
std::optional<AuditNote> share_of(const AuditNote& note, const LocalGallery& shard) {
  AuditNote share = note;
  std::erase_if(share.subjects, [&](SubjectId id) { return !shard.holds(id); });
  std::erase_if(share.faces, [&](FaceId id) { return !shard.holds(id); });
  const bool concerns_some = !note.subjects.empty() || !note.faces.empty();
  if (concerns_some && share.subjects.empty() && share.faces.empty()) return std::nullopt;
  return share;
}

}  // namespace

Status ShardedGallery::write_note(const Parts& parts, const AuditNote& note, Write how) const {
  const auto open = parts.open();
  std::vector<std::optional<AuditNote>> shares;
  shares.reserve(open.size());
  for (const auto& gallery : open) shares.push_back(share_of(note, *gallery));
  // Somebody who is nowhere any more is told to all.
  if (std::ranges::none_of(shares, [](const auto& share) { return share.has_value(); }))
    for (auto& share : shares) share = note;
  const auto written = each_at_once(
      open.size(), [&](std::size_t i) -> Status { return shares[i] ? ((*open[i]).*how)(*shares[i]) : Status(); });
  for (const Status& one : written) VULTUS_CHECK(one);
  return {};
}

Status ShardedGallery::note(const AuditNote& note) {
  VULTUS_TRY(const Shared now, answering());
  return write_note(*now, note, &LocalGallery::note);
}

Status ShardedGallery::note_change(const AuditNote& note) {
  VULTUS_TRY(const Shared now, whole());
  return write_note(*now, note, &LocalGallery::note_change);
}

Status ShardedGallery::note_search(const std::vector<const Part*>& asked,
                                   const std::vector<std::vector<Candidate>>& answers) {
  if (std::ranges::none_of(asked, [](const Part* one) { return one->gallery->logs_searches(); })) return {};
  std::vector<SubjectId> told;
  for (const auto& candidates : answers)
    if (!candidates.empty() && std::ranges::find(told, candidates.front().subject) == told.end())
      told.push_back(candidates.front().subject);
  // Every shard was searched, whoever was found.
  auto written = each_at_once(asked.size(), [&](std::size_t i) -> Status {
    LocalGallery& gallery = *asked[i]->gallery;
    AuditNote act{.what = "search", .count = static_cast<std::int64_t>(answers.size())};
    std::ranges::copy_if(told, std::back_inserter(act.subjects), [&](SubjectId id) { return gallery.holds(id); });
    return gallery.note(act);
  });
  for (Status& one : written)
    VULTUS_CHECK(std::move(one).with_context("the search cannot be written into the audit log, so it is refused"));
  return {};
}

Status ShardedGallery::set_audit(AuditLevel level) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  for (const Part& part : now->all) {
    VULTUS_CHECK(part.gallery->set_audit(level));
    if (level == AuditLevel::off) continue;
    // The first shard decides which keys they have in common, also where two programs do this at once.
    VULTUS_TRY(const auto common, part.gallery->with_guard([](Store&, Guard& guard) { return guard.common_keys(); }));
    if (&part == &now->all.front()) common_ = common;
    for (const Part& other : now->all)
      other.gallery->with_guard([&](Store&, Guard& guard) { guard.share_keys(common_); });
  }
  return {};
}

Status ShardedGallery::each_audit(std::int64_t after, const std::function<Status(const AuditEntry&)>& take) {
  VULTUS_TRY(const Shared now, answering());
  std::vector<LogReader> logs;
  for (const Part& part : now->all)
    if (part.gallery) logs.emplace_back(*part.gallery, part.shard.name, after);
  for (;;) {
    LogReader* next = nullptr;
    const AuditEntry* first = nullptr;
    for (LogReader& log : logs) {
      VULTUS_TRY(const AuditEntry* const entry, log.peek());
      if (entry == nullptr || (first != nullptr && first->at <= entry->at)) continue;
      next = &log;
      first = entry;
    }
    if (next == nullptr) return {};
    VULTUS_CHECK(take(*first));
    next->pop();
  }
}

Result<AuditHead> ShardedGallery::audit_head() {
  VULTUS_TRY(const Shared now, whole());
  AuditHead all;
  for (const Part& part : now->all) {
    VULTUS_TRY(AuditHead one, part.gallery->audit_head());
    all.gallery = one.gallery;
    all.number += one.number;
    all.at = std::max(all.at, one.at);
    all.shards.push_back(std::move(one));
  }
  all.mac = mac_of_shards(all);
  VULTUS_CHECK(now->all.front().gallery->with_guard(
      [&](Store&, Guard& guard) { return sign(all, guard.keyring()->key(KeyUse::signing)); }));
  return all;
}

Result<AuditVerdict> ShardedGallery::verify_audit(const std::optional<AuditHead>& known) {
  VULTUS_TRY(const Shared now, answering());
  AuditVerdict sum;
  const auto find = [&](const std::string& shard, const std::string& what) {
    sum.findings.push_back("shard \"" + shard + "\": " + what);
  };
  if (known && known->shards.empty())
    sum.findings.emplace_back("the exported head is that of a gallery in one store, not of shards");
  if (known)
    for (const AuditHead& head : known->shards)
      if (std::ranges::none_of(now->all, [&](const Part& part) { return part.shard.name == head.shard; }))
        find(head.shard, "is in the exported head, and no part of the gallery any more");
  for (const Part& part : now->all) {
    if (!part.gallery) {
      find(part.shard.name, "does not answer, so its log was not looked at");
      continue;
    }
    std::optional<AuditHead> mine;
    if (known)
      for (const AuditHead& head : known->shards)
        if (head.shard == part.shard.name) mine = head;
    VULTUS_TRY(const AuditVerdict one, part.gallery->verify_audit(mine));
    sum.records += one.records;
    for (const std::string& finding : one.findings) find(part.shard.name, finding);
    for (const std::string& line : one.proven) sum.proven.push_back("shard \"" + part.shard.name + "\": " + line);
    for (const std::string& line : one.not_proven)
      if (std::ranges::find(sum.not_proven, line) == sum.not_proven.end()) sum.not_proven.push_back(line);
  }
  sum.not_proven.emplace_back(
      "in which order records of different shards were written: each shard has a chain of its own, and the times are "
      "those of the clocks of who wrote them");
  return sum;
}

std::string ShardedGallery::pseudonym(SubjectId id) { return parts()->open().front()->pseudonym(id); }

}  // namespace vultus::gallery
