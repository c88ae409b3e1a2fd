/* One field of shadow(5), and nothing else of it. */
#include "config/shadow.h"

#include "config/arena.h"
#include "config/model.h"
#include "tests/check.h"
#include "tests/unit/config_support.h"

#define HASH "$6$salt$0123456789./abc"

static void changes_one_field(void)
{
	static const struct {
		const char *text, *want; /* NULL: nothing is changed */
		enum root_password_kind kind;
		int r;
	} samples[] = {
		/* Debian, Alpine, and an image that somebody has opened. */
		{"root:*:20000:0:99999:7:::\na:*:1::::::\n",
			"root::20000:0:99999:7:::\na:*:1::::::\n", ROOT_PASSWORD_EMPTY, 1},
		{"root:*::0:::::\n", "root:" HASH "::0:::::\n", ROOT_PASSWORD_HASH, 1},
		{"root::20000:0:99999:7:::\n", "root:*:20000:0:99999:7:::\n", ROOT_PASSWORD_LOCKED,
			1},
		{"root:$1$old$x:20000:0:::::\n", "root:" HASH ":20000:0:::::\n", ROOT_PASSWORD_HASH,
			1},
		/* Not the first line; no final newline; nothing behind; no root before another. */
		{"a:x:\nroot:!:1", "a:x:\nroot::1", ROOT_PASSWORD_EMPTY, 1},
		{"root:", "root:" HASH, ROOT_PASSWORD_HASH, 1},
		{"root:\n", "root:" HASH "\n", ROOT_PASSWORD_HASH, 1},
		{"rooted:*:1\nxroot:*:\nroot:*:2\nroot:*:3\n",
			"rooted:*:1\nxroot:*:\nroot::2\nroot:*:3\n", ROOT_PASSWORD_EMPTY, 1},
		/* As it is. */
		{"root:*:1\n", NULL, ROOT_PASSWORD_KEEP, 0},
		{"", NULL, ROOT_PASSWORD_KEEP, 0},
		{"root::1\n", NULL, ROOT_PASSWORD_EMPTY, 0},
		{"root:" HASH ":1\n", NULL, ROOT_PASSWORD_HASH, 0},
		{"root:*:1\n", NULL, ROOT_PASSWORD_LOCKED, 0},
		{"root:!:1\n", NULL, ROOT_PASSWORD_LOCKED, 0},
		{"root:!" HASH ":1\n", NULL, ROOT_PASSWORD_LOCKED, 0},
		/* Not the same as its beginning. */
		{"root:" HASH "d:1\n", "root:" HASH ":1\n", ROOT_PASSWORD_HASH, 1},
		{"root:" HASH ":1\n", "root:*:1\n", ROOT_PASSWORD_LOCKED, 1},
		/* There is none. */
		{"", NULL, ROOT_PASSWORD_EMPTY, -ENOENT},
		{"a:*:1\n", NULL, ROOT_PASSWORD_EMPTY, -ENOENT},
		{"root", NULL, ROOT_PASSWORD_EMPTY, -ENOENT},
		{"\n:root:*:\n", NULL, ROOT_PASSWORD_EMPTY, -ENOENT},
	};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct root_password password = {
			samples[i].kind, samples[i].kind == ROOT_PASSWORD_HASH ? HASH : NULL};
		struct arena arena = {0};
		const char *text = NULL;
		size_t length = 0;

		CHECK_INT(shadow_set_root(&arena, samples[i].text, strlen(samples[i].text),
				  &password, &text, &length),
			samples[i].r);
		if (samples[i].want) {
			CHECK_STR(text, samples[i].want);
			CHECK_INT(length, strlen(samples[i].want));
		} else {
			CHECK(text == NULL);
		}
		arena_free(&arena);
	}
}

static void has_any_bytes(void)
{
	static const char text[] = "\0x:\0\nroot:*:\0:\xff\n", want[] = "\0x:\0\nroot::\0:\xff\n";
	const struct root_password empty = {ROOT_PASSWORD_EMPTY, NULL};
	struct arena arena = {0}, small = {.limit_bytes = 1};
	const char *got = NULL;
	size_t length = 0;

	CHECK_INT(shadow_set_root(&arena, text, sizeof(text) - 1, &empty, &got, &length), 1);
	CHECK_INT(length, sizeof(want) - 1);
	CHECK(got && memcmp(got, want, sizeof(want)) == 0);
	CHECK_INT(shadow_set_root(&small, "root:*:1", 8, &empty, &got, &length), -ENOMEM);
	arena_free(&arena);
	arena_free(&small);
}

static void is_configured(void)
{
	static const struct {
		const char *value;
		bool valid;
	} samples[] = {{"keep", true}, {"empty", true}, {"locked", true}, {"hash:" HASH, true},
		{"hash:ab01./XYZabcd", true},
		{"hash:$y$j9T$F5Jx5fExrKuPp53xLKQ..1$tnSYvahCwPBHKZUspm", true},
		{"hash:$2b$12$abcdefghijklmnopqrstuv", true},
		{"hash:$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA", true}, {"", false},
		{"Empty", false}, {"secret", false}, {"hash:", false}, {"hash:secret", false},
		{"hash:$secret", false}, {"hash:$6$", false}, {"hash:!" HASH, false},
		{"hash:*", false}, {"hash:$6$a:b$0123456789", false},
		{"hash:$6$salt$0123456789 123", false}, {"hash:(hidden)", false}};

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		char text[200];
		struct load load;

		snprintf(text, sizeof(text), "[node]\nroot_password = %s\n", samples[i].value);
		load = load_text(text);
		CHECK_INT(load.r == 0, samples[i].valid);
		if ((load.r == 0) != samples[i].valid)
			fprintf(stderr, "%s", text);
		/* Perhaps it is the password itself. */
		CHECK(!strstr(load.messages, "secret") && !strstr(load.messages, "salt"));
		load_free(&load);
	}
}

static void is_printed_and_hidden(void)
{
	struct load load = load_text("[node]\nroot_password = hash:" HASH "\n");

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		struct model shown = model_without_secrets(load.model);

		CHECK(strstr(config_print(load.arena, load.model),
			      "root_password = hash:" HASH " ") != NULL);
		CHECK(strstr(config_print(load.arena, &shown), HASH) == NULL);
		CHECK(strstr(config_print(load.arena, &shown), "root_password = hash:(hidden) ") !=
			NULL);
	}
	load_free(&load);
	load = load_text("[node]\nroot_password = locked\n");
	if (load.r == 0) {
		struct model shown = model_without_secrets(load.model);

		CHECK(strstr(config_print(load.arena, &shown), "root_password = locked ") != NULL);
	}
	load_free(&load);
}

int main(void)
{
	RUN(changes_one_field);
	RUN(has_any_bytes);
	RUN(is_configured);
	RUN(is_printed_and_hidden);
	return CHECK_EXIT_STATUS();
}
