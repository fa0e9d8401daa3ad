// Redirected: while it lives, a descriptor of this process, such as stdin,
// stands for another open file.
#ifndef PTRSWEEP_TESTS_IO_REDIRECTED_H_
#define PTRSWEEP_TESTS_IO_REDIRECTED_H_

#include <unistd.h>

namespace testing_support {

class Redirected {
 public:
  Redirected(int descriptor, int to)
      : descriptor_(descriptor), saved_(dup(descriptor)) {
    dup2(to, descriptor_);
  }
  ~Redirected() {
    dup2(saved_, descriptor_);
    close(saved_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

 private:
  int descriptor_;
  int saved_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_IO_REDIRECTED_H_
