// Comes before every source of the preset "threads". Protobuf gives its maps one member more where
// ThreadSanitizer compiles them, and Debian's libprotobuf is compiled without: the two would not
// agree where the members of a map stand.
#pragma once

// The standard library is to know that ThreadSanitizer looks on.
#include <memory>

#undef __SANITIZE_THREAD__
#include <google/protobuf/map_field.h>
#define __SANITIZE_THREAD__ 1
