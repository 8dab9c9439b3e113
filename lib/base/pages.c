#include "base/pages.h"

#include <sys/mman.h>

void *
pages_new(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void *
pages_new_far(size_t n)
{
	void *p = pages_new(n);

	if (p)
		(void)madvise(p, n, MADV_HUGEPAGE);
	return p;
}

void *
pages_double(void *p, size_t n)
{
	p = mremap(p, n, 2 * n, MREMAP_MAYMOVE);
	return p == MAP_FAILED ? NULL : p;
}

void
pages_free(void *p, size_t n)
{
	if (p)
		munmap(p, n);
}

void
pages_clear(void *p, size_t n)
{
	madvise(p, n, MADV_DONTNEED);
}
