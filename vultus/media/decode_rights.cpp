#include <vultus/media/decode_rights.hpp>

#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>

namespace vultus::media {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // its run-time library reserves terabytes and opens files
#else
constexpr bool kSanitized = false;
#endif

bool limit(__rlimit_resource what, rlim_t to) {
  const rlimit both{.rlim_cur = to, .rlim_max = to};
  return ::setrlimit(what, &both) == 0;
}

/// Bytes of address space that programs and libraries have taken by now: half a gigabyte and more where a library of
/// linear algebra is among them. @return 0 where the system does not tell
std::size_t taken_so_far() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0;
  if (!(file >> pages)) return 0;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// What a decoder needs: memory, threads of its own, and the files that are open already. Everything else fails with
/// EPERM: no file, socket or program can be opened, no other process is seen.
bool allow_little() {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) return false;
  constexpr std::array kAllowed{"read",
                                "write",
                                "pread64",
                                "pwrite64",
                                "recvfrom",
                                "recvmsg",
                                "sendto",
                                "sendmsg",
                                "munmap",
                                "mremap",
                                "brk",
                                "madvise",
                                "futex",
                                "set_robust_list",
                                "rseq",
                                "exit",
                                "exit_group",
                                "rt_sigaction",
                                "rt_sigprocmask",
                                "rt_sigreturn",
                                "sigaltstack",
                                "clock_gettime",
                                "clock_nanosleep",
                                "gettimeofday",
                                "getrandom",
                                "sched_yield",
                                "sched_getaffinity",
                                "getpid",
                                "gettid",
                                "fstat",
                                "newfstatat",
                                "lseek",
                                "close",
                                "poll",
                                "ppoll",
                                "restart_syscall"};
  bool done = true;
  for (const char* name : kAllowed) {
    const int call = ::seccomp_syscall_resolve_name(name);
    if (call != __NR_SCMP_ERROR) done = done && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
  }
  // Memory that can be run is not given out, and only threads are born.
  constexpr std::uint64_t kRun = 4;  // PROT_EXEC
  for (const char* name : {"mmap", "mprotect"})
    done = done && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, ::seccomp_syscall_resolve_name(name), 1,
                                      SCMP_A2(SCMP_CMP_MASKED_EQ, kRun, 0)) == 0;
  done = done && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, ::seccomp_syscall_resolve_name("clone"), 1,
                                    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
  // Its flags lie in memory, where a filter cannot look; without it the library takes clone.
  if (const int call = ::seccomp_syscall_resolve_name("clone3"); call != __NR_SCMP_ERROR)
    done = done && ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0) == 0;
  // abort() ends this process, and no other.
  done = done && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, ::seccomp_syscall_resolve_name("tgkill"), 1,
                                    SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()))) == 0;
  done = done && ::seccomp_load(filter) == 0;
  ::seccomp_release(filter);
  return done;
}

}  // namespace

bool give_up_rights(std::size_t memory) {
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  if (kSanitized) return true;
  return limit(RLIMIT_AS, taken_so_far() + memory) && limit(RLIMIT_FSIZE, memory) && limit(RLIMIT_CORE, 0) &&
         allow_little();
}

}  // namespace vultus::media
