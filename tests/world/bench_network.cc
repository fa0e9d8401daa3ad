// 198.18.0.0/16: one row for each of 65,536 addresses. Names are made of
// letters only, or embed their own address, so that their flags are known
// without a rule book.
#include <random>
#include <string>

#include "tests/world/names.h"
#include "tests/world/networks.h"

namespace world {
namespace {

constexpr char kForwardZone[] = ".bench.example.net";

// A quarter of the blocks belongs to a pool that writes the address into the
// name; the others hold hosts with names of their own.
void AddPass(Model* model, const std::string& ip, unsigned number) {
  if ((number >> 8) % 4 != 0) {
    model->Host(ip, "unit-" + Letters(number) + kForwardZone);
    return;
  }
  std::string dashed = ip;
  for (char& c : dashed) {
    if (c == '.') c = '-';
  }
  model->Host(ip, dashed + ".pool" + kForwardZone, {"generic"});
}

// 64 addresses share one name, which leads to the block's first address
// (near_match) or far away.
void AddMismatch(Model* model, const std::string& ip, unsigned number) {
  const unsigned group = number >> 6;
  const std::string name = "moved-" + Letters(group) + kForwardZone;
  model->Ptr(ip, name);
  const std::string third = std::to_string(number >> 8);
  model->Forward(name,
                 group % 2 == 0 ? "198.18." + third + ".1" : "192.31.196.200");
}

void AddNoForward(Model* model, const std::string& ip, unsigned number) {
  const std::string name = "ghost-" + Letters(number) + kForwardZone;
  model->Ptr(ip, name);
  if (number % 3 == 0) model->Text(name);
}

void AddAddress(Model* model, unsigned number, uint64_t dice) {
  const std::string ip = "198.18." + std::to_string(number >> 8) + "." +
                         std::to_string(number & 0xFF);
  if (dice < 80) {
    AddPass(model, ip, number);
  } else if (dice < 90) {
    if (dice < 82) model->Text(Address::Of(ip).ReverseName());  // NODATA
  } else if (dice < 95) {
    AddMismatch(model, ip, number);
  } else {
    AddNoForward(model, ip, number);
  }
}

}  // namespace

void AddBenchNetwork(Model* model, bool populated) {
  for (const char* apex : {"18.198.in-addr.arpa", "bench.example.net"}) {
    model->AddZone(ZoneAt(apex, {"ns5.example.net"}, {"direct"}));
  }
  if (!populated) return;
  std::mt19937_64 random(model->seed());
  for (unsigned number = 0; number < 65536; ++number) {
    AddAddress(model, number, random() % 100);
  }
  model->AddTarget("198.18.0.0/16", "bench");
}

}  // namespace world
