/* The whole way from text to model: files that change each other, limits, lack of memory. */
#include "config/keys.h"
#include "config/text.h"
#include "tests/check.h"
#include "supervisor/policy.h"
#include "tests/unit/config_support.h"

#define FILE_OF(name, text)                                                                        \
	{                                                                                          \
		name, text, sizeof(text) - 1                                                       \
	}

static void loads_a_service(void)
{
	struct load load = load_text("[node]\nstop_budget = 3s\n"
				     "[service a]\ncommand = /bin/a 'b c' d\n"
				     "[service b]\ncommand = /bin/b\nneeds = a\nrestart = never\n");

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		const struct service *a = model_find(load.model, "a");
		const struct service *b = model_find(load.model, "b");

		CHECK_INT(load.model->service_count, 2);
		CHECK_INT(load.model->node.stop_budget_ms, 3000);
		CHECK(a && b && !model_find(load.model, "c"));
		CHECK_INT(a->command.count, 3);
		CHECK_STR(a->command.word[1], "b c");
		CHECK(!a->command.word[3]);
		CHECK_INT(a->restart, RESTART_ALWAYS);
		CHECK_INT(b->restart, RESTART_NEVER);
		CHECK_STR(b->needs.word[0], "a");
		CHECK_STR(a->directory, "/");
		CHECK_INT(a->stop_signal, 15);
		CHECK_INT(a->origin.line, 3);
	}
	load_free(&load);
}

/* As text, and as the engine's policy reads it: the two must mean the same bit. */
static void what_is_written_as_success_is_success(void)
{
	struct load load =
		load_text("[service a]\ncommand = /bin/a\nsuccess_exit_status = 3 HUP TERM\n");
	static const struct {
		int status;
		bool success;
	} table[] = {{0, false}, {3 << 8, true}, {4 << 8, false}, {1, true}, {2, false},
		{14, false}, {15, true}, {16, false}};

	CHECK_INT(load.r, 0);
	for (unsigned i = 0; load.r == 0 && i < sizeof(table) / sizeof(table[0]); i++) {
		struct failure end = {.kind = FAILURE_EXIT, .status = table[i].status};

		CHECK_INT(policy_is_success(&load.model->services[0], &end), table[i].success);
	}
	load_free(&load);
}

static void types_have_their_defaults(void)
{
	struct load load = load_text("[service d]\ncommand = /bin/d\n"
				     "[service o]\ncommand = /bin/o\ntype = oneshot\n"
				     "[service c]\ntype = console\ncommand = /bin/c\n");

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		const struct service *d = model_find(load.model, "d");
		const struct service *o = model_find(load.model, "o");
		const struct service *c = model_find(load.model, "c");

		CHECK_INT(d->restart, RESTART_ALWAYS);
		CHECK_INT(d->restart_delay_min_ms, 200);
		CHECK_INT(d->restart_delay_max_ms, 30000);
		CHECK_INT(d->restart_reset_ms, 30000);
		CHECK_INT(d->give_up_count, 0);
		CHECK_INT(d->start_timeout_ms, 60000);
		CHECK_INT(d->stop_timeout_ms, 5000);
		CHECK_INT(d->ready.kind, READY_IMMEDIATELY);
		CHECK_INT(d->log, LOG_PREFIX);
		CHECK_INT(d->success->codes[0], 0);
		CHECK_INT(o->restart, RESTART_NEVER);
		CHECK_INT(o->success->codes[0], 1);
		CHECK_INT(o->start_timeout_ms, 300000);
		CHECK_INT(c->restart, RESTART_ALWAYS);
		CHECK_INT(c->restart_delay_min_ms, 100);
		CHECK_INT(c->restart_delay_max_ms, 5000);
		CHECK_INT(c->restart_reset_ms, 1000);
		CHECK_INT(c->log, LOG_RAW);
		CHECK_INT(c->after.count, 2);
		CHECK_INT(load.model->node.stop_budget_ms, 8000);
		CHECK_STR(load.model->node.ready_message, "READY");
	}
	load_free(&load);
}

