# Builds for 64-bit ARM on another processor: Debian's cross compiler, with the libraries that tools/arm64 has unpacked.
# Programs that the build or the tests start run in qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/../tools/arm64 sysroot-path
                OUTPUT_VARIABLE VULTUS_SYSROOT OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT EXISTS "${VULTUS_SYSROOT}/usr/include")
  message(FATAL_ERROR "The libraries for arm64 are not in ${VULTUS_SYSROOT}: run tools/arm64 setup")
endif()
set(CMAKE_SYSROOT ${VULTUS_SYSROOT})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64;-L;${VULTUS_SYSROOT})

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${VULTUS_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${VULTUS_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${VULTUS_SYSROOT}/usr/share/pkgconfig)
