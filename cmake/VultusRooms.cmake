# vultus_add_library(room SOURCES ... HEADERS ... TESTS ... DEPS ... PRIVATE_DEPS ... LABELS ...)
# makes vultus::<room> from the files of this folder, and one test program from its tests.
#   DEPS          rooms and libraries that the headers show
#   PRIVATE_DEPS  libraries that only the sources use
#   TESTS         label quick: no weights, no ../shared
#   LONG          those of them that take seconds each, as patterns of --gtest_filter: label long
#   GOLDEN_TESTS  label golden: with weights
#   SERVER_TESTS  label e2e: with the PostgreSQL server that the test Postgres.Start starts

include(GoogleTest)

function(vultus_compile_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  if(VULTUS_DEVELOPER)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                                             -Woverloaded-virtual -Wold-style-cast -Wunused-result
                                             # Designated initialisers name what they set; the rest has defaults.
                                             -Wno-missing-field-initializers
                                             # g++ 12 sees the inside of an empty optional as read (GCC bug 80635).
                                             $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
                                             # At -O3, g++ 12 sees strings overlap that cannot (GCC bug 105329).
                                             $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>)
  endif()
  if(VULTUS_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(VULTUS_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${VULTUS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${VULTUS_SANITIZE})
    # With -fsanitize=thread, g++ 12 sees memory of Eigen used after it was freed, which it is not.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-use-after-free>)
  endif()
  if(VULTUS_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# Several sources of a library (20) or of a test program (10) are one compilation where VULTUS_UNITY is on (preset release, and
# what test.sh builds for the first time): half the time or less, for headers are read once. Names in unnamed namespaces are
# therefore unique in a room. Sources with options of their own, and those named in vultus_compile_alone(source...), stay by
# themselves.
function(vultus_compile_together target)
  get_target_property(kind ${target} TYPE)
  if(kind STREQUAL EXECUTABLE)
    set(at_once 10)
  else()
    set(at_once 20)
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${VULTUS_UNITY} UNITY_BUILD_BATCH_SIZE ${at_once})
  if(VULTUS_UNITY)
    # Every source looks like a header there.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# For sources whose time goes into what they call, such as command lines: half the time to compile, and none lost in a run.
function(vultus_compile_lightly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

function(vultus_compile_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# vultus_add_test(name SOURCES ... DEPS ... LABEL quick|golden|e2e [TIMEOUT seconds] [FIXTURE name] [LONG pattern...])
# LONG: tests of a quick program that take seconds each, such as trainings, as patterns of --gtest_filter: their label is long.
# LONG_ENVIRONMENT: NAME=VALUE that these see.
# The quick tests of a program run in a few processes, for most take less time than the program's start; the others run in
# one process each. What each test of such a process did lies in reports/NAME.xml, which tools/ctest_summary.py counts.
function(vultus_add_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT;FIXTURE;LONG_ENVIRONMENT" "SOURCES;DEPS;DEFINITIONS;LONG" ${ARGN})
  if(NOT arg_LABEL)
    set(arg_LABEL quick)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  vultus_compile_options(${name})
  vultus_compile_together(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE VULTUS_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             VULTUS_BINARY_DIR="${PROJECT_BINARY_DIR}" ${arg_DEFINITIONS})
  set(fixture)
  if(arg_FIXTURE)
    set(fixture FIXTURES_REQUIRED ${arg_FIXTURE})
  endif()
  set(filter)
  set(environment)
  if(arg_LONG_ENVIRONMENT)
    set(environment ENVIRONMENT ${arg_LONG_ENVIRONMENT})
  endif()
  if(arg_LONG)
    list(JOIN arg_LONG ":" long)
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 TEST_FILTER "${long}" TEST_LIST ${name}_LONG
                         PROPERTIES LABELS long TIMEOUT ${arg_TIMEOUT} ${fixture} ${environment})
    set(filter "--gtest_filter=-${long}")
  endif()
  if(NOT arg_LABEL STREQUAL quick)
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} ${fixture})
    return()
  endif()
  list(LENGTH arg_SOURCES sources)
  math(EXPR parts "(${sources} + 7) / 8")
  foreach(part RANGE 1 ${parts})
    set(test ${name}.${part})
    math(EXPR index "${part} - 1")
    add_test(NAME ${test} COMMAND ${name} --gtest_brief=1 "--gtest_output=xml:${PROJECT_BINARY_DIR}/reports/${test}.xml" ${filter})
    set_tests_properties(${test} PROPERTIES LABELS quick TIMEOUT 600 ${fixture} ENVIRONMENT
                                            "GTEST_TOTAL_SHARDS=${parts};GTEST_SHARD_INDEX=${index}")
  endforeach()
endfunction()

function(vultus_add_library room)
  cmake_parse_arguments(arg "" "" "SOURCES;HEADERS;TESTS;LONG;GOLDEN_TESTS;SERVER_TESTS;DEPS;PRIVATE_DEPS" ${ARGN})
  set(target vultus_${room})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(vultus::${room} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${room})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                              $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>
                                              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  # Libraries of headers alone leave nothing to link: users of the installed library need not have them.
  list(TRANSFORM arg_PRIVATE_DEPS REPLACE "^(nlohmann_json::nlohmann_json|CLI11::CLI11|Eigen3::Eigen)$" "$<BUILD_INTERFACE:\\1>")
  target_link_libraries(${target} PUBLIC ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS})
  vultus_compile_options(${target})
  vultus_compile_together(${target})
  set_property(GLOBAL APPEND PROPERTY VULTUS_ROOMS ${room})
  install(TARGETS ${target} EXPORT vultusTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  foreach(header IN LISTS arg_HEADERS)
    install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/vultus/${room})
    set_property(GLOBAL APPEND PROPERTY VULTUS_PUBLIC_HEADERS vultus/${room}/${header})
  endforeach()
  if(VULTUS_DEVELOPER AND BUILD_TESTING)
    if(arg_TESTS)
      vultus_add_test(${room}_test SOURCES ${arg_TESTS} DEPS vultus::${room} LABEL quick LONG ${arg_LONG})
    endif()
    if(arg_GOLDEN_TESTS)
      vultus_add_test(${room}_golden_test SOURCES ${arg_GOLDEN_TESTS} DEPS vultus::${room} LABEL golden TIMEOUT 600)
    endif()
    if(arg_SERVER_TESTS)
      vultus_add_test(${room}_server_test SOURCES ${arg_SERVER_TESTS} DEPS vultus::${room} LABEL e2e TIMEOUT 300
                      FIXTURE postgres)
    endif()
  endif()
endfunction()
