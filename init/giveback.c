#include "init/giveback.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Segments that can be written hold what was written: only the others can be had again. */
static int give_back(struct dl_phdr_info *info, size_t size, void *context)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	(void)size;
	(void)context;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uintptr_t start = (info->dlpi_addr + segment->p_vaddr) & ~(page - 1);
		uintptr_t end = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;

		if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W))
			continue;
		(void)madvise((void *)start, end - start, MADV_DONTNEED); /* a kindness only */
	}
	return 1; /* the first one is the program itself; libraries may be shared */
}

void giveback_boot_memory(void)
{
	(void)dl_iterate_phdr(give_back, NULL);
#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
}

void giveback_prepare(void)
{
#ifdef __GLIBC__
	/* Once set, it no longer grows with the largest piece that was ever freed: with that, what
	 * a burst needed would be cut from the heap, and stay there in pieces. */
	(void)mallopt(M_MMAP_THRESHOLD, 64 * 1024);
#endif
}
