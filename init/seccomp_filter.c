#include "init/seccomp_filter.h"

#include "config/sandbox.h"
#include "init/seccomp_code.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct filter {
	struct filter *next; /* older */
	struct seccomp_choice choice;
	enum seccomp_action action;
	struct sock_fprog program; /* its code is ours */
};

struct seccomp_filters {
	struct filter *newest;
};

struct seccomp_filters *seccomp_filters_create(void)
{
	return calloc(1, sizeof(struct seccomp_filters));
}

static void free_list(struct filter *filter)
{
	while (filter) {
		struct filter *next = filter->next;

		free(filter->program.filter);
		free(filter);
		filter = next;
	}
}

void seccomp_filters_free(struct seccomp_filters *filters)
{
	if (!filters)
		return;
	free_list(filters->newest);
	free(filters);
}

static int add_filter(struct seccomp_filters *filters, const struct seccomp_choice *choice,
	enum seccomp_action action)
{
	struct filter *filter = calloc(1, sizeof(*filter));
	int r = -ENOMEM;

	if (!filter)
		return r;
	*filter = (struct filter){.next = filters->newest, .choice = *choice, .action = action};
	r = seccomp_code_make(choice, action, &filter->program);
	if (r < 0) {
		free(filter);
		return r;
	}
	filters->newest = filter;
	return 0;
}

/* Makes room for one. */
static void forget_oldest(struct seccomp_filters *filters)
{
	struct filter **at = &filters->newest;

	for (int kept = 1; *at && kept < SECCOMP_FILTERS_MAX; kept++)
		at = &(*at)->next;
	free_list(*at);
	*at = NULL;
}

int seccomp_filters_get(struct seccomp_filters *filters, const struct seccomp_choice *choice,
	enum seccomp_action action, const struct sock_fprog **ret_program)
{
	int r;

	for (struct filter *at = filters->newest; at; at = at->next) {
		if (at->action == action && at->choice.unknown == choice->unknown &&
			memcmp(&at->choice.allowed, &choice->allowed, sizeof(choice->allowed)) ==
				0) {
			*ret_program = &at->program;
			return 0;
		}
	}
	forget_oldest(filters);
	r = add_filter(filters, choice, action);
	if (r == 0)
		*ret_program = &filters->newest->program;
	return r;
}
