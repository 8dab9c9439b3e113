/* send.c: a capture onto an interface.
 *
 *     gen mixed 1000000 | send [-n] -i IFACE [-r RATE] [-t SECONDS] [-c COUNT]
 *
 * Sends the frames of a pcap from standard input, as bench/gen makes it, in their
 * order and without regard to their times: RATE a second (0, the default: as fast as
 * the interface takes them), for SECONDS or until COUNT have left or the input ends.
 * -n: each frame is followed by a number of eight bytes, from 1 on and big-endian;
 * it lies behind what the frame's headers count, as padding does. At the end one line
 * of JSON says how many frames and bytes left and how long it took; after INT or
 * TERM, too.
 *
 * A frame that the interface refuses is offered again: what is counted did leave. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* How many at once: enough that calls cost little, few enough that none is late. */
enum { BATCH = 64, FRAME = 2048, NUMBER = 8 };

static uint8_t bytes[BATCH][FRAME + NUMBER];
static struct iovec iov[BATCH];
static struct mmsghdr msg[BATCH];
static volatile sig_atomic_t stop;

static void
on_signal(int no)
{
	(void)no;
	stop = 1;
}

static void
die(const char *what)
{
	fprintf(stderr, "send: %s: %s\n", what, strerror(errno));
	exit(2);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A socket that sends on the interface and receives nothing. */
static int
attach(const char *iface)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	to.sll_ifindex = (int)if_nametoindex(iface);
	if (fd < 0 || !to.sll_ifindex || bind(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		die(iface);
	return fd;
}

/* The next frame, numbered where that is asked for; its length, or 0 at the end. */
static size_t
next_frame(uint8_t *f, uint64_t number)
{
	uint32_t head[4];
	size_t n;

	if (fread(head, 1, sizeof(head), stdin) != sizeof(head))
		return 0;
	n = head[2];
	if (n < ETH_HLEN || n > FRAME || fread(f, 1, n, stdin) != n) {
		fprintf(stderr, "send: the input ends amid a frame, or one is too long\n");
		exit(2);
	}
	for (int i = NUMBER; number && i--; )
		f[n++] = (uint8_t)(number >> 8 * i);
	return n;
}

/* All of them leave, unless the run is to end. Gives how many did. */
static unsigned
leave(int fd, unsigned n)
{
	unsigned done = 0;

	while (done < n && !stop) {
		int r = sendmmsg(fd, msg + done, n - done, 0);
		if (r > 0)
			done += (unsigned)r;
		else if (errno == ENOBUFS || errno == EAGAIN)
			usleep(100);
		else if (errno != EINTR)
			die("sendmmsg");
	}
	return done;
}

static void
pause_until(double t)
{
	struct timespec at = { .tv_sec = (time_t)t };

	at.tv_nsec = (long)((t - (double)at.tv_sec) * 1e9);
	while (!stop && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}

int
main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	uint64_t sent = 0, size = 0, read = 0, count = UINT64_MAX;
	double rate = 0, seconds = 1e9, begin, took;
	const char *iface = NULL;
	bool number = false;
	uint32_t head[6];
	int o, fd;

	while ((o = getopt(argc, argv, "ni:r:t:c:")) != -1) {
		switch (o) {
		case 'n': number = true; break;
		case 'i': iface = optarg; break;
		case 'r': rate = strtod(optarg, NULL); break;
		case 't': seconds = strtod(optarg, NULL); break;
		case 'c': count = strtoull(optarg, NULL, 10); break;
		default: iface = NULL; argc = 0; break;
		}
	}
	if (!iface || optind != argc || rate < 0) {
		fprintf(stderr, "usage: send [-n] -i IFACE [-r RATE] [-t SECONDS] [-c COUNT] "
		    "< FILE\n");
		return 2;
	}
	if (fread(head, 1, sizeof(head), stdin) != sizeof(head) || head[0] != 0xa1b2c3d4) {
		fprintf(stderr, "send: standard input is no pcap of this machine's byte order\n");
		return 2;
	}
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	fd = attach(iface);
	begin = now();
	while (!stop && sent < count && now() - begin < seconds) {
		unsigned n = 0, done;

		for (; n < BATCH && read < count; n++) {
			size_t len = next_frame(bytes[n], number ? read + 1 : 0);
			if (!len)
				break;
			read++;
			iov[n] = (struct iovec){ bytes[n], len };
			msg[n].msg_hdr = (struct msghdr){ .msg_iov = &iov[n], .msg_iovlen = 1 };
		}
		if (!n)
			break;
		/* those of the past go at once: a sender that was held up makes up for it */
		if (rate > 0)
			pause_until(begin + (double)sent / rate);
		done = leave(fd, n);
		sent += done;
		for (unsigned i = 0; i < done; i++)
			size += iov[i].iov_len;
	}
	took = now() - begin;
	printf("{\"sent\":%llu,\"bytes\":%llu,\"seconds\":%.3f}\n", (unsigned long long)sent,
	    (unsigned long long)size, took);
	return fflush(stdout) ? 2 : 0;
}
