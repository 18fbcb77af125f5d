// A file as the one part of a form (multipart/form-data, docs/provider.md §3.7). libcurl asks for
// it piece by piece while it sends, so that the file is never in memory as a whole.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace callbridge::provider {

struct FormFile {
  // The name of the part.
  std::string part;
  // The name of the file that the provider is told.
  std::string file_name;
  // Like "audio/wav".
  std::string content_type;
  // In bytes.
  std::int64_t size = 0;
  // Copies up to `bytes` bytes of the file, from this offset on, into the buffer and returns how
  // many. 0 means that the file cannot be read, which ends the transfer. It is called on the
  // transport's thread, with offsets that rise from 0 and never go back.
  std::function<std::size_t(std::int64_t offset, char* buffer, std::size_t bytes)> read;
};

struct FormCleanup {
  void operator()(curl_mime* form) const { curl_mime_free(form); }
};
using Form = std::unique_ptr<curl_mime, FormCleanup>;

// Makes the form for this handle, which must live longer. Its bytes are read by `read`, a
// curl_read_callback that gets `reader`, and are never rewound. Null means that libcurl had no
// memory.
Form MakeForm(CURL* handle, const FormFile& file, curl_read_callback read, void* reader);

}  // namespace callbridge::provider
