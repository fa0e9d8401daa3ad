// G6 of WIRE.md section 12: a disk that refuses any call of an output or its
// journal. Exit 4, one line that names file and errno, and a resumed scan that
// is as if nothing had happened.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/tools/resume_fixture.h"

namespace tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_support::kKilled;
using testing_support::NoNames;
using testing_support::ProgramResult;
using testing_support::ReadFileOctets;
using testing_support::RunProgram;
using testing_support::ScriptedServer;
using testing_support::WriteFileOctets;

struct Call {
  const char* name;
  std::vector<int> errors;
};

const std::vector<Call> kCalls = {
    {"open", {ENOSPC, EROFS, EIO, EDQUOT}},
    {"write", {ENOSPC, EIO, EDQUOT, EROFS, EFBIG}},
    {"fdatasync", {EIO, ENOSPC, EDQUOT, EROFS}},
    {"fsync", {EIO, ENOSPC, EDQUOT, EROFS}},
    {"ftruncate", {EIO, EROFS}},
    {"rename", {EROFS, EIO, ENOSPC, EDQUOT}},
    {"renameat2", {ENOSPC, EIO, EROFS, EDQUOT}},
    {"unlink", {EIO, EROFS}},
    {"close", {EIO, ENOSPC, EDQUOT}},
};

class FaultTest : public testing_support::FormatResumeFixture {
 protected:
  using Attempt = std::function<ProgramResult(const std::string& plan)>;

  // Slow enough for several records.
  static std::vector<std::string> Targets() {
    return {"192.0.2.0/26", "--rate", "400"};
  }
  ProgramResult Resume(const std::string& plan) {
    std::vector<std::string> more = Targets();
    more.emplace_back("--resume");
    return Scan(server_, plan, more);
  }

  // What a fault must come to. Nothing depends on how a journal is closed that
  // was synced: then the scan may end well.
  void ExpectOneLine(const ProgramResult& result, const std::string& call,
                     int error) {
    if (result.exit_code == 0 && call == "close") return;
    EXPECT_EQ(result.exit_code, 4) << result.err;
    EXPECT_THAT(result.err,
                AllOf(HasSubstr("cannot "), HasSubstr(folder_.Path("")),
                      HasSubstr(std::strerror(error))));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1)
        << result.err;
  }

  // At each call, first to last, whatever its kind; `all`: with every errno,
  // else with one after the other. How many there were of each kind.
  std::map<std::string, int> FailEach(bool all, const Attempt& attempt) {
    std::map<std::string, int> calls;
    for (const Call& call : kCalls) {
      for (size_t n = 1; !HasFailure(); ++n) {
        bool reached = false;
        const size_t errors = all ? call.errors.size() : 1;
        for (size_t i = 0; i < errors; ++i) {
          const int error = call.errors[(n - 1 + i) % call.errors.size()];
          reached |= FailOnce(call.name, n, error, attempt);
        }
        if (!reached) break;
        ++calls[call.name];
      }
    }
    return calls;
  }

  // False: there is no such call.
  bool FailOnce(const std::string& call, size_t n, int error,
                const Attempt& attempt) {
    const std::string plan = absl::StrCat("fail:", call, ":", n, ":", error);
    SCOPED_TRACE(plan);
    const ProgramResult failed = attempt(plan);
    if (absl::StrContains(failed.err, "not reached")) {
      EXPECT_EQ(failed.exit_code, 0) << failed.err;
      return false;
    }
    ExpectOneLine(failed, call, error);
    const ProgramResult resumed = Resume("");
    EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
    ExpectEachOnce(64);
    return true;
  }

  std::map<std::string, int> FailEachOfANewScan(bool all) {
    return FailEach(all, [this](const std::string& plan) {
      StartAgain();
      return Scan(server_, plan, Targets());
    });
  }

  // Each time from the same files, as a kill left them.
  std::map<std::string, int> FailEachOfAResumedScan(bool all) {
    EXPECT_EQ(Scan(server_, "kill:60", Targets()).exit_code, kKilled);
    std::map<std::string, std::string> left;
    for (const std::string& name : folder_.Names()) {
      left[name] = ReadFileOctets(folder_.Path(name));
    }
    return FailEach(all, [&](const std::string& plan) {
      StartAgain();
      for (const auto& [name, octets] : left) {
        WriteFileOctets(folder_.Path(name), octets);
      }
      return Resume(plan);
    });
  }

  const ScriptedServer server_{NoNames};
};

const auto kFormatName = [](const auto& tested) {
  return std::string(tested.param);
};

INSTANTIATE_TEST_SUITE_P(Formats, FaultTest,
                         testing::Values("csv", "ndjson", "parquet"),
                         kFormatName);

TEST_P(FaultTest, EveryCallOfANewScan) {
  auto calls = FailEachOfANewScan(false);
  for (const char* call : {"open", "write", "fdatasync", "fsync", "rename",
                           "renameat2", "unlink", "close"}) {
    EXPECT_GT(calls[call], 0) << call;
  }
  EXPECT_GT(calls["write"], 5);
  EXPECT_GT(calls["fdatasync"], 5);
}

TEST_P(FaultTest, EveryCallOfAResumedScan) {
  auto calls = FailEachOfAResumedScan(false);
  EXPECT_GE(calls["ftruncate"], 2) << "of the output, and of the journal";
  EXPECT_GT(calls["write"], 2);
}

