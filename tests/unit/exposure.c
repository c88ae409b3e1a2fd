/* How bad it is, and what is said against it. */
#include "supervisor/exposure.h"

#include "config/arena.h"
#include "config/model.h"
#include "supervisor/buffer.h"
#include "supervisor/json.h"
#include "supervisor/table.h"

#include "tests/check.h"

#include <linux/capability.h>
#include <stdlib.h>

#define ALL ((UINT64_C(1) << 41) - 1)

#define WORDS(...)                                                                                 \
	{                                                                                          \
		(const char *const[]){__VA_ARGS__, NULL},                                          \
			sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)                \
	}

static unsigned points_of(const struct service *service)
{
	struct arena arena = {0};
	struct exposure exposure = exposure_of(&arena, service, ALL);
	unsigned points = exposure_points(&exposure);

	arena_free(&arena);
	return points;
}

static void everything_is_a_hundred(void)
{
	const struct service open = {.name = "a", .command = WORDS("/bin/a")};

	CHECK_INT(points_of(&open), 100);
	CHECK_STR(exposure_word(100), "unsafe");
}

static void nothing_is_nothing(void)
{
	const struct service closed = {.name = "a",
		.command = WORDS("/bin/a"),
		.user = "nobody",
		.capabilities = WORDS("none"),
		.seccomp = WORDS("@basic-io"),
		.no_new_privs = true,
		.read_only = WORDS("/"),
		.private_tmp = true};

	CHECK_INT(points_of(&closed), 0);
	CHECK_STR(exposure_word(0), "safe");
}

/* Each thing that is added makes it less, never more. */
static void each_step_helps(void)
{
	struct service service = {.name = "a", .command = WORDS("/usr/lib/frr/bgpd")};
	unsigned before = points_of(&service), now;

#define STEP(field, ...)                                                                           \
	service.field = (__typeof__(service.field))__VA_ARGS__;                                    \
	now = points_of(&service);                                                                 \
	CHECK(now < before);                                                                       \
	before = now
	STEP(no_new_privs, true);
	STEP(seccomp, WORDS("-@mount", "-@namespace"));
	STEP(seccomp, WORDS("@system-service", "ptrace"));
	STEP(seccomp, WORDS("@system-service"));
	STEP(capabilities, WORDS("-sys_module", "-sys_rawio", "-sys_boot", "-bpf"));
	STEP(capabilities, WORDS("net_admin", "net_raw"));
	STEP(capabilities, WORDS("none"));
	STEP(private_tmp, true);
	STEP(read_only, WORDS("/"));
	STEP(user, "frr");
#undef STEP
}

static void a_log_is_no_filter(void)
{
	const struct service logged = {.name = "a",
		.command = WORDS("/bin/a"),
		.seccomp = WORDS("@basic-io"),
		.seccomp_action = SECCOMP_LOG};

	CHECK_INT(points_of(&logged), 100);
}

static const char *table_of(struct exposure *list, unsigned count, const char *only)
{
	static char text[8192];
	const struct table_style style = {.columns = 0};
	struct arena arena = {0};
	struct buffer buffer = {0};

	exposure_write_text(&arena, &buffer, list, count, only, &style);
	snprintf(text, sizeof(text), "%.*s", (int)buffer.length, buffer.data);
	buffer_free(&buffer);
	arena_free(&arena);
	return text;
}

static void the_table_says_what_to_add(void)
{
	const struct service services[] = {
		{.name = "none",
			.command = WORDS("/bin/x"),
			.user = "nobody",
			.capabilities = WORDS("none"),
			.seccomp = WORDS("@basic-io"),
			.no_new_privs = true,
			.read_only = WORDS("/"),
			.private_tmp = true},
		{.name = "bgpd", .command = WORDS("/usr/lib/frr/bgpd")},
		{.name = "own",
			.command = WORDS("/bin/own"),
			.capabilities = WORDS("net_admin", "kill"),
			.no_new_privs = true},
	};
	struct arena arena = {0};
	struct exposure list[3];

	for (int i = 0; i < 3; i++)
		list[i] = exposure_of(&arena, &services[i], ALL);
	list[0].differs = "its filter is not set: restart it";
	const char *table = table_of(list, 3, NULL);
	const char *bgpd = strstr(table, "\nbgpd "), *own = strstr(table, "\nown "),
		   *none = strstr(table, "\nnone ");

	CHECK(bgpd && own && none && bgpd < own && own < none); /* worst first */
	CHECK(bgpd && strstr(bgpd, "sandbox = frr-daemon") && strstr(bgpd, "sandbox") < own);
	CHECK(own && strstr(own, "KILL NET_ADMIN") && strstr(own, "seccomp = @system-service"));
	CHECK(none && strstr(none, "its filter is not set"));
	table = table_of(list, 3, "bgpd");
	CHECK(strstr(table, "nothing: its program needs it") != NULL);
	CHECK(strstr(table, "no_new_privs = yes") != NULL);
	CHECK(strstr(table, "own") == NULL || strstr(table, "\nown") == NULL);
	arena_free(&arena);
}

static void the_same_as_json(void)
{
	const struct service service = {.name = "a",
		.command = WORDS("/usr/sbin/snmpd"),
		.capabilities = WORDS("net_raw"),
		.seccomp = WORDS("@basic-io")};
	struct arena arena = {0};
	struct exposure exposure = exposure_of(&arena, &service, ALL);
	struct buffer buffer = {0};
	struct json json = {.buffer = &buffer};

	json_open_object(&json, NULL);
	exposure_write_json(&json, &exposure, 1, NULL);
	json_close_object(&json);
	buffer_add(&buffer, "", 1);
	CHECK(strstr(buffer.data,
		      "{\"services\":[{\"name\":\"a\",\"running\":false,\"user\":\"root\","
		      "\"capabilities\":[\"NET_RAW\"],\"seccomp\":true,") != NULL);
	CHECK(strstr(buffer.data, "\"exposure\":\"ok\",\"preset\":\"snmpd\",\"differs\":null,"
				  "\"because\":[{\"points\":8,\"has\":\"is root\",") != NULL);
	buffer_free(&buffer);
	arena_free(&arena);
}

int main(void)
{
	RUN(everything_is_a_hundred);
	RUN(nothing_is_nothing);
	RUN(each_step_helps);
	RUN(a_log_is_no_filter);
	RUN(the_table_says_what_to_add);
	RUN(the_same_as_json);
	return CHECK_EXIT_STATUS();
}