/* Each default, written down, is accepted and changes nothing. */
static void defaults_can_be_written(void)
{
	for (unsigned i = 0; i < key_count; i++) {
		for (enum service_type type = SERVICE_DAEMON; type <= SERVICE_CONSOLE; type++) {
			char base[200], text[300];
			struct load plain, written;

			if (!keys[i].defaults[type] || keys[i].section != SECTION_SERVICE ||
				!(keys[i].types & 1u << type) || strcmp(keys[i].name, "type") == 0)
				continue;
			snprintf(base, sizeof(base), "[service x]\ncommand = /bin/x\ntype = %s\n",
				service_type_name(type));
			snprintf(text, sizeof(text), "%s%s = %s\n", base, keys[i].name,
				keys[i].defaults[type]);
			plain = load_text(base);
			written = load_text(text);
			CHECK_INT(written.r, 0);
			if (plain.r == 0 && written.r == 0)
				CHECK_INT(service_diff(
						  plain.model->services, written.model->services),
					CHANGE_NONE);
			load_free(&plain);
			load_free(&written);
		}
	}
}

static void later_files_change_earlier_ones(void)
{
	static const char one[] = "[node]\nstop_budget = 3s\n[sysctl]\na.b = 1\nc.d = 1\n"
				  "[signals]\nHUP = reload\nUSR1 = status\n"
				  "[service x]\ncommand = /bin/one\nneeds = y\nnice = 1\n"
				  "environment = A=1 B=1\n[service y]\ncommand = /bin/y\n";
	static const char two[] = "[sysctl]\n?a.b = 2\n[signals]\nHUP = stop\n"
				  "[service z]\ncommand = /bin/z\n"
				  "[service x]\ncommand = /bin/two\nneeds = z\nenvironment = B=2\n"
				  "[service y]\ntype = oneshot\n";
	static const char three[] = "[service x]\nneeds =\nafter = y\n";
	const struct config_file files[] = {
		FILE_OF("1", one), FILE_OF("2", two), FILE_OF("3", three)};
	struct load two_files = load_files(files, 2, NULL), all = load_files(files, 3, NULL);

	CHECK_INT(two_files.r, 0);
	CHECK_INT(all.r, 0);
	if (two_files.r == 0 && all.r == 0) {
		const struct service *x = model_find(two_files.model, "x");

		CHECK_STR(x->command.word[0], "/bin/two");
		CHECK_INT(x->needs.count, 2);
		CHECK_INT(x->nice, 1);
		CHECK_INT(x->environment.count, 2);
		CHECK_STR(x->environment.word[1], "B=2");
		CHECK_STR(x->origin.file, "2");
		CHECK_INT(two_files.model->sysctl_count, 2);
		CHECK_STR(two_files.model->sysctls[0].value, "2");
		CHECK(two_files.model->sysctls[0].may_be_absent);
		CHECK_INT(two_files.model->signals[1].action, SIGNAL_STOP);
		CHECK_INT(two_files.model->signals[10].action, SIGNAL_STATUS);
		CHECK_INT(two_files.model->node.stop_budget_ms, 3000);
		CHECK_STR(two_files.model->services[2].name, "z");
		/* The type decides on the defaults wherever it stands. */
		CHECK_INT(model_find(two_files.model, "y")->restart, RESTART_NEVER);
		CHECK_INT(model_find(all.model, "x")->needs.count, 0);
		CHECK_STR(model_find(all.model, "x")->after.word[0], "y");
	}
	load_free(&two_files);
	load_free(&all);
}

static void critical_stops_the_container(void)
{
	struct load load =
		load_text("[service x]\ncommand = /bin/x\ncritical = yes\ngive_up = 5 in 60s\n");

	CHECK_INT(load.r, 0);
	CHECK_STR(load.messages, "");
	if (load.r == 0) {
		CHECK_INT(load.model->services[0].on_give_up, GIVE_UP_STOP);
		CHECK_INT(load.model->services[0].give_up_count, 5);
		CHECK_INT(load.model->services[0].give_up_window_ms, 60000);
	}
	load_free(&load);
}

static void consoles_that_say_where_are_left_there(void)
{
	struct load load = load_text("[service a]\ncommand = /bin/a\n"
				     "[service b]\ncommand = /bin/b\n"
				     "[service c]\ntype = console\ncommand = /bin/c\nafter = a\n");

	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK_INT(model_find(load.model, "c")->after.count, 1);
		CHECK_STR(model_find(load.model, "c")->after.word[0], "a");
	}
	load_free(&load);
}

/* "[service sNNNN]\ncommand = /bin/x\n", so often. */
static const char *many_services(unsigned count)
{
	static char text[(SERVICES_MAX + 2) * 40];
	char *at = text;

	for (unsigned i = 0; i < count; i++)
		at += sprintf(at, "[service s%u]\ncommand = /bin/x\n", i);
	return text;
}

