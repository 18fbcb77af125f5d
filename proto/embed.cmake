# Writes the bytes of a file into a C++ source that defines one function:
#   cmake -DINPUT=settings.desc -DOUTPUT=comments_data.cc -DFUNCTION=… -P embed.cmake
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," numbers "${bytes}")
file(WRITE ${OUTPUT}
"#include <string_view>

namespace callbridge::settings {
std::string_view ${FUNCTION}();

std::string_view ${FUNCTION}() {
  static constexpr unsigned char kBytes[] = {${numbers}};
  return {reinterpret_cast<const char*>(kBytes), sizeof(kBytes)};
}
}  // namespace callbridge::settings
")
