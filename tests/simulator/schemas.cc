#include "tests/simulator/schemas.h"

namespace callbridge::simulator {
namespace {

using Kind = Field::Kind;
using Choices = std::vector<std::string_view>;

Field Optional(std::string_view name, Kind kind) { return {.name = name, .kind = kind}; }

Field Required(std::string_view name, Kind kind) {
  return {.name = name, .kind = kind, .required = true};
}

Field Within(Field field, double min, double max) {
  field.min = min;
  field.max = max;
  return field;
}

Field Object(std::string_view name, const Schema& schema, bool required = false) {
  return {.name = name, .kind = Kind::kObject, .required = required, .object = &schema};
}

Field OneOf(std::string_view name, const Choices& choices, bool required = false) {
  return {.name = name, .kind = Kind::kChoice, .required = required, .choices = &choices};
}

const double kInfinity = std::numeric_limits<double>::max();

// The 80 values of the specification; docs/provider.md §9.21.
const Choices& Languages() {
  static const Choices values{
      "ar",        "ar-ma", "ar_xa", "bg",     "bn",    "bn-in",  "ca",    "cmn-cn", "cs",
      "da",        "de",    "de-at", "de-ch",  "el",    "en",     "en-au", "en-ca",  "en-gb",
      "en-gb-wls", "en-ie", "en-in", "en-ph",  "es",    "es-419", "es-ar", "es-co",  "es-mx",
      "es-us",     "et-ee", "fi",    "fil-ph", "fr",    "fr-ca",  "fr-ch", "gu",     "he",
      "hi",        "hr",    "hu",    "id",     "is",    "it",     "ja",    "kk-kz",  "kn",
      "ko",        "lt",    "lv",    "ml",     "mr-in", "ms",     "nb-no", "nl",     "nl-be",
      "no",        "pa-in", "pl",    "pt-br",  "pt-pt", "ro",     "ru",    "sk",     "sl",
      "sr-rs",     "sv",    "sw-ke", "sw-tz",  "ta",    "te",     "th",    "tr",     "uk",
      "ur-in",     "ur-pk", "uz-uz", "vi",     "wls",   "yue-hk", "zh-cn", "zh-tw"};
  return values;
}

const Schema& EndpointSchema() {
  static const Schema schema{
      {},
      {{"PHONE", {Required("phoneNumber", Kind::kPhoneNumber)}},
       {"SIP",
        {Required("username", Kind::kText), Required("sipTrunkId", Kind::kText),
         Optional("customHeaders", Kind::kTextMap)}},
       {"WEBRTC", {Required("identity", Kind::kText), Optional("displayName", Kind::kText)}},
       {"VIBER", {Required("phoneNumber", Kind::kPhoneNumber)}},
       {"WHATSAPP", {Required("phoneNumber", Kind::kPhoneNumber)}},
       {"WEBSOCKET",
        {Required("websocketEndpointConfigId", Kind::kText),
         Optional("identifier", Kind::kText)}}}};
  return schema;
}

const Schema& PlatformSchema() {
  static const Schema schema{{Within(Optional("entityId", Kind::kText), 0, 255),
                              Within(Optional("applicationId", Kind::kText), 0, 255)},
                             {}};
  return schema;
}

const Choices& RecordingTypes() {
  static const Choices values{"AUDIO", "AUDIO_AND_VIDEO"};
  return values;
}

const Schema& CallRecordingSchema() {
  static const Choices channels{"MONO", "STEREO"};
  static const Schema schema{
      {OneOf("recordingType", RecordingTypes(), true), Optional("customData", Kind::kTextMap),
       Within(Optional("filePrefix", Kind::kToken), 1, 214), OneOf("channels", channels)},
      {}};
  return schema;
}

const Schema& ConferenceRecordingSchema() {
  static const Schema composition{{Optional("enabled", Kind::kFlag)}, {}};
  static const Schema schema{
      {OneOf("recordingType", RecordingTypes(), true), Object("conferenceComposition", composition),
       Optional("customData", Kind::kTextMap), Optional("filePrefix", Kind::kText)},
      {}};
  return schema;
}

const Schema& MachineDetectionSchema() {
  static const Schema schema{{Required("enabled", Kind::kFlag),
                              Within(Optional("messageDetectionTimeout", Kind::kInteger32), 0, 60),
                              Within(Optional("detectionTime", Kind::kReal), 1, 5)},
                             {}};
  return schema;
}

const Schema& RoleSchema() {
  static const Schema schema{{},
                             {{"DEFAULT", {}},
                              {"ADVISOR", {Required("advise", Kind::kTextList)}},
                              {"MONITOR", {}},
                              {"LISTENER", {}},
                              {"AUDITOR", {}}}};
  return schema;
}

const Schema& RingbackSchema() {
  static const Schema schema{{Optional("enabled", Kind::kFlag)}, {}};
  return schema;
}

const Schema& PreferencesSchema() {
  static const Choices genders{"FEMALE", "MALE"};
  static const Schema schema{{OneOf("voiceGender", genders), Optional("voiceName", Kind::kText)},
                             {}};
  return schema;
}

const Schema& StopOnSchema() {
  static const Schema schema{{}, {{"DTMF", {Optional("terminator", Kind::kText)}}}};
  return schema;
}

// What say of a call, say of a conference and TEXT content share.
std::vector<Field> SpeechFields() {
  return {Required("text", Kind::kText), OneOf("language", Languages(), true),
          Within(Optional("speechRate", Kind::kReal), 0.5, 2),
          Object("preferences", PreferencesSchema())};
}

const Schema& PlayContentSchema() {
  static const Schema schema{{},
                             {{"FILE", {Required("fileId", Kind::kText)}},
                              {"URL", {Required("fileUrl", Kind::kText)}},
                              {"RECORDING", {Required("fileId", Kind::kText)}},
                              {"TEXT", SpeechFields()},
                              {"TTY", {Required("text", Kind::kText)}}}};
  return schema;
}

// ActionCallRequest. A timeout or duration of nothing would be a client's bug: at least 1 s.
std::vector<Field> ActionCallFields() {
  return {Object("endpoint", EndpointSchema(), true),
          Optional("from", Kind::kText),
          Optional("fromDisplayName", Kind::kText),
          Within(Optional("connectTimeout", Kind::kInteger32), 1, 60),
          Object("recording", CallRecordingSchema()),
          Object("machineDetection", MachineDetectionSchema()),
          Within(Optional("maxDuration", Kind::kInteger32), 1, kInfinity),
          Optional("customData", Kind::kTextMap)};
}

std::vector<Field> MediaFields() {
  return {Optional("muted", Kind::kFlag), Optional("deaf", Kind::kFlag),
          Optional("blind", Kind::kFlag)};
}

std::vector<Field> Joined(std::vector<Field> first, const std::vector<Field>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// configuration: how the flavour of the account names it.
std::vector<Field> CallRequestFields(std::string_view configuration) {
  return Joined(
      ActionCallFields(),
      {Required(configuration, Kind::kToken), Object("platform", PlatformSchema()),
       Within(Optional("parentCallId", Kind::kText), 0, 128), Optional("externalId", Kind::kText)});
}

std::vector<Field> ConferenceRequestFields(std::string_view configuration) {
  return {Required(configuration, Kind::kToken), Optional("name", Kind::kText),
          Object("recording", ConferenceRecordingSchema()),
          Within(Optional("maxDuration", Kind::kInteger32), 1, kInfinity),
          Object("platform", PlatformSchema())};
}

}  // namespace

const Schema& CallRequestSchema() {
  static const Schema schema{CallRequestFields("callsConfigurationId"), {}};
  return schema;
}

const Schema& LegacyCallRequestSchema() {
  static const Schema schema{CallRequestFields("applicationId"), {}};
  return schema;
}

const Schema& AnswerRequestSchema() {
  static const Schema schema{
      {Optional("customData", Kind::kTextMap), Object("recording", CallRecordingSchema())}, {}};
  return schema;
}

const Schema& PreAnswerRequestSchema() {
  static const Schema schema{
      {Optional("ringing", Kind::kFlag), Optional("customData", Kind::kTextMap)}, {}};
  return schema;
}

const Schema& HangupRequestSchema() {
  static const Choices codes{"NORMAL_HANGUP",
                             "MACHINE_DETECTED",
                             "NO_ANSWER",
                             "BUSY",
                             "CANCELLED",
                             "REJECTED",
                             "FORBIDDEN",
                             "DESTINATION_NOT_FOUND",
                             "DESTINATION_UNAVAILABLE",
                             "INVALID_DESTINATION",
                             "INVALID_REQUEST",
                             "REQUEST_TIMEOUT",
                             "SERVICE_UNAVAILABLE"};
  static const Schema schema{{OneOf("errorCode", codes)}, {}};
  return schema;
}

const Schema& SayRequestSchema() {
  static const Schema schema{Joined(SpeechFields(), {Optional("loopCount", Kind::kInteger32),
                                                     Object("stopOn", StopOnSchema()),
                                                     Optional("customData", Kind::kTextMap)}),
                             {}};
  return schema;
}

const Schema& PlayRequestSchema() {
  static const Schema schema{
      {Object("content", PlayContentSchema(), true), Optional("loopCount", Kind::kInteger32),
       Within(Optional("timeout", Kind::kInteger64), 0, kInfinity),
       Within(Optional("offset", Kind::kInteger64), 0, kInfinity), Object("stopOn", StopOnSchema()),
       Optional("customData", Kind::kTextMap)},
      {}};
  return schema;
}

const Schema& StopPlayRequestSchema() {
  static const Schema schema{{Optional("customData", Kind::kTextMap)}, {}};
  return schema;
}

const Schema& ConferenceRequestSchema() {
  static const Schema schema{ConferenceRequestFields("callsConfigurationId"), {}};
  return schema;
}

const Schema& LegacyConferenceRequestSchema() {
  static const Schema schema{ConferenceRequestFields("applicationId"), {}};
  return schema;
}

const Schema& AddNewCallRequestSchema() {
  static const Schema call{ActionCallFields(), {}};
  static const Schema schema{
      {Object("callRequest", call, true), Optional("connectOnEarlyMedia", Kind::kFlag),
       Object("ringbackGeneration", RingbackSchema()), Object("role", RoleSchema())},
      {}};
  return schema;
}

const Schema& AddExistingCallRequestSchema() {
  static const Schema schema{
      {Optional("connectOnEarlyMedia", Kind::kFlag), Object("ringbackGeneration", RingbackSchema()),
       Object("role", RoleSchema()), Optional("customData", Kind::kTextMap)},
      {}};
  return schema;
}

const Schema& UpdateRequestSchema() {
  static const Schema schema{MediaFields(), {}};
  return schema;
}

const Schema& UpdateCallRequestSchema() {
  static const Schema schema{Joined(MediaFields(), {Object("role", RoleSchema())}), {}};
  return schema;
}

const Schema& ConferenceSayRequestSchema() {
  static const Schema schema{Joined(SpeechFields(), {Optional("loopCount", Kind::kInteger32)}), {}};
  return schema;
}

const Schema& ConferencePlayRequestSchema() {
  static const Schema schema{
      {Object("content", PlayContentSchema(), true), Optional("loopCount", Kind::kInteger32)}, {}};
  return schema;
}

void ValidateRelations(const simdjson::dom::object& body, ValidationErrors& errors) {
  bool early = false;
  bool ringback = false;
  if (body["connectOnEarlyMedia"].get(early) == simdjson::SUCCESS && early &&
      body.at_pointer("/ringbackGeneration/enabled").get(ringback) == simdjson::SUCCESS &&
      ringback) {
    errors["ringbackGeneration.enabled"].push_back(
        "must not be true together with connectOnEarlyMedia");
  }
  const std::pair<std::string, std::string> places[] = {
      {"/machineDetection", "machineDetection"},
      {"/callRequest/machineDetection", "callRequest.machineDetection"}};
  for (const auto& [pointer, field] : places) {
    double detection = 0;
    double message = 0;
    if (body.at_pointer(pointer + "/detectionTime").get(detection) == simdjson::SUCCESS &&
        body.at_pointer(pointer + "/messageDetectionTimeout").get(message) == simdjson::SUCCESS &&
        message > 0 && detection >= message) {
      errors[field + ".detectionTime"].push_back("must be less than messageDetectionTimeout");
    }
  }
}

}  // namespace callbridge::simulator
