// Limits the memory that the bodies of all connections hold together. The first bytes of every body
// are free, so that the ingress takes an ordinary webhook even while strangers hold all the rest.
// Larger bodies draw on one budget, and give back when they are answered.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace callbridge::webhook {

// Not thread-safe.
class BodyBudget {
 public:
  BodyBudget(std::size_t bytes, std::size_t free_bytes) : left_(bytes), free_bytes_(free_bytes) {}
  BodyBudget(const BodyBudget&) = delete;
  BodyBudget& operator=(const BodyBudget&) = delete;

 private:
  friend class BodyShare;
  std::size_t left_;
  const std::size_t free_bytes_;
};

// The part of a budget that one body holds. The budget must outlive it.
class BodyShare {
 public:
  BodyShare() = default;
  explicit BodyShare(BodyBudget& budget) : budget_(&budget) {}
  BodyShare(BodyShare&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), held_(std::exchange(other.held_, 0)) {}
  BodyShare& operator=(BodyShare&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(held_, other.held_);
    return *this;
  }
  ~BodyShare() {
    if (budget_ != nullptr) budget_->left_ += held_;
  }

  // Takes what a body of this size needs. Returns false, and takes nothing, if the budget is too
  // small.
  bool Cover(std::size_t body_bytes) {
    if (budget_ == nullptr || body_bytes <= budget_->free_bytes_ + held_) return budget_ != nullptr;
    const std::size_t more = body_bytes - budget_->free_bytes_ - held_;
    if (more > budget_->left_) return false;
    budget_->left_ -= more;
    held_ += more;
    return true;
  }

 private:
  BodyBudget* budget_ = nullptr;
  std::size_t held_ = 0;
};

// A body for Beast that grows as its bytes arrive, and not by the length that its sender announces.
// When the budget is used up, reading fails with errc::not_enough_memory.
struct BudgetedBody {
  struct value_type {
    std::string text;
    BodyShare share;
  };

  static std::uint64_t size(const value_type& body) { return body.text.size(); }

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>& /*head*/, value_type& body)
        : body_(body) {}

    void init(const boost::optional<std::uint64_t>& /*length*/, boost::beast::error_code& error) {
      error = {};
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::beast::error_code& error) {
      const std::size_t more = boost::asio::buffer_size(buffers);
      if (!body_.share.Cover(body_.text.size() + more)) {
        error = make_error_code(boost::system::errc::not_enough_memory);
        return 0;
      }
      for (const boost::asio::const_buffer piece : boost::beast::buffers_range_ref(buffers)) {
        body_.text.append(static_cast<const char*>(piece.data()), piece.size());
      }
      error = {};
      return more;
    }
    void finish(boost::beast::error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

}  // namespace callbridge::webhook
