#include "io/formats/json_cursor.h"

#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace io {
namespace {

// What the cursor reads of `text`, if that is one string; else "refused".
std::string StringOf(const std::string& text) {
  JsonCursor cursor(text);
  std::string room;
  absl::string_view value;
  const bool taken = cursor.TakeString(&room, &value) && cursor.AtEnd();
  return taken ? std::string(value) : "refused";
}

TEST(JsonCursorTest, StringsAreThoseOfRfc8259) {
  const struct {
    const char* text;
    const char* value;
  } cases[] = {
      {R"("")", ""},
      {R"("a b")", "a b"},
      {R"( "a" )", "a"},
      {R"("a\\045\"\/")", "a\\045\"/"},
      {R"("\b\f\n\r\t")", "\b\f\n\r\t"},
      {R"("A\u00e9\u20AC")", "A\xc3\xa9\xe2\x82\xac"},
      {R"("\ud83d\ude00")", "\xf0\x9f\x98\x80"},
      {"\"\xc3\xa9\"", "\xc3\xa9"},
      {R"("a)", "refused"},
      {R"("a\)", "refused"},
      {R"("a\x")", "refused"},
      {R"("\u12g4")", "refused"},
      {R"("\u12")", "refused"},
      {R"("\ud83d")", "refused"},        // half a pair
      {R"("\ud83d\u0041")", "refused"},  // and another
      {R"("\ude00")", "refused"},
      {"\"a\nb\"", "refused"},
      {"\"\\n\n\"", "refused"},
      {"\"\xc3\"", "refused"},
      {"\"\\n\xc3\"", "refused"},
      {R"(a)", "refused"},
      {R"("a" b)", "refused"},
  };
  for (const auto& c : cases) EXPECT_EQ(StringOf(c.text), c.value) << c.text;
}

TEST(JsonCursorTest, NumbersAreWholeAndFit) {
  const struct {
    const char* text;
    int64_t value;  // -1: refused
  } cases[] = {
      {"0", 0},           {" 17 ", 17}, {"4294967295", 4294967295},
      {"4294967296", -1}, {"-1", -1},   {"-0", -1},
      {"+1", -1},         {"01", -1},   {"1.0", -1},
      {"1e3", -1},        {"1E3", -1},  {"", -1},
      {"x", -1},          {"1x", -1},
  };
  for (const auto& c : cases) {
    JsonCursor cursor(c.text);
    uint32_t number = 0;
    const bool taken = cursor.TakeNumber(&number) && cursor.AtEnd();
    EXPECT_EQ(taken ? int64_t{number} : -1, c.value) << c.text;
  }
}

// Reads objects of lists of strings, without keeping anything.
bool TakesShape(const std::string& text) {
  JsonCursor cursor(text);
  std::string key_room;
  std::string room;
  return cursor.TakeObject(&key_room, [&](absl::string_view) {
    return cursor.TakeNull() || cursor.TakeList([&] {
      absl::string_view value;
      return cursor.TakeString(&room, &value);
    });
  }) && cursor.AtEnd();
}

TEST(JsonCursorTest, ListsAndObjectsEndWhereTheyShould) {
  for (const char* text :
       {R"({})", R"( { "a" : [ ] , "b" : null } )", R"({"a":["x","y"]})"}) {
    EXPECT_TRUE(TakesShape(text)) << text;
  }
  for (const char* text :
       {R"({)", R"({"a"})", R"({"a":})", R"({"a":[})", R"({"a":["x",]})",
        R"({"a":[],})", R"({"a":[]}})", R"({"a":["x" "y"]})", R"({a:[]})",
        R"({"a":nul})", R"({,})", R"([])"}) {
    EXPECT_FALSE(TakesShape(text)) << text;
  }
}

// Another reader of JSON takes and refuses the same strings.
TEST(JsonCursorTest, AgreesWithAnotherReaderOnStringsByChance) {
  const std::string letters[] = {"a",    "\\",     "\"",       "u",    "0",
                                 "d83d", "\\ude0", "\\u00e9",  "\xc3", "\xa9",
                                 "n",    "/",      "\\ud83d",  " ",    "\t",
                                 "\\n",  "\xed",   "\xa0\x80", "\xf4", "\x90"};
  std::mt19937 random(3);
  int taken = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text = "\"";
    for (size_t n = random() % 6; n > 0; --n) {
      text += letters[random() % std::size(letters)];
    }
    text += '"';
    const auto other = nlohmann::json::parse(text, nullptr, false);
    const std::string value =
        other.is_string() ? other.get<std::string>() : "refused";
    ASSERT_EQ(StringOf(text), value) << text;
    taken += other.is_string();
  }
  EXPECT_GT(taken, 20'000);
}

}  // namespace
}  // namespace io
