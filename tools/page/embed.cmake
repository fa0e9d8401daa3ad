# Makes a C++ source of files: cmake -DOUT=FILE -DFILES=a;b -P embed.cmake
# Each becomes an array of octets, for a literal has a limit of length.
set(body "")
set(table "")
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  string(MAKE_C_IDENTIFIER ${name} id)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," octets "${hex}")
  string(APPEND body "constexpr unsigned char k_${id}[] = {${octets}};\n")
  string(APPEND table "    {\"${name}\", k_${id}, sizeof(k_${id})},\n")
endforeach()
file(WRITE ${OUT}
"#include \"tools/page/assets.h\"

namespace tools {
namespace {

${body}
struct Asset {
  const char* name;
  const unsigned char* octets;
  size_t size;
};
constexpr Asset kAssets[] = {
${table}};

}  // namespace

absl::string_view AssetText(absl::string_view name) {
  for (const Asset& asset : kAssets) {
    if (name == asset.name) {
      return {reinterpret_cast<const char*>(asset.octets), asset.size};
    }
  }
  return {};
}

}  // namespace tools
")
