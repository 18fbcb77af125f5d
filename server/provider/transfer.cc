#include "server/provider/transfer.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include "server/base/check.h"
#include "server/base/limits.h"

namespace callbridge::provider {
namespace {

long Milliseconds(base::Duration duration) {
  // libcurl takes 0 for "no limit", so the result is at least 1.
  return std::max<long>(
      1, static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count()));
}

// A request without one of its options could leave twice or wait for ever.
template <typename Value>
void Set(CURL* easy, CURLoption option, Value value) {
  base::Check(curl_easy_setopt(easy, option, value) == CURLE_OK, "libcurl takes no option");
}

// libcurl has no code for it that holds for every version of TLS, so its words tell: TLS 1.2 has
// the general alert only, and TLS 1.3 its own, which comes behind the handshake.
bool TellsOfNoCertificate(std::string_view error) {
  return error.find("alert certificate required") != std::string_view::npos ||
         error.find("alert handshake failure") != std::string_view::npos;
}

}  // namespace

Transfer::Transfer(Outgoing outgoing, const base::Clock& clock, Done done)
    : outgoing_(std::move(outgoing)),
      clock_(clock),
      done_(std::move(done)),
      easy_(curl_easy_init()) {
  if (easy_ == nullptr) return;
  SetAddress();
  SetLimits();
  SetHeaders();
  SetBody();
  Set(handle(), CURLOPT_ERRORBUFFER, error_.data());
  Set(handle(), CURLOPT_PRIVATE, this);
  Set(handle(), CURLOPT_WRITEFUNCTION, &Transfer::OnWrite);
  Set(handle(), CURLOPT_WRITEDATA, this);
  Set(handle(), CURLOPT_PREREQFUNCTION, &Transfer::OnConnected);
  Set(handle(), CURLOPT_PREREQDATA, this);
}

