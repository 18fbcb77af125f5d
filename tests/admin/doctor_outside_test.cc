// callbridge-admin doctor, outside of what setup makes: sounds, the running server, and an ingress
// that demands certificates.
#include <gmock/gmock.h>

#include "server/admin/server_checks.h"
#include "tests/admin/admin_fixture.h"
#include "tests/api/certificates.h"
#include "tests/sounds.h"

namespace callbridge::admin {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DoctorOutside : public AdminTest {
 protected:
  DoctorOutside() { EXPECT_EQ(Run({"setup"}).status, ExitStatus::kOk); }

  Result Examine() {
    Result result = Run({"doctor"});
    EXPECT_THAT(world_.writes, IsEmpty());
    return result;
  }
  // The music of all plans.
  void SetMusic(const std::string& audio, const std::string& more = "") {
    WriteSettings({{"routes:", more + "plans: {default: {music: {audio: " + audio +
                                   ", loop_count: 2}}}\nroutes:"}});
  }
};

class DoctorOfSounds : public DoctorOutside {
 protected:
  DoctorOfSounds() {
    Run({"audio", "upload", folder_.Write("hold.wav", sounds::Wav(seconds(2)))});
    id_ = model_.world().account.files.back().id;
  }
  // Lets the server of sounds answer HEAD of /hold.mp3.
  provider::HttpAnswer& Head() { return world_.sounds["HEAD /hold.mp3"]; }
  void SetUrl() {
    Head().http_status = 200;
    Head().content_type = "audio/mpeg";
    Head().content_length = 100'000;
    SetMusic("{url: \"https://files.example.com/hold.mp3\"}");
  }

  std::string id_;
};

TEST_F(DoctorOfSounds, LooksEachUploadedFileUp) {
  SetMusic("{file_name: hold}", "audio_files: {hold: {file_id: " + id_ + "}}\n");
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.out;
  EXPECT_THAT(result.out,
              HasSubstr("good       sound: audio_files.hold, plans.default.music play file " + id_ +
                        ": the account has it, expires 2027-"));
  clock_.Advance(days(80));
  EXPECT_THAT(Examine().out, AllOf(HasSubstr("FOUND      sound: audio_files.hold"),
                                   HasSubstr("(in 10 days), unless it is used before"),
                                   HasSubstr("callbridge-admin audio upload FILE --config ")));
  clock_.Advance(days(20));
  const Result gone = Examine();
  EXPECT_EQ(gone.status, ExitStatus::kFindings);
  EXPECT_THAT(gone.out, AllOf(HasSubstr("the account has no such file"),
                              HasSubstr("why:  people hear silence in its place"),
                              HasSubstr("then change the id in the settings")));
}

TEST_F(DoctorOfSounds, FindsAKeyThatMayNotLook) {
  SetMusic("{file_id: " + id_ + "}");
  model_.SetScopes(
      {"calls:configuration:manage", "calls:logs:read", "subscriptions:manage", "numbers:manage"});
  EXPECT_THAT(Examine().out, HasSubstr("give the key the scope calls:media:manage"));
}

TEST_F(DoctorOfSounds, LooksNoFileUpWithAKeyThatIsRefused) {
  SetMusic("{file_id: " + id_ + "}");
  folder_.Write("api-key", "another-key");
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kFindings);
  EXPECT_THAT(result.out, AllOf(HasSubstr("FOUND      key: the provider refuses it"),
                                Not(HasSubstr("sound: "))));
}

TEST_F(DoctorOfSounds, AsksEachUrlForItsHead) {
  SetUrl();
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.out;
  EXPECT_THAT(result.out, HasSubstr("good       sound: plans.default.music plays "
                                    "https://files.example.com/hold.mp3: answers HEAD"));
}

TEST_F(DoctorOfSounds, FindsAUrlThatTheProviderMayNotPlay) {
  SetUrl();
  Head().http_status = 405;
  EXPECT_THAT(Examine().out, AllOf(HasSubstr("answers 405 to HEAD"),
                                   HasSubstr("let its server answer HEAD as it answers GET")));
  Head().http_status = 302;
  EXPECT_THAT(Examine().out, HasSubstr("leads elsewhere (302)"));
  Head().http_status = 200;
  Head().content_length = 4'000'001;
  EXPECT_THAT(Examine().out, HasSubstr("has 4.0 MB, and more than 4 MB is too much"));
  Head().content_length = 4'000'000;
  Head().content_type = "text/html; charset=utf-8";
  EXPECT_THAT(Examine().out, HasSubstr("is \"text/html; charset=utf-8\", neither wav nor mp3"));
  Head().content_type = "application/octet-stream";
  EXPECT_EQ(Examine().status, ExitStatus::kOk);
  Head().content_type = "Audio/X-WAV";
  EXPECT_EQ(Examine().status, ExitStatus::kOk);
}

