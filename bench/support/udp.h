// A UDP socket on IPv4 loopback for the measuring tools. Every call ends the
// program with errno's text where the kernel refuses.
#ifndef PTRSWEEP_BENCH_SUPPORT_UDP_H_
#define PTRSWEEP_BENCH_SUPPORT_UDP_H_

#include <netinet/in.h>

#include <cstdint>

namespace bench {

sockaddr_in Loopback(uint16_t port);

// Bound to `port` of 127.0.0.1, 0: one of the kernel's choice.
int OpenLoopbackSocket(uint16_t port);
uint16_t PortOf(int fd);

// What the kernel will charge datagrams against: twice what SO_RCVBUF takes,
// because it counts its own overhead; so `octets` is even. Beyond the system's
// limit it takes CAP_NET_ADMIN.
void SetReceiveBuffer(int fd, uint32_t octets);
void SetSendBuffer(int fd, uint32_t octets);
// Coalesced datagrams come as one, with the size of its parts (UDP_GRO).
void EnableGro(int fd);

// Datagrams the kernel dropped at this socket so far.
uint32_t KernelDrops(int fd);

}  // namespace bench

#endif  // PTRSWEEP_BENCH_SUPPORT_UDP_H_
