#include "scanner/progress/row_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <vector>

namespace scanner {
namespace {

using ::testing::ElementsAre;

// Rows are told apart by their count of queries.
std::unique_ptr<OutputBatch> BatchOf(RowWriter* writer,
                                     std::initializer_list<uint32_t> queries) {
  std::unique_ptr<OutputBatch> batch = writer->TakeEmpty();
  EXPECT_EQ(batch->rows.size(), 0u);
  for (const uint32_t count : queries) batch->rows.Append({.queries = count});
  return batch;
}

// Records calls. Write blocks until Open(), if it was made closed.
class RecordingSink : public io::RowSink {
 public:
  explicit RecordingSink(bool open = true) : open_(open) {}

  absl::Status Write(std::span<const io::Row> rows) override {
    std::unique_lock lock(mutex_);
    ++writes_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    if (writes_ >= fail_at_) return absl::DataLossError("disk full");
    for (const io::Row& row : rows) {
      calls_.push_back(std::to_string(row.queries));
    }
    return absl::OkStatus();
  }
  absl::Status Flush() override {
    const std::lock_guard lock(mutex_);
    calls_.push_back("flush");
    changed_.notify_all();
    return flush_status_;
  }
  absl::Status Finish() override {
    const std::lock_guard lock(mutex_);
    calls_.push_back("finish");
    return finish_status_;
  }

  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void AwaitWrites(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return writes_ >= count; });
  }
  void AwaitFlush() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock,
                  [&] { return !calls_.empty() && calls_.back() == "flush"; });
  }
  void FailFrom(size_t write) { fail_at_ = write; }
  void SetFinishStatus(const absl::Status& status) { finish_status_ = status; }
  void SetFlushStatus(const absl::Status& status) { flush_status_ = status; }
  const std::vector<std::string>& calls() const { return calls_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_;
  size_t writes_ = 0;
  size_t fail_at_ = SIZE_MAX;
  absl::Status finish_status_;
  absl::Status flush_status_;
  std::vector<std::string> calls_;
};

TEST(RowWriterTest, WritesBatchesInTheirOrderAndFinishes) {
  RecordingSink sink;
  RowWriter writer(&sink, nullptr, nullptr);
  writer.Push(BatchOf(&writer, {1, 2}));
  writer.Push(BatchOf(&writer, {3}));
  EXPECT_TRUE(writer.Finish(true).ok());
  EXPECT_THAT(sink.calls(), ElementsAre("1", "2", "3", "finish"));
}

TEST(RowWriterTest, AnIncompleteOutputIsOnlyFlushed) {
  RecordingSink sink;
  RowWriter writer(&sink, nullptr, nullptr);
  writer.Push(BatchOf(&writer, {1}));
  EXPECT_TRUE(writer.Finish(false).ok());
  EXPECT_THAT(sink.calls(), ElementsAre("1", "flush"));
}

TEST(RowWriterTest, EndsByItselfWithItsOwner) {
  RecordingSink sink;
  {
    RowWriter writer(&sink, nullptr, nullptr);
    writer.Push(BatchOf(&writer, {1}));
  }
  EXPECT_THAT(sink.calls(), ElementsAre("1", "flush"));
}

TEST(RowWriterTest, FlushesWhenNothingComes) {
  RecordingSink sink;
  RowWriter writer(&sink, nullptr, nullptr);
  writer.Push(BatchOf(&writer, {1}));
  sink.AwaitFlush();
  writer.Push(BatchOf(&writer, {2}));
  EXPECT_TRUE(writer.Finish(true).ok());
  EXPECT_THAT(sink.calls(), ElementsAre("1", "flush", "2", "finish"));
}

TEST(RowWriterTest, TheObserverSeesEveryBatchBeforeTheSink) {
  RecordingSink sink;
  std::vector<uint32_t> seen;
  RowWriter writer(
      &sink,
      [&](std::span<const io::Row> rows) {
        for (const io::Row& row : rows) seen.push_back(row.queries);
      },
      nullptr);
  writer.Push(BatchOf(&writer, {7, 8}));
  writer.Push(BatchOf(&writer, {9}));
  EXPECT_TRUE(writer.Finish(true).ok());
  EXPECT_THAT(seen, ElementsAre(7, 8, 9));
}

TEST(RowWriterTest, IsFullAtSixteenBatchesAndWakesWhenThereIsRoom) {
  RecordingSink sink(false);
  std::promise<void> woken;
  std::atomic<int> wakes = 0;
  RowWriter writer(&sink, nullptr, [&] {
    if (++wakes == 1) woken.set_value();
  });
  writer.Push(BatchOf(&writer, {0}));
  sink.AwaitWrites(1);  // it counts until it is written
  for (uint32_t i = 1; i < RowWriter::kMaxQueued - 1; ++i) {
    writer.Push(BatchOf(&writer, {i}));
  }
  EXPECT_FALSE(writer.full());
  writer.Push(BatchOf(&writer, {15}));
  EXPECT_TRUE(writer.full());
  writer.Push(BatchOf(&writer, {16}));  // never refused
  EXPECT_TRUE(writer.full());
  sink.Open();
  woken.get_future().wait();
  EXPECT_FALSE(writer.full());
  EXPECT_TRUE(writer.Finish(true).ok());
  EXPECT_EQ(sink.calls().size(), 18u);  // 17 rows and the end
  EXPECT_EQ(wakes, 1);
}

TEST(RowWriterTest, AFailedWriteIsToldAndEndsTheWriting) {
  RecordingSink sink;
  sink.FailFrom(2);
  std::promise<void> woken;
  std::atomic<bool> told = false;
  RowWriter writer(&sink, nullptr, [&] {
    if (!told.exchange(true)) woken.set_value();
  });
  writer.Push(BatchOf(&writer, {1}));
  writer.Push(BatchOf(&writer, {2}));
  woken.get_future().wait();
  EXPECT_TRUE(writer.failed());
  writer.Push(BatchOf(&writer, {3}));
  EXPECT_EQ(writer.Finish(true).message(), "disk full");
  EXPECT_THAT(sink.calls(), ElementsAre("1"));
}

TEST(RowWriterTest, AFailedFlushIsAFailedWrite) {
  RecordingSink sink;
  sink.SetFlushStatus(absl::DataLossError("broken pipe"));
  std::promise<void> woken;
  RowWriter writer(&sink, nullptr, [&] { woken.set_value(); });
  writer.Push(BatchOf(&writer, {1}));
  woken.get_future().wait();
  EXPECT_TRUE(writer.failed());
  EXPECT_EQ(writer.Finish(true).message(), "broken pipe");
}

TEST(RowWriterTest, AFailedEndIsTold) {
  RecordingSink sink;
  sink.SetFinishStatus(absl::DataLossError("no space"));
  RowWriter writer(&sink, nullptr, nullptr);
  EXPECT_EQ(writer.Finish(true).message(), "no space");
}

TEST(RowWriterTest, GivesWrittenBatchesBackEmpty) {
  RecordingSink sink;
  RowWriter writer(&sink, nullptr, nullptr);
  std::unique_ptr<OutputBatch> batch = BatchOf(&writer, {1});
  const OutputBatch* const first = batch.get();
  writer.Push(std::move(batch));
  sink.AwaitFlush();  // by then it has been given back
  batch = writer.TakeEmpty();
  EXPECT_EQ(batch.get(), first);
  EXPECT_EQ(batch->rows.size(), 0u);
}

}  // namespace
}  // namespace scanner
