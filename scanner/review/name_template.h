// The skeleton of a name (VERDICTS.md 5.4): what is left of it when the numbers
// that stand for its address are taken out. Many rows of a /24 with one
// skeleton are names that a template made.
//
//   198.51.100.23   c100-23.isp7.example.net  ->  c{c}-{d}.isp{n}.example.net
#ifndef PTRSWEEP_SCANNER_REVIEW_NAME_TEMPLATE_H_
#define PTRSWEEP_SCANNER_REVIEW_NAME_TEMPLATE_H_

#include <string>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"

namespace scanner {

struct NameTemplate {
  std::string skeleton;       // "": of such names there is no template
  bool numbers_only = false;  // {n} is its only placeholder
  bool pool_word = false;     // a DYN, ACC or UNA word is in H
};

// REQUIRES: `address` is IPv4; `name` is usable and in lower case.
NameTemplate TemplateOf(const dnswire::IpAddress& address,
                        dnswire::NameView name);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REVIEW_NAME_TEMPLATE_H_
