#include "scanner/audit/provider_table.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace scanner {
namespace {

// How it is known: kGeneral is said with "usually".
enum class Basis : uint8_t { kDocumented, kObserved, kGeneral };

struct Line {
  absl::string_view pattern;
  absl::string_view provider;
  absl::string_view where;
  Basis basis;
};

using enum Basis;

constexpr absl::string_view kHetzner =
    "Robot > server > IPs > rDNS, or Cloud > networking > reverse DNS";
constexpr absl::string_view kVultr =
    "server > settings > IPv4 or IPv6 > reverse DNS";
constexpr absl::string_view kAzure =
    "whoever holds the account of the zone; Azure's own addresses: property "
    "reverseFqdn of the public IP";
constexpr absl::string_view kAccount =
    "whoever runs that account (you or your LIR)";

constexpr Line kProviders[] = {
    {"ec2-rdns.amazonaws.com", "AWS",
     "EC2 > Elastic IPs > Update reverse DNS, or `aws ec2 "
     "modify-address-attribute --domain-name`",
     kDocumented},
    {"ns-gce-public*.googledomains.com", "Google Cloud",
     "VM > network interface > public DNS PTR record; domain ownership must be "
     "verified",
     kGeneral},
    {"your-server.de", "Hetzner", kHetzner, kObserved},
    {"first-ns.de", "Hetzner", kHetzner, kObserved},
    {"second-ns.com", "Hetzner", kHetzner, kObserved},
    {"second-ns.de", "Hetzner", kHetzner, kObserved},
    {"digitalocean.com", "DigitalOcean",
     "rename the Droplet to the host name (IPv6: only the first address)",
     kDocumented},
    {"he.net", "Hurricane Electric", "ticket, or classless delegation",
     kDocumented},
    {"ovh.net", "OVH", "control panel > IP > reverse", kGeneral},
    {"linode.com", "Linode", "networking > edit rDNS", kGeneral},
    {"online.net", "Scaleway", "IP > reverse", kGeneral},
    {"poneytelecom.eu", "Scaleway", "IP > reverse", kGeneral},
    {"scw.cloud", "Scaleway", "IP > reverse", kGeneral},
    {"vultr.com", "Vultr", kVultr, kGeneral},
    {"choopa.com", "Vultr", kVultr, kGeneral},
    {"azure-dns.com", "Azure DNS", kAzure, kDocumented},
    {"azure-dns.net", "Azure DNS", kAzure, kDocumented},
    {"azure-dns.org", "Azure DNS", kAzure, kDocumented},
    {"azure-dns.info", "Azure DNS", kAzure, kDocumented},
    {"ns.cloudflare.com", "Cloudflare", kAccount, kGeneral},
    {"awsdns-*.com", "AWS Route 53", kAccount, kGeneral},
    {"awsdns-*.net", "AWS Route 53", kAccount, kGeneral},
    {"awsdns-*.org", "AWS Route 53", kAccount, kGeneral},
    {"awsdns-*.co.uk", "AWS Route 53", kAccount, kGeneral},
    {"dynect.net", "Dyn", kAccount, kGeneral},
    {"ultradns.com", "UltraDNS", kAccount, kGeneral},
    {"ultradns.net", "UltraDNS", kAccount, kGeneral},
    {"ultradns.org", "UltraDNS", kAccount, kGeneral},
    {"ultradns.biz", "UltraDNS", kAccount, kGeneral},
};

constexpr absl::string_view kUnassigned =
    "the block has not been handed to a regional registry";

constexpr Line kRegistries[] = {
    {"arin.net", "ARIN", "ARIN Online", kGeneral},
    {"ripe.net", "RIPE NCC", "RIPE Database, `domain` object", kGeneral},
    {"apnic.net", "APNIC", "MyAPNIC", kGeneral},
    {"lacnic.net", "LACNIC", "MiLACNIC", kGeneral},
    {"afrinic.net", "AFRINIC", "MyAFRINIC", kGeneral},
    {"iana.org", "IANA", kUnassigned, kObserved},
    {"icann.org", "IANA", kUnassigned, kObserved},
    {"in-addr-servers.arpa", "IANA", kUnassigned, kObserved},
    {"ip6-servers.arpa", "IANA", kUnassigned, kObserved},
};

// One label against one label of a pattern with at most one `*`.
bool LabelMatches(absl::string_view label, absl::string_view pattern) {
  const size_t star = pattern.find('*');
  if (star == absl::string_view::npos) return label == pattern;
  const absl::string_view before = pattern.substr(0, star);
  const absl::string_view after = pattern.substr(star + 1);
  return label.size() >= before.size() + after.size() &&
         label.substr(0, before.size()) == before &&
         label.substr(label.size() - after.size()) == after;
}

ptrdiff_t LabelsOf(absl::string_view pattern) {
  return std::count(pattern.begin(), pattern.end(), '.');
}

// Most labels, then most literal characters.
bool IsCloser(const Line& line, const Line* best) {
  if (best == nullptr) return true;
  const ptrdiff_t labels = LabelsOf(line.pattern);
  const ptrdiff_t of_best = LabelsOf(best->pattern);
  if (labels != of_best) return labels > of_best;
  return line.pattern.size() > best->pattern.size();
}

// The closest line for the first name that has one.
const Line* Find(std::span<const Line> lines,
                 std::span<const std::string> names) {
  for (const std::string& name : names) {
    const Line* best = nullptr;
    for (const Line& line : lines) {
      if (MatchesSuffix(name, line.pattern) && IsCloser(line, best)) {
        best = &line;
      }
    }
    if (best != nullptr) return best;
  }
  return nullptr;
}

std::vector<Line> LinesOf(std::span<const io::ListedProvider> listed) {
  std::vector<Line> lines;
  for (const io::ListedProvider& line : listed) {
    lines.push_back({line.suffix, line.provider, line.where,
                     line.usually ? kGeneral : kDocumented});
  }
  return lines;
}

// "" where there is no such domain.
std::string DomainOfMail(dnswire::NameView rname) {
  return rname.is_root() ? "" : rname.parent().ToText();
}

Provider ProviderOf(const Line& line) {
  return {.name = std::string(line.provider),
          .where = absl::StrCat(line.basis == kGeneral ? "usually " : "",
                                line.where)};
}

std::string WhereUnknown(const ProviderEvidence& evidence) {
  std::string where =
      absl::StrCat("ask the holder of ", evidence.prefix, " (whois)");
  if (!evidence.soa) return where;
  absl::StrAppend(&where, "; the zone names ", MailOf(evidence.soa->rname),
                  " as its contact and ", evidence.soa->mname.ToText(),
                  " as its master");
  return where;
}

}  // namespace

