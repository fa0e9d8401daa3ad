// ParquetEncoder: rows into the columns of a row group.
#ifndef PTRSWEEP_IO_PARQUET_PARQUET_ENCODER_H_
#define PTRSWEEP_IO_PARQUET_PARQUET_ENCODER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/formats/row.h"
#include "io/net/endpoint.h"
#include "io/parquet/page_codec.h"
#include "io/parquet/parquet_column.h"
#include "io/parquet/parquet_footer.h"
#include "io/parquet/parquet_schema.h"

namespace io {

// The text of a name, which is made anew only if the name is not the last one.
class LastNameText {
 public:
  // Valid until the next call.
  absl::string_view Of(dnswire::NameView name);

 private:
  dnswire::Name name_;  // the root
  size_t octets_ = 1;
  char text_[dnswire::NameView::kMaxTextOctets] = {'.'};
};

class ParquetEncoder {
 public:
  explicit ParquetEncoder(const ParquetSchema& schema);

  // In the order of ip_key.
  void Add(const Row& row);
  // Replaces *out by the row group of all that was added; it begins at `offset`
  // in the file.
  ParquetRowGroup Finish(int64_t offset, std::string* out);

 private:
  void AddAddress(const dnswire::IpAddress& address);
  void AddVerdict(const Row& row);
  void AddFlags(FlagSet flags);
  void AddNames(ParquetLeafId leaf, dnswire::NameListView names);
  void AddForward(std::span<const ForwardItem> items);
  void AddForwardAddresses(const ForwardItem& item, uint8_t repetition);
  void AddMissingForward(uint8_t definition);
  void AddEvidence(const Row& row);
  void AddName(ParquetLeafId leaf, const std::optional<dnswire::NameView>& name,
               LastNameText* last);
  void AddNumber(ParquetLeafId leaf, const std::optional<uint32_t>& number);
  void AddServer(const std::optional<Endpoint>& server);
  void AddCarried(ParquetLeafId leaf, absl::string_view text,
                  char* (*put)(absl::string_view text, char* out));

  PageCompressor compressor_;
  std::vector<ParquetColumn> columns_;  // by ParquetLeafId
  int64_t rows_ = 0;
  // Of the row's names, and of those of each zone column.
  LastNameText name_;
  LastNameText zone_;
  LastNameText zone_mname_;
  LastNameText zone_rname_;
  std::optional<Endpoint> server_;
  std::string server_text_;
  std::string carried_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_PARQUET_ENCODER_H_
