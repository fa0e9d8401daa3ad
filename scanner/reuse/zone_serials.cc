#include "scanner/reuse/zone_serials.h"

#include <algorithm>
#include <numeric>

#include "absl/hash/hash.h"

namespace scanner {
namespace {

// So many counters, begun anew after so many answers, that other zones hardly
// ever make one reach kFewAnswers.
constexpr size_t kCounters = 65536;
constexpr uint32_t kCounted = 65536;

uint64_t HashOf(dnswire::NameView apex) { return absl::HashOf(WireText(apex)); }

}  // namespace

dnswire::NameView ZoneSerials::ApexOf(const Note& note) const {
  return dnswire::NameView::FromValidWire(
      std::span(apexes_).subspan(note.apex_at, note.apex_octets));
}

ZoneSerials::Note* ZoneSerials::Find(dnswire::NameView apex, uint64_t hash) {
  const auto known = by_hash_.find(hash);
  if (known == by_hash_.end()) return nullptr;
  Note& note = notes_[known->second];
  return ApexOf(note).Equals(apex) ? &note : nullptr;
}

ZoneSerials::Note* ZoneSerials::NoteOf(dnswire::NameView apex) {
  const uint64_t hash = HashOf(apex);
  Note* const known = Find(apex, hash);
  if (known != nullptr) return known;
  const auto index = static_cast<uint32_t>(notes_.size());
  if (index == kMaxZones || !by_hash_.try_emplace(hash, index).second) {
    return nullptr;
  }
  const auto wire = apex.wire();
  notes_.push_back({.apex_at = static_cast<uint32_t>(apexes_.size()),
                    .apex_octets = static_cast<uint8_t>(wire.size())});
  apexes_.insert(apexes_.end(), wire.begin(), wire.end());
  return &notes_.back();
}

// Counts an answer of a zone that is not noted.
bool ZoneSerials::IsWorthANote(uint64_t hash) {
  if (counted_++ % kCounted == 0) few_.assign(kCounters, 0);
  return ++few_[hash % kCounters] >= kFewAnswers;
}

ZoneSerials::ServerNote* ZoneSerials::ServerOf(const io::Endpoint& server,
                                               Note* note) {
  const auto [known, is_new] = servers_.by_value.try_emplace(
      server, static_cast<uint32_t>(servers_.all.size()));
  if (is_new) servers_.all.push_back(server);
  const uint32_t number = known->second;
  size_t count = 0;
  uint32_t* last = &note->first_server;
  for (; *last != kNil; last = &server_notes_[*last].next) {
    if (server_notes_[*last].server == number) return &server_notes_[*last];
    ++count;
  }
  if (count == kMaxServers) return nullptr;
  *last = static_cast<uint32_t>(server_notes_.size());
  server_notes_.push_back({.server = number});
  return &server_notes_.back();
}

uint32_t ZoneSerials::NumberOf(absl::string_view name) {
  const auto [known, is_new] = names_.by_value.try_emplace(
      name, static_cast<uint32_t>(names_.all.size()));
  if (is_new) names_.all.emplace_back(name);
  return known->second;
}

void ZoneSerials::NoteSoa(const SoaSeen& seen) {
  if (seen.of_leaf) {
    const uint64_t hash = HashOf(seen.apex);
    if (Find(seen.apex, hash) == nullptr && !IsWorthANote(hash)) return;
  }
  Note* const note = NoteOf(seen.apex);
  if (note == nullptr) return;
  if (!note->has_serial) {
    note->has_serial = true;
    note->serial = seen.serial;
    note->mname = NumberOf(WireText(seen.mname));
    note->rname = NumberOf(WireText(seen.rname));
  } else if (note->serial != seen.serial) {
    note->serial_moved = true;
    return;
  }
  ServerNote* const server = ServerOf(seen.server, note);
  if (server != nullptr && server->since_us == 0) {
    server->since_us = seen.now_us;
  }
}

// What is known of the serial, of two that looked.
void ZoneSerials::AddSerial(const SeenZone& theirs, Note* note) {
  if (!theirs.serial) return;
  if (!note->has_serial) {
    note->has_serial = true;
    note->serial = *theirs.serial;
    note->mname = NumberOf(theirs.mname);
    note->rname = NumberOf(theirs.rname);
  } else if (note->serial != *theirs.serial) {
    note->serial_moved = true;
  }
}

void ZoneSerials::AddServer(const SeenServer& theirs, Note* note) {
  ServerNote* const server = ServerOf(theirs.server, note);
  if (server == nullptr) return;
  if (server->since_us == 0) {
    server->since_us = theirs.since_us;
  } else if (theirs.since_us != 0) {
    server->since_us = std::min(server->since_us, theirs.since_us);
  }
  server->honesty = std::max(server->honesty, theirs.honesty);
}

void ZoneSerials::NoteUnchanged(const SeenZone& earlier) {
  Note* const note = NoteOf(NameOfWire(earlier.apex));
  if (note == nullptr) return;
  AddSerial(earlier, note);
  for (const SeenServer& server : earlier.servers) AddServer(server, note);
}

bool ZoneSerials::NoteAnswer(dnswire::NameView apex,
                             const io::Endpoint& server) {
  const uint64_t hash = HashOf(apex);
  const bool is_new = Find(apex, hash) == nullptr;
  if (is_new && !IsWorthANote(hash)) return false;
  Note* const note = NoteOf(apex);
  if (note == nullptr) return false;
  ServerNote* const noted = ServerOf(server, note);
  if (noted == nullptr || noted->since_us != 0 ||
      noted->answers == kFewAnswers) {
    return false;
  }
  noted->answers = is_new ? kFewAnswers : noted->answers + 1;
  return noted->answers == kFewAnswers;
}

void ZoneSerials::NoteRow(dnswire::NameView apex, bool reused) {
  Note* const note = Find(apex, HashOf(apex));
  if (note == nullptr) return;
  ++note->rows;
  if (reused) ++note->reused;
}

void ZoneSerials::NoteLies(dnswire::NameView apex) {
  if (Note* const note = NoteOf(apex)) note->serial_lies = true;
}

void ZoneSerials::NoteBroken(dnswire::NameView apex) {
  if (Note* const note = NoteOf(apex)) note->ent_broken = true;
}

void ZoneSerials::NoteHonest(dnswire::NameView apex, const io::Endpoint& server,
                             Honesty::State honesty) {
  Note* const note = NoteOf(apex);
  if (note != nullptr) AddServer({.server = server, .honesty = honesty}, note);
}

void ZoneSerials::Add(const SeenZone& theirs) {
  Note* const note = NoteOf(NameOfWire(theirs.apex));
  if (note == nullptr) return;
  AddSerial(theirs, note);
  note->serial_moved |= theirs.serial_moved;
  note->serial_lies |= theirs.serial_lies;
  note->ent_broken |= theirs.ent_broken;
  for (const SeenServer& server : theirs.servers) AddServer(server, note);
  note->rows += theirs.rows;
  note->reused += theirs.reused;
}

void ZoneSerials::Merge(const ZoneSerials& other) {
  for (const Note& note : other.notes_) Add(other.Export(note));
}

SeenZone ZoneSerials::Export(const Note& note) const {
  SeenZone zone = {.apex = std::string(WireText(ApexOf(note))),
                   .serial_moved = note.serial_moved,
                   .serial_lies = note.serial_lies,
                   .ent_broken = note.ent_broken,
                   .rows = note.rows,
                   .reused = note.reused};
  if (note.has_serial) {
    zone.serial = note.serial;
    zone.mname = names_.all[note.mname];
    zone.rname = names_.all[note.rname];
  }
  for (uint32_t at = note.first_server; at != kNil;
       at = server_notes_[at].next) {
    const ServerNote& server = server_notes_[at];
    zone.servers.push_back({.server = servers_.all[server.server],
                            .since_us = server.since_us,
                            .honesty = server.honesty});
  }
  return zone;
}

void ZoneSerials::ForEach(
    const std::function<void(const SeenZone&)>& visit) const {
  std::vector<uint32_t> order(notes_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
    return ApexOf(notes_[a]).CompareCanonical(ApexOf(notes_[b])) < 0;
  });
  for (const uint32_t at : order) visit(Export(notes_[at]));
}

size_t ZoneSerials::lying() const {
  return static_cast<size_t>(std::count_if(
      notes_.begin(), notes_.end(),
      [](const Note& note) { return note.serial_lies && note.rows > 0; }));
}

}  // namespace scanner
