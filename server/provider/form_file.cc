#include "server/provider/form_file.h"

#include <utility>

namespace callbridge::provider {
namespace {

int RefuseToRewind(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }

}  // namespace

Form MakeForm(CURL* handle, const FormFile& file, curl_read_callback read, void* reader) {
  Form form(curl_mime_init(handle));
  curl_mimepart* part = form == nullptr ? nullptr : curl_mime_addpart(form.get());
  const bool made =
      part != nullptr && curl_mime_name(part, file.part.c_str()) == CURLE_OK &&
      curl_mime_filename(part, file.file_name.c_str()) == CURLE_OK &&
      curl_mime_type(part, file.content_type.c_str()) == CURLE_OK &&
      curl_mime_data_cb(part, file.size, read, RefuseToRewind, nullptr, reader) == CURLE_OK;
  return made ? std::move(form) : nullptr;
}

}  // namespace callbridge::provider
