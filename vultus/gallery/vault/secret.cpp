#include <vultus/gallery/vault/secret.hpp>

#include <algorithm>
#include <mutex>
#include <string>

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace vultus::gallery {
namespace {

/// Counts the secrets of the process: the first one forbids core dumps, the last one allows them again. A limit on the
/// size of dumps alone does not hold where the system pipes them to a program, so the process is made undumpable too.
class CoreDumps {
 public:
  void forbid() {
    const std::scoped_lock lock(mutex_);
    if (secrets_++ > 0) return;
    was_dumpable_ = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1;
    if (was_dumpable_) prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (getrlimit(RLIMIT_CORE, &limit_) == 0) {
      rlimit none = limit_;
      none.rlim_cur = 0;
      setrlimit(RLIMIT_CORE, &none);
    }
  }
  void allow() {
    const std::scoped_lock lock(mutex_);
    if (--secrets_ > 0) return;
    setrlimit(RLIMIT_CORE, &limit_);
    if (was_dumpable_) prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  }

 private:
  std::mutex mutex_;
  int secrets_ = 0;
  bool was_dumpable_ = true;
  rlimit limit_{};
};

/// A property of the process, so there is one for the process. Never destroyed: secrets may outlive static objects.
CoreDumps& core_dumps() {
  static auto* const kOne = new CoreDumps;
  return *kOne;
}

}  // namespace

void Secret::Free::operator()(std::uint8_t* memory) const {
  sodium_free(memory);
  if (guarding == Guarding::full) core_dumps().allow();
}

Result<Secret> Secret::of_size(std::size_t size, Guarding guarding) {
  VULTUS_CHECK(start_sodium());
  auto* memory = static_cast<std::uint8_t*>(sodium_malloc(size));
  if (memory == nullptr)
    return fail(ErrorCode::resource_limit, "no memory for a key of " + std::to_string(size) + " bytes");
  if (guarding == Guarding::full) core_dumps().forbid();
  Secret secret(memory, size, guarding);
  // sodium_malloc locks as well but does not tell whether it could.
  if (guarding == Guarding::full && sodium_mlock(memory, size) != 0)
    return fail(ErrorCode::resource_limit, "the memory of a key cannot be locked: raise the limit (ulimit -l)");
  return secret;
}

Result<Secret> Secret::random(std::size_t size, Guarding guarding) {
  VULTUS_TRY(Secret secret, of_size(size, guarding));
  randombytes_buf(secret.writable().data(), size);
  return secret;
}

Result<Secret> Secret::copy_of(std::span<const std::uint8_t> bytes) {
  VULTUS_TRY(Secret secret, of_size(bytes.size()));
  std::ranges::copy(bytes, secret.writable().begin());
  return secret;
}

void wipe(std::span<std::uint8_t> bytes) { sodium_memzero(bytes.data(), bytes.size()); }

Status start_sodium() {
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium cannot be made ready");
  return {};
}

}  // namespace vultus::gallery
