// Writes the corpus as inputs of the fuzz targets that read messages or names,
// one file each, named by its id or number.
//
//   fuzz_corpus_export FOLDER
//
// FOLDER/message_fuzz and FOLDER/name_fuzz; nothing, and exit code 0, if there
// is no corpus.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/corpus_reader.h"

namespace {

using testing_support::Octets;

void Write(const std::filesystem::path& path, const Octets& octets) {
  std::filesystem::create_directories(path.parent_path());
  const std::string chars(octets.begin(), octets.end());
  std::ofstream(path, std::ios::binary) << chars;
}

// As name_fuzz reads it: behind a header whose id says where the name stands.
Octets AsMessage(const Octets& name) {
  constexpr size_t kHeaderOctets = 12;
  Octets message(kHeaderOctets);
  message[1] = kHeaderOctets;
  message.insert(message.end(), name.begin(), name.end());
  return message;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_corpus_export FOLDER\n");
    return 2;
  }
  if (!testing_support::HasCorpus()) {
    std::printf("no corpus in %s\n", testing_support::CorpusFolder().c_str());
    return 0;
  }
  const std::filesystem::path folder(argv[1]);
  int written = 0;
  for (const auto& message : testing_support::ReadCorpusMessages()) {
    Write(folder / "message_fuzz" / message.id, message.octets);
    ++written;
  }
  int number = 0;
  for (const auto& name : testing_support::ReadCorpusNames()) {
    Write(folder / "name_fuzz" / ("name" + std::to_string(++number)),
          AsMessage(name.wire));
  }
  std::printf("%d messages and %d names from %s\n", written, number,
              testing_support::CorpusFolder().c_str());
  return 0;
}
