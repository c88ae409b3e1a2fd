/* Each tests/golden/NAME.ini is loaded; what is said about it must be NAME.err, what config_print()
 * makes of it NAME.out, and that must read back as the same. NAME.root holds the files of its
 * image, in which every program is there but for those with FILE.absent. The directory
 * "built-in.root" has no .ini: it is for the configuration without a file.
 *
 * GOLDEN_UPDATE=1 writes what it sees instead: look at the difference before it is committed. */
#include "tests/check.h"
#include "tests/unit/config_support.h"

#include <glob.h>
#include <stdlib.h>
#include <unistd.h>

#define DIRECTORY "tests/golden/"

struct disk {
	char root[256];
};

/* A file of the host; NULL when there is none. */
static char *slurp(const char *path, size_t *ret_length)
{
	FILE *file = fopen(path, "r");
	char *text;

	if (!file)
		return NULL;
	text = malloc(1 << 20);
	if (text) {
		*ret_length = fread(text, 1, (1 << 20) - 1, file);
		text[*ret_length] = '\0';
	}
	fclose(file);
	return text;
}

static int disk_read(
	void *context, const char *path, struct arena *arena, char **ret_text, size_t *ret_length)
{
	struct disk *disk = context;
	char full[512], *text;

	snprintf(full, sizeof(full), "%s%s", disk->root, path);
	text = slurp(full, ret_length);
	if (!text)
		return -ENOENT;
	*ret_text = arena_strndup(arena, text, *ret_length);
	free(text);
	return *ret_text ? 0 : -ENOMEM;
}

static bool disk_is_executable(void *context, const char *path)
{
	struct disk *disk = context;
	char full[512];

	snprintf(full, sizeof(full), "%s%s.absent", disk->root, path);
	return access(full, F_OK) != 0;
}

static const char *disk_environment(void *context, const char *name)
{
	(void)context;
	return strcmp(name, "MAX_FDS") == 0 ? "100000" : NULL;
}

/* Compares `got` with the file, or with GOLDEN_UPDATE writes it there. An empty text has no file.
 */
static bool matches(const char *path, const char *got)
{
	size_t length = 0;
	char *want = slurp(path, &length);
	bool same = strcmp(want ? want : "", got) == 0;
	FILE *file;

	free(want);
	if (same)
		return true;
	if (!getenv("GOLDEN_UPDATE")) {
		fprintf(stderr, "%s differs; this was said:\n%s", path, got);
		return false;
	}
	file = fopen(path, "w");
	if (file) {
		fputs(got, file);
		fclose(file);
	}
	return file;
}

static struct load load_printed(struct disk *disk, const char *printed)
{
	struct image image = {disk, disk_read, disk_is_executable, disk_environment, NULL};
	struct config_file file = {"printed", printed, strlen(printed)};
	struct load load = load_image(&file, 1, &image);

	CHECK_INT(load.r, 0);
	if (load.r != 0)
		fprintf(stderr, "%s", load.messages);
	return load;
}

static void check_same_sysctls(
	const struct sysctl *a, unsigned a_count, const struct sysctl *b, unsigned b_count)
{
	CHECK_INT(a_count, b_count);
	for (unsigned i = 0; i < a_count && i < b_count; i++) {
		CHECK_STR(a[i].key, b[i].key);
		CHECK_STR(a[i].value, b[i].value);
		CHECK_INT(a[i].may_be_absent, b[i].may_be_absent);
		CHECK_INT(a[i].required, b[i].required);
		CHECK_INT(a[i].is_pattern, b[i].is_pattern);
	}
}

static void check_same_words(const struct words *a, const struct words *b)
{
	CHECK_INT(a->count, b->count);
	for (unsigned i = 0; i < a->count && i < b->count; i++)
		CHECK_STR(a->word[i], b->word[i]);
}

static void check_same_rules(const struct interface_rule *a, const struct interface_rule *b)
{
	CHECK_STR(a->pattern, b->pattern);
	CHECK_INT(a->up, b->up);
	CHECK_INT(a->mtu, b->mtu);
	CHECK_INT(a->address_count, b->address_count);
	for (unsigned i = 0; i < a->address_count && i < b->address_count; i++) {
		CHECK_INT(a->addresses[i].family, b->addresses[i].family);
		CHECK_INT(a->addresses[i].prefix, b->addresses[i].prefix);
		CHECK(memcmp(a->addresses[i].bytes, b->addresses[i].bytes, 16) == 0);
	}
	check_same_sysctls(a->sysctls, a->sysctl_count, b->sysctls, b->sysctl_count);
}

