/* root_password = keep|empty|locked|hash:HASH. No message and no text for people holds the hash. */
#include "config/values.h"

#include "config/arena.h"
#include "config/text.h"

#include <string.h>

#define HASH	  "hash:"
#define DES_BYTES 13 /* of crypt(5)'s oldest hashes, the only ones without a dollar sign */

const char *const root_password_names[ROOT_PASSWORD_KIND_COUNT + 1] = {
	[ROOT_PASSWORD_KEEP] = "keep",
	[ROOT_PASSWORD_EMPTY] = "empty",
	[ROOT_PASSWORD_LOCKED] = "locked",
	[ROOT_PASSWORD_HASH] = HASH,
};

/* What crypt(5)'s methods are made of, and nothing that would end the field of shadow(5). A
 * password that somebody took for its hash is hardly ever of this form. */
static bool is_hash(const char *text)
{
	static const char bytes[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "./$=,+-_@";
	size_t length = strlen(text);

	if (length > ROOT_PASSWORD_HASH_MAX || text[strspn(text, bytes)])
		return false;
	if (text[0] == '$')
		return strchr(text + 1, '$') && length > DES_BYTES;
	return length == DES_BYTES && !strchr(text, '$');
}

static bool parse_password(const struct value *value, void *base)
{
	struct root_password *field = value_field(value->key, base);
	const char *hash;

	for (unsigned kind = 0; kind < ROOT_PASSWORD_HASH; kind++) {
		if (strcmp(value->text, root_password_names[kind]) == 0) {
			*field = (struct root_password){(enum root_password_kind)kind, NULL};
			return true;
		}
	}
	if (strncmp(value->text, HASH, strlen(HASH)) != 0)
		return value_refuse_because(
			value, "what it is set to is not %s", value->key->kind->expects);
	hash = value->text + strlen(HASH);
	if (strcmp(hash, ROOT_PASSWORD_HIDDEN) == 0)
		return value_refuse_because(
			value, "`firsthop show` has not shown the hash here; write it");
	if (!is_hash(hash))
		return value_refuse_because(value,
			"what stands behind " HASH " is no hash of crypt(5); `openssl passwd -6` "
			"and `mkpasswd` make one of a password");
	hash = arena_strdup(value->arena, hash);
	if (!hash)
		return false;
	*field = (struct root_password){ROOT_PASSWORD_HASH, hash};
	return true;
}

static void print_password(struct text *out, const struct key *key, const void *base)
{
	const struct root_password *field = value_field_const(key, base);

	text_put(out, root_password_names[field->kind]);
	text_put(out, field->hash ? field->hash : "");
}

const struct value_kind value_root_password = {
	.expects = "keep, empty, locked or " HASH "HASH",
	.parse = parse_password,
	.print = print_password,
};
