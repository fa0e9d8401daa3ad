#include "tools/page/html_page.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "io/files/sha256.h"
#include "tools/page/assets.h"
#include "tools/page/report_json.h"

namespace tools {
namespace {

// In the order in which they need one another.
constexpr absl::string_view kScripts[] = {
    "data.js", "dom.js", "map.js", "tables.js", "sections.js", "main.js"};

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

// A source of Content-Security-Policy (CSP3 section 2.3.1): this text alone.
std::string DigestSource(absl::string_view text) {
  io::Sha256 sha256;
  sha256.Add(text);
  const io::Digest digest = sha256.Finish();
  return absl::StrCat(
      "'sha256-",
      absl::Base64Escape(absl::string_view(
          reinterpret_cast<const char*>(digest.data()), digest.size())),
      "'");
}

// One script, so that nothing of it is left to the page.
std::string Script() {
  std::string script = "'use strict';\n(() => {\n";
  for (const absl::string_view name : kScripts) {
    absl::StrAppend(&script, AssetText(name));
  }
  return absl::StrCat(script, "})();\n");
}

std::string Title(const ReportInput& input) {
  return absl::StrCat("Reverse DNS: ", absl::StrJoin(input.files, ", "));
}

}  // namespace

std::string HtmlPage(const ReportInput& input, const std::string& plain) {
  const absl::string_view style = AssetText("report.css");
  const std::string script = Script();
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src ",
      DigestSource(style), "; script-src ", DigestSource(script),
      "; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
      Escaped(Title(input)), "</title>\n<style>", style,
      "</style>\n</head>\n<body>\n"
      "<noscript><pre>",
      Escaped(plain),
      "</pre></noscript>\n<div id=\"page\"></div>\n"
      "<script type=\"application/json\" id=\"data\">",
      ReportJson(input), "</script>\n<script>", script,
      "</script>\n</body>\n</html>\n");
}

}  // namespace tools
