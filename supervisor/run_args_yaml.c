/* YAML: a compose file, a topology of containerlab, a pod of Kubernetes. Keys are plain words; all
 * else is in double quotes, where nothing looks like a number or a "no". */
#include "supervisor/run_args_build.h"

#include "supervisor/buffer.h"

#include <stdarg.h>
#include <string.h>

#define NODE_NAME     "router" /* where the configuration gives none */
#define IMAGE_UNKNOWN "IMAGE"

/* A value at the end of its line. With `dollars`: for who puts variables into the text first, where
 * "$$" stands for one that is meant. */
static void put_value(struct buffer *buffer, const char *text, bool dollars)
{
	struct buffer escaped = {0};

	for (; *text; text++)
		buffer_add(&escaped, *text == '$' && dollars ? "$$" : text,
			*text == '$' && dollars ? 2 : 1);
	run_put_quoted(buffer, escaped.length ? escaped.data : "");
	buffer->failed |= escaped.failed;
	buffer_free(&escaped);
	buffer_add(buffer, "\n", 1);
}

static void put_image(struct buffer *buffer, const char *indent, const struct run_args *args)
{
	buffer_printf(buffer, "%simage: ", indent);
	put_value(buffer, args->image ? args->image : IMAGE_UNKNOWN, false);
}

static void put_sysctl_map(struct buffer *buffer, const char *indent, const struct run_args *args)
{
	if (args->sysctl_count > 0)
		buffer_printf(buffer, "%ssysctls:\n", indent);
	for (unsigned i = 0; i < args->sysctl_count; i++) {
		buffer_printf(buffer, "%s  %s: ", indent, args->sysctls[i].key);
		put_value(buffer, args->sysctls[i].value, true);
	}
}

void run_write_compose(struct buffer *buffer, const struct run_args *args)
{
	buffer_printf(buffer, "services:\n  %s:\n", NODE_NAME);
	put_image(buffer, "    ", args);
	if (args->hostname)
		buffer_printf(buffer, "    hostname: \"%s\"\n", args->hostname);
	if (args->capabilities.count > 0)
		buffer_add_text(buffer, "    cap_add:\n");
	for (unsigned i = 0; i < args->capabilities.count; i++)
		buffer_printf(buffer, "      - %s\n", args->capabilities.word[i]);
	put_sysctl_map(buffer, "    ", args);
	if (args->mount_count > 0)
		buffer_add_text(buffer, "    volumes:\n");
	for (unsigned i = 0; i < args->mount_count; i++) {
		buffer_add_text(buffer, "      - type: bind\n        source: ");
		put_value(buffer, args->mounts[i].source, true);
		buffer_add_text(buffer, "        target: ");
		put_value(buffer, args->mounts[i].target, true);
		/* Or a directory would take the place of a file that is not there. */
		buffer_add_text(buffer, "        bind:\n          create_host_path: false\n");
	}
	if (args->stop_timeout_s > 0)
		buffer_printf(buffer, "    stop_grace_period: %us\n", args->stop_timeout_s);
	if (args->terminal)
		buffer_add_text(buffer, "    stdin_open: true\n    tty: true\n");
}

/* Its nodes are privileged and have a terminal, and it ends them with KILL: nothing to say of
 * capabilities, terminal and stop. The node's name is its host name. */
void run_write_containerlab(struct buffer *buffer, const struct run_args *args)
{
	buffer_add_text(buffer, "name: lab\ntopology:\n  nodes:\n    ");
	if (args->hostname)
		run_put_quoted(buffer, args->hostname);
	else
		buffer_add_text(buffer, NODE_NAME);
	buffer_add_text(buffer, ":\n      kind: linux\n");
	put_image(buffer, "      ", args);
	put_sysctl_map(buffer, "      ", args);
	if (args->mount_count > 0)
		buffer_add_text(buffer, "      binds:\n");
	for (unsigned i = 0; i < args->mount_count; i++) {
		struct buffer bind = {0};

		buffer_printf(&bind, "%s:%s", args->mounts[i].source, args->mounts[i].target);
		buffer_add_text(buffer, "        - ");
		put_value(buffer, bind.failed ? "" : bind.data, true);
		buffer->failed |= bind.failed;
		buffer_free(&bind);
	}
}

/* ---- Kubernetes ---------------------------------------------------------------------------- */

static void put_kubelet(struct buffer *buffer, const struct run_args *args)
{
	const char *before = "# The kubelet of the node must run with\n"
			     "#   --allowed-unsafe-sysctls=";

	for (unsigned i = 0; i < args->sysctl_count; i++) {
		if (args->sysctls[i].is_safe)
			continue;
		buffer_printf(buffer, "%s%s", before, args->sysctls[i].key);
		before = ",";
	}
	if (*before == ',')
		buffer_add(buffer, "\n", 1);
}

static void put_pod_sysctls(struct buffer *buffer, const struct run_args *args)
{
	if (args->sysctl_count > 0)
		buffer_add_text(buffer, "  securityContext:\n    sysctls:\n");
	for (unsigned i = 0; i < args->sysctl_count; i++) {
		buffer_printf(buffer, "      - name: %s\n        value: ", args->sysctls[i].key);
		put_value(buffer, args->sysctls[i].value, false);
	}
}

void run_write_k8s(struct buffer *buffer, const struct run_args *args)
{
	put_kubelet(buffer, args);
	buffer_add_text(
		buffer, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: " NODE_NAME "\nspec:\n");
	if (args->hostname)
		buffer_printf(buffer, "  hostname: \"%s\"\n", args->hostname);
	if (args->stop_timeout_s > 0)
		buffer_printf(
			buffer, "  terminationGracePeriodSeconds: %u\n", args->stop_timeout_s);
	put_pod_sysctls(buffer, args);
	buffer_add_text(buffer, "  containers:\n    - name: " NODE_NAME "\n");
	put_image(buffer, "      ", args);
	if (args->terminal)
		buffer_add_text(buffer, "      stdin: true\n      tty: true\n");
	if (args->capabilities.count > 0)
		buffer_add_text(
			buffer, "      securityContext:\n        capabilities:\n          add:\n");
	for (unsigned i = 0; i < args->capabilities.count; i++)
		buffer_printf(buffer, "            - %s\n", args->capabilities.word[i]);
}
