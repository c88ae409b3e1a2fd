/* Any bytes as FRR's files, and as what a shell makes of them. They are not ours to be strict
 * about: whatever they hold, it is warned about at most, and zebra starts. */
#include "tests/fuzz/config_support.h"

/* So many services or words need more bytes than this. */
#define INPUT_MAX 1024

static void load(const char *text)
{
	struct config_file file = {"frr.ini", text, strlen(text)};
	const struct model *model = NULL;
	struct arena arena = {0};
	struct diags diags;

	diags_init(&diags, &arena);
	ENSURE(config_load(&arena, &file, 1, &fuzz_image, &diags, &model) == 0);
	ENSURE(model_find(model, "zebra"));
	ENSURE(model_find(model, "frr-config"));
	ENSURE(config_print(&arena, model));
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > INPUT_MAX)
		return 0;
	fuzz_daemons = (const char *)data;
	fuzz_daemons_length = size;
	load("[frr]\n");
	load("[frr]\ndaemons_shell = yes\n");
	return 0;
}
