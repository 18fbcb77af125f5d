// A sound file for the scripts, made here so that no file has to be brought along.
#pragma once

#include <chrono>
#include <string>

namespace callbridge::live {

// Returns a WAV file (PCM, 8 kHz, 16 bit, mono) of silence.
std::string MakeSilence(std::chrono::seconds duration);

}  // namespace callbridge::live
