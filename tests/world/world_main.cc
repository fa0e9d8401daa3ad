// world: makes the closed DNS world of ITERATION.md section 4, runs commands in
// it, and compares what they say with the truth.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/world/address.h"
#include "tests/world/check.h"
#include "tests/world/check_zones.h"
#include "tests/world/dns_client.h"
#include "tests/world/generate.h"
#include "tests/world/networks.h"
#include "tests/world/odd_server.h"
#include "tests/world/prove.h"
#include "tests/world/run_world.h"
#include "tests/world/server_config.h"
#include "tests/world/walk/check_walk.h"
#include "tests/world/walk/prove_walk.h"

namespace world {
namespace {

constexpr int kUsage = 2;
constexpr int kFailed = 1;
constexpr int kAskPatienceMs = 5000;

constexpr char kHelp[] =
    "usage: world gen DIR [--seed N] [--bench] [--iterate] [--walk]\n"
    "       world run [--dir DIR | --seed N --bench --iterate --walk] -- "
    "COMMAND...\n"
    "       world prove            (in world run: the servers say the truth)\n"
    "       world check ROWS.ndjson [--truth FILE] [--target PREFIX]...\n"
    "                   [--zones]      (rows of `ptrsweep zones`)\n"
    "       world check --walk ROWS.ndjson FINDINGS.ndjson [--case NAME]\n"
    "                   [--truth FILE] (of `ptrsweep walk`)\n"
    "       world ask ADDRESS NAME TYPE [--signed]  (what a server says)\n";

int Usage(const std::string& what) {
  std::fprintf(stderr, "world: %s\n%s", what.c_str(), kHelp);
  return kUsage;
}

int Fail(const std::string& what) {
  std::fprintf(stderr, "world: %s\n", what.c_str());
  return kFailed;
}

// The words of a command line, taken from the front.
class Words {
 public:
  Words(int argc, char** argv) : words_(argv + 1, argv + argc) {}

  bool empty() const { return at_ == words_.size(); }
  std::string Next() { return empty() ? "" : words_[at_++]; }
  std::vector<std::string> Rest() const {
    return {words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end()};
  }

