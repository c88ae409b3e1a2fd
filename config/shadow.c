#include "config/shadow.h"

#include "config/arena.h"
#include "config/model.h"
#include "config/text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static const char root[] = "root:";

/* The password's field in the entry of root: what is from *ret_start to *ret_end. */
static bool find_field(
	const char *text, const char *end, const char **ret_start, const char **ret_end)
{
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		const char *field = text + strlen(root);

		if (field <= stop && memcmp(text, root, strlen(root)) == 0) {
			const char *colon = memchr(field, ':', (size_t)(stop - field));

			*ret_start = field;
			*ret_end = colon ? colon : stop;
			return true;
		}
		text = newline ? newline + 1 : end;
	}
	return false;
}

/* No password matches it, see crypt(3). */
static bool is_locked(const char *start, const char *end)
{
	return start < end && (*start == '*' || *start == '!');
}

int shadow_set_root(struct arena *arena, const char *text, size_t length,
	const struct root_password *password, const char **ret_text, size_t *ret_length)
{
	static const char *const fields[ROOT_PASSWORD_KIND_COUNT] = {
		[ROOT_PASSWORD_EMPTY] = "", [ROOT_PASSWORD_LOCKED] = "*"};
	const char *wanted = password->hash ? password->hash : fields[password->kind];
	const char *start, *end;
	struct text out = {.arena = arena};

	if (!wanted)
		return 0;
	if (!find_field(text, text + length, &start, &end))
		return -ENOENT;
	if (password->kind == ROOT_PASSWORD_LOCKED
			? is_locked(start, end)
			: strlen(wanted) == (size_t)(end - start) &&
				  memcmp(start, wanted, strlen(wanted)) == 0)
		return 0;
	text_put_bytes(&out, text, (size_t)(start - text));
	text_put(&out, wanted);
	text_put_bytes(&out, end, (size_t)(text + length - end));
	if (arena->failed)
		return -ENOMEM;
	*ret_text = text_string(&out);
	*ret_length = out.length;
	return 1;
}
