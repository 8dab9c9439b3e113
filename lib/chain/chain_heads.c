/* Lines that are added to checkpoints.ndjson when no record is: under the appender's lock. */
#include "chain/chain_impl.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int
chain_alone(int dir, struct err *e)
{
	int fd = chain_plain(dir, CHAIN_RECORDS, O_RDWR, e);

	if (fd >= 0 && !chain_lock(fd, true, e)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Where the last whole line ends: what is behind it is of an append that was cut short. */
static bool
whole_lines(int fd, uint64_t *end, struct err *e)
{
	char buf[4096];
	struct stat st;
	uint64_t at;

	if (fstat(fd, &st) != 0)
		return err_sys(e, CHAIN_HEADS);
	for (at = (uint64_t)st.st_size; at > 0; ) {
		size_t want = at < sizeof(buf) ? (size_t)at : sizeof(buf);
		ssize_t r = pread(fd, buf, want, (off_t)(at - want));

		if (r < 0 && errno == EINTR)
			continue;
		if (r != (ssize_t)want)
			return r < 0 ? err_sys(e, CHAIN_HEADS) : err_set(e,
			    "%s: it was cut meanwhile", CHAIN_HEADS);
		for (; want > 0 && buf[want - 1] != '\n'; want--)
			at--;
		if (want > 0)
			break;
	}
	*end = at;
	return true;
}

bool
chain_heads_add(int dir, const char *line, size_t n, struct err *e)
{
	int fd = chain_plain(dir, CHAIN_HEADS, O_RDWR, e);
	uint64_t end;
	bool done;

	if (fd < 0)
		return false;
	done = whole_lines(fd, &end, e) && ((ftruncate(fd, (off_t)end) == 0 &&
	    lseek(fd, (off_t)end, SEEK_SET) >= 0 && file_write_all(fd, line, n) &&
	    fdatasync(fd) == 0) ||
	    err_sys(e, CHAIN_HEADS));
	close(fd);
	return done;
}
