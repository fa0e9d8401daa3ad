// Pages through zstd (RFC 8878), with the content checksum: its fastest search,
// matches of four octets, and a table of 1,024 places that stays in the L1
// cache. Rows are sorted, so what a value has in common with another it has in
// common with one shortly before; a table that remembers more finds older
// matches, whose distances cost more octets (bench/README.md).
#ifndef PTRSWEEP_IO_PARQUET_PAGE_CODEC_H_
#define PTRSWEEP_IO_PARQUET_PAGE_CODEC_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace io {

class PageCompressor {
 public:
  PageCompressor();
  // One frame that holds `page`, valid until the next call.
  absl::string_view Compress(absl::string_view page);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  size_t room_ = 0;
  std::unique_ptr<char[]> frame_;
};

class PageDecompressor {
 public:
  PageDecompressor();
  // Replaces *out by what one frame holds. False if that is not exactly `size`
  // octets, or the frame is damaged; never writes more than `size`.
  bool Decompress(absl::string_view frame, size_t size, std::string* out);

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PAGE_CODEC_H_
