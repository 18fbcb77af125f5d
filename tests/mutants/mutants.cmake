# The tree in which every mutant is compiled at once, each behind a switch (active.h). Included by the preset "mutants" only.
find_program(PYTHON3 python3 REQUIRED)
set(mutated_folder ${CMAKE_BINARY_DIR}/source)
set(weave ${PYTHON3} -B ${CMAKE_CURRENT_LIST_DIR}/weave.py)

execute_process(COMMAND ${weave} --list OUTPUT_VARIABLE CALLBRIDGE_MUTATED
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" CALLBRIDGE_MUTATED "${CALLBRIDGE_MUTATED}")
list(TRANSFORM CALLBRIDGE_MUTATED PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE originals)
list(TRANSFORM CALLBRIDGE_MUTATED PREPEND ${mutated_folder}/ OUTPUT_VARIABLE mutated)
file(GLOB tools ${CMAKE_CURRENT_LIST_DIR}/*.py)
add_custom_command(
  OUTPUT ${mutated}
  COMMAND ${weave} --into ${mutated_folder} --unfit ${CMAKE_BINARY_DIR}/unfit
  DEPENDS ${originals} ${tools} ${CMAKE_CURRENT_LIST_DIR}/planted.yaml)
add_custom_target(mutated_sources DEPENDS ${mutated})
# Another list of files needs another configuration.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/planted.yaml)

# Takes those mutants out that do not compile.
function(callbridge_compile_mutated target)
  add_dependencies(${target} mutated_sources)
  set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER
    "${PYTHON3};-B;${PROJECT_SOURCE_DIR}/tests/mutants/compile.py;${CMAKE_BINARY_DIR};${CMAKE_CXX_COMPILER_LAUNCHER}")
endfunction()

# Replaces those sources of the calling folder that have mutants.
function(callbridge_take_mutated sources)
  foreach(source ${${sources}})
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${source})
    if(path IN_LIST CALLBRIDGE_MUTATED)
      list(APPEND taken ${CMAKE_BINARY_DIR}/source/${path})
      set_source_files_properties(${CMAKE_BINARY_DIR}/source/${path} PROPERTIES GENERATED ON)
    else()
      list(APPEND taken ${source})
    endif()
  endforeach()
  set(${sources} ${taken} PARENT_SCOPE)
endfunction()
