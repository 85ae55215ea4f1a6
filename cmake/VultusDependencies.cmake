# Every library that Vultus uses. Nothing is downloaded here: the set-up scripts have fetched it.
include(VultusLibraries)

# Headers only, or used by programs alone: those who use the installed library do not need them.
find_package(nlohmann_json QUIET)
vultus_need(nlohmann_json_FOUND nlohmann-json3-dev)
find_package(CLI11 QUIET)
vultus_need(CLI11_FOUND libcli11-dev)
find_path(STB_INCLUDE_DIR stb/stb_image.h)
vultus_need(STB_INCLUDE_DIR libstb-dev)
find_file(VULTUS_LABEL_FONT DejaVuSans.ttf PATHS /usr/share/fonts/truetype/dejavu /usr/share/fonts/dejavu)
vultus_need(VULTUS_LABEL_FONT fonts-dejavu-core)
if(VULTUS_DEVELOPER)
  find_package(GTest QUIET)
  vultus_need(GTest_FOUND "libgtest-dev;libgmock-dev")
endif()
if(VULTUS_MISSING)
  list(JOIN VULTUS_MISSING " " missing)
  message(FATAL_ERROR "These Debian packages are missing: ${missing}\nRun tools/setup packages, which installs them.")
endif()

# The inference runtime lies unpacked in the user's cache folder (tools/setup runtime puts it there). Another OpenVINO
# is used when OpenVINO_DIR names the folder of its OpenVINOConfig.cmake.
include(VultusRuntime)
if(OpenVINO_DIR AND EXISTS "${OpenVINO_DIR}/OpenVINOConfig.cmake")
  find_package(OpenVINO REQUIRED COMPONENTS Runtime)
  get_target_property(VULTUS_RUNTIME_LIBRARY openvino::runtime LOCATION)
  get_filename_component(VULTUS_RUNTIME_LIBRARIES "${VULTUS_RUNTIME_LIBRARY}" DIRECTORY)
else()
  set(machine "")
  if(CMAKE_CROSSCOMPILING)
    set(machine --machine ${CMAKE_SYSTEM_PROCESSOR})
  endif()
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/setup runtime-path ${machine}
                  OUTPUT_VARIABLE VULTUS_RUNTIME_PATH OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(VULTUS_RUNTIME_LIBRARIES "${VULTUS_RUNTIME_PATH}/libs")
  if(NOT EXISTS "${VULTUS_RUNTIME_LIBRARIES}")
    message(FATAL_ERROR "The inference runtime is missing in ${VULTUS_RUNTIME_PATH}: run tools/setup first, or pass "
                        "-DOpenVINO_DIR=<folder of OpenVINOConfig.cmake>")
  endif()
  vultus_add_runtime(LIBRARIES "${VULTUS_RUNTIME_LIBRARIES}" INCLUDES "${VULTUS_RUNTIME_PATH}/include")
endif()
