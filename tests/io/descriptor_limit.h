// DescriptorLimit: a process that has run out of descriptors.
#ifndef PTRSWEEP_TESTS_IO_DESCRIPTOR_LIMIT_H_
#define PTRSWEEP_TESTS_IO_DESCRIPTOR_LIMIT_H_

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

namespace io {

// Lets the process have descriptors below `limit` only, while it lives, and
// uses up all those below `first_free`.
class DescriptorLimit {
 public:
  DescriptorLimit(int first_free, int limit) {
    while (used_.empty() || used_.back() < first_free - 1) {
      used_.push_back(dup(0));
    }
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
    rlimit limited = before_;
    limited.rlim_cur = static_cast<rlim_t>(limit);
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &limited), 0);
  }
  ~DescriptorLimit() {
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0);
    for (const int fd : used_) close(fd);
  }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  rlimit before_{};
  std::vector<int> used_;
};

}  // namespace io

#endif  // PTRSWEEP_TESTS_IO_DESCRIPTOR_LIMIT_H_
