// What a server's record begins with, for resolvers and authorities alike.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_SERVER_SETUP_H_
#define PTRSWEEP_SCANNER_UPSTREAM_SERVER_SETUP_H_

#include "dnswire/ip_address.h"
#include "io/net/random.h"
#include "scanner/options.h"
#include "scanner/upstream/server.h"

namespace scanner {

// A late pass asks each server at so much of its rate.
inline constexpr double kLatePassShare = 0.25;

// One of several equal parts of a pace; every window is 1 at least.
PaceLimits PartOf(const PaceLimits& whole, Part part);
// `limits`, none of them above what `options` allow in flight.
PaceLimits FittingLimits(PaceLimits limits, const ScanOptions& options);
// Cookies and random case as the options want them for this address.
void SetHabits(const ScanOptions& options, io::SecureRandom* random,
               Server* server);
// How likely a server is chosen among others.
double WeightOf(const Server& server);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_SERVER_SETUP_H_
