/* build: a model in the making. parse.c fills it from sections, validate.c checks it as a whole and
 * completes it, config.c makes the model of it. */
#ifndef FIRSTHOP_CONFIG_BUILD_H
#define FIRSTHOP_CONFIG_BUILD_H

#include "config/model.h"
#include "config/names.h"

#include <limits.h>

struct arena;
struct image;
struct ini_section;
struct ini_sections;

#define NO_RULE UINT_MAX

/* A sysctl of [sysctl], or of an [interface PATTERN] by its number. */
struct build_sysctl {
	unsigned rule; /* NO_RULE: of [sysctl] */
	struct sysctl sysctl;
};

/* The structures of named sections, in scratch; they move when the list grows. */
struct named_list {
	void *items;
	unsigned count;
	size_t capacity;
	struct names names;
};

struct build {
	struct arena *arena;   /* the model's and the messages' */
	struct arena *scratch; /* freed once the model is made */
	struct diags *diags;
	const struct image *image; /* NULL: nothing is known of the root tree */

	struct node node;
	struct frr frr;
	struct service templates[SERVICE_TYPE_COUNT]; /* defaults of the types that there are */

	struct service *services; /* in scratch; moves when it grows */
	unsigned service_count;
	size_t service_capacity;
	struct names *service_names;

	struct build_sysctl *sysctls;
	unsigned sysctl_count;
	size_t sysctl_capacity;
	struct names sysctl_names; /* "RULE PATH" */

	struct named_list modules;  /* struct module */
	struct named_list vrfs;	    /* struct vrf */
	struct named_list persists; /* struct persist */
	struct named_list rules;    /* struct interface_rule, without their sysctls */

	struct signal_rule signals[SIGNAL_MAX + 1];
};

/* Each returns 0 or -ENOMEM; what is wrong goes to build->diags. */

/* The defaults of [node] and [frr]. */
int build_init(struct build *build);

/* What a service of that type has when nothing is said; memory lacks: see arena->failed. */
void service_set_defaults(struct arena *arena, struct arena *scratch, enum service_type type,
	struct service *service);

/* Reports sections that are unknown, repeated in a file or misnamed, and marks them `ignored`. */
int parse_headers(struct build *build, struct ini_sections *list);

/* Reads [node], [frr], [sysctl] and [signals], and what parse_named() reads. */
int parse_globals(struct build *build, const struct ini_sections *list);

/* Reads all [service]; those of the list `generated` come first, as if from an earlier file. */
int parse_services(struct build *build, struct ini_sections *generated, struct ini_sections *list);

/* parse_free.c, parse_sysctl.c: the sections whose keys are not in the table. */
int parse_sysctls(struct build *build, const struct ini_section *section);
int parse_signals(struct build *build, const struct ini_section *section);

/* parse_named.c: [module NAME], [vrf NAME], [interface PATTERN] or [persist NAME]. */
int parse_named(struct build *build, const struct ini_section *section);

/* Checks each service and all of them together, and completes what depends on the others: an idle
 * console's `after`, `on_give_up` of a critical service. */
int validate(struct build *build);
/* validate_graph.c: the cycles of needs, wants and after. */
int validate_graph(struct build *build);
/* validate_handover.c: what does not go together with [node] handover. */
void validate_handover(struct build *build);
/* validate_network.c: modules, vrfs and interfaces, together. */
void validate_network(struct build *build);
/* validate_persist.c: kept files, together. */
void validate_persists(struct build *build);
/* validate_sysctl.c: what the keys of sysctls say by themselves. */
void validate_sysctls(struct build *build);

/* make.c: the model of a build that is valid. NULL: no memory. */
struct model *make_model(struct build *build);

/* Does [frr] make a service of that name, when FRR's files enable it? */
bool frr_makes(const char *name);

#endif