bool MatchesSuffix(absl::string_view name, absl::string_view pattern) {
  const std::vector<absl::string_view> labels = absl::StrSplit(name, '.');
  const std::vector<absl::string_view> wanted = absl::StrSplit(pattern, '.');
  return labels.size() >= wanted.size() &&
         std::equal(wanted.rbegin(), wanted.rend(), labels.rbegin(),
                    [](absl::string_view want, absl::string_view label) {
                      return LabelMatches(label, want);
                    });
}

std::string MailOf(dnswire::NameView rname) {
  std::string text = rname.ToText();
  const size_t dot = text.find('.');
  if (dot != std::string::npos && text.size() > 1) text[dot] = '@';
  return text;
}

bool IsServedBy(std::span<const std::string> name_servers,
                std::span<const dnswire::Name> suffixes) {
  return std::any_of(
      suffixes.begin(), suffixes.end(), [&](const dnswire::Name& suffix) {
        const std::string pattern = suffix.ToText();
        return std::any_of(name_servers.begin(), name_servers.end(),
                           [&pattern](const std::string& name) {
                             return MatchesSuffix(name, pattern);
                           });
      });
}

Provider FindProvider(const ProviderEvidence& evidence) {
  if (IsServedBy(evidence.name_servers, evidence.you)) {
    return {.name = "you", .where = "the zone file of your own name servers"};
  }
  std::vector<std::string> names(evidence.name_servers.begin(),
                                 evidence.name_servers.end());
  if (evidence.soa) {
    names.push_back(evidence.soa->mname.ToText());
    names.push_back(DomainOfMail(evidence.soa->rname));
  }
  const std::vector<Line> listed = LinesOf(evidence.listed);
  const Line* line = Find(listed, names);
  if (line == nullptr) line = Find(kProviders, names);
  if (line != nullptr) return ProviderOf(*line);
  return {.where = WhereUnknown(evidence)};
}

Provider FindRegistry(const std::optional<ZoneSoa>& soa) {
  if (!soa) return {};
  const std::string names[] = {soa->mname.ToText(), DomainOfMail(soa->rname)};
  const Line* line = Find(kRegistries, names);
  return line == nullptr ? Provider() : ProviderOf(*line);
}

std::string ProviderText(const Provider& provider) {
  return provider.name.empty()
             ? provider.where
             : absl::StrCat(provider.name, ": ", provider.where);
}

}  // namespace scanner
