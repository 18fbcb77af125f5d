#include "tests/simulator/setup_schemas.h"

#include <algorithm>
#include <array>

namespace callbridge::simulator {
namespace {

using Kind = Field::Kind;
using Choices = std::vector<std::string_view>;
using Fields = std::vector<Field>;

constexpr auto kEventsOfVoice =
    std::to_array<std::string_view>({"DTMF_CAPTURED",
                                     "CALL_ESTABLISHED",
                                     "CALL_PRE_ESTABLISHED",
                                     "CALL_MEDIA_CHANGED",
                                     "CALL_FINISHED",
                                     "CALL_FAILED",
                                     "CALL_RECEIVED",
                                     "CALL_STARTED",
                                     "CALL_RINGING",
                                     "CALL_DISCONNECTED",
                                     "CALL_RECONNECTED",
                                     "CALL_RECORDING_STARTED",
                                     "CALL_RECORDING_FAILED",
                                     "CALL_RECORDING_READY",
                                     "CALL_RECORDING_STOPPED",
                                     "CALL_RECORDING_DELETED",
                                     "CONFERENCE_CREATED",
                                     "CONFERENCE_FINISHED",
                                     "CONFERENCE_RECORDING_STARTED",
                                     "CONFERENCE_RECORDING_FAILED",
                                     "CONFERENCE_RECORDING_READY",
                                     "CONFERENCE_RECORDING_STOPPED",
                                     "CONFERENCE_RECORDING_DELETED",
                                     "CONFERENCE_COMPOSITION_FAILED",
                                     "CONFERENCE_COMPOSITION_FINISHED",
                                     "PARTICIPANT_JOINING",
                                     "PARTICIPANT_JOINED",
                                     "PARTICIPANT_JOIN_FAILED",
                                     "PARTICIPANT_REMOVED",
                                     "PARTICIPANT_MEDIA_CHANGED",
                                     "PARTICIPANT_RECORDING_FAILED",
                                     "PARTICIPANT_STARTED_TALKING",
                                     "PARTICIPANT_STOPPED_TALKING",
                                     "PARTICIPANT_ROLE_CHANGED",
                                     "PARTICIPANT_ROLE_CHANGE_FAILED",
                                     "PLAY_FINISHED",
                                     "SAY_FINISHED",
                                     "ERROR",
                                     "MACHINE_DETECTION_FINISHED",
                                     "MACHINE_DETECTION_FAILED",
                                     "MACHINE_MESSAGE_DETECTION_FINISHED",
                                     "MACHINE_MESSAGE_DETECTION_FAILED",
                                     "MEDIA_STREAM_STARTED",
                                     "MEDIA_STREAM_FAILED",
                                     "MEDIA_STREAM_FINISHED",
                                     "APPLICATION_TRANSFER_REQUESTED",
                                     "APPLICATION_TRANSFER_FAILED",
                                     "APPLICATION_TRANSFER_FINISHED",
                                     "DIALOG_CREATED",
                                     "DIALOG_ESTABLISHED",
                                     "DIALOG_FAILED",
                                     "DIALOG_FINISHED",
                                     "DIALOG_RECORDING_STARTED",
                                     "DIALOG_RECORDING_FAILED",
                                     "DIALOG_RECORDING_READY",
                                     "DIALOG_RECORDING_STOPPED",
                                     "DIALOG_RECORDING_DELETED",
                                     "DIALOG_COMPOSITION_FAILED",
                                     "DIALOG_COMPOSITION_FINISHED",
                                     "DIALOG_TRANSFER_REQUESTED",
                                     "DIALOG_TRANSFER_FAILED",
                                     "DIALOG_TRANSFER_FINISHED",
                                     "TRANSCRIPTION",
                                     "SPEECH_CAPTURED",
                                     "BULK_CALL_STATUS",
                                     "DELIVERY",
                                     "MISSED_CALL",
                                     "NUMBER_MASKING",
                                     "SILENT_VERIFICATION_DELIVERY"});

const double kUnbounded = std::numeric_limits<double>::max();

Field TextField(std::string_view name, double min, double max, bool required = false) {
  return {.name = name, .kind = Kind::kText, .required = required, .min = min, .max = max};
}

// An id, which must stand in a path as it is.
Field IdField(std::string_view name, double max, bool required) {
  return {.name = name, .kind = Kind::kToken, .required = required, .min = 1, .max = max};
}

Field NumberField(std::string_view name, double min, double max) {
  return {.name = name, .kind = Kind::kInteger32, .min = min, .max = max};
}

Field ObjectField(std::string_view name, const Schema& schema, bool required = false) {
  return {.name = name, .kind = Kind::kObject, .required = required, .object = &schema};
}

Field TextsField(std::string_view name, bool required = false) {
  return {.name = name, .kind = Kind::kTextList, .required = required, .max = 255};
}

Fields JoinedFields(Fields first, const Fields& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

const Schema& BasicSchema() {
  static const Schema schema{
      {TextField("username", 1, 255, true), TextField("password", 1, 255, true)}, {}};
  return schema;
}

const Schema& HmacSchema() {
  static const Choices algorithms{"HMAC_MD5",     "HMAC_SHA_1",   "HMAC_SHA_224",
                                  "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512"};
  static const Schema schema{
      {TextField("secretKey", 1, 255, true),
       {.name = "algorithm", .kind = Kind::kChoice, .required = true, .choices = &algorithms}},
      {}};
  return schema;
}

const Schema& OauthSchema() {
  static const Schema schema{{TextField("tokenUrl", 1, 255, true),
                              TextField("grantType", 1, 255, true),
                              TextField("clientId", 0, 255),
                              TextField("clientSecret", 0, 255),
                              TextField("scope", 0, 255),
                              TextField("username", 0, 255),
                              TextField("password", 0, 255),
                              TextField("resource", 0, 255),
                              TextField("refreshToken", 0, 255),
                              {.name = "headers", .kind = Kind::kTextMap}},
                             {}};
  return schema;
}

std::vector<std::pair<std::string_view, Fields>> SecurityVariants() {
  return {{"BASIC", {ObjectField("credentials", BasicSchema(), true)}},
          {"HMAC", {ObjectField("credentials", HmacSchema(), true)}},
          {"OAUTH", {ObjectField("credentials", OauthSchema(), true)}}};
}

// The security of a new profile: settings that exist, by their id, or new ones in full.
const Schema& ProfileSecuritySchema() {
  static const Schema schema{
      {IdField("authId", 255, true)}, SecurityVariants(), /*type_optional=*/true};
  return schema;
}

const Schema& SecurityReferenceSchema() {
  static const Schema schema{{IdField("authId", 255, true)}, {}};
  return schema;
}

const Schema& WebhookSchema() {
  static const Schema schema{
      {TextField("contentType", 0, 255), TextField("notifyUrl", 1, 512, true)}, {}};
  return schema;
}

Fields ProfileFields() {
  static const Choices protocols{"TLSv1.2", "TLSv1.3"};
  return {
      ObjectField("webhook", WebhookSchema()),
      TextField("clientCertificateId", 0, 255),
      NumberField("maxBucketSize", 1, 2'000),
      NumberField("windowSize", 20, 10'000),
      NumberField("connectTimeout", 300, 30'000),
      NumberField("readTimeout", 1'000, 90'000),
      {.name = "enabledSSLProtocols", .kind = Kind::kTextList, .max = 255, .choices = &protocols},
      {.name = "headers", .kind = Kind::kTextMap},
      TextField("responseRegex", 0, kUnbounded),
      TextField("responseBodyRegex", 0, kUnbounded),
      NumberField("rateLimit", 1, 5'000)};
}

const Schema& CriterionSchema() {
  static const Schema schema{{TextField("applicationId", 0, 255), TextField("entityId", 0, 255),
                              IdField("callsConfigurationId", 128, false)},
                             {}};
  return schema;
}

Fields SubscriptionFields() {
  return {TextField("name", 1, 255),
          TextsField("events", true),
          {.name = "criteria", .kind = Kind::kObjectList, .max = 255, .object = &CriterionSchema()},
          TextsField("resources"),
          TextsField("users")};
}

const Schema& ProfileReferenceSchema() {
  static const Schema schema{{IdField("profileId", 255, true)}, {}};
  return schema;
}

}  // namespace

const Schema& CreateConfigurationSchema() {
  static const Schema schema{{IdField("id", 128, false), TextField("name", 1, 128)}, {}};
  return schema;
}

const Schema& UpdateConfigurationSchema() {
  static const Schema schema{{TextField("name", 1, 128)}, {}};
  return schema;
}

const Schema& CreateSecuritySchema() {
  static const Schema schema{{IdField("authId", 255, true)}, SecurityVariants()};
  return schema;
}

const Schema& UpdateSecuritySchema() {
  static const Schema schema{{}, SecurityVariants()};
  return schema;
}

const Schema& CreateProfileSchema() {
  static const Schema schema{JoinedFields({IdField("profileId", 255, true),
                                           ObjectField("security", ProfileSecuritySchema())},
                                          ProfileFields()),
                             {}};
  return schema;
}

const Schema& UpdateProfileSchema() {
  static const Schema schema{
      JoinedFields({ObjectField("security", SecurityReferenceSchema())}, ProfileFields()), {}};
  return schema;
}

const Schema& CreateSubscriptionSchema() {
  static const Schema schema{JoinedFields({IdField("subscriptionId", 255, true),
                                           ObjectField("profile", CreateProfileSchema(), true)},
                                          SubscriptionFields()),
                             {}};
  return schema;
}

const Schema& UpdateSubscriptionSchema() {
  static const Schema schema{
      JoinedFields({ObjectField("profile", ProfileReferenceSchema(), true)}, SubscriptionFields()),
      {}};
  return schema;
}

const Schema& VoiceSetupSchema() {
  static const Schema action{
      {TextField("description", 0, kUnbounded), TextField("applicationId", 0, 255),
       TextField("entityId", 0, 255)},
      {{"FORWARD_TO_SUBSCRIPTION", {IdField("callsConfigurationId", 128, true)}},
       // Of other actions the simulator knows only that they exist.
       {"FORWARD_TO_PSTN", {}},
       {"FORWARD_TO_IVR", {}},
       {"FORWARD_TO_CALL_ROUTING", {}}}};
  static const Schema schema{{ObjectField("action", action, true),
                              TextField("applicationId", 0, 255), TextField("entityId", 0, 255)},
                             {}};
  return schema;
}

const Schema& ApplicationSchema() {
  static const Schema security{
      {},
      {{"BASIC", {TextField("username", 1, 255, true), TextField("password", 1, 255, true)}},
       {"HMAC", {TextField("secretKey", 1, 255, true), TextField("algorithm", 1, 255, true)}}}};
  static const Schema webhook{
      {TextField("receiveUrl", 1, 512, true), TextField("eventUrl", 1, 512, true),
       ObjectField("securityConfig", security)},
      {}};
  static const Schema schema{
      {TextField("name", 1, kUnbounded, true), TextsField("subscribedEvents", true),
       ObjectField("webhook", webhook, true)},
      {}};
  return schema;
}

bool IsEventOfVoice(std::string_view name) {
  return std::ranges::find(kEventsOfVoice, name) != kEventsOfVoice.end();
}

}  // namespace callbridge::simulator
