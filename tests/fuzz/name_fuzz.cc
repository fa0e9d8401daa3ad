// Input: a message; its first two octets (the id) say where a name is to be
// read. Decoding equals the slow decoder's; name -> text -> name gives the
// lower-cased wire form; text is harmless. The input is also read as text:
// text -> name -> text -> name is stable.
#include <algorithm>
#include <string>

#include "dnswire/name.h"
#include "dnswire/reader.h"
#include "dnswire/reverse.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/slow_names.h"

namespace {

using dnswire::Name;
using dnswire::NameView;
using dnswire::Reader;
using fuzz::Require;

std::string WireOf(NameView name) {
  return std::string(name.wire().begin(), name.wire().end());
}

bool IsHarmless(const std::string& text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '\'' && c != ',' &&
           c != '<';
  });
  return is_plain &&
         std::string("=+-@").find(text.front()) == std::string::npos;
}

void CheckText(const Name& name) {
  const std::string wire = WireOf(name);
  const std::string lower = fuzz::SlowLower(wire);
  Name lowered = name;
  lowered.Lower();
  Require(WireOf(lowered) == lower, "Lower() lowers ASCII letters only");
  Require(name.view().Equals(lowered), "names are equal without case");
  const std::string text = name.ToText();
  Require(text == fuzz::SlowText(wire), "text is the slow text");
  Require(text.size() <= NameView::kMaxTextOctets, "text fits its room");
  Require(IsHarmless(text), "text is harmless");
  const auto parsed = Name::Parse(text);
  Require(parsed && WireOf(*parsed) == lower, "text parses to the same name");
  const auto address = dnswire::ParseReverseName(name);
  Require(!address || dnswire::ReverseName(*address).view().Equals(name),
          "a reverse name is its address's");
}

void CheckParent(const Name& name) {
  if (name.view().is_root()) return;
  const NameView parent = name.view().parent();
  Require(name.view().IsBelow(parent), "a name is below its parent");
  Require(!parent.IsAtOrBelow(name), "a parent is not below its child");
  Require(parent.label_count() == name.view().label_count() - 1, "one label");
  const auto same = Name::Substitute(name, parent, parent);
  Require(same && WireOf(*same) == WireOf(name), "substitution by itself");
}

void CheckDecoding(std::span<const uint8_t> message, size_t position) {
  Name name;
  Reader reader(message, position);
  reader.ReadName(&name);
  Reader skipper(message, position);
  skipper.SkipName();
  const auto slow = fuzz::SlowReadName(message, position);
  Require(reader.ok() == slow.has_value(), "decoder and slow decoder agree");
  Require(reader.ok() == skipper.ok(), "ReadName and SkipName agree");
  Require(reader.position() == skipper.position(), "and end at one place");
  if (!slow) return;
  Require(reader.position() == slow->end, "the name ends where it should");
  Require(WireOf(name) == slow->wire, "the name is the slow decoder's");
  CheckText(name);
  CheckParent(name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t position = static_cast<size_t>(data[0] << 8 | data[1]);
  CheckDecoding({data, size}, position % size);
  const auto parsed = Name::Parse({reinterpret_cast<const char*>(data), size});
  if (parsed) CheckText(*parsed);
  return 0;
}