static void check_same_network(const struct model *a, const struct model *b)
{
	CHECK_INT(a->module_count, b->module_count);
	CHECK_INT(a->vrf_count, b->vrf_count);
	CHECK_INT(a->interface_rule_count, b->interface_rule_count);
	for (unsigned i = 0; i < a->module_count && i < b->module_count; i++) {
		CHECK_STR(a->modules[i].name, b->modules[i].name);
		CHECK_INT(a->modules[i].need, b->modules[i].need);
	}
	for (unsigned i = 0; i < a->vrf_count && i < b->vrf_count; i++) {
		CHECK_STR(a->vrfs[i].name, b->vrfs[i].name);
		CHECK_INT(a->vrfs[i].table, b->vrfs[i].table);
		CHECK_INT(a->vrfs[i].need, b->vrfs[i].need);
		check_same_words(&a->vrfs[i].interfaces, &b->vrfs[i].interfaces);
	}
	for (unsigned i = 0; i < a->interface_rule_count && i < b->interface_rule_count; i++)
		check_same_rules(&a->interface_rules[i], &b->interface_rules[i]);
}

static void check_same_node(const struct node *a, const struct node *b)
{
	check_same_words(&a->hostname_from, &b->hostname_from);
	CHECK_INT(a->interfaces.kind, b->interfaces.kind);
	CHECK_INT(a->interfaces.count, b->interfaces.count);
	check_same_words(&a->interfaces.names, &b->interfaces.names);
	CHECK_INT(a->interfaces_timeout_ms, b->interfaces_timeout_ms);
	CHECK_INT(a->proc_sys, b->proc_sys);
	CHECK_INT(a->required, b->required);
	CHECK_INT(a->stop_budget_ms, b->stop_budget_ms);
}

static void check_same(const struct model *a, const struct model *b)
{
	check_same_sysctls(a->sysctls, a->sysctl_count, b->sysctls, b->sysctl_count);
	check_same_network(a, b);
	check_same_node(&a->node, &b->node);
	CHECK_INT(a->service_count, b->service_count);
	for (unsigned i = 0; i < a->service_count && i < b->service_count; i++) {
		CHECK_STR(a->services[i].name, b->services[i].name);
		CHECK_INT(service_diff(&a->services[i], &b->services[i]), CHANGE_NONE);
	}
	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		CHECK_INT(a->signals[signal].action, b->signals[signal].action);
		CHECK_INT(a->signals[signal].send, b->signals[signal].send);
		CHECK_INT(a->signals[signal].services.count, b->signals[signal].services.count);
	}
	CHECK_INT(a->frr.enabled, b->frr.enabled);
}

/* What is printed reads back as the same. Printed from there it is the same text again, but for the
 * sources; and as those then are its own lines, once more it is the same with the sources. */
static void reads_back(const struct load *load, const char *printed, struct disk *disk)
{
	struct load second = load_printed(disk, printed), third = {0};

	if (second.r == 0) {
		const char *again = config_print(second.arena, second.model);

		check_same(load->model, second.model);
		third = load_printed(disk, again);
		if (third.r == 0)
			CHECK_STR(config_print(third.arena, third.model), again);
		load_free(&third);
	}
	load_free(&second);
}

static void check_case(const char *name)
{
	struct disk disk;
	struct image image = {&disk, disk_read, disk_is_executable, disk_environment, NULL};
	char ini[256], err[256], out[256];
	struct config_file file = {ini, NULL, 0};
	struct load load;
	char *text;

	snprintf(disk.root, sizeof(disk.root), DIRECTORY "%s.root", name);
	snprintf(ini, sizeof(ini), DIRECTORY "%s.ini", name);
	snprintf(err, sizeof(err), DIRECTORY "%s.err", name);
	snprintf(out, sizeof(out), DIRECTORY "%s.out", name);
	text = slurp(ini, &file.length);
	file.text = text;
	load = load_image(&file, text ? 1 : 0, &image);
	CHECK(matches(err, load.messages));
	CHECK((load.r == 0) == (load.diags->counts[SEVERITY_ERROR] == 0));
	if (load.r == 0) {
		const char *printed = config_print(load.arena, load.model);

		CHECK(matches(out, printed));
		reads_back(&load, printed, &disk);
	}
	load_free(&load);
	free(text);
}

static void run_case(const char *name)
{
	check_failed_now = false;
	check_case(name);
	printf("%s golden_%s\n", check_failed_now ? "not ok" : "ok", name);
	check_failed_total += check_failed_now;
}

int main(void)
{
	glob_t found;

	if (glob(DIRECTORY "*.ini", 0, NULL, &found) != 0) {
		printf("not ok golden: nothing in " DIRECTORY "\n");
		return 1;
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *name = found.gl_pathv[i] + strlen(DIRECTORY);

		name[strlen(name) - strlen(".ini")] = '\0';
		run_case(name);
	}
	run_case("built-in");
	globfree(&found);
	return CHECK_EXIT_STATUS();
}
