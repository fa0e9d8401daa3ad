// WithoutRootRights: while it lives, this thread opens files as a user without
// privilege, so that tests of file modes hold for root too.
#ifndef PTRSWEEP_TESTS_IO_ROOT_RIGHTS_H_
#define PTRSWEEP_TESTS_IO_ROOT_RIGHTS_H_

#include <sys/fsuid.h>
#include <unistd.h>

namespace testing_support {

class WithoutRootRights {
 public:
  // Leaving user 0 takes the capabilities that override modes with it. Another
  // user cannot change it and need not.
  WithoutRootRights() { setfsuid(geteuid() == 0 ? kNobody : geteuid()); }
  ~WithoutRootRights() { setfsuid(geteuid()); }
  WithoutRootRights(const WithoutRootRights&) = delete;
  WithoutRootRights& operator=(const WithoutRootRights&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_IO_ROOT_RIGHTS_H_