static void services_have_a_limit(void)
{
	const char *text = many_services(SERVICES_MAX + 2);
	struct config_file file = {"f", text, strlen(text)};
	struct load load = load_files(&file, 1, NULL);

	CHECK_INT(load.r, -EINVAL);
	CHECK_STR(load.messages, "f:8193: error: more than 4096 services\n");
	load_free(&load);
	file.length = (size_t)(strstr(text, "[service s4096]") - text);
	load = load_files(&file, 1, NULL);
	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK_INT(load.model->service_count, SERVICES_MAX);
		CHECK(model_find(load.model, "s4095"));
		CHECK(!model_find(load.model, "s4096"));
	}
	load_free(&load);
}

static void names_have_a_limit(void)
{
	char text[200];
	struct load load;

	snprintf(text, sizeof(text), "[service %0*d]\ncommand = /bin/x\n", 41, 0);
	load = load_text(text); /* as long as a header can be: "service " is part of it */
	CHECK_INT(load.r, 0);
	load_free(&load);
	snprintf(text, sizeof(text), "[service x]\ncommand = /bin/x\nafter = %0*d\n",
		SERVICE_NAME_MAX + 1, 0);
	load = load_text(text);
	CHECK_INT(load.r, -EINVAL);
	CHECK(strstr(load.messages, "is not the name of a service"));
	load_free(&load);
}

static void lists_have_a_limit(void)
{
	struct arena arena = {0};
	struct text text = {.arena = &arena};
	struct load load;

	text_put(&text, "[service x]\ncommand = /bin/x\n");
	for (int i = 0; i < WORDS_MAX; i++)
		text_printf(&text, "environment = A%d=1\nruntime_directory = /run/%d\n", i, i);
	load = load_text(text_string(&text));
	CHECK_INT(load.r, 0);
	if (load.r == 0) {
		CHECK_INT(load.model->services[0].environment.count, WORDS_MAX);
		CHECK_INT(load.model->services[0].runtime_directory_count, WORDS_MAX);
	}
	load_free(&load);
	text_put(&text, "environment = B=1\nruntime_directory = /run/b\n");
	load = load_text(text_string(&text));
	CHECK_STR(load.messages,
		"test.ini:515: error: environment: more than 256 words\n"
		"test.ini:516: error: runtime_directory: more than 256 directories\n");
	load_free(&load);
	arena_free(&arena);
}

/* With any bound on memory the answer is the model or -ENOMEM, and nothing is lost. */
static void memory_may_lack_anywhere(void)
{
	const char *text = many_services(50);
	struct config_file file = {"f", text, strlen(text)};
	int last = -ENOMEM;

	for (size_t limit = 0; limit < 200000; limit += 997) {
		struct arena arena = {.limit_bytes = limit + 1};
		const struct model *model = NULL;
		struct diags diags;
		int r;

		diags_init(&diags, &arena);
		r = config_load(&arena, &file, 1, NULL, &diags, &model);
		CHECK(r == 0 || r == -ENOMEM);
		CHECK((r == 0) == (model != NULL));
		CHECK(r <= 0 && r >= last); /* once there is enough, more is too */
		last = r;
		arena_free(&arena);
	}
	CHECK_INT(last, 0);
}

static void the_model_is_untouched_by_errors(void)
{
	struct load load = load_text("[service x]\ncomand = /bin/x\n");

	CHECK_INT(load.r, -EINVAL);
	CHECK(!load.model);
	CHECK_STR(load.messages, "test.ini:1: error: service x has no command; add command = /PATH "
				 "ARGUMENTS\ntest.ini:2: error: unknown key \"comand\" in "
				 "[service]; did you mean command?\n");
	load_free(&load);
}

int main(void)
{
	RUN(loads_a_service);
	RUN(what_is_written_as_success_is_success);
	RUN(types_have_their_defaults);
	RUN(defaults_can_be_written);
	RUN(later_files_change_earlier_ones);
	RUN(critical_stops_the_container);
	RUN(consoles_that_say_where_are_left_there);
	RUN(services_have_a_limit);
	RUN(names_have_a_limit);
	RUN(lists_have_a_limit);
	RUN(memory_may_lack_anywhere);
	RUN(the_model_is_untouched_by_errors);
	return CHECK_EXIT_STATUS();
}
