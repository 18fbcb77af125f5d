// Several roles of one store, lent together to a part that needs more than one.
#pragma once

#include <tuple>
#include <type_traits>

namespace callbridge::store {

template <typename One, typename... Of>
concept Contains = (std::is_same_v<One, Of> || ...);

// A part names what it needs, Roles<Inbox, Sessions>, and is given a whole store, or a double of
// each role. Copies lend the same roles, which must outlive them.
template <typename... Role>
class Roles {
 public:
  // Implicit, so that a whole store stands wherever one role does.
  template <typename Whole>
  // NOLINTNEXTLINE(google-explicit-constructor)
  requires(std::is_base_of_v<Role, Whole>&&...) Roles(Whole& whole)
      : roles_(static_cast<Role&>(whole)...) {}
  explicit Roles(Role&... roles) : roles_(roles...) {}
  // Of those that are lent already, fewer.
  template <typename... Other>
  requires(Contains<Role, Other...>&&...)
      Roles(const Roles<Other...>& other)  // NOLINT(google-explicit-constructor)
      : roles_(other.template get<Role>()...) {}

  template <Contains<Role...> One>
  One& get() const {
    return std::get<One&>(roles_);
  }

 private:
  std::tuple<Role&...> roles_;
};

}  // namespace callbridge::store
