// What calls and conferences hear: say, play, stop. One sound at a time per call and per
// conference; a second one is treated as the switch `overlap` says. It reports SAY_FINISHED and
// PLAY_FINISHED and writes the timelines.
#pragma once

#include <cstdint>
#include <string_view>

#include "tests/simulator/world.h"

namespace callbridge::simulator {

enum class SoundAccepted { kYes, kRefused, kFailsLater };

// Whether the sound starts now, later or never. kFailsLater: the caller reports ERROR.
SoundAccepted StartSound(World& world, Call& call, Sound sound);
SoundAccepted StartSound(World& world, Conference& conference, Sound sound);

// False if the switch idle-stop-play refuses it because nothing sounds.
bool StopSounds(World& world, Call& call);
bool StopSounds(World& world, Conference& conference);

// What sounds now ends, and what waits follows.
void CutFrontSound(World& world, Call& call);

// The end of the call or conference cuts what it hears.
void CutSounds(World& world, Call& call);
void CutSounds(World& world, Conference& conference);

// By a timer; absorbs one whose sound was stopped.
void OnSoundEnds(World& world, Call& call, std::uint64_t sound);
void OnSoundEnds(World& world, Conference& conference, std::uint64_t sound);

// How long the text takes to say once, at 0.06 s a character (0.2 s from U+2E80 up) and with the
// breaks of SSML.
base::Duration EstimateSpeech(std::string_view text, double rate);

}  // namespace callbridge::simulator
