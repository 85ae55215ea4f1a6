# cmake --install build/release --prefix X makes a tree that can be moved:
#   bin/vultus                      the command line; finds the rest relative to itself
#   lib/*.a, include/vultus         the library
#   lib/vultus                      the inference runtime
#   lib/cmake/vultus                find_package(vultus)
#   share/vultus/models             manifests (networks are fetched by `vultus models fetch`)
#   share/doc/vultus                documents and licences
#   share/man, share/bash-completion, share/zsh, share/fish   manual page and completion (apps/cli)
include(CMakePackageConfigHelpers)

set(VULTUS_INSTALL_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/vultus)
set(VULTUS_INSTALL_RUNTIME ${CMAKE_INSTALL_LIBDIR}/vultus)
set(VULTUS_INSTALL_MODELS ${CMAKE_INSTALL_DATADIR}/vultus/models)
set(VULTUS_INSTALL_DOC ${CMAKE_INSTALL_DATADIR}/doc/vultus)

# All rooms under one name.
get_property(rooms GLOBAL PROPERTY VULTUS_ROOMS)
add_library(vultus_all INTERFACE)
add_library(vultus::vultus ALIAS vultus_all)
set_target_properties(vultus_all PROPERTIES EXPORT_NAME vultus)
list(TRANSFORM rooms PREPEND vultus_ OUTPUT_VARIABLE room_targets)
target_link_libraries(vultus_all INTERFACE ${room_targets})
install(TARGETS vultus_all EXPORT vultusTargets)

install(EXPORT vultusTargets NAMESPACE vultus:: DESTINATION ${VULTUS_INSTALL_PACKAGE})
configure_package_config_file(cmake/vultusConfig.cmake.in ${PROJECT_BINARY_DIR}/vultusConfig.cmake
                              INSTALL_DESTINATION ${VULTUS_INSTALL_PACKAGE}
                              PATH_VARS VULTUS_INSTALL_MODELS VULTUS_INSTALL_RUNTIME)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/vultusConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/vultusConfig.cmake ${PROJECT_BINARY_DIR}/vultusConfigVersion.cmake
              cmake/VultusLibraries.cmake cmake/VultusRuntime.cmake
        DESTINATION ${VULTUS_INSTALL_PACKAGE})

# What is needed of the inference runtime: core, CPU plug-in, the front ends of our formats, its thread pool.
install(DIRECTORY ${VULTUS_RUNTIME_LIBRARIES}/ DESTINATION ${VULTUS_INSTALL_RUNTIME} FILES_MATCHING
        PATTERN "libopenvino.so.*" PATTERN "libopenvino_intel_cpu_plugin.so" PATTERN "libopenvino_arm_cpu_plugin.so"
        PATTERN "libopenvino_ir_frontend.so.*" PATTERN "libopenvino_onnx_frontend.so.*"
        PATTERN "libopenvino_tensorflow_frontend.so.*" PATTERN "libopenvino_tensorflow_lite_frontend.so.*"
        PATTERN "libtbb.so.*" PATTERN "libtbbmalloc.so.*" PATTERN "libtbbbind*.so.*" PATTERN "libhwloc.so.*")
if(EXISTS "${VULTUS_RUNTIME_PATH}/licenses")
  install(DIRECTORY ${VULTUS_RUNTIME_PATH}/licenses/ DESTINATION ${VULTUS_INSTALL_DOC}/licences/openvino)
endif()

# Manifests, and the heads that were trained here.
install(DIRECTORY models/ DESTINATION ${VULTUS_INSTALL_MODELS} FILES_MATCHING PATTERN "*.json" PATTERN "*.onnx"
        PATTERN "training" EXCLUDE)
install(FILES packaging/debian-packages-run.txt DESTINATION ${CMAKE_INSTALL_DATADIR}/vultus RENAME debian-packages.txt)
install(FILES packaging/systemd/vultus.service DESTINATION ${CMAKE_INSTALL_DATADIR}/vultus/systemd)
install(FILES README.md CHANGELOG.md LICENSE NOTICE DESTINATION ${VULTUS_INSTALL_DOC} OPTIONAL)
install(DIRECTORY docs DESTINATION ${VULTUS_INSTALL_DOC} FILES_MATCHING PATTERN "*.md" PATTERN "*.png" PATTERN "*.webp" PATTERN "*.svg"
        PATTERN "*.jpg")
