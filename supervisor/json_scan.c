#include "supervisor/json_scan.h"

#include <string.h>

bool slice_is(struct slice slice, const char *text)
{
	return slice.at && slice.length == strlen(text) &&
	       memcmp(slice.at, text, slice.length) == 0;
}

bool slice_equal(struct slice a, struct slice b)
{
	if (!a.at || !b.at)
		return !a.at && !b.at;
	return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

void json_scan_begin(struct json_scan *scan, const char *text, size_t length)
{
	*scan = (struct json_scan){
		.at = text, .end = length ? text + length : text, .is_first = true};
}

static void skip_blanks(struct json_scan *scan)
{
	while (scan->at < scan->end &&
		(*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\r' || *scan->at == '\n'))
		scan->at++;
}

/* The next byte that is no blank; NUL, which is never valid here: there is none. */
static char peek(struct json_scan *scan)
{
	skip_blanks(scan);
	if (scan->at == scan->end)
		return '\0';
	return *scan->at;
}

static bool take(struct json_scan *scan, char byte)
{
	if (peek(scan) != byte || scan->at == scan->end)
		return false;
	scan->at++;
	return true;
}

static bool is_hex(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
	       (byte >= 'A' && byte <= 'F');
}

/* The length of the escape at `at`; 0: it is none. */
static size_t escape_length(const char *at, const char *end)
{
	if (end - at < 2)
		return 0;
	if (at[1] != 'u')
		return at[1] != '\0' && strchr("\"\\/bfnrt", at[1]) ? 2 : 0;
	if (end - at < 6)
		return 0;
	for (unsigned i = 2; i < 6; i++)
		if (!is_hex(at[i]))
			return 0;
	return 6;
}

static bool take_string(struct json_scan *scan, struct slice *ret_text)
{
	if (!take(scan, '"'))
		return false;
	const char *start = scan->at, *at = start;

	while (at < scan->end && *at != '"') {
		size_t length = *at == '\\' ? escape_length(at, scan->end) : 1;

		if (length == 0 || (unsigned char)*at < ' ')
			return false;
		at += length;
	}
	if (at >= scan->end)
		return false;
	*ret_text = (struct slice){start, (size_t)(at - start)};
	scan->at = at + 1;
	return true;
}

static size_t count_digits(const char *at, const char *end)
{
	size_t count = 0;

	while (at + count < end && at[count] >= '0' && at[count] <= '9')
		count++;
	return count;
}

/* The length of the number at `at`; 0: it is none. */
static size_t number_length(const char *at, const char *end)
{
	const char *start = at;

	if (at < end && *at == '-')
		at++;
	size_t digits = count_digits(at, end);

	if (digits == 0 || (digits > 1 && *at == '0'))
		return 0;
	at += digits;
	if (at < end && *at == '.') {
		digits = count_digits(++at, end);
		if (digits == 0)
			return 0;
		at += digits;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		digits = count_digits(at, end);
		if (digits == 0)
			return 0;
		at += digits;
	}
	return (size_t)(at - start);
}

static bool take_other(struct json_scan *scan, struct slice *ret_text)
{
	static const char *const words[] = {"true", "false", "null"};
	size_t left, length;

	skip_blanks(scan);
	left = (size_t)(scan->end - scan->at);
	length = number_length(scan->at, scan->end);
	for (unsigned i = 0; length == 0 && i < sizeof(words) / sizeof(words[0]); i++)
		if (left >= strlen(words[i]) && memcmp(scan->at, words[i], strlen(words[i])) == 0)
			length = strlen(words[i]);
	*ret_text = (struct slice){scan->at, length};
	scan->at += length;
	return length > 0;
}

static bool open_container(struct json_scan *scan, bool is_object)
{
	if (scan->depth == JSON_SCAN_DEPTH)
		return false;
	scan->at++;
	scan->is_object[++scan->depth] = is_object;
	scan->is_first = true;
	return true;
}

static bool take_value(struct json_scan *scan, struct json_token *token)
{
	bool valid;

	switch (peek(scan)) {
	case '{':
		token->kind = JSON_OBJECT;
		valid = open_container(scan, true);
		break;
	case '[':
		token->kind = JSON_ARRAY;
		valid = open_container(scan, false);
		break;
	case '"':
		token->kind = JSON_STRING;
		valid = take_string(scan, &token->text);
		scan->is_first = false;
		break;
	default:
		token->kind = JSON_OTHER;
		valid = take_other(scan, &token->text);
		scan->is_first = false;
		break;
	}
	token->depth = scan->depth;
	scan->is_done = scan->depth == 0;
	return valid;
}

static bool take_close(struct json_scan *scan, struct json_token *token)
{
	token->kind = JSON_CLOSE;
	token->depth = scan->depth--;
	scan->at++;
	scan->is_first = false;
	scan->is_done = scan->depth == 0;
	return true;
}

static bool take_token(struct json_scan *scan, struct json_token *token)
{
	bool inside = scan->depth > 0, in_object = inside && scan->is_object[scan->depth];

	if (scan->is_done) {
		token->kind = JSON_END;
		skip_blanks(scan);
		return true;
	}
	if (inside && peek(scan) == (in_object ? '}' : ']'))
		return take_close(scan, token);
	if (inside && !scan->is_first && !take(scan, ','))
		return false;
	if (in_object && (!take_string(scan, &token->key) || !take(scan, ':')))
		return false;
	return take_value(scan, token);
}

struct json_token json_scan_next(struct json_scan *scan)
{
	struct json_token token = {.kind = JSON_INVALID};

	if (!scan->failed && take_token(scan, &token))
		return token;
	scan->failed = true;
	return (struct json_token){.kind = JSON_INVALID};
}
