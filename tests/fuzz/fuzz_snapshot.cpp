// Hostile snapshots of an index: whatever the bytes are, opening, searching, changing and writing again must end with
// an answer or an error. The first byte says what is done to a sound one; see below.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <vultus/gallery/index/block_guard.hpp>
#include <vultus/gallery/index/snapshot_eraser.hpp>
#include <vultus/gallery/index/template_index.hpp>

#include "fuzz_file.hpp"
#include "fuzz_target.hpp"

namespace {

namespace gallery = vultus::gallery;
using vultus::Embedding;
using vultus::FaceId;
using vultus::SubjectId;
using vultus::fuzz::folder;

constexpr std::size_t kDimension = 70;  // bytes and bits are padded
constexpr std::array<unsigned char, 32> kKey{7};

gallery::SnapshotIdentity identity() {
  return {.gallery = "fuzz", .model = vultus::ModelId("fuzz"), .dimension = kDimension};
}

Embedding some_embedding(std::mt19937& random) {
  std::normal_distribution<float> normal;
  std::vector<float> values(kDimension);
  for (float& v : values) v = normal(random);
  return Embedding::normalised(vultus::ModelId("fuzz"), std::move(values)).value();
}

std::string sound_snapshot(const std::optional<gallery::SnapshotKey>& key) {
  std::mt19937 random(1);
  gallery::TemplateIndex index(vultus::ModelId("fuzz"), kDimension);
  std::vector<Embedding> templates;
  for (int i = 0; i < 20; ++i) templates.push_back(some_embedding(random));
  gallery::IndexChanges changes;
  for (int i = 0; i < 20; ++i)
    changes.added.push_back({FaceId(i + 1), SubjectId(i % 6 + 1), templates[static_cast<std::size_t>(i)].values()});
  for (int i = 1; i <= 6; ++i) changes.named.emplace_back(SubjectId(i), "Subject " + std::to_string(i));
  const auto path = folder() / "sound.index";
  if (!index.change(changes) || !index.view()->write({.path = path, .identity = identity(), .key = key})) std::abort();
  return vultus::fuzz::bytes_of(path);
}

/// Makes all checksums of a plain file right that can be reached, so that what lies behind them is tried too.
void sign(std::string& bytes) {
  gallery::SnapshotHeader header;
  if (bytes.size() < sizeof header) return;
  std::memcpy(&header, bytes.data(), sizeof header);
  header.sealed = 0;
  const auto guard = gallery::BlockGuard::make(header, std::nullopt).value();
  const std::uint64_t table = header.table.offset, table_bytes = header.table.bytes;
  if (table > bytes.size() || table_bytes > bytes.size() - table) return;
  auto* const raw = reinterpret_cast<std::byte*>(bytes.data());
  for (std::uint64_t block = 1; (block + 1) * gallery::kSnapshotBlock <= table && block * 8 <= table_bytes; ++block)
    guard.close(block, raw + block * gallery::kSnapshotBlock, nullptr, raw + table + (block - 1) * 8);
  header.table_sum = guard.sum_of({raw + table, table_bytes});
  header.sum = guard.sum_of({reinterpret_cast<const std::byte*>(&header), gallery::kSnapshotSummedBytes});
  std::memcpy(bytes.data(), &header, sizeof header);
}

void use(const std::filesystem::path& path, const std::optional<gallery::SnapshotKey>& key) {
  const auto file = gallery::SnapshotFile::open(path, identity(), key);
  if (!file) return;
  (void)(*file)->verify();
  auto index = gallery::TemplateIndex::on(*file, vultus::ModelId("fuzz"));
  if (!index) return;
  std::mt19937 random(2);
  const Embedding probe = some_embedding(random);
  for (const auto method : {vultus::SearchMethod::floats, vultus::SearchMethod::bytes, vultus::SearchMethod::cascade}) {
    const auto told = index->search({&probe, 1}, {.top_k = 30, .method = method});
    if (!told) continue;
    for (const vultus::SearchHit& hit : told->front())
      vultus::fuzz::require(!std::isnan(hit.similarity.value()), "a similarity is a number");
  }
  (void)index->search({&probe, 1}, {.top_k = 30, .subjects = std::vector{SubjectId(1), SubjectId(5)}});
  for (const FaceId face : index->faces()) (void)index->subject_of(face);
  for (const SubjectId subject : index->view()->all_named()) (void)index->view()->name_of(subject);
  const auto before = index->view();
  const vultus::IndexedFace more{FaceId(1'000'000), SubjectId(2), probe.values()};
  (void)index->change(
      {.gone = {FaceId(3)}, .named = {{SubjectId(2), "B"}}, .added = {more}, .subjects_gone = {SubjectId(1)}});
  (void)index->view()->erase_in_snapshot(path, before.get());
  (void)index->write_snapshot(*index->view(), {.path = folder() / "again.index", .identity = identity(), .key = key});
}

}  // namespace

/// First byte: 'F' the file as it is, 'P' changes to a sound plain one, 'Q' the same with the checksums made right,
/// 'S' changes to a sealed one. Changes are those of file_or_changes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string kPlain = sound_snapshot(std::nullopt);
  static const std::string kSealed = sound_snapshot(gallery::SnapshotKey(kKey));
  if (size == 0) return 0;
  const char kind = static_cast<char>(data[0]);
  std::string bytes;
  if (kind == 'F') {
    bytes.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  } else {
    std::string changes(reinterpret_cast<const char*>(data), size);
    changes[0] = 'P';
    bytes = vultus::fuzz::file_or_changes(reinterpret_cast<const std::uint8_t*>(changes.data()), changes.size(),
                                          kind == 'S' ? kSealed : kPlain);
  }
  if (kind == 'Q') sign(bytes);
  const auto path = folder() / "s.index";
  std::filesystem::remove(path);
  vultus::fuzz::write(path, bytes);
  use(path, kind == 'S' ? std::optional(gallery::SnapshotKey(kKey)) : std::nullopt);
  return 0;
}
