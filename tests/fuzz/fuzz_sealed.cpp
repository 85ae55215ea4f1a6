// Hostile files of encrypted search: keys, galleries, probes, results, and sound ones with changes. The first byte says
// which decoder; behind 'P' stand changes to a sound file (file_or_changes()); the sum at the end is made right, so
// that the fuzzer reaches what lies behind it, unless the first byte has its highest bit set.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <vultus/sealed/answer.hpp>
#include <vultus/sealed/envelope.hpp>
#include <vultus/sealed/format.hpp>

#include "fuzz_file.hpp"
#include "fuzz_target.hpp"

namespace {

using vultus::fuzz::require;
using namespace vultus::sealed;  // NOLINT(google-build-using-namespace): the room under test

struct Sound {
  SecretKey key;
  std::vector<std::string> files;
};

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

Sound make_sound() {
  auto key = generate_key({.bits = 1024});
  if (!key) std::abort();
  const PublicKey& open = key->public_key();
  auto gallery = make_gallery(open, "m", 2, {});
  auto enroller = Enroller::make(open);
  const std::vector<NamedTemplate> rows{{.name = "a", .values = {0.6F, 0.8F}}, {.name = "b", .values = {0.0F, 1.0F}}};
  if (!gallery || !enroller || !enroller->add(*gallery, rows)) std::abort();
  auto searcher = Searcher::make(*gallery);
  auto probe = seal_probe(open, "m", rows[0].values, {});
  auto secret = encode_secret(*key, "");
  if (!searcher || !probe || !secret) std::abort();
  auto result = searcher->search(rows[0].values);
  if (!result) std::abort();
  return {*key,
          {text_of(encode(open)), text_of(*secret), text_of(encode(*gallery)), text_of(encode(*probe)),
           text_of(encode(*result))}};
}

/// The same content with the right sum.
Bytes with_sum(const std::string& file) {
  constexpr std::size_t kSumBytes = 32;
  ByteWriter to;
  const std::size_t size = file.size() < kSumBytes ? 0 : file.size() - kSumBytes;
  to.raw({reinterpret_cast<const std::uint8_t*>(file.data()), size});
  return end_file(std::move(to));
}

void try_gallery(const Bytes& bytes) {
  const auto gallery = decode_gallery(bytes);
  const auto head = decode_gallery_head(ByteView(bytes).first(std::min(bytes.size(), kMaxGalleryHead)));
  if (!gallery) return;
  require(head && head->rows == gallery->rows() && head->id == gallery->id, "the head is that of the whole");
  require(encode(*gallery) == bytes, "what was read is written the same");
  // Computing with hostile ciphertexts ends with an answer or an error.
  if (gallery->ciphertexts.size() > 8192 || gallery->key.kind().bits > 1024) return;
  auto searcher = Searcher::make(*gallery, {.hide_probe = false});
  if (searcher) (void)searcher->search(std::vector<float>(static_cast<std::size_t>(gallery->layout.dimension), 0.0F));
}

void try_result(const Bytes& bytes, const SecretKey& key) {
  const auto result = decode_result(bytes);
  if (!result) return;
  require(encode(*result) == bytes, "what was read is written the same");
  if (result->ciphertexts.size() > 4096) return;
  const auto products = open_products(key, *result);
  if (products)
    require(products->size() == static_cast<std::size_t>(result->row ? 1 : result->rows), "a product for every row");
  (void)open_best(key, *result, 3);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Sound kSound = make_sound();
  if (size == 0) return 0;
  const std::size_t which = data[0] % 5;
  const std::string file = vultus::fuzz::file_or_changes(data + 1, size - 1, kSound.files[which]);
  const Bytes bytes = (data[0] & 0x80U) != 0 ? Bytes(file.begin(), file.end()) : with_sum(file);
  switch (which) {
    case 0:
      if (const auto key = decode_public_key(bytes)) require(encode(*key) == bytes, "a key is written as it was read");
      break;
    case 1: (void)decode_secret_key(bytes, nullptr); break;
    case 2: try_gallery(bytes); break;
    case 3:
      if (const auto probe = decode_probe(bytes)) require(encode(*probe) == bytes, "a probe is written as it was read");
      break;
    default: try_result(bytes, kSound.key);
  }
  return 0;
}
