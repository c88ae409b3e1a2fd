/* replay: runs a fuzz target over files, without a fuzzer, when built with -DFUZZ_REPLAY. Arguments
 * are files or directories of files. Each prints "ok NAME"; what is wrong ends the program. */
#ifndef FIRSTHOP_TESTS_FUZZ_REPLAY_H
#define FIRSTHOP_TESTS_FUZZ_REPLAY_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef FUZZ_REPLAY
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REPLAY_MAX (1 << 20)

/* One file; false when it cannot be read. The input is as large as the file and not a byte more, so
 * that a sanitizer sees each step too far. */
static inline int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *buffer, *input;
	size_t size;

	if (!file)
		return 0;
	buffer = malloc(REPLAY_MAX);
	size = buffer ? fread(buffer, 1, REPLAY_MAX, file) : 0;
	fclose(file);
	if (!buffer)
		return 0;
	input = malloc(size ? size : 1);
	if (input) {
		memcpy(input, buffer, size);
		(void)LLVMFuzzerTestOneInput(input, size); /* always 0 */
	}
	free(input);
	free(buffer);
	return input != NULL;
}

/* A file, or all files of a directory: how many. */
static inline unsigned replay_path(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	unsigned count = 0;

	if (!directory)
		return (unsigned)replay_file(path);
	while ((entry = readdir(directory))) {
		char full[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(full, sizeof(full), "%s/%s", path, entry->d_name);
		count += (unsigned)replay_file(full);
	}
	closedir(directory);
	return count;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	for (int i = 1; i < argc; i++) {
		unsigned count = replay_path(argv[i]);

		printf("%s %s (%u inputs)\n", count ? "ok" : "not ok", argv[i], count);
		failed |= count == 0;
	}
	return failed;
}
#endif

#endif
