#include "tests/support/corpus_reader.h"

#include <zstd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace testing_support {
namespace {

using Columns = std::vector<std::string>;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot open " + path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string Decompress(const std::string& packed) {
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(
      ZSTD_createDCtx(), ZSTD_freeDCtx);
  std::string text;
  std::string chunk(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in = {packed.data(), packed.size(), 0};
  size_t left = 1;  // octets the frame still needs; 0 at its end
  while (in.pos < in.size || left != 0) {
    ZSTD_outBuffer out = {chunk.data(), chunk.size(), 0};
    left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left)) throw std::runtime_error(ZSTD_getErrorName(left));
    if (out.pos == 0 && in.pos == in.size && left != 0) {
      throw std::runtime_error("truncated zstd frame");
    }
    text.append(chunk, 0, out.pos);
  }
  return text;
}

// Lines of a zstd-compressed TSV file, split at tabs.
std::vector<Columns> ReadTable(const std::string& path) {
  std::vector<Columns> rows;
  const std::string text = Decompress(ReadFile(path));
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    rows.push_back(absl::StrSplit(line, '\t'));
  }
  return rows;
}

void AppendMessages(const std::string& folder,
                    std::vector<CorpusMessage>* messages) {
  const auto inputs = ReadTable(folder + "/messages.tsv.zst");
  const auto expected = ReadTable(folder + "/expected.tsv.zst");
  if (inputs.size() != expected.size()) {
    throw std::runtime_error("files of different length in " + folder);
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    messages->push_back({inputs[i].at(0), inputs[i].at(1),
                         FromHex(inputs[i].at(2)), expected[i]});
  }
}

}  // namespace

std::string CorpusFolder() {
  const char* named = std::getenv("PTRSWEEP_CORPUS");
  return named != nullptr
             ? named
             : absl::StrCat(PTRSWEEP_SOURCE_DIR, "/../shared/corpus");
}

bool HasCorpus() {
  return std::filesystem::exists(CorpusFolder() + "/messages.tsv.zst");
}

std::vector<CorpusMessage> ReadCorpusMessages() {
  std::vector<CorpusMessage> messages;
  AppendMessages(CorpusFolder(), &messages);
  AppendMessages(CorpusFolder() + "/mpl", &messages);
  return messages;
}

std::vector<CorpusName> ReadCorpusNames() {
  std::vector<CorpusName> names;
  for (const Columns& row : ReadTable(CorpusFolder() + "/names.tsv.zst")) {
    names.push_back({FromHex(row.at(0)), row.at(1)});
  }
  return names;
}

}  // namespace testing_support
