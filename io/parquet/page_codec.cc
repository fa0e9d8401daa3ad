#include "io/parquet/page_codec.h"

#include <zstd.h>

#include <cstdlib>

namespace io {
namespace {

struct Parameter {
  ZSTD_cParameter id;
  int value;
};
constexpr Parameter kParameters[] = {
    {ZSTD_c_strategy, ZSTD_fast},
    {ZSTD_c_minMatch, 4},
    {ZSTD_c_hashLog, 10},
    // Without it readers that skip the page's CRC take a flipped bit for data.
    {ZSTD_c_checksumFlag, 1},
};

}  // namespace

void PageCompressor::Free::operator()(ZSTD_CCtx* context) const {
  ZSTD_freeCCtx(context);
}

void PageDecompressor::Free::operator()(ZSTD_DCtx* context) const {
  ZSTD_freeDCtx(context);
}

PageCompressor::PageCompressor() : context_(ZSTD_createCCtx()) {
  for (const Parameter& parameter : kParameters) {
    ZSTD_CCtx_setParameter(context_.get(), parameter.id, parameter.value);
  }
}

// With room for the worst case it cannot fail but for memory, which ends the
// program everywhere else too.
absl::string_view PageCompressor::Compress(absl::string_view page) {
  const size_t bound = ZSTD_compressBound(page.size());
  if (room_ < bound) {
    room_ = bound;
    frame_ = std::make_unique_for_overwrite<char[]>(room_);
  }
  const size_t size = ZSTD_compress2(context_.get(), frame_.get(), room_,
                                     page.data(), page.size());
  if (ZSTD_isError(size)) std::abort();
  return {frame_.get(), size};
}

PageDecompressor::PageDecompressor() : context_(ZSTD_createDCtx()) {}

bool PageDecompressor::Decompress(absl::string_view frame, size_t size,
                                  std::string* out) {
  out->resize(size);
  return ZSTD_decompressDCtx(context_.get(), out->data(), size, frame.data(),
                             frame.size()) == size;
}

}  // namespace io
