// Several roles of one store, lent together to a part that needs more than one.
#pragma once

#include <tuple>
#include <type_traits>

namespace callbridge::store {

template <typename One, typename... Of>
concept Contains = (std::is_same_v<One, Of> || ...);

// A part names the roles that it needs, such as Roles<Inbox, Sessions>, and is given a whole store
// or a double of each role. Copies lend the same roles, which must outlive them.
template <typename... Role>
class Roles {
 public:
  // Implicit, so that a whole store may be passed where one role is expected.
  template <typename Whole>
  // NOLINTNEXTLINE(google-explicit-constructor)
  requires(std::is_base_of_v<Role, Whole>&&...) Roles(Whole& whole)
      : roles_(static_cast<Role&>(whole)...) {}
  explicit Roles(Role&... roles) : roles_(roles...) {}
  // Lends some of the roles that another Roles lends.
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
