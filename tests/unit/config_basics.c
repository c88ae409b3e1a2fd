/* The ground that config/ stands on: arena, diagnostics, text, nearest names, host names. */
#include "config/arena.h"
#include "config/diag.h"
#include "config/names.h"
#include "config/nearest.h"
#include "config/text.h"
#include "tests/check.h"

#include <errno.h>
#include <stdint.h>

static void arena_gives_zeroed_memory(void)
{
	struct arena arena = {0};

	for (size_t size = 0; size < 1000; size++) {
		unsigned char *memory = arena_alloc(&arena, size);

		CHECK(memory && (uintptr_t)memory % _Alignof(max_align_t) == 0);
		for (size_t i = 0; memory && i < size; i++)
			CHECK_INT(memory[i], 0);
		if (memory)
			memset(memory, 0xff, size);
	}
	CHECK(arena_alloc(&arena, 1 << 20));
	CHECK(!arena.failed);
	arena_free(&arena);
	CHECK(!arena.newest && arena.used_bytes == 0);
}

static void arena_has_a_limit(void)
{
	struct arena arena = {.limit_bytes = 1000};

	CHECK(arena_alloc(&arena, 900));
	CHECK(!arena_alloc(&arena, 200));
	CHECK(arena.failed);
	arena_free(&arena);
	/* What is left holds 7 bytes, but not what rounding up makes of them. */
	arena.limit_bytes = 999;
	CHECK(arena_alloc(&arena, 992));
	CHECK(!arena_alloc(&arena, 7));
	CHECK(!arena_alloc(&arena, 4096));
	CHECK_INT(arena.used_bytes, 992);
	arena_free(&arena);
	arena.limit_bytes = 1000;
	CHECK(!arena.failed);
	CHECK(!arena_alloc(&arena, SIZE_MAX));
	CHECK(!arena_array(&arena, SIZE_MAX / 2, 3));
	CHECK(!arena_strndup(&arena, "", SIZE_MAX));
	arena_free(&arena);
}

static void arena_prints(void)
{
	struct arena arena = {0};

	CHECK_STR(arena_printf(&arena, "%s-%d", "a", 1), "a-1");
	CHECK_STR(arena_strndup(&arena, "abc", 2), "ab");
	arena_free(&arena);
}

static void diags_come_in_order(void)
{
	static const struct {
		const char *file;
		unsigned line;
		const char *text;
	} wanted[] = {{"b", 0, "1"}, {"b", 2, "3"}, {"b", 2, "4"}, {"b", 9, "0"}, {"a", 1, "2"}};
	struct arena arena = {0};
	struct diags diags;
	unsigned i = 0;

	diags_init(&diags, &arena);
	diag_add(&diags, (struct origin){"b", 9}, SEVERITY_ERROR, "0");
	diag_add(&diags, (struct origin){"b", 0}, SEVERITY_WARNING, "1");
	diag_add(&diags, (struct origin){"a", 1}, SEVERITY_NOTE, "2");
	diag_add(&diags, (struct origin){"b", 2}, SEVERITY_ERROR, "%d", 3);
	diag_add(&diags, (struct origin){"b", 2}, SEVERITY_ERROR, "4");
	diags_sort(&diags);
	for (struct diag *diag = diags.first; diag; diag = diag->next, i++) {
		CHECK_STR(diag->origin.file, wanted[i].file);
		CHECK_INT(diag->origin.line, wanted[i].line);
		CHECK_STR(diag->message, wanted[i].text);
	}
	CHECK_INT(i, 5);
	CHECK_INT(diags.counts[SEVERITY_ERROR], 3);
	CHECK_INT(diags.counts[SEVERITY_WARNING], 1);
	diag_add(&diags, (struct origin){"c", 0}, SEVERITY_ERROR, "5"); /* the list is whole */
	CHECK_STR((*diags.first).message, "1");
	arena_free(&arena);
}

