// TempFolder: a folder of its own for one test, removed with all in it.
#ifndef PTRSWEEP_TESTS_IO_TEMP_FOLDER_H_
#define PTRSWEEP_TESTS_IO_TEMP_FOLDER_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace testing_support {

inline std::string ReadFileOctets(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteFileOctets(const std::string& path,
                            const std::string& octets) {
  std::ofstream(path, std::ios::binary) << octets;
}

class TempFolder {
 public:
  TempFolder() : path_(testing::TempDir() + "ptrsweep-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "mkdtemp failed";
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  // Names of the files in the folder, sorted.
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  std::string path_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_IO_TEMP_FOLDER_H_
