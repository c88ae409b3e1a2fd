/* The reader in front of inih: the same result with each way to build inih. Debian's can be told at
 * run time what others decide when they build it; where it cannot, those tests have nothing to do.
 */
#include "config/arena.h"
#include "config/config.h"
#include "config/ini_source.h"
#include "tests/check.h"

#include <ini.h>
#include <stdlib.h>

/* NOLINTBEGIN(readability-redundant-declaration): some ini.h declare them, and none of them weak */
extern bool ini_allow_multiline __attribute__((weak));
extern bool ini_allow_bom __attribute__((weak));
extern bool ini_allow_inline_comments __attribute__((weak));
extern char *ini_start_comment_prefixes __attribute__((weak));
extern char *ini_inline_comment_prefixes __attribute__((weak));
extern bool ini_use_stack __attribute__((weak));
extern int ini_initial_alloc __attribute__((weak));
extern bool ini_allow_realloc __attribute__((weak));
extern bool ini_stop_on_first_error __attribute__((weak));
extern bool ini_allow_no_value __attribute__((weak));
/* NOLINTEND(readability-redundant-declaration) */

/* All that was read, as text. */
static char *read_text(struct arena *arena, const char *text, size_t length)
{
	struct config_file file = {"f", text, length};
	struct ini_sections sections = {.last = &sections.first};
	struct diags diags;
	char *all = arena_strdup(arena, "");

	diags_init(&diags, arena);
	CHECK_INT(ini_source_parse(arena, &file, &diags, &sections), 0);
	for (struct ini_section *s = sections.first; s; s = s->next) {
		all = arena_printf(arena, "%s[%u %s %s]", all, s->origin.line, s->kind,
			s->name ? s->name : "-");
		for (struct ini_entry *e = s->first; e; e = e->next)
			all = arena_printf(
				arena, "%s{%u %s=%s}", all, e->origin.line, e->key, e->value);
	}
	for (struct diag *diag = diags.first; diag; diag = diag->next)
		all = arena_printf(arena, "%s<%u>", all, diag->origin.line);
	return all;
}

static const char text[] = "\xef\xbb\xbf; comment\n"
			   "# comment\r\n"
			   "\n"
			   "   \t\n"
			   "[empty]\n"
			   "[service  a b ]; comment\n"
			   "a=1\n"
			   " indented = 2\n"
			   "b\t=  x ; comment\r\n"
			   "c = 'x ; y' \"; z\" w;v \\; # no\n"
			   "c = 'x ; y' \"; #z\" w;v \\; \\# k#l\n"
			   "d = ' a ' ' '\n"
			   "e =\n"
			   "e = ; only a comment\n"
			   "f = a = b : c [d]\n"
			   "novalue\n"
			   "[bad\n"
			   "g = goes nowhere\n"
			   "[last]\n"
			   "h = \"[x]\"";

static const char wanted[] = "[5 empty -][6 service a b]"
			     "{7 a=1}{9 b=x}"
			     "{11 c='x ; y' \"; #z\" w;v \\; \\# k#l}"
			     "{12 d=' a ' ' '}{13 e=}{14 e=}{15 f=a = b : c [d]}"
			     "[19 last -]{20 h=\"[x]\"}"
			     "<8><10><16><17>";

static void check_text(void)
{
	struct arena arena = {0};

	CHECK_STR(read_text(&arena, text, sizeof(text) - 1), wanted);
	arena_free(&arena);
}

static void reads_with_the_inih_here(void)
{
	check_text();
}

static void reads_without_multiline(void)
{
	if (&ini_allow_multiline) {
		ini_allow_multiline = false;
		check_text();
		ini_allow_multiline = true;
	}
}

static void reads_without_inline_comments(void)
{
	if (&ini_allow_inline_comments) {
		ini_allow_inline_comments = false;
		check_text();
		ini_allow_inline_comments = true;
	}
}

static void reads_with_other_comments(void)
{
	if (&ini_inline_comment_prefixes && &ini_start_comment_prefixes) {
		char both[] = ";#",
		     *before[] = {ini_inline_comment_prefixes, ini_start_comment_prefixes};

		ini_inline_comment_prefixes = ini_start_comment_prefixes = both;
		check_text();
		ini_inline_comment_prefixes = before[0];
		ini_start_comment_prefixes = before[1];
	}
}

