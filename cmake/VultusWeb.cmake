# Whether the server gets its web page: VULTUS_WEB, on where an npm client is found. It is looked for where tools/setup
# and `vultus models fetch` look: $VULTUS_NPM, the PATH, the cache folder.
if(DEFINED ENV{VULTUS_NPM})
  find_program(VULTUS_NPM_CLIENT "$ENV{VULTUS_NPM}" NO_CACHE)
else()
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/setup cache-path OUTPUT_VARIABLE cache
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
  find_program(VULTUS_NPM_CLIENT npm HINTS ENV PATH PATHS ${cache}/tools/npm/bin NO_DEFAULT_PATH NO_CACHE)
endif()
set(web_default ON)
# Sanitizers and fuzz targets look at other things, and the Python package has no server.
if(NOT VULTUS_NPM_CLIENT OR VULTUS_SANITIZE OR VULTUS_FUZZ OR VULTUS_PYTHON)
  set(web_default OFF)
endif()
option(VULTUS_WEB "Build the web page into the server (needs npm: tools/setup npm)" ${web_default})
if(VULTUS_WEB AND NOT VULTUS_NPM_CLIENT)
  message(FATAL_ERROR "VULTUS_WEB needs an npm client: run tools/setup npm, or set VULTUS_NPM")
endif()