TEST_P(FaultTest, NightlyEveryCallWithEveryErrno) {
  EXPECT_GT(FailEachOfANewScan(true)["write"], 5);
  StartAgain();
  EXPECT_GT(FailEachOfAResumedScan(true)["write"], 2);
}

TEST_P(FaultTest, InterruptedAndShortCallsGoOn) {
  for (const std::string& call :
       {absl::StrCat("fail:open:N:", EINTR),
        absl::StrCat("fail:write:N:", EINTR), std::string("short:write:N:0")}) {
    for (int n = 1; !HasFailure(); ++n) {
      const std::string plan =
          absl::StrReplaceAll(call, {{"N", absl::StrCat(n)}});
      SCOPED_TRACE(plan);
      StartAgain();
      const ProgramResult result = Scan(server_, plan, Targets());
      EXPECT_EQ(result.exit_code, 0) << result.err;
      ExpectEachOnce(64);
      if (absl::StrContains(result.err, "not reached")) break;
    }
  }
}

TEST_P(FaultTest, StdoutIsNamedAndItsReaderMayGoQuietly) {
  output_ = "-";
  const std::vector<std::string> more = {"192.0.2.0/26"};
  const ProgramResult full =
      Scan(server_, absl::StrCat("fail:write:1:", ENOSPC), more);
  EXPECT_EQ(full.exit_code, 4);
  EXPECT_EQ(full.err,
            absl::StrCat("ptrsweep: cannot write standard output: ",
                         std::strerror(ENOSPC), " (wanted ",
                         full.err.substr(full.err.rfind("wanted ") + 7)));
  const ProgramResult gone =
      Scan(server_, absl::StrCat("fail:write:1:", EPIPE), more);
  EXPECT_EQ(gone.exit_code, 4);
  EXPECT_EQ(gone.err, "");
}

// ---- real ones

TEST_P(FaultTest, ADeviceThatIsAlwaysFull) {
  output_ = "/dev/full";
  const ProgramResult result = Scan(server_, "", Targets());
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr(absl::StrCat("cannot write /dev/full: ",
                                                 std::strerror(ENOSPC))));
}

// So many that an output has more than 64 KiB.
struct ManyTargets {
  const char* prefix;
  size_t addresses;
};

ManyTargets ManyOf(const std::string& format) {
  if (format == "parquet") return {"10.0.0.0/16", 65536};
  return {"10.0.0.0/22", 1024};
}

// The command of a scan of many addresses into `path`.
std::string ShellScan(const ScriptedServer& server, const std::string& format,
                      const std::string& path) {
  return absl::StrCat(PTRSWEEP_BINARY,
                      " scan -q --no-canary -r 127.0.0.1:", server.port(),
                      " --include-special ", ManyOf(format).prefix, " -f ",
                      format, " --record-every 10ms -o ", path);
}

TEST_P(FaultTest, AFileSizeLimit) {
  const std::string scan = ShellScan(server_, GetParam(), path_);
  const ProgramResult result =
      RunProgram({"/bin/bash", "-c",
                  absl::StrCat("(ulimit -f 32; ", scan, "); echo exit $?; ",
                               scan, " --resume; echo exit $?")});
  EXPECT_EQ(result.out, "exit 4\nexit 0\n");
  EXPECT_THAT(result.err, HasSubstr(std::strerror(EFBIG)));
  ExpectEachOnce(ManyOf(GetParam()).addresses);
}

// 64 KiB, then as much as is needed.
TEST_P(FaultTest, AFileSystemThatIsFull) {
  const std::string disk = folder_.Path("disk");
  const std::string mount = absl::StrCat("mkdir ", disk,
                                         " && mount -t tmpfs -o "
                                         "size=64k none ",
                                         disk);
  const std::vector<std::string> shell = {"/usr/bin/unshare", "-m", "/bin/bash",
                                          "-c"};
  std::vector<std::string> command = shell;
  command.push_back(mount);
  const bool mounts = RunProgram(command).exit_code == 0;
  StartAgain();
  if (!mounts) GTEST_SKIP() << "no file system may be mounted here";
  const std::string scan = ShellScan(server_, GetParam(), disk + "/out");
  command.back() = absl::StrCat(
      mount, "; ", scan, "; echo exit $?; mount -o remount,size=4m ", disk,
      "; ", scan, " --resume; echo exit $?; cp ", disk, "/out ", path_,
      "; umount ", disk, "; rmdir ", disk);
  const ProgramResult result = RunProgram(command);
  EXPECT_EQ(result.out, "exit 4\nexit 0\n") << result.err;
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("/disk/out"), HasSubstr(std::strerror(ENOSPC))));
  ExpectEachOnce(ManyOf(GetParam()).addresses);
}

TEST_P(FaultTest, APipeWhoseReaderIsGone) {
  // More than a pipe and its reader hold.
  const std::string scan = ShellScan(server_, GetParam(), "- 10.0.8.0/21");
  const ProgramResult result =
      RunProgram({"/bin/bash", "-o", "pipefail", "-c",
                  absl::StrCat(scan, " | head -n 1 >/dev/null")});
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.exit_code, 4);
}

}  // namespace
}  // namespace tools