static void diags_have_a_limit(void)
{
	struct arena arena = {0};
	struct diags diags;
	unsigned stored = 0;

	diags_init(&diags, &arena);
	for (int i = 0; i < DIAG_MAX + 5; i++)
		diag_add(&diags, (struct origin){"a", 1}, SEVERITY_ERROR, "x");
	for (struct diag *diag = diags.first; diag; diag = diag->next)
		stored++;
	CHECK_INT(stored, DIAG_MAX);
	CHECK_INT(diags.dropped, 5);
	CHECK_INT(diags.counts[SEVERITY_ERROR], DIAG_MAX + 5);
	arena_free(&arena);
}

static void text_is_quoted_safely(void)
{
	struct arena arena = {0};
	char long_text[200];

	memset(long_text, 'x', sizeof(long_text));
	CHECK_STR(text_quote_string(&arena, "a b"), "\"a b\"");
	CHECK_STR(text_quote_string(&arena, "\x1b[31m\"\\\n"), "\"\\x1b[31m\\\"\\\\\\x0a\"");
	CHECK_STR(text_quote(&arena, "a\0\xff", 3), "\"a\\x00\\xff\"");
	CHECK_INT(strlen(text_quote(&arena, long_text, sizeof(long_text))), 85);
	arena_free(&arena);
}

static void utf8_is_checked(void)
{
	static const struct {
		const char *bytes;
		size_t valid;
	} samples[] = {
		{"plain\ttext", 10},
		{"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", 9},
		{"a\x7f", 1},
		{"a\x1f", 1},
		{"\xc0\xaf", 0},	 /* too long a form */
		{"\xe0\x80\xaf", 0},	 /* the same */
		{"\xf0\x80\x80\xaf", 0}, /* the same */
		{"\xed\xa0\x80", 0},	 /* a surrogate */
		{"\xf4\x90\x80\x80", 0}, /* over U+10FFFF */
		{"\xc2\x80", 0},	 /* a control character */
		{"\xc2\xa0", 2},
		{"ab\xc3", 2}, /* cut off */
		{"\xc3(", 0},
		{"\xff", 0},
		{"\x80", 0},
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		CHECK_INT(text_check(samples[i].bytes, strlen(samples[i].bytes)), samples[i].valid);
}

static const char *nearest(const char *wanted)
{
	static const char *const names[] = {
		"command", "needs", "wants", "after", "log", "restart", "restart_delay", "user"};
	struct nearest nearest = {.wanted = wanted};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		nearest_offer(&nearest, names[i]);
	return nearest.best ? nearest.best : "";
}

static void nearest_names(void)
{
	char long_name[100];

	memset(long_name, 'a', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	CHECK_STR(nearest("comand"), "command");
	CHECK_STR(nearest("commadn"), "command");
	CHECK_STR(nearest("need"), "needs");
	CHECK_STR(nearest("restart-delay"), "restart_delay");
	CHECK_STR(nearest("lgo"), "log");
	CHECK_STR(nearest("foo"), "");
	CHECK_STR(nearest("health"), "");
	CHECK_STR(nearest(long_name), "");
	CHECK_STR(nearest(""), "");
}

static void names_are_found(void)
{
	struct arena arena = {0};
	struct names *names = arena_alloc(&arena, sizeof(*names));

	for (unsigned i = 0; i < 4096; i++)
		CHECK_INT(names_add(names, &arena, arena_printf(&arena, "s%u", i), i), 0);
	CHECK_INT(names_find(names, "s0"), 0);
	CHECK_INT(names_find(names, "s4095"), 4095);
	CHECK_INT(names_find(names, "s4096"), -1);
	arena_free(&arena);
}

int main(void)
{
	RUN(arena_gives_zeroed_memory);
	RUN(arena_has_a_limit);
	RUN(arena_prints);
	RUN(diags_come_in_order);
	RUN(diags_have_a_limit);
	RUN(text_is_quoted_safely);
	RUN(utf8_is_checked);
	RUN(nearest_names);
	RUN(names_are_found);
	return CHECK_EXIT_STATUS();
}
