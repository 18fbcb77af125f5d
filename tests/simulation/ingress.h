// One webhook ingress: the production authentication and translation, and a hand-over that holds
// what no server takes, for as long as the real one does. What it has not answered 200 it promises
// nothing about.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/base/time.h"
#include "webhook/authenticate.h"

namespace callbridge::simulation {

class World;

class Ingress {
 public:
  Ingress(int number, World& world);

  // As the provider posts it: signed, whole.
  void Receive(const std::string& body);
  // By somebody who does not know the secret.
  void ReceiveForged(const std::string& body);
  // What it holds is lost; until Start nobody listens.
  void Die();
  void Start() { up_ = true; }
  bool up() const { return up_; }

 private:
  struct Held {
    std::vector<internal::v1::InboxItem> items;
    base::Time deadline;
    int life = 0;
  };

  void Take(const std::string& header, const std::string& body);
  void HandOver(const std::shared_ptr<Held>& held);
  void Note(const std::string& text);

  const std::string name_;
  World& world_;
  const std::unique_ptr<webhook::Authenticator> authenticator_;
  bool up_ = true;
  int life_ = 0;
};

}  // namespace callbridge::simulation