 private:
  std::vector<std::string> words_;
  size_t at_ = 0;
};

std::optional<uint64_t> ParseSeed(const std::string& text) {
  if (text.empty() || text.size() > 18 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::stoull(text);
}

std::string AbsolutePath(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal();
}

// Takes an option that gen and run share. False if it is none, or a bad one.
bool TakeOption(const std::string& word, Words* words, RunOptions* options) {
  Extent& extent = options->extent;
  if (word == "--bench") return extent.bench = true;
  if (word == "--iterate") return extent.iterate = true;
  if (word == "--walk") return extent.walk = true;
  if (word != "--seed") return false;
  const std::optional<uint64_t> seed = ParseSeed(words->Next());
  options->seed = seed.value_or(0);
  return seed.has_value();
}

int Gen(Words words) {
  RunOptions options;
  while (!words.empty()) {
    const std::string word = words.Next();
    if (TakeOption(word, &words, &options)) continue;
    if (!options.folder.empty() || word.starts_with("-")) {
      return Usage("gen does not understand " + word);
    }
    options.folder = AbsolutePath(word);
  }
  if (options.folder.empty()) return Usage("gen wants a folder");
  const std::string error =
      Generate(*BuildWorld(options.seed, options.extent), options.folder);
  return error.empty() ? 0 : Fail(error);
}

int Run(Words words) {
  RunOptions options;
  for (std::string word = words.Next(); word != "--"; word = words.Next()) {
    if (TakeOption(word, &words, &options)) continue;
    if (word != "--dir" || words.empty()) {
      return Usage("run does not understand " + word);
    }
    options.folder = AbsolutePath(words.Next());
  }
  options.command = words.Rest();
  return options.command.empty() ? Usage("run wants -- COMMAND")
                                 : RunWorld(options);
}

template <typename AnyJson>
std::optional<AnyJson> ReadJson(const std::string& path) {
  std::ifstream file(path);
  AnyJson json = AnyJson::parse(file, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

constexpr size_t kAbsentNames = 1000;
// One row in so many of a large network is proved through a server's eyes.
constexpr size_t kStride = 61;

// Truth files, whom they speak of ("" is all authorities), and how much of each
// is asked again.
struct Spoken {
  const char* file;
  const char* server;
  size_t stride;
};
constexpr Spoken kSpoken[] = {
    {"truth.json", kResolverAddress, 1},
    {"truth-labels.json", kResolverAddress, 1},
    {"truth-iterative.json", "", 1},
    {"truth-bench.json", kResolverAddress, kStride},
    {"truth-direct.json", kDirectAddress, kStride},
    {"truth-iterate-resolver.json", kResolverAddress, 1},
    {"truth-iterate.json", "", 1},
    {"truth-iterate-empty-resolver.json", kResolverAddress, kStride},
    {"truth-iterate-empty.json", "", kStride},
    {"truth-iterate-online-resolver.json", kResolverAddress, kStride},
    {"truth-iterate-online.json", "", kStride},
    {"truth-iterate-honest-resolver.json", kResolverAddress, kStride},
    {"truth-iterate-honest.json", "", kStride},
    {"truth-iterate-denied-resolver.json", kResolverAddress, kStride},
    {"truth-iterate-denied.json", "", kStride},
};

int PrintProof(const Proof& proof) {
  for (const std::string& contradiction : proof.contradictions) {
    std::printf("%s\n", contradiction.c_str());
  }
  std::printf("proved with %zu questions, %zu contradictions\n", proof.asked,
              proof.contradictions.size());
  return proof.contradictions.empty() ? 0 : kFailed;
}

// Where poisoned answers lead nobody may have asked (odd_server.h).
void ProveForgerUnasked(const std::string& folder, Proof* proof) {
  std::ifstream log(StateFolder(folder) + "/forger/log");
  for (std::string line; std::getline(log, line);) {
    proof->contradictions.push_back("forger " + line);
  }
}

int Prove() {
  const char* folder = std::getenv("WORLD_DIR");
  if (folder == nullptr) return Usage("prove runs in world run");
  Proof proof;
  std::unique_ptr<Model> model;
  for (const Spoken& spoken : kSpoken) {
    const std::string path = std::string(folder) + "/" + spoken.file;
    if (!std::filesystem::exists(path)) continue;
    const auto truth = ReadJson<Json>(path);
    if (!truth) return Fail(path + ": not to be read");
    if (model == nullptr) {
      model = BuildWorld((*truth)["seed"], {.bench = (*truth)["bench"],
                                            .iterate = (*truth)["iterate"],
                                            .walk = (*truth)["walk"]});
      ProveAuthorities(*model, kAbsentNames, &proof);
      ProveZoneFlags(*model, &proof);
    }
    if (*spoken.server == '\0') {
      ProveIteration(*model, *truth, kRootAddress, spoken.stride, &proof);
    } else {
      ProveRows(*truth, spoken.server, spoken.stride, &proof);
    }
  }
  const std::string walk_path = std::string(folder) + "/truth-walk.json";
  if (model != nullptr && std::filesystem::exists(walk_path)) {
    const auto truth = ReadJson<Json>(walk_path);
    if (!truth) return Fail(walk_path + ": not to be read");
    ProveWalk(*model, *truth, kRootAddress, kAbsentNames, &proof);
  }
  ProveForgerUnasked(folder, &proof);
  return PrintProof(proof);
}

struct CheckOptions {
  std::vector<std::string> files;  // rows; of a walk also findings
  std::string truth;
  std::vector<std::string> targets;
  std::string walk_case = "all";
  bool zones = false;
  bool walk = false;
};

int PrintCheck(const CheckResult& result) {
  for (const std::string& difference : result.differences) {
    std::printf("%s\n", difference.c_str());
  }
  std::printf(
      "%zu rows as the truth has them, %zu wrong, %zu missing, %zu "
      "extra; %zu pruned\n",
      result.equal, result.wrong, result.missing, result.extra, result.pruned);
  return result.differences.empty() ? 0 : kFailed;
}

int PrintZonesCheck(const ZonesCheckResult& result) {
  for (const std::string& difference : result.differences) {
    std::printf("%s\n", difference.c_str());
  }
  std::printf(
      "%zu zones compared, %zu as the truth has them; %zu addresses rightly "
      "undelegated; %zu differences\n",
      result.compared, result.equal, result.undelegated,
      result.differences.size());
  const bool right = result.compared > 0 && result.differences.empty();
  return right ? 0 : kFailed;
}

int PrintWalkCheck(const WalkCheckResult& result) {
  for (const std::string& difference : result.differences) {
    std::printf("%s\n", difference.c_str());
  }
  std::printf(
      "%zu hosts and %zu findings as the truth has them, %zu hosts missed that "
      "may be; %zu differences\n",
      result.hosts, result.findings, result.missed, result.differences.size());
  return result.differences.empty() ? 0 : kFailed;
}

int CheckWalkFiles(const CheckOptions& options, const RowJson& truth,
                   std::istream& rows) {
  const RowJson* walked = FindWalkCase(truth, options.walk_case);
  if (walked == nullptr) return Fail("no case " + options.walk_case);
  std::ifstream findings(options.files[1]);
  if (!findings) return Fail(options.files[1] + ": not to be read");
  return PrintWalkCheck(CheckWalk(rows, findings, *walked));
}

int CheckFiles(const CheckOptions& options) {
  const auto truth = ReadJson<RowJson>(options.truth);
  if (!truth) return Fail(options.truth + ": not to be read");
  std::ifstream rows(options.files[0]);
  if (!rows) return Fail(options.files[0] + ": not to be read");
  if (options.walk) return CheckWalkFiles(options, *truth, rows);
  if (options.zones) {
    return PrintZonesCheck(CheckZones(rows, *truth, options.targets));
  }
  return PrintCheck(CheckRows(rows, *truth, options.targets));
}

// In the world's folder, unless --truth names one.
std::string TruthPath(const CheckOptions& options) {
  const char* folder = std::getenv("WORLD_DIR");
  if (!options.truth.empty() || folder == nullptr) return options.truth;
  return std::string(folder) +
         (options.walk ? "/truth-walk.json" : "/truth.json");
}

int Check(Words words) {
  CheckOptions options;
  while (!words.empty()) {
    const std::string word = words.Next();
    if (word == "--truth") {
      options.truth = words.Next();
    } else if (word == "--target") {
      options.targets.push_back(words.Next());
    } else if (word == "--case") {
      options.walk_case = words.Next();
    } else if (word == "--zones") {
      options.zones = true;
    } else if (word == "--walk") {
      options.walk = true;
    } else if (!word.starts_with("-")) {
      options.files.push_back(word);
    } else {
      return Usage("unknown word " + word);
    }
  }
  options.truth = TruthPath(options);
  if (options.files.size() == (options.walk ? 2U : 1U)) {
    return CheckFiles(options);
  }
  return Usage(options.walk ? "check --walk wants files of rows and findings"
                            : "check wants a file of rows");
}

void PrintRecords(const char* section,
                  const std::vector<ReplyRecord>& records) {
  for (const ReplyRecord& record : records) {
    std::printf("%s %s %u %s %s\n", section, record.owner.c_str(), record.ttl,
                record.type.c_str(), record.data.c_str());
  }
}

// For whoever looks around in a world by hand.
int Ask(Words words) {
  const std::string address = words.Next();
  const std::string name = words.Next();
  const std::string type = words.Next();
  const bool with_signatures = words.Next() == "--signed";
  if (!Address::Parse(address) || type.empty()) {
    return Usage("ask wants an address, a name and a type");
  }
  DnsClient client(address, address == kResolverAddress, kAskPatienceMs, 1);
  const Reply reply =
      with_signatures ? client.AskSigned(name, type) : client.Ask(name, type);
  if (!reply.received) return Fail("no response from " + address);
  std::printf("%s%s\n", reply.rcode.c_str(),
              reply.authoritative ? ", authoritative" : "");
  PrintRecords("answer", reply.answer);
  PrintRecords("authority", reply.authority);
  PrintRecords("additional", reply.additional);
  return 0;
}

// How `run` starts an odd server. Its configuration is the path of its zone.
int Answer(Words words) {
  OddServer server{.habit = HabitOf(words.Next()), .address = words.Next()};
  if (server.habit == Habit::kNone) return Usage("answer wants a habit");
  std::ifstream config(words.Next());
  std::getline(config, server.zone_file);
  return ServeOddly(server);
}

int Main(int argc, char** argv) {
  Words words(argc, argv);
  const std::string verb = words.Next();
  if (verb == "gen") return Gen(words);
  if (verb == "run") return Run(words);
  if (verb == "prove") return Prove();
  if (verb == "check") return Check(words);
  if (verb == "ask") return Ask(words);
  if (verb == "answer") return Answer(words);
  return Usage(verb.empty() ? "no command" : "unknown command " + verb);
}

}  // namespace
}  // namespace world

// NOLINTNEXTLINE(bugprone-exception-escape): what is thrown ends the program.
int main(int argc, char** argv) { return world::Main(argc, argv); }