TEST_F(DoctorOfSounds, SaysThatAUrlDoesNotAnswerFromHere) {
  SetUrl();
  Head().http_status = 0;
  Head().code = CURLE_COULDNT_RESOLVE_HOST;
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.out, HasSubstr("unchecked  sound: plans.default.music plays "
                                    "https://files.example.com/hold.mp3: no answer to HEAD"));
}

// A query may be a secret, as in signed URLs.
TEST_F(DoctorOfSounds, ShowsNoQueryOfAUrl) {
  SetMusic("{url: \"https://files.example.com/hold.mp3?signature=4711\"}");
  const std::string out = Examine().out;
  EXPECT_THAT(out,
              AllOf(HasSubstr("files.example.com/hold.mp3: answers 404"), Not(HasSubstr("4711"))));
}

class DoctorOfServer : public DoctorOutside {
 protected:
  void Count(const std::string& name, std::int64_t value) {
    auto& counter = *server_->add_counters();
    counter.set_name(name);
    counter.set_meaning("The meaning of it.");
    counter.set_value(value);
  }
};

TEST_F(DoctorOfServer, TellsWhatItCountsAndDoesNotUse) {
  Count("webhooks_stored", 12);
  Count("webhooks_duplicate", 3);
  Count("webhooks_other_types", 0);
  const Result good = Examine();
  EXPECT_EQ(asked_server_, "127.0.0.1:50052");
  EXPECT_EQ(good.status, ExitStatus::kOk) << good.out;
  EXPECT_THAT(good.out, HasSubstr("stored 12 webhooks since its start at "));
  for (const char* name :
       {"webhooks_foreign_configuration", "webhooks_foreign_service", "webhooks_without_reference",
        "webhooks_other_types", "webhooks_quarantined", "webhooks_unrouted",
        "webhooks_outdated_calls"}) {
    server_->clear_counters();
    Count(name, 7);
    const Result result = Examine();
    EXPECT_EQ(result.status, ExitStatus::kFindings) << name;
    EXPECT_THAT(result.out, AllOf(HasSubstr("FOUND      server: counted " + std::string(name) +
                                            " = 7 since its start at "),
                                  HasSubstr(": The meaning of it\n           why:"),
                                  HasSubstr("\n           mend: "), Not(HasSubstr("mend: \n")),
                                  HasSubstr("no webhook of a call has come")));
  }
}

TEST_F(DoctorOfServer, FindsAStoreThatFails) {
  server_->set_store_error("disk I/O error");
  EXPECT_THAT(Examine().out, HasSubstr("FOUND      server: its store fails: disk I/O error"));
}

TEST_F(DoctorOfServer, SaysThatItDoesNotRunAndGoesOn) {
  server_ = absl::UnavailableError("connection refused");
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.out, AllOf(HasSubstr("unchecked  server: no server answers at inbox.listen "
                                          "(127.0.0.1:50052)"),
                                HasSubstr("good       clock")));
  server_ = absl::UnimplementedError("unknown service");
  EXPECT_THAT(Examine().out, HasSubstr("is no callbridge-server: unknown service"));
}

// Over gRPC itself.
TEST(AskServerByGrpc, SaysThatNobodyListens) {
  EXPECT_EQ(AskServerByGrpc("unix:/nowhere/inbox.sock").status().code(),
            absl::StatusCode::kUnavailable);
}

class DoctorOfCertificates : public DoctorOutside {
 protected:
  DoctorOfCertificates() {
    const config::v1::WebhookTls files = certificates_.IngressFiles();
    WriteSettings({{"webhook:\n", "webhook:\n  tls: {certificate_file: " +
                                      files.certificate_file() + ", key_file: " + files.key_file() +
                                      ", client_ca_file: " + files.certificate_file() + "}\n"}});
  }

  const tests::Certificates certificates_;
};

TEST_F(DoctorOfCertificates, TakesTheRefusalOfAStrangerForRight) {
  world_.ingress_wants_certificate = true;
  const Result result = Examine();
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.out;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("good       ingress: /infobip/events is reached by the public URL, "
                              "and the handshake refuses a client without a certificate"),
                    HasSubstr("note       ingress: /infobip/events: what a client with a "
                              "certificate is answered was not checked")));
}

TEST_F(DoctorOfCertificates, FindsAnIngressThatAsksForNone) {
  EXPECT_THAT(Examine().out,
              HasSubstr("FOUND      ingress: /infobip/events answers 405 to a client without a "
                        "certificate, and webhook.tls requires one"));
  world_.ingress = {{"GET /infobip/events", 0}};
  EXPECT_THAT(Examine().out, HasSubstr("is not reached by the public URL: "));
}

}  // namespace
}  // namespace callbridge::admin
