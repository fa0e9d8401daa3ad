#include "tools/page/text_map.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "scanner/overview/hilbert.h"
#include "tools/page/report_view.h"

namespace tools {
namespace {

using dnswire::IpPrefix;
using io::Status;
using scanner::Block;
using scanner::Tally;

constexpr size_t kFewBlocks = 4;
constexpr size_t kMaxMaps = 4;
constexpr int kMaxOrder = 5;  // 32 squares a side, two columns each

// The nearest of the 256 colours to those of the page (report.css), and black
// or white on it.
struct Shade {
  int back;
  int letter;
};
Shade ShadeOf(Status status) {
  switch (status) {
    case Status::kSkipped:
      return {235, 250};
    case Status::kReverseTimeout:
      return {240, 231};
    case Status::kReverseError:
      return {245, 16};
    case Status::kUndelegated:
      return {227, 16};
    case Status::kNoPtr:
      return {214, 16};
    case Status::kBadName:
      return {175, 16};
    case Status::kPass:
      return {36, 16};
    case Status::kForwardError:
      return {252, 16};
    case Status::kMismatch:
      return {166, 16};
    case Status::kNoForward:
      return {25, 231};
    case Status::kUnconfirmed:
      return {74, 16};
  }
  return {0, 231};
}

std::string Painted(Status status, const std::string& text) {
  const Shade shade = ShadeOf(status);
  return absl::StrCat("\x1b[48;5;", shade.back, ";38;5;", shade.letter, "m",
                      text, "\x1b[0m");
}

// Two columns, so that squares are about square.
std::string Square(std::optional<Status> status, bool colour) {
  if (!status) return "  ";
  const std::string text = {StatusLetter(*status), ' '};
  return colour ? Painted(*status, text) : text;
}

std::optional<Status> MostOf(const Tally& tally) {
  std::optional<Status> most;
  for (const Status status : StatusesInOrder()) {
    if (tally.Of(status) > (most ? tally.Of(*most) : 0)) most = status;
  }
  return most;
}

void AppendLine(absl::string_view line, std::string* out) {
  absl::StrAppend(out, absl::StripTrailingAsciiWhitespace(line), "\n");
}

std::string GridText(const Block& block, bool colour) {
  std::string heads = "     ";
  for (int column = 0; column < 16; column += 4) {
    std::string head = absl::StrCat("+", column);
    head.resize(8, ' ');
    absl::StrAppend(&heads, head);
  }
  std::string grid = absl::StrCat(block.prefix.ToString(), "\n");
  AppendLine(heads, &grid);
  for (int row = 0; row < 16; ++row) {
    std::string line = absl::StrCat(row * 16);
    line = absl::StrCat(std::string(4 - line.size(), ' '), line, " ");
    for (int column = 0; column < 16; ++column) {
      const uint8_t code =
          block.grid.Code(static_cast<uint8_t>(row * 16 + column));
      absl::StrAppend(
          &line,
          Square(code == 0 ? std::nullopt
                           : std::optional(static_cast<Status>(code - 1)),
                 colour));
    }
    AppendLine(line, &grid);
  }
  return grid;
}

std::string AreaText(const IpPrefix& area, const std::vector<Block>& blocks,
                     bool colour) {
  const int length = blocks.front().prefix.length();
  const int order = std::min(kMaxOrder, (length - area.length()) / 2);
  const int square_length = area.length() + 2 * order;
  const uint32_t side = uint32_t{1} << order;
  std::vector<Tally> squares(size_t{side} * side);
  for (const Block& block : blocks) {
    if (!area.Contains(block.prefix.first())) continue;
    const uint64_t offset = block.prefix.first().v4() - area.first().v4();
    const auto index = static_cast<uint32_t>(offset >> (32 - square_length));
    const scanner::MapPoint point = scanner::HilbertPoint(index, order);
    squares[point.y * side + point.x].AddAll(block.tally);
  }
  std::string out =
      absl::StrCat(area.ToString(), ", a square is a /", square_length, "\n");
  for (uint32_t y = 0; y < side; ++y) {
    std::string line;
    for (uint32_t x = 0; x < side; ++x) {
      absl::StrAppend(&line, Square(MostOf(squares[y * side + x]), colour));
    }
    AppendLine(line, &out);
  }
  return out;
}

}  // namespace

std::string StatusMark(Status status, bool colour) {
  const std::string letter(1, StatusLetter(status));
  return colour ? Painted(status, letter) : letter;
}

std::string MapText(const scanner::BlockTable& table, bool colour) {
  const std::vector<Block>& blocks = table.blocks();
  std::string out;
  if (table.has_grids() && blocks.size() <= kFewBlocks) {
    for (const Block& block : blocks) {
      absl::StrAppend(&out, out.empty() ? "" : "\n", GridText(block, colour));
    }
    return out;
  }
  for (const IpPrefix& area : scanner::MapAreas(blocks, kMaxMaps)) {
    absl::StrAppend(&out, out.empty() ? "" : "\n",
                    AreaText(area, blocks, colour));
  }
  return out;
}

}  // namespace tools
