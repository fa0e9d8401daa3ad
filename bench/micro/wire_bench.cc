// What a packet costs in user space: a PTR query built, its answer checked and
// understood. ldns does the same beside it.
#include <benchmark/benchmark.h>
#include <netinet/in.h>
// ldns.h makes `bool` a macro unless this one was read before it.
// clang-format off
#include <stdbool.h>
#include <ldns/ldns.h>
// clang-format on

#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "bench/responder/answer.h"
#include "dnswire/answer.h"
#include "dnswire/ip_address.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "dnswire/query.h"
#include "dnswire/reverse.h"
#include "dnswire/wire.h"
#include "scanner/asking/acceptance.h"
#include "scanner/asking/question.h"

namespace {

using dnswire::IpAddress;
using dnswire::Name;

// Addresses of 10.0.0.0/8 in no order, so that names of all sizes are mixed.
constexpr size_t kAddresses = 1024;
constexpr IpAddress AddressAt(size_t i) {
  const auto mixed = static_cast<uint32_t>(i % kAddresses) * 2654435761u;
  return IpAddress::V4(10u << 24 | mixed >> 8);
}

using Octets = std::vector<uint8_t>;

Octets PtrQuery(const IpAddress& address) {
  Octets query(dnswire::kMaxQueryOctets);
  query.resize(dnswire::EncodePtrQuery(1, address, {}, query.data()));
  return query;
}

Octets AnswerTo(const Octets& query, uint32_t nxdomain_percent) {
  Octets answer(bench::kMaxAnswerOctets);
  answer.resize(bench::WriteAnswer(query, nxdomain_percent, answer.data()));
  return answer;
}

// A question as it waits, and the answer that comes. Each answer has octets of
// its own, as it would have in a receive slot.
struct Exchange {
  scanner::Question question;
  Octets answer;
};

std::vector<Exchange> PtrExchanges(uint32_t nxdomain_percent) {
  std::vector<Exchange> exchanges(kAddresses);
  for (size_t i = 0; i < kAddresses; ++i) {
    exchanges[i].question.target = AddressAt(i);
    exchanges[i].answer = AnswerTo(PtrQuery(AddressAt(i)), nxdomain_percent);
  }
  return exchanges;
}

std::vector<Exchange> ForwardExchanges() {
  std::vector<Exchange> exchanges = PtrExchanges(0);
  for (Exchange& exchange : exchanges) {
    const auto message = dnswire::Message::Parse(exchange.answer);
    Name name;
    message.ReadName(message.answers().begin()->rdata_at, &name);
    exchange.question.type = dnswire::kTypeA;
    exchange.question.names.Add(name);
    Octets query(dnswire::kMaxQueryOctets);
    query.resize(
        dnswire::EncodeQuery(1, name, dnswire::kTypeA, {}, query.data()));
    exchange.answer = AnswerTo(query, 0);
  }
  return exchanges;
}

void BM_EncodePtrQuery(benchmark::State& state) {
  std::array<uint8_t, dnswire::kMaxQueryOctets> out;
  size_t i = 0;
  for (auto _ : state) {
    const auto id = static_cast<uint16_t>(i);
    benchmark::DoNotOptimize(
        dnswire::EncodePtrQuery(id, AddressAt(i), {}, out.data()));
    benchmark::ClobberMemory();
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_EncodePtrQuery);

void BM_EncodePtrQuery_Ldns(benchmark::State& state) {
  size_t i = 0;
  for (auto _ : state) {
    const uint32_t address = htonl(AddressAt(i++).v4());
    ldns_rdf* const target =
        ldns_rdf_new_frm_data(LDNS_RDF_TYPE_A, sizeof address, &address);
    ldns_pkt* const query =
        ldns_pkt_query_new(ldns_rdf_address_reverse(target), LDNS_RR_TYPE_PTR,
                           LDNS_RR_CLASS_IN, LDNS_RD);
    ldns_pkt_set_edns_udp_size(query, dnswire::kEdnsPayload);
    uint8_t* wire = nullptr;
    size_t size = 0;
    benchmark::DoNotOptimize(ldns_pkt2wire(&wire, query, &size));
    std::free(wire);
    ldns_pkt_free(query);
    ldns_rdf_deep_free(target);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_EncodePtrQuery_Ldns);

// A query for the name that a PTR answer gave.
void BM_EncodeAQuery(benchmark::State& state) {
  std::array<uint8_t, dnswire::kMaxQueryOctets> out;
  const auto name = Name::Parse("h0a010203.example.net");
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        dnswire::EncodeQuery(1, *name, dnswire::kTypeA, {}, out.data()));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_EncodeAQuery);

void BM_ParseHead(benchmark::State& state) {
  const auto exchanges = PtrExchanges(0);
  size_t i = 0;
  for (auto _ : state) {
    const auto message =
        dnswire::Message::ParseHead(exchanges[i++ % kAddresses].answer);
    benchmark::DoNotOptimize(message.question_type());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ParseHead);

void BM_ParseHeadAndSections(benchmark::State& state) {
  const auto exchanges = PtrExchanges(0);
  size_t i = 0;
  for (auto _ : state) {
    const auto message =
        dnswire::Message::Parse(exchanges[i++ % kAddresses].answer);
    benchmark::DoNotOptimize(message.fault());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ParseHeadAndSections);

// All that happens to an answer before the engine knows what it means.
void VerifyAndParse(const std::vector<Exchange>& exchanges,
                    dnswire::Outcome outcome, benchmark::State& state) {
  dnswire::Message message;
  dnswire::Answer answer;
  size_t i = 0;
  for (auto _ : state) {
    const Exchange& exchange = exchanges[i++ % kAddresses];
    const scanner::Question& question = exchange.question;
    uint8_t buffer[dnswire::kMaxReverseOctets];
    const dnswire::NameView name = scanner::AskedName(question, buffer);
    message.ReadHead(exchange.answer, name);
    if (!scanner::QuestionMatches(message, name, question.type)) {
      state.SkipWithError("not the question");
    }
    message.ParseSections();
    dnswire::ResolveAnswer(
        message, {.name = message.question_name(), .type = question.type}, {},
        question.names, &answer);
    if (answer.outcome != outcome) state.SkipWithError("another outcome");
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_VerifyAndParse_Ptr(benchmark::State& state) {
  VerifyAndParse(PtrExchanges(0), dnswire::Outcome::kData, state);
}
BENCHMARK(BM_VerifyAndParse_Ptr);

void BM_VerifyAndParse_A(benchmark::State& state) {
  VerifyAndParse(ForwardExchanges(), dnswire::Outcome::kData, state);
}
BENCHMARK(BM_VerifyAndParse_A);

void BM_VerifyAndParse_Nxdomain(benchmark::State& state) {
  VerifyAndParse(PtrExchanges(100), dnswire::Outcome::kNxdomain, state);
}
BENCHMARK(BM_VerifyAndParse_Nxdomain);

void BM_ParsePtr_Ldns(benchmark::State& state) {
  const auto exchanges = PtrExchanges(0);
  size_t i = 0;
  for (auto _ : state) {
    const Octets& answer = exchanges[i++ % kAddresses].answer;
    ldns_pkt* message = nullptr;
    if (ldns_wire2pkt(&message, answer.data(), answer.size()) !=
        LDNS_STATUS_OK) {
      state.SkipWithError("not sound");
    }
    ldns_pkt_free(message);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ParsePtr_Ldns);

// The other end of measurements: it must not be what limits them.
void BM_ResponderAnswer(benchmark::State& state) {
  std::vector<Octets> queries;
  for (size_t i = 0; i < kAddresses; ++i) {
    queries.push_back(PtrQuery(AddressAt(i)));
  }
  std::array<uint8_t, bench::kMaxAnswerOctets> out;
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        bench::WriteAnswer(queries[i++ % kAddresses], 0, out.data()));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ResponderAnswer);

}  // namespace
