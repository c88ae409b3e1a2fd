/* Open files: what the services will get, and whether it is what they ask for. The limit itself is
 * set when each starts, see spawn_limits.c. */
#include "init/preparation.h"

#include "config/arena.h"
#include "config/model.h"
#include "init/prepare.h"
#include "init/procsys.h"
#include "supervisor/finding.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* The service that asks for the most; NULL: none asks for a number. */
static const struct service *find_greediest(const struct model *model, uint64_t *ret_files)
{
	const struct service *greediest = NULL;

	*ret_files = 0;
	for (unsigned i = 0; i < model->service_count; i++) {
		const struct limit *limit = service_limit(&model->services[i], LIMIT_NOFILE);
		uint64_t files = limit->hard == LIMIT_INFINITE ? limit->soft : limit->hard;

		if (!limit->set || files == LIMIT_INFINITE || files <= *ret_files)
			continue;
		greediest = &model->services[i];
		*ret_files = files;
	}
	return greediest;
}

/* Only the kernel knows who may raise it: a capability in a user namespace does not count. */
static bool may_have(const struct rlimit *have, uint64_t files)
{
	const struct rlimit wish = {.rlim_cur = have->rlim_cur, .rlim_max = files};

	if (files <= have->rlim_max)
		return true;
	if (setrlimit(RLIMIT_NOFILE, &wish) < 0)
		return false;
	(void)setrlimit(RLIMIT_NOFILE, have); /* lowers */
	return true;
}

/* Above the kernel's own limit no engine starts a container. */
static const char *cure_for(
	const struct preparation *preparation, struct arena *arena, uint64_t files)
{
	int fd = procsys_open(preparation, "fs/nr_open", O_RDONLY);
	char text[32] = "";
	unsigned long long most;

	if (fd >= 0) {
		(void)!read(fd, text, sizeof(text) - 1); /* none: no limit is known */
		(void)close(fd);			 /* was only read */
	}
	most = strtoull(text, NULL, 10);
	if (most && files > most)
		return arena_printf(
			arena, "ask for less: the kernel's own limit (fs.nr_open) is %llu", most);
	return arena_printf(arena, "start the container with --ulimit nofile=%llu:%llu",
		(unsigned long long)files, (unsigned long long)files);
}

void prepare_limits(struct preparation *preparation)
{
	struct finding finding = {.step = STEP_LIMIT, .subject = "open files", .verdict = "enough"};
	struct arena arena = {0};
	struct rlimit have;
	uint64_t files;
	const struct service *greediest = find_greediest(preparation->model, &files);

	if (getrlimit(RLIMIT_NOFILE, &have) < 0)
		return;
	rlim_t given = preparation->nofile_soft ? preparation->nofile_soft : have.rlim_cur;
	rlim_t passed = prepare_limit_of_children((struct rlimit){given, have.rlim_max}).rlim_cur;

	if (greediest && !may_have(&have, files)) {
		finding.state = FINDING_DEGRADED;
		finding.verdict = "too few";
		finding.reason = arena_printf(&arena, "%s asks for %llu, the hard limit is %llu",
			greediest->name, (unsigned long long)files,
			(unsigned long long)have.rlim_max);
		finding.cure = cure_for(preparation, &arena, files);
	} else if (passed < given) {
		finding.verdict = "lowered";
		finding.reason = arena_printf(&arena,
			"services get %llu and not %llu, because daemons allocate for each",
			(unsigned long long)passed, (unsigned long long)given);
	} else {
		finding.reason = arena_printf(&arena, "services get %llu, or up to %llu",
			(unsigned long long)passed, (unsigned long long)have.rlim_max);
	}
	prepare_found(preparation, &finding);
	arena_free(&arena);
}
