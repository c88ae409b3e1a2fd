/* What a reload tells: what differs, section by section and key by key, what becomes of it, and how
 * that looks to people and to programs. */
#include "supervisor/reload.h"

#include "supervisor/buffer.h"
#include "supervisor/engine.h"
#include "supervisor/table.h"
#include "tests/check.h"
#include "tests/unit/config_support.h"

#define X "[service x]\ncommand = /bin/x\n"

/* The text for a change from one to the other, each service being on its way. */
static void tells(const char *from, const char *to, const char *expected)
{
	static const struct table_style style = {.utf8 = true};
	struct load old = load_text(from), new = load_text(to);
	struct reload_report report = {.accepted = true, .source = "f"};
	struct arena arena = {0};
	struct changes changes;
	struct buffer out = {0};
	struct engine *engine = NULL;

	CHECK_INT(old.r, 0);
	CHECK_INT(new.r, 0);
	if (old.r == 0 && new.r == 0)
		engine = engine_create(old.model, (struct timestamp){0});
	if (engine) {
		engine_settle(engine, (struct timestamp){0});
		CHECK_INT(config_changes(&arena, old.model, new.model, &changes), 0);
		CHECK_INT(reload_note_changes(&arena, engine, new.model, &changes, &report), 0);
		reload_write_text(&out, &report, &style);
		CHECK_STR(out.data, expected);
	}
	engine_free(engine);
	buffer_free(&out);
	arena_free(&arena);
	load_free(&old);
	load_free(&new);
}

#define WOULD "f: what would change, were it reloaded:\n"

static void each_kind_of_change_is_told(void)
{
	static const struct {
		const char *from, *to, *told;
	} cases[] = {
		{X, "; another comment\n" X, "f: nothing in it has changed\n"},
		{X, X "description = new\n",
			WOULD "  change  [service x]\n      description: new\n"},
		{X, "[service x]\ncommand = /bin/y\n",
			WOULD "  restart [service x]\n      command: /bin/x -> /bin/y\n"},
		{X "start = manual\n", "[service x]\ncommand = /bin/y\nstart = manual\n",
			WOULD "  change  [service x]\n      command: /bin/x -> /bin/y\n"},
		{X, X "[service new]\ncommand = /bin/new\n",
			WOULD "  start   [service new]\n      command: /bin/new\n"},
		{X, X "[service new]\ncommand = /bin/new\nstart = manual\n",
			WOULD "  add     [service new]\n      start: manual\n"
			      "      command: /bin/new\n"},
		{X "[service old]\ncommand = /bin/old\n", X, WOULD "  stop    [service old]\n"},
		{X, X "environment = A=1 B=2\n",
			WOULD "  restart [service x]\n      environment: A=1 B=2\n"},
		{"[sysctl]\na.b = 1\nc.d = 2\n", "[sysctl]\n?a.b = 3\ne.f = 4\n",
			WOULD "  change  [sysctl]\n      a.b: 1 -> 3 (may be absent)\n"
			      "      e.f: 4\n      c.d: 2 -> (stays as it is)\n"},
		{"[signals]\nUSR1 = stop\n", "[signals]\nUSR2 = USR1 x\n" X,
			WOULD "  change  [signals]\n      USR1: stop -> (none)\n"
			      "      USR2: USR1 x\n  start   [service x]\n"
			      "      command: /bin/x\n"},
		{"[node]\nstop_budget = 8s\n", "[node]\nstop_budget = 9s\n",
			WOULD "  change  [node]\n      stop_budget: 8s -> 9s\n"},
		{"[vrf A]\ntable = 1\n", "[vrf B]\ntable = 1\n",
			WOULD "  add     [vrf B]\n      table: 1\n"
			      "  remove  [vrf A] (the vrf itself stays)\n"},
		{"[interface e*]\nsysctl net.ipv4.conf.%i.rp_filter = 0\n",
			"[interface e*]\nmtu = 9000\nsysctl net.ipv4.conf.%i.rp_filter = 2\n",
			WOULD "  change  [interface e*]\n      mtu: 9000\n"
			      "      sysctl net.ipv4.conf.%i.rp_filter: 0 -> 2\n"},
		{"[persist a]\npath = /a\nstore = /b\n", "[persist a]\npath = /a\nstore = /c\n",
			WOULD "  change  [persist a]\n      store: /b -> /c\n"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		tells(cases[i].from, cases[i].to, cases[i].told);
}

/* From elsewhere comes what may steer a terminal, or end a string of JSON. */
static void foreign_text_does_no_harm(void)
{
	static const struct changed_key key = {.key = "k", .from = "\033[2J", .to = "\"\n"};
	static struct reload_change change = {
		.effect = RELOAD_CHANGE, .section = "s", .keys = &key, .key_count = 1};
	static const struct reload_diag diags[] = {
		{"f", 3, SEVERITY_ERROR, "bad \033"}, {"f", 0, SEVERITY_WARNING, "all"}};
	const struct reload_report report = {
		.diags = diags, .diag_count = 2, .changes = &change, .change_count = 1};
	static const struct table_style style = {.utf8 = false};
	struct buffer out = {0};

	reload_write_diags(&out, &report, &style);
	reload_write_text(&out, &report, &style);
	CHECK_STR(out.data, "f:3: error: bad ?\nf: warning: all\n"
			    "the configuration has errors, nothing was changed\n"
			    "  change  [s]\n      k: ?[2J -> \"?\n");
	buffer_reset(&out);
	reload_write_json(&out, &report);
	CHECK_STR(out.data,
		"{\"version\":1,\"ok\":false,\"applied\":false,\"source\":null,\"diagnostics\":["
		"{\"file\":\"f\",\"line\":3,\"severity\":\"error\",\"message\":\"bad \\u001b\"},"
		"{\"file\":\"f\",\"line\":null,\"severity\":\"warning\",\"message\":\"all\"}],"
		"\"changes\":[{\"effect\":\"change\",\"section\":\"s\",\"name\":null,\"keys\":[{"
		"\"key\":\"k\",\"from\":\"\\u001b[2J\",\"to\":\"\\\"\\u000a\"}]}]}\n");
	buffer_free(&out);
}

int main(void)
{
	RUN(each_kind_of_change_is_told);
	RUN(foreign_text_does_no_harm);
	return CHECK_EXIT_STATUS();
}
