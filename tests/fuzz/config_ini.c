/* Any bytes as configuration files. What loads must print, read back, and print the same again;
 * what does not load must say why. Byte 0x1c, which no text may hold, separates files. */
#include "config/sysctl_key.h"
#include "tests/fuzz/config_support.h"

#define FILES_MAX 3

static unsigned split(const uint8_t *data, size_t size, struct config_file files[FILES_MAX])
{
	static const char *const names[FILES_MAX] = {"one.ini", "two.ini", "three.ini"};
	const char *at = (const char *)data, *end = at + size;
	unsigned count = 0;

	while (count < FILES_MAX) {
		const char *stop = count + 1 < FILES_MAX && at < end
					   ? memchr(at, 0x1c, (size_t)(end - at))
					   : NULL;

		files[count] =
			(struct config_file){names[count], at, (size_t)((stop ? stop : end) - at)};
		count++;
		if (!stop)
			break;
		at = stop + 1;
	}
	return count;
}

/* The text once more as a file; the text that comes of it. */
static const char *print_again(
	struct arena *arena, const char *text, const struct model **ret_model)
{
	struct config_file file = {"printed", text, strlen(text)};
	struct diags diags;
	const char *printed;

	diags_init(&diags, arena);
	ENSURE(config_load(arena, &file, 1, &fuzz_image, &diags, ret_model) == 0);
	printed = config_print(arena, *ret_model);
	ENSURE(printed);
	return printed;
}

/* Whatever keys a model holds, none leaves /proc/sys, and they are where make.c put them. */
static void check_sysctls(const struct sysctl *sysctls, unsigned count)
{
	char path[SYSCTL_PATH_MAX];

	for (unsigned i = 0; i < count; i++) {
		ENSURE(sysctl_key_path(sysctls[i].key, "abcdefghijklmno", path) == 0);
		ENSURE(*path != '/' && !strstr(path, "..") && !strstr(path, "//"));
		ENSURE(*sysctls[i].value);
	}
}

static void check_keys(const struct model *model)
{
	check_sysctls(model->sysctls, model->sysctl_count);
	for (unsigned i = 0; i < model->interface_rule_count; i++)
		check_sysctls(
			model->interface_rules[i].sysctls, model->interface_rules[i].sysctl_count);
	for (unsigned i = 0; i < model->vrf_count; i++)
		ENSURE(model->vrfs[i].table && !strchr(model->vrfs[i].name, '/'));
}

static void check_round(struct arena *arena, const struct model *model)
{
	const struct model *second, *third;
	const char *once = config_print(arena, model), *twice;

	ENSURE(once);
	twice = print_again(arena, once, &second);
	ENSURE(strcmp(print_again(arena, twice, &third), twice) == 0);
	ENSURE(model->service_count == second->service_count);
	ENSURE(model->sysctl_count == second->sysctl_count);
	ENSURE(model->vrf_count == second->vrf_count);
	ENSURE(model->persist_count == second->persist_count);
	for (unsigned i = 0; i < model->persist_count; i++)
		ENSURE(model->persists[i].path[0] == '/' && model->persists[i].store[0] == '/');
	ENSURE(model->module_count == second->module_count);
	ENSURE(model->interface_rule_count == second->interface_rule_count);
	for (unsigned i = 0; i < model->interface_rule_count; i++)
		ENSURE(model->interface_rules[i].sysctl_count ==
			second->interface_rules[i].sysctl_count);
	for (unsigned i = 0; i < model->service_count; i++)
		ENSURE(service_diff(&model->services[i], &second->services[i]) == CHANGE_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config_file files[FILES_MAX];
	unsigned count = split(data, size, files);
	const struct model *model = NULL;
	struct arena arena = {0};
	struct diags diags;
	int r;

	diags_init(&diags, &arena);
	r = config_load(&arena, files, count, &fuzz_image, &diags, &model);
	ENSURE(r == 0 || r == -EINVAL);
	ENSURE((r == 0) == (diags.counts[SEVERITY_ERROR] == 0));
	ENSURE((r == 0) == (model != NULL));
	if (r == 0) {
		check_keys(model);
		check_round(&arena, model);
	}
	arena_free(&arena);
	return 0;
}
