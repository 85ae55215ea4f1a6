# cmake -DBUILD= -DSOURCE= -DWORK= -DCOMPILER= -DLIBDIR= -P check.cmake
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nended with ${code}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/first)
file(RENAME ${WORK}/first "${WORK}/moved here")
set(prefix "${WORK}/moved here")

# Nothing that other projects read may point back at where it was built.
file(GLOB_RECURSE texts ${prefix}/*.cmake ${prefix}/*.hpp ${prefix}/*.json)
foreach(text IN LISTS texts)
  file(READ ${text} content)
  foreach(place IN ITEMS ${BUILD} ${SOURCE}/ ${WORK}/first)
    string(FIND "${content}" "${place}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${text} names ${place}")
    endif()
  endforeach()
endforeach()

run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${WORK}/consumer -G Ninja
    -DCMAKE_CXX_COMPILER=${COMPILER} "-DCMAKE_PREFIX_PATH=${prefix}" -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${WORK}/consumer)
run(${CMAKE_COMMAND} -E env --unset=LD_LIBRARY_PATH VULTUS_CACHE=${WORK}/cache ${WORK}/consumer/consumer)
if(NOT output MATCHES "OpenVINO.*CPU.*fr_detect")
  message(FATAL_ERROR "the consumer did not name the runtime and the models:\n${output}")
endif()
message(STATUS "consumer: ${output}")

# The command line finds its libraries and manifests relative to itself, from any folder.
file(MAKE_DIRECTORY ${WORK}/elsewhere)
execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=LD_LIBRARY_PATH VULTUS_CACHE=${WORK}/cache
                        "${prefix}/bin/vultus" models list
                WORKING_DIRECTORY ${WORK}/elsewhere RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE errors)
if(NOT code EQUAL 0 OR NOT output MATCHES "fr_detect")
  message(FATAL_ERROR "vultus models list of the moved tree ended with ${code}:\n${output}${errors}")
endif()
foreach(text IN ITEMS share/man/man1/vultus.1 share/bash-completion/completions/vultus share/zsh/site-functions/_vultus
                      share/fish/vendor_completions.d/vultus.fish)
  file(SIZE "${prefix}/${text}" bytes)
  if(bytes LESS 100)
    message(FATAL_ERROR "${text} has ${bytes} bytes")
  endif()
endforeach()
run(readelf -d "${prefix}/bin/vultus")
if(NOT output MATCHES "[$]ORIGIN/../${LIBDIR}/vultus")
  message(FATAL_ERROR "bin/vultus does not look for the runtime relative to itself:\n${output}")
endif()
file(REMOVE_RECURSE ${WORK})
