// Grids and Hilbert maps in letters.
#ifndef PTRSWEEP_TOOLS_PAGE_TEXT_MAP_H_
#define PTRSWEEP_TOOLS_PAGE_TEXT_MAP_H_

#include <string>

#include "scanner/overview/block_table.h"

namespace tools {

// The letter of a status, with its colour behind it if that is wanted.
std::string StatusMark(io::Status status, bool colour);

// The status of every address of up to four blocks; of more blocks one map, or
// a few, of 32 squares a side at most, each with the letter of the status that
// most of its rows have. Lines of up to 70 columns; "" without IPv4 rows.
std::string MapText(const scanner::BlockTable& blocks, bool colour);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_PAGE_TEXT_MAP_H_
