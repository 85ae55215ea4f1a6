// Files of encrypted search: keys, galleries, probes, results. The layout stands in docs/sealed.md.
//
// Every file begins with "VLTSEAL", a version and a kind, and ends with the BLAKE2b-256 sum of all before it. A secret
// key under a passphrase is XChaCha20-Poly1305 with a key by Argon2id, so that altering it shows whatever the sum says.
// Numbers in files are little-endian; whole numbers of a scheme have their highest byte first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/sealed/gallery.hpp>
#include <vultus/sealed/sealed_probe.hpp>
#include <vultus/sealed/search.hpp>

namespace vultus::sealed {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// What a file is.
enum class FileKind : std::uint8_t { public_key = 1, secret_key = 2, gallery = 3, probe = 4, result = 5 };

/// What bytes begin like, whether the rest is sound or not: to recognise a secret key where none may come.
/// @return nothing for bytes that begin like no file of encrypted search
[[nodiscard]] std::optional<FileKind> kind_of(ByteView bytes);

/// What guessing a passphrase costs, kept in the file.
/// @source RFC 9106; libsodium's crypto_pwhash, Argon2id
struct GuessCost {
  std::uint32_t passes = 3;           ///< [1, 16]
  std::uint32_t memory_kib = 262144;  ///< [8, 1048576]
};

/// The file of a public key.
[[nodiscard]] Bytes encode(const PublicKey& key);
/// The file of a gallery.
[[nodiscard]] Bytes encode(const SealedGallery& gallery);
/// The file of a probe.
[[nodiscard]] Bytes encode(const SealedProbe& probe);
/// The file of a result.
[[nodiscard]] Bytes encode(const SealedResult& result);
/// The file of a secret key.
/// @param passphrase  empty = the key lies open in the file, whose mode alone protects it
/// @error invalid_argument  a cost outside its range, or a passphrase above 1,024 bytes
/// @error resource_limit    no memory for Argon2id
[[nodiscard]] Result<Bytes> encode_secret(const SecretKey& key, const std::string& passphrase,
                                          const GuessCost& cost = {});

/// A public key of the bytes of its file. Reading never takes more memory than a small multiple of the bytes that are
/// there; that holds for all of these.
/// @error corrupt_data  not such a file, altered, cut off, or numbers that cannot be
/// @error unsupported   a version that this program does not know
[[nodiscard]] Result<PublicKey> decode_public_key(ByteView bytes);
/// A gallery. Its ciphertexts are checked where they are used. @error as decode_public_key()
[[nodiscard]] Result<SealedGallery> decode_gallery(ByteView bytes);
/// What a gallery is, without its rows.
struct GalleryHead {
  PublicKey key;
  std::string model;
  std::string id;
  Layout layout;
  std::int64_t rows = 0;

  [[nodiscard]] std::int64_t packs() const { return (rows + layout.slots - 1) / layout.slots; }
};
inline constexpr std::size_t kMaxGalleryHead = 4096;  ///< bytes that a head takes at most
/// The head of a gallery, from the first bytes of its file. What comes behind is not looked at, nor is the sum.
/// @param beginning  kMaxGalleryHead bytes, or the whole of a shorter file
/// @error as decode_public_key()
[[nodiscard]] Result<GalleryHead> decode_gallery_head(ByteView beginning);
/// A probe. @error as decode_public_key()
[[nodiscard]] Result<SealedProbe> decode_probe(ByteView bytes);
/// A result. @error as decode_public_key()
[[nodiscard]] Result<SealedResult> decode_result(ByteView bytes);
/// A secret key.
/// @param ask  tells the passphrase; called where the file has one
/// @error invalid_argument  a wrong passphrase, or the file was altered; else as above, and those of `ask`
[[nodiscard]] Result<SecretKey> decode_secret_key(ByteView bytes, const std::function<Result<std::string>()>& ask);

inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{16} << 30U;

/// The whole of a file.
/// @error not_found; resource_limit  above kMaxFileBytes, or it cannot be read
[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& path);
/// The same for a file that only its owner may read.
/// @error invalid_argument  others may read or write it: the message tells the command that mends it
[[nodiscard]] Result<Bytes> read_secret_file(const std::filesystem::path& path);
/// Whether something may be written to a place: whoever loses a secret key loses every answer. To be asked before long
/// work; the writers below ask again.
/// @error invalid_argument  a secret key lies there, whether the rest of it is sound or not
[[nodiscard]] Status spare_secret_key(const std::filesystem::path& path);
/// Writes a file as a whole: it is there with all its bytes, or as it was before.
/// @error invalid_argument  a secret key lies there; not_found  no such folder; resource_limit  it cannot be written
[[nodiscard]] Status write_file(const std::filesystem::path& path, ByteView bytes);
/// The same for a file that only its owner may read (mode 0600).
/// @error as write_file()
[[nodiscard]] Status write_private_file(const std::filesystem::path& path, ByteView bytes);
/// Makes a new file that only its owner may read (mode 0600).
/// @error invalid_argument  there is one already; else as write_file()
[[nodiscard]] Status write_secret_file(const std::filesystem::path& path, ByteView bytes);

/// The right to change the files of a folder: who reads one, changes it and writes it back holds it meanwhile, so that
/// nothing is lost of two who do so at a time. Held while this lives, and given back when the process ends, however.
/// Not for a process that holds it already. Movable; a moved-from one holds nothing.
class FolderTurn {
 public:
  FolderTurn(FolderTurn&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FolderTurn& operator=(FolderTurn&&) = delete;
  FolderTurn(const FolderTurn&) = delete;
  FolderTurn& operator=(const FolderTurn&) = delete;
  ~FolderTurn();

  /// Waits for the turn at the folder of `file`, which need not be there.
  /// @error not_found  no such folder; resource_limit  it cannot be opened; cancelled  stopped while it waited
  [[nodiscard]] static Result<FolderTurn> take(const std::filesystem::path& file, const std::stop_token& stop = {});

 private:
  explicit FolderTurn(int number) : number_(number) {}
  int number_;
};

}  // namespace vultus::sealed
