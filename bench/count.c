/* count.c: the least anyone can do with libpcap: read every packet, count.
 *
 *     count FILE */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u_char *data;
	uint64_t n = 0, bytes = 0, sum = 0;
	pcap_t *p;
	int r;

	if (argc != 2 || !(p = pcap_open_offline(argv[1], why))) {
		fprintf(stderr, "count: %s\n", argc == 2 ? why : "usage: count FILE");
		return 2;
	}
	while ((r = pcap_next_ex(p, &h, &data)) == 1) {
		n++;
		bytes += h->len;
		sum += data[0];         /* touched, as a decoder would */
	}
	printf("%llu packets, %llu bytes, %llx\n", (unsigned long long)n, (unsigned long long)bytes,
	    (unsigned long long)sum);
	pcap_close(p);
	return r == -2 ? 0 : 2;
}