HttpAnswer Transfer::Describe(CURLcode code) {
  HttpAnswer answer;
  answer.code = code;
  answer.send_by_passed = send_by_passed_;
  answer.certificate_missing = code != CURLE_OK && TellsOfNoCertificate(error_.data());
  if (handle() == nullptr) return answer;
  long head_bytes = 0;
  curl_easy_getinfo(handle(), CURLINFO_REQUEST_SIZE, &head_bytes);
  const bool bare = outgoing_.request.body.empty() && !outgoing_.request.form;
  answer.request_left = bare ? head_bytes > 0 : body_sent_ > 0;
  long status = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  answer.http_status = static_cast<int>(status);
  curl_off_t begun = 0;
  curl_off_t total = 0;
  curl_easy_getinfo(handle(), CURLINFO_PRETRANSFER_TIME_T, &begun);
  curl_easy_getinfo(handle(), CURLINFO_TOTAL_TIME_T, &total);
  if (begun > 0 && total > begun) answer.took = std::chrono::microseconds(total - begun);
  const char* content_type = nullptr;
  curl_easy_getinfo(handle(), CURLINFO_CONTENT_TYPE, &content_type);
  if (content_type != nullptr) answer.content_type = content_type;
  curl_off_t content_length = -1;
  curl_easy_getinfo(handle(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &content_length);
  if (content_length >= 0) answer.content_length = content_length;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(handle(), CURLINFO_RETRY_AFTER, &retry_after);
  if (retry_after > 0) {
    // The value is cut before the multiplication, because the header may say any number of seconds.
    answer.retry_after =
        std::chrono::seconds(std::min<curl_off_t>(retry_after, base::kRetryAfterMax.count()));
  }
  curl_header* header = nullptr;
  if (curl_easy_header(handle(), "Date", 0, CURLH_HEADER, -1, &header) == CURLHE_OK) {
    // curl_getdate returns -1 for a date that it cannot read.
    const std::time_t date = curl_getdate(header->value, nullptr);
    if (date >= 0) answer.date = base::Time(std::chrono::seconds(date));
  }
  answer.deprecated =
      curl_easy_header(handle(), "Deprecation", 0, CURLH_HEADER, -1, &header) == CURLHE_OK ||
      curl_easy_header(handle(), "Sunset", 0, CURLH_HEADER, -1, &header) == CURLHE_OK;
  answer.body = std::move(answer_);
  return answer;
}

void Transfer::Finish(HttpAnswer answer) {
  const Done done = std::exchange(done_, nullptr);
  done(std::move(answer));
}

void Transfer::SetAddress() {
  const std::string url = outgoing_.base_url + outgoing_.request.target;
  Set(handle(), CURLOPT_URL, url.c_str());
  Set(handle(), CURLOPT_PROTOCOLS_STR, outgoing_.loopback ? "http,https" : "https");
  // A proxy of the environment is only for requests that leave this machine.
  if (outgoing_.loopback) Set(handle(), CURLOPT_NOPROXY, "*");
  Set(handle(), CURLOPT_FOLLOWLOCATION, 0L);
  Set(handle(), CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  Set(handle(), CURLOPT_PATH_AS_IS, 1L);
}

void Transfer::SetLimits() {
  Set(handle(), CURLOPT_NOSIGNAL, 1L);
  Set(handle(), CURLOPT_TCP_NODELAY, 1L);
  Set(handle(), CURLOPT_TCP_KEEPALIVE, 1L);
  Set(handle(), CURLOPT_CONNECTTIMEOUT_MS, Milliseconds(outgoing_.connect_timeout));
  Set(handle(), CURLOPT_TIMEOUT_MS, Milliseconds(outgoing_.timeout));
  if (outgoing_.stall_timeout) {
    Set(handle(), CURLOPT_LOW_SPEED_LIMIT, 1L);
    Set(handle(), CURLOPT_LOW_SPEED_TIME, static_cast<long>(outgoing_.stall_timeout->count()));
  }
  // libcurl counts idle time in whole seconds, so 1 means less than two seconds.
  const std::chrono::seconds idle =
      outgoing_.request.fresh_connection ? base::kProviderFreshIdleMax : base::kProviderIdleMax;
  Set(handle(), CURLOPT_MAXAGE_CONN, static_cast<long>(idle.count()));
  Set(handle(), CURLOPT_MAXLIFETIME_CONN,
      static_cast<long>(base::kProviderConnectionAgeMax.count()));
}

void Transfer::SetHeaders() {
  const auto append = [this](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    base::Check(longer != nullptr, "libcurl has no memory for a header");
    if (headers_ == nullptr) headers_.reset(longer);
  };
  // Not every host that is asked is the provider's (server/admin asks the ingress).
  if (!outgoing_.authorization_header.empty()) {
    append("Authorization: " + outgoing_.authorization_header);
  }
  const std::optional<Sink>& sink = outgoing_.request.sink;
  append(sink ? "Accept: */*" : "Accept: application/json");
  if (sink && sink->from > 0) append("Range: bytes=" + std::to_string(sink->from) + "-");
  append("User-Agent: callbridge");
  // Without a value libcurl sends neither its own "Expect: 100-continue" nor the content type of a
  // form without parts.
  append("Expect:");
  if (!outgoing_.request.form) {
    append(outgoing_.request.body.empty() ? "Content-Type:" : "Content-Type: application/json");
  }
  Set(handle(), CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::SetBody() {
  const Method method = outgoing_.request.method;
  if (method == Method::kHead) {
    Set(handle(), CURLOPT_NOBODY, 1L);
    return;
  }
  // libcurl names GET and POST by itself.
  if (method != Method::kGet && method != Method::kPost) {
    Set(handle(), CURLOPT_CUSTOMREQUEST, NameOf(method));
  }
  if (method == Method::kGet || method == Method::kDelete) {
    Set(handle(), CURLOPT_HTTPGET, 1L);
    return;
  }
  if (outgoing_.request.form) {
    form_ = MakeForm(handle(), *outgoing_.request.form, &Transfer::OnReadForm, this);
    base::Check(form_ != nullptr, "libcurl has no memory for a form");
    Set(handle(), CURLOPT_MIMEPOST, form_.get());
    return;
  }
  Set(handle(), CURLOPT_POST, 1L);
  if (outgoing_.request.body.empty()) {
    Set(handle(), CURLOPT_POSTFIELDS, "");
    Set(handle(), CURLOPT_POSTFIELDSIZE, 0L);
    return;
  }
  // The body is read by a function. libcurl would send a body that is given as a string again, if a
  // reused connection turns out to be dead.
  Set(handle(), CURLOPT_POSTFIELDSIZE_LARGE,
      static_cast<curl_off_t>(outgoing_.request.body.size()));
  Set(handle(), CURLOPT_READFUNCTION, &Transfer::OnRead);
  Set(handle(), CURLOPT_READDATA, this);
  Set(handle(), CURLOPT_SEEKFUNCTION, &Transfer::OnSeek);
  Set(handle(), CURLOPT_SEEKDATA, this);
}

bool Transfer::SendByHasPassed() {
  if (outgoing_.send_by.has_value() && clock_.Now() > *outgoing_.send_by) send_by_passed_ = true;
  return send_by_passed_;
}

// libcurl calls this when the connection is established and no byte of the request has left. It
// calls it again if the connection was dead and it wants to begin again. Only a GET may begin
// again.
int Transfer::OnConnected(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  const bool begins_again = std::exchange(transfer.begun_, true);
  if (begins_again && transfer.outgoing_.request.method != Method::kGet) {
    return CURL_PREREQFUNC_ABORT;
  }
  return transfer.SendByHasPassed() ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

std::size_t Transfer::OnRead(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string& body = transfer.outgoing_.request.body;
  if (transfer.body_sent_ == 0 && transfer.SendByHasPassed()) return CURL_READFUNC_ABORT;
  const auto sent = static_cast<std::size_t>(transfer.body_sent_);
  const std::size_t bytes = std::min(size * count, body.size() - sent);
  std::memcpy(buffer, body.data() + sent, bytes);
  transfer.body_sent_ += static_cast<std::int64_t>(bytes);
  return bytes;
}

std::size_t Transfer::OnReadForm(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const FormFile& file = *transfer.outgoing_.request.form;
  if (transfer.body_sent_ == 0 && transfer.SendByHasPassed()) return CURL_READFUNC_ABORT;
  const std::int64_t left = file.size - transfer.body_sent_;
  if (left <= 0) return 0;
  const std::size_t wanted = std::min(size * count, static_cast<std::size_t>(left));
  const std::size_t bytes = file.read(transfer.body_sent_, buffer, wanted);
  // Fewer bytes than were announced would let the provider wait for the rest.
  if (bytes == 0) return CURL_READFUNC_ABORT;
  transfer.body_sent_ += static_cast<std::int64_t>(bytes);
  return bytes;
}

int Transfer::OnSeek(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }

std::optional<bool> Transfer::HandToSink(std::string_view bytes) {
  constexpr long kPartialContent = 206;
  const std::optional<Sink>& sink = outgoing_.request.sink;
  if (!sink) return std::nullopt;
  long status = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  if (status != kOk && status != kPartialContent) return std::nullopt;
  Piece piece;
  piece.whole = status == kOk;
  piece.bytes = bytes;
  curl_off_t length = -1;
  curl_easy_getinfo(handle(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length >= 0) piece.total = length + (piece.whole ? 0 : sink->from);
  return sink->take(piece);
}

std::size_t Transfer::OnWrite(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  if (const auto taken = transfer.HandToSink({data, bytes})) return *taken ? bytes : 0;
  // Returning less than was offered ends the transfer with CURLE_WRITE_ERROR.
  if (transfer.answer_.size() + bytes > base::kProviderBodyBytesMax) return 0;
  transfer.answer_.append(data, bytes);
  return bytes;
}

}  // namespace callbridge::provider
