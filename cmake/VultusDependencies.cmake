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

# Debian keeps OpenCV's own CMake package in libopencv-dev, which draws in a desktop: two modules need no more than this.
foreach(module core imgproc)
  find_path(OPENCV_INCLUDE_DIR opencv2/${module}.hpp PATH_SUFFIXES opencv4 REQUIRED)
  find_library(OPENCV_${module}_LIBRARY opencv_${module} REQUIRED)
  add_library(vultus_opencv_${module} INTERFACE IMPORTED GLOBAL)
  target_include_directories(vultus_opencv_${module} SYSTEM INTERFACE ${OPENCV_INCLUDE_DIR})
  target_link_libraries(vultus_opencv_${module} INTERFACE ${OPENCV_${module}_LIBRARY})
endforeach()
target_link_libraries(vultus_opencv_imgproc INTERFACE vultus_opencv_core)

# The inference runtime lies unpacked in the user's cache folder (tools/setup runtime puts it there). Another OpenVINO
# is used when OpenVINO_DIR names the folder of its OpenVINOConfig.cmake.
include(VultusRuntime)
if(OpenVINO_DIR AND EXISTS "${OpenVINO_DIR}/OpenVINOConfig.cmake")
  find_package(OpenVINO REQUIRED COMPONENTS Runtime)
  get_target_property(VULTUS_RUNTIME_LIBRARY openvino::runtime LOCATION)
  get_filename_component(VULTUS_RUNTIME_LIBRARIES "${VULTUS_RUNTIME_LIBRARY}" DIRECTORY)
else()
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/setup runtime-path
                  OUTPUT_VARIABLE VULTUS_RUNTIME_PATH OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(VULTUS_RUNTIME_LIBRARIES "${VULTUS_RUNTIME_PATH}/libs")
  if(NOT EXISTS "${VULTUS_RUNTIME_LIBRARIES}")
    message(FATAL_ERROR "The inference runtime is missing in ${VULTUS_RUNTIME_PATH}: run tools/setup first, or pass "
                        "-DOpenVINO_DIR=<folder of OpenVINOConfig.cmake>")
  endif()
  vultus_add_runtime(LIBRARIES "${VULTUS_RUNTIME_LIBRARIES}" INCLUDES "${VULTUS_RUNTIME_PATH}/include")
endif()

if(VULTUS_DEVELOPER)
  find_package(GTest REQUIRED)
endif()
