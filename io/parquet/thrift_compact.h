// Thrift's compact protocol, as far as Parquet's headers use it ("Thrift
// compact protocol encoding", thrift-compact-protocol.md of Apache Thrift):
//
//   struct  = field* stop                     stop: octet 0
//   field   = header value                    header: id delta << 4 | type, or
//                                             type, zigzag varint of the id
//   int     = zigzag varint (LEB128)          bool: in the header's type
//   binary  = varint length, octets
//   list    = size << 4 | type, or 0xf0 | type, varint size; then elements
//
// Example: the struct {1: i32 2, 4: binary "ip"} is 15 04 38 02 69 70 00.
#ifndef PTRSWEEP_IO_PARQUET_THRIFT_COMPACT_H_
#define PTRSWEEP_IO_PARQUET_THRIFT_COMPACT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace io {

enum class ThriftType : uint8_t {
  kStop = 0,
  kTrue = 1,
  kFalse = 2,
  kI8 = 3,
  kI16 = 4,
  kI32 = 5,
  kI64 = 6,
  kDouble = 7,
  kBinary = 8,
  kList = 9,
  kSet = 10,
  kMap = 11,
  kStruct = 12,
};

// Structs may lie this deep in each other; Parquet's lie six deep.
inline constexpr size_t kMaxThriftDepth = 16;

// LEB128: seven bits an octet, the lowest first.
void AppendVarint(uint64_t value, std::string* out);

// Writes one struct, and those within it, behind what `out` holds. Fields of a
// struct: in ascending order of their ids, which differ by 15 at most.
class ThriftWriter {
 public:
  // `out` is borrowed. Begins the outermost struct.
  explicit ThriftWriter(std::string* out) : out_(out) {}

  void I16(int id, int16_t value) { Int(id, ThriftType::kI16, value); }
  void I32(int id, int32_t value) { Int(id, ThriftType::kI32, value); }
  void I64(int id, int64_t value) { Int(id, ThriftType::kI64, value); }
  void Bool(int id, bool value);
  void Binary(int id, absl::string_view octets);
  // Ends with EndStruct().
  void BeginStruct(int id);
  // A struct without fields, as unions of markers have them.
  void EmptyStruct(int id);
  // `size` elements must follow.
  void BeginList(int id, ThriftType type, size_t size);
  void I32Element(int32_t value);
  void BinaryElement(absl::string_view octets);
  // Ends with EndStruct().
  void BeginStructElement();
  // The outermost struct too.
  void EndStruct();

 private:
  void Header(int id, ThriftType type);
  void Int(int id, ThriftType type, int64_t value);

  std::string* const out_;
  size_t depth_ = 0;
  int last_id_[kMaxThriftDepth] = {};  // by depth
};

// Reads what the writer writes, from octets that may be hostile. Sticky: after
// a fault everything read is 0 or empty, no field is found, and ok() is false.
//
//   reader.BeginStruct();
//   while (reader.NextField()) {
//     switch (reader.id()) {
//       case 1: rows = reader.Int(); break;
//       default: reader.Skip();
//     }
//   }
class ThriftReader {
 public:
  // The octets are borrowed.
  explicit ThriftReader(absl::string_view octets) : octets_(octets) {}

  bool ok() const { return ok_; }
  size_t consumed() const { return at_; }

  // The outermost struct, or an element of a list of structs.
  void BeginStruct();
  // The value of this field, which must be a struct.
  void Struct();
  // Goes to the struct's next field, whose value must then be read or skipped.
  // False at the struct's end, which is left, and after a fault.
  bool NextField();
  int id() const { return id_; }

  // Values of this field; a fault if it has another type.
  bool Bool();
  int64_t Int();  // of 16, 32 or 64 bits
  // Borrowed from the octets.
  absl::string_view Binary();
  // The number of elements, which must be of `type`; never more than the
  // octets that are left.
  size_t List(ThriftType type);
  int64_t IntElement() { return ZigZag(); }
  absl::string_view BinaryElement();
  void Skip() { SkipValue(type_, 0); }
  void Fail();

 private:
  uint8_t Octet();
  uint64_t Varint();
  int64_t ZigZag();
  void SkipValue(ThriftType type, size_t depth);
  void SkipElements(ThriftType type, size_t depth);
  void SkipFields(size_t depth);

  absl::string_view octets_;
  size_t at_ = 0;
  bool ok_ = true;
  ThriftType type_ = ThriftType::kStop;
  int id_ = 0;
  size_t depth_ = 0;
  int last_id_[kMaxThriftDepth + 1] = {};  // by depth; 0 is outside of structs
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_THRIFT_COMPACT_H_
