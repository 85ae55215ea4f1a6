# Every library that Vultus uses. Nothing is downloaded here: the set-up scripts have fetched it.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

pkg_check_modules(JPEG REQUIRED IMPORTED_TARGET libjpeg)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp)
pkg_check_modules(EXIF REQUIRED IMPORTED_TARGET libexif)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
find_package(PNG REQUIRED)
find_package(LibArchive REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_path(STB_INCLUDE_DIR stb/stb_image.h REQUIRED)
find_file(VULTUS_LABEL_FONT DejaVuSans.ttf PATHS /usr/share/fonts/truetype/dejavu /usr/share/fonts/dejavu REQUIRED)

# Debian keeps OpenCV's own CMake package in libopencv-dev, which draws in a desktop: two modules need no more than this.
foreach(module core imgproc)
  find_path(OPENCV_INCLUDE_DIR opencv2/${module}.hpp PATH_SUFFIXES opencv4 REQUIRED)
  find_library(OPENCV_${module}_LIBRARY opencv_${module} REQUIRED)
  add_library(vultus_opencv_${module} INTERFACE IMPORTED GLOBAL)
  target_include_directories(vultus_opencv_${module} SYSTEM INTERFACE ${OPENCV_INCLUDE_DIR})
  target_link_libraries(vultus_opencv_${module} INTERFACE ${OPENCV_${module}_LIBRARY})
endforeach()
target_link_libraries(vultus_opencv_imgproc INTERFACE vultus_opencv_core)

# The inference runtime lies unpacked in the user's cache folder (tools/setup runtime prints where).
if(NOT OpenVINO_DIR)
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/setup runtime-path
                  OUTPUT_VARIABLE VULTUS_RUNTIME_PATH OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(EXISTS "${VULTUS_RUNTIME_PATH}/cmake/OpenVINOConfig.cmake")
    set(OpenVINO_DIR "${VULTUS_RUNTIME_PATH}/cmake" CACHE PATH "OpenVINO package of the inference runtime")
  else()
    message(FATAL_ERROR "The inference runtime is missing: run tools/setup first, or pass -DOpenVINO_DIR=<folder of OpenVINOConfig.cmake>")
  endif()
endif()
find_package(OpenVINO REQUIRED COMPONENTS Runtime)

if(VULTUS_DEVELOPER)
  find_package(GTest REQUIRED)
endif()
