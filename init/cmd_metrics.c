/* firsthop metrics [--prometheus] */
#include "init/commands.h"

#include "config/arena.h"
#include "init/client.h"
#include "init/options.h"
#include "init/print.h"
#include "supervisor/buffer.h"
#include "supervisor/metrics.h"
#include "supervisor/status.h"

int cmd_metrics(int argc, char **argv)
{
	bool prometheus = false;
	const struct option_spec options[] = {
		{.name = "prometheus", .kind = OPTION_FLAG, .flag = &prometheus},
	};
	const struct option_rules rules = {.options = options, .option_count = 1};
	struct arena arena = {0};
	struct buffer out = {0};
	struct status status;
	int operands;
	int result = options_parse(argc, argv, &rules, &operands);

	if (result)
		return options_exit_code(result);
	int code = client_ask_status(argv[0], &arena, &status);

	if (!code) {
		metrics_write(&out, &status, prometheus ? METRICS_PROMETHEUS : METRICS_OPENMETRICS);
		code = print_buffer(&out);
	}
	arena_free(&arena);
	return code;
}
