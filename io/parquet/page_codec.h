// Pages through zstd (RFC 8878): level 3, with the content checksum. Level 1 is
// no faster on sorted rows and makes files a third larger; level 2 takes 5 %
// less time for a whole row and 17 % more room (bench/README.md).
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
