// What sound files hold by their own headers, and what is said of files that cannot be played.
#include "server/admin/sound_file.h"

#include <gmock/gmock.h>

#include "tests/settings/folder.h"
#include "tests/sounds.h"

namespace callbridge::admin {
namespace {

using sounds::Chunk;
using sounds::LittleEndian;
using sounds::Mp3;
using sounds::Mp3Frame;
using sounds::Wav;
using sounds::WavFormat;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

absl::StatusOr<SoundFacts> Inspect(const std::string& content) {
  const settings::Folder folder;
  const auto file = InputFile::Open(folder.Write("sound", content));
  EXPECT_TRUE(file.ok()) << file.status();
  return InspectSound(*file);
}

std::string WhyNot(const std::string& content) {
  const auto facts = Inspect(content);
  EXPECT_FALSE(facts.ok()) << content.size();
  EXPECT_EQ(facts.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(facts.status().message());
}

milliseconds LengthOf(const std::string& content) {
  const auto facts = Inspect(content);
  EXPECT_TRUE(facts.ok()) << facts.status();
  return facts.ok() ? std::chrono::round<milliseconds>(facts->duration) : milliseconds(-1);
}

std::string Riff(const std::string& chunks) { return Chunk("RIFF", "WAVE" + chunks); }

TEST(SoundFile, TellsTheLengthOfAWav) {
  EXPECT_EQ(Inspect(Wav(seconds(1)))->format, SoundFormat::kWav);
  EXPECT_EQ(LengthOf(Wav(milliseconds(2'500))), milliseconds(2'500));
  const std::string half(8'000, '\0');
  // Other chunks, one of an odd length with its padding, and one behind the sound.
  EXPECT_EQ(LengthOf(Riff(Chunk("LIST", "odd") + '\0' + WavFormat() + Chunk("fact", "1234") +
                          Chunk("data", half) + Chunk("id3 ", "tags"))),
            milliseconds(500));
}

TEST(SoundFile, SaysWhatIsWrongWithAWav) {
  const std::string wav = Wav(seconds(1));
  EXPECT_THAT(WhyNot(wav.substr(0, wav.size() - 1)),
              HasSubstr("is cut short: 1 of the 16000 bytes of its sound are missing"));
  EXPECT_THAT(WhyNot(wav.substr(0, 40)), HasSubstr("it has no sound"));
  EXPECT_THAT(WhyNot(wav.substr(0, 12)), HasSubstr("it has no sound"));
  EXPECT_THAT(WhyNot(Riff(WavFormat())), HasSubstr("it has no sound"));
  EXPECT_THAT(WhyNot(Riff(Chunk("data", "1234"))), HasSubstr("does not say how it is coded"));
  EXPECT_THAT(WhyNot(Riff(Chunk("fmt ", "12"))), HasSubstr("is cut short or damaged"));
  EXPECT_THAT(WhyNot(Riff(WavFormat() + Chunk("data", ""))), HasSubstr("holds no sound"));
  EXPECT_THAT(WhyNot(Riff(WavFormat() + "data" + LittleEndian(0xFFFFFFFF, 4) + "1234")),
              HasSubstr("does not say how long it is"));
}

TEST(SoundFile, TellsTheLengthOfAnMp3) {
  EXPECT_EQ(Inspect(Mp3(seconds(1)))->format, SoundFormat::kMp3);
  EXPECT_EQ(LengthOf(Mp3(milliseconds(3'600))), milliseconds(3'600));
  // Version 2 at 16 kHz and 8 kbit/s, and version 2.5 at 8 kHz.
  EXPECT_EQ(LengthOf("\xFF\xF3\x18\xC0" + std::string(32, '\0')), milliseconds(36));
  EXPECT_EQ(LengthOf("\xFF\xE3\x18\xC0" + std::string(68, '\0')), milliseconds(72));
  // A frame with a byte of padding.
  EXPECT_EQ(LengthOf(Mp3Frame("\xFF\xFB\x1A\xC0") + '\0' + Mp3Frame()), milliseconds(72));
}

TEST(SoundFile, SkipsTheTagsOfAnMp3) {
  const std::string tag = std::string("ID3\x04\0\0\0\0\x01\x01", 10) + std::string(129, '\xFF');
  EXPECT_EQ(LengthOf(tag + Mp3(milliseconds(360))), milliseconds(360));
  EXPECT_EQ(LengthOf(Mp3(milliseconds(360)) + "TAG" + std::string(125, ' ')), milliseconds(360));
  EXPECT_EQ(LengthOf(std::string(500, '\0') + Mp3(milliseconds(360))), milliseconds(360));
  const std::string cover(100'000, 'x');
  EXPECT_EQ(LengthOf(Mp3(milliseconds(360)) + "APETAGEX" + cover), milliseconds(360));
}

// A first frame that holds no sound, but says how many follow.
std::string Summary(std::uint32_t frames) {
  std::string frame = Mp3Frame();
  const std::string count = LittleEndian(frames, 4);
  frame.replace(4 + 17, 12,
                std::string("Xing\0\0\0\1", 8) + std::string(count.rbegin(), count.rend()));
  return frame;
}

TEST(SoundFile, DoesNotCountTheSummaryOfAnMp3) {
  EXPECT_EQ(LengthOf(Summary(10) + Mp3(milliseconds(360))), milliseconds(360));
  EXPECT_EQ(LengthOf(Summary(11) + Mp3(milliseconds(360))), milliseconds(360));
  EXPECT_THAT(WhyNot(Summary(12) + Mp3(milliseconds(360))),
              HasSubstr("is cut short: it ends in the middle, after 0.4 s"));
  EXPECT_THAT(WhyNot(Summary(10)), HasSubstr("is cut short"));
}

TEST(SoundFile, SaysWhatIsWrongWithAnMp3) {
  const std::string mp3 = Mp3(seconds(1));
  EXPECT_THAT(WhyNot(mp3.substr(0, mp3.size() - 1)), HasSubstr("is cut short"));
  EXPECT_THAT(WhyNot(std::string("ID3\x04\0\0\0\0\x01\x01", 10)), HasSubstr("is cut short"));
  EXPECT_THAT(WhyNot(std::string("ID3\x04\0\0\0\0\0\x04", 10) + "1234 words"),
              HasSubstr("no sound behind it"));
  EXPECT_THAT(WhyNot(mp3 + std::string(100'000, 'x') + mp3), HasSubstr("is damaged"));
  // Layer II.
  EXPECT_THAT(WhyNot(Mp3Frame("\xFF\xFD\x18\xC0")), HasSubstr("layer I or II"));
}

TEST(SoundFile, NamesOtherFormats) {
  EXPECT_THAT(WhyNot(""), HasSubstr("is empty"));
  EXPECT_THAT(WhyNot("\xFF"), HasSubstr("is neither WAV nor MP3"));
  EXPECT_THAT(WhyNot("fLaC...."), HasSubstr("is FLAC"));
  EXPECT_THAT(WhyNot(std::string("\0\0\0\x20", 4) + "ftypM4A "), HasSubstr("is MP4 (M4A)"));
  EXPECT_THAT(WhyNot("FORM1234AIFF"), HasSubstr("is AIFF"));
  EXPECT_THAT(WhyNot("<!DOCTYPE html>"), HasSubstr("is a page of text"));
  EXPECT_THAT(WhyNot(std::string(100'000, '\xFF')), HasSubstr("is neither WAV nor MP3"));
}

}  // namespace
}  // namespace callbridge::admin
