#include "server/admin/terminal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <utility>

namespace callbridge::admin {
namespace {

class Terminal : public testing::Test {
 protected:
  Terminal() { EXPECT_EQ(pipe(ends_.data()), 0); }
  ~Terminal() override {
    close(ends_[0]);
    if (ends_[1] >= 0) close(ends_[1]);
  }
  void Type(const std::string& text) {
    EXPECT_EQ(write(ends_[1], text.data(), text.size()), std::ssize(text));
  }
  void End() { close(std::exchange(ends_[1], -1)); }

  std::array<int, 2> ends_{-1, -1};
  std::stop_source stop_;
};

TEST_F(Terminal, ReadsALineAfterTheOther) {
  Type("y\nno\nhalf");
  EXPECT_EQ(ReadLine(ends_[0], stop_.get_token()), "y");
  EXPECT_EQ(ReadLine(ends_[0], stop_.get_token()), "no");
  End();
  EXPECT_EQ(ReadLine(ends_[0], stop_.get_token()), std::nullopt);
}

TEST_F(Terminal, StopsReadingWhenTheOperatorAsksToStop) {
  const std::jthread interrupted([this] { stop_.request_stop(); });
  EXPECT_EQ(ReadLine(ends_[0], stop_.get_token()), std::nullopt);
  Type("y\n");
  EXPECT_EQ(ReadLine(ends_[0], stop_.get_token()), std::nullopt) << "the stop stays";
  EXPECT_EQ(ReadLine(ends_[0], std::stop_token()), "y");
}

TEST_F(Terminal, TakesNoLineWithoutAnEnd) {
  Type(std::string(2'000, 'y'));
  EXPECT_EQ(ReadLine(ends_[0], stop_.get_token()), std::nullopt);
}

TEST_F(Terminal, LeavesNoDescriptorBehind) {
  const auto lowest_free = [] {
    const int free = dup(STDERR_FILENO);
    close(free);
    return free;
  };
  const int before = lowest_free();
  Type("y\n");
  ReadLine(ends_[0], stop_.get_token());
  EXPECT_EQ(lowest_free(), before);
}

}  // namespace
}  // namespace callbridge::admin