static void reads_with_a_heap_line(void)
{
	if (&ini_use_stack && &ini_allow_realloc) {
		ini_use_stack = false;
		check_text();
		ini_allow_realloc = true;
		check_text();
		ini_use_stack = true;
		ini_allow_realloc = false;
	}
}

static void reads_with_other_rules(void)
{
	if (&ini_stop_on_first_error && &ini_allow_no_value && &ini_allow_bom) {
		ini_stop_on_first_error = ini_allow_no_value = true;
		ini_allow_bom = false;
		check_text();
		ini_stop_on_first_error = ini_allow_no_value = false;
		ini_allow_bom = true;
	}
}

/* KEY=VALUE of `length` bytes in all. */
static const char *read_long(struct arena *arena, unsigned length, const char *comment)
{
	char *line = arena_printf(arena, "[s]\n%.*s = %.*s%s\n", 60,
		"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",
		(int)length - 61,
		"vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv"
		"vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv",
		comment);

	return read_text(arena, line, strlen(line));
}

/* inih cuts what is too long and takes the rest for a line of its own: it must never get there. A
 * key, which inih keeps 50 bytes of, comes whole. */
static void long_lines_are_refused_not_cut(void)
{
	struct arena arena = {0};
	const char *fits = read_long(&arena, INI_LINE_MAX, "");

	CHECK(strstr(fits, "{2 k") && !strstr(fits, "<"));
	CHECK_INT(strlen(fits), strlen("[1 s -]{2 }") + INI_LINE_MAX);
	CHECK_STR(read_long(&arena, INI_LINE_MAX, " ; a comment that does not count"), fits);
	CHECK_STR(read_long(&arena, INI_LINE_MAX + 1, ""), "[1 s -]<2>");
	arena_free(&arena);
}

static void a_smaller_inih_refuses_more(void)
{
	struct arena arena = {0};

	if (&ini_initial_alloc && &ini_use_stack) {
		int before = ini_initial_alloc;

		ini_use_stack = false; /* its stack buffer has a fixed size */
		ini_initial_alloc = 100;
		CHECK(strstr(read_long(&arena, 97, ""), "{2 k"));
		CHECK_STR(read_long(&arena, 98, ""), "[1 s -]<2>");
		ini_initial_alloc = before;
		ini_use_stack = true;
	}
	arena_free(&arena);
}

static void headers_have_a_limit(void)
{
	static const char line[] = "[1234567890123456789012345678901234567890123456789]\nk=v\n";
	static const char longer[] = "[12345678901234567890123456789012345678901234567890]\nk=v\n";
	struct arena arena = {0};

	CHECK_STR(read_text(&arena, line, sizeof(line) - 1),
		"[1 1234567890123456789012345678901234567890123456789 -]{2 k=v}");
	CHECK_STR(read_text(&arena, longer, sizeof(longer) - 1), "<1>");
	arena_free(&arena);
}

static void nul_bytes_end_nothing(void)
{
	static const char bytes[] = "[s]\na=1\0\nb\0=2\n\0\n;\0\nc=3";
	struct arena arena = {0};

	CHECK_STR(read_text(&arena, bytes, sizeof(bytes) - 1), "[1 s -]{6 c=3}<2><3><4><5>");
	CHECK_STR(read_text(&arena, "", 0), "");
	CHECK_STR(read_text(&arena, "\xef\xbb\xbf", 3), "");
	arena_free(&arena);
}

int main(void)
{
	RUN(reads_with_the_inih_here);
	RUN(reads_without_multiline);
	RUN(reads_without_inline_comments);
	RUN(reads_with_other_comments);
	RUN(reads_with_a_heap_line);
	RUN(reads_with_other_rules);
	RUN(long_lines_are_refused_not_cut);
	RUN(a_smaller_inih_refuses_more);
	RUN(headers_have_a_limit);
	RUN(nul_bytes_end_nothing);
	return CHECK_EXIT_STATUS();
}
