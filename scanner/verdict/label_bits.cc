#include "scanner/verdict/label_bits.h"

#include <algorithm>

namespace scanner {

LabelBits::LabelBits(absl::string_view label)
    : LabelBits(dnswire::OctetKinds(
          {reinterpret_cast<const uint8_t*>(label.data()), label.size()})) {}

}  // namespace scanner
