/* packet.h: one captured packet, as a source hands it on. */
#ifndef OT_PACKET_H
#define OT_PACKET_H

#include <stdint.h>

/* Where packets come from; lives as long as the run. Texts are NULL when
 * unknown and owned by whoever made the struct. */
struct origin {
	const char *file;       /* pcap_filename, as given on the command line */
	const char *iface;      /* in_iface */
	const char *host;       /* the sensor's name */
};

struct packet {
	const uint8_t *data;    /* borrowed until the next packet is asked for */
	uint32_t cap;           /* bytes held */
	uint32_t len;           /* bytes on the wire; cap <= len */
	int64_t us;             /* time, microseconds since the epoch */
	uint32_t link;          /* LINKTYPE_ value, as in a pcap file header */
	uint64_t cnt;           /* from 1 within its file or interface, as Wireshark numbers */
	const struct origin *from;
};

#endif
