// Pages through zstd (RFC 8878): level 3, with the content checksum.
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
  // Replaces *out by one frame that holds `page`.
  void Compress(absl::string_view page, std::string* out);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
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
