/* From the disk to a model: which files are read, in which order, and that nothing outside of the
 * root tree is. */
#include "init/load.h"

#include "config/arena.h"
#include "config/image.h"
#include "config/model.h"
#include "init/check_image.h"
#include "tests/check.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/firsthop-load.XXXXXX"; /* also the current directory of the test */

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

/* An empty root tree. */
static void fresh_root(void)
{
	static const char *const directories[] = {"etc", "etc/firsthop.d", "bin"};

	(void)nftw("tree", remove_one, 16, FTW_DEPTH | FTW_PHYS);
	CHECK_INT(mkdir("tree", 0755), 0);
	for (unsigned i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "tree/%s", directories[i]);
		CHECK_INT(mkdir(path, 0755), 0);
	}
}

static void put(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	CHECK(file != NULL);
	if (!file)
		return;
	fputs(text, file);
	fclose(file);
	CHECK_INT(chmod(path, mode), 0);
}

struct loaded {
	struct arena arena;
	struct diags diags;
	const struct model *model;
	const char *source;
	int result;
};

static void load(struct loaded *loaded, const struct load_request *request)
{
	*loaded = (struct loaded){.model = NULL};
	diags_init(&loaded->diags, &loaded->arena);
	loaded->result = load_model(
		&loaded->arena, request, &loaded->diags, &loaded->model, &loaded->source);
}

static const struct load_request in_tree = {.root = "tree"};

/* Has a message with that place and that text? */
static bool says(const struct loaded *loaded, const char *file, unsigned line, const char *text)
{
	for (const struct diag *diag = loaded->diags.first; diag; diag = diag->next)
		if (strcmp(diag->origin.file, file) == 0 && diag->origin.line == line &&
			strstr(diag->message, text))
			return true;
	for (const struct diag *diag = loaded->diags.first; diag; diag = diag->next)
		fprintf(stderr, "has: %s:%u: %s\n", diag->origin.file, diag->origin.line,
			diag->message);
	return false;
}

#define SERVICE(name, key) "[service " name "]\ncommand = /bin/" name "\n" key "\n"

static void reads_in_name_order(void)
{
	struct loaded loaded;

	fresh_root();
	put("tree/etc/firsthop.ini", "[node]\nready_message = main\n" SERVICE("a", ""), 0644);
	put("tree/etc/firsthop.d/20.ini", "[node]\nready_message = twenty\n", 0644);
	put("tree/etc/firsthop.d/100.ini", "[node]\nready_message = hundred\n", 0644);
	put("tree/etc/firsthop.d/.hidden.ini", "[node]\nready_message = hidden\n", 0644);
	put("tree/etc/firsthop.d/30.conf", "[node]\nready_message = conf\n", 0644);
	put("tree/etc/firsthop.d/.ini", "[node]\nready_message = nameless\n", 0644);
	load(&loaded, &in_tree);
	CHECK_INT(loaded.result, 0);
	if (loaded.result == 0)
		CHECK_STR(loaded.model->node.ready_message, "twenty");
	CHECK_STR(loaded.source, "/etc/firsthop.ini and 2 more");
	arena_free(&loaded.arena);
}

static void reads_a_directory_alone(void)
{
	struct loaded loaded;

	fresh_root();
	put("tree/etc/firsthop.d/x.ini", SERVICE("a", ""), 0644);
	load(&loaded, &in_tree);
	CHECK_INT(loaded.result, 0);
	CHECK_STR(loaded.source, "/etc/firsthop.d/x.ini");
	arena_free(&loaded.arena);
}

static void has_a_builtin(void)
{
	struct loaded loaded;
	const struct load_request builtin = {.root = "tree", .builtin = true};

	fresh_root();
	load(&loaded, &in_tree);
	CHECK_INT(loaded.result, 0);
	CHECK_STR(loaded.source, "built-in");
	arena_free(&loaded.arena);
	put("tree/etc/firsthop.ini", "nonsense", 0644);
	load(&loaded, &builtin);
	CHECK_INT(loaded.result, 0);
	CHECK_STR(loaded.source, "built-in");
	arena_free(&loaded.arena);
}

static void names_lines_without_the_root(void)
{
	struct loaded loaded;

	fresh_root();
	put("tree/etc/firsthop.ini", SERVICE("a", "nonsense = 1"), 0644);
	put("tree/etc/firsthop.d/b.ini", SERVICE("b", "restart = perhaps"), 0644);
	load(&loaded, &in_tree);
	CHECK_INT(loaded.result, -EINVAL);
	CHECK(loaded.model == NULL);
	CHECK(says(&loaded, "/etc/firsthop.ini", 3, "nonsense"));
	CHECK(says(&loaded, "/etc/firsthop.d/b.ini", 3, "perhaps"));
	arena_free(&loaded.arena);
}

static void tells_what_it_cannot_read(void)
{
	static char large[(1 << 20) + 2];
	struct loaded loaded;

	fresh_root();
	memset(large, ';', sizeof(large) - 1);
	CHECK_INT(mkdir("tree/etc/firsthop.ini", 0755), 0);
	put("tree/etc/firsthop.d/a.ini", SERVICE("a", "nonsense = 1"), 0644);
	put("tree/etc/firsthop.d/large.ini", large, 0644);
	CHECK_INT(mkfifo("tree/etc/firsthop.d/fifo.ini", 0644), 0);
	load(&loaded, &in_tree);
	CHECK_INT(loaded.result, -EINVAL);
	CHECK(says(&loaded, "/etc/firsthop.ini", 0, "Is a directory"));
	CHECK(says(&loaded, "/etc/firsthop.d/large.ini", 0, "larger than 1 MiB"));
	CHECK(says(&loaded, "/etc/firsthop.d/fifo.ini", 0, "not a regular file"));
	CHECK(says(&loaded, "/etc/firsthop.d/a.ini", 3, "nonsense")); /* all in one run */
	arena_free(&loaded.arena);
}

/* Also when nothing at all could be read: the built-in configuration is not what was asked for. */
static void does_not_hide_an_unreadable_file(void)
{
	struct loaded loaded;

	fresh_root();
	CHECK_INT(mkdir("tree/etc/firsthop.ini", 0755), 0);
	load(&loaded, &in_tree);
	CHECK_INT(loaded.result, -EINVAL);
	arena_free(&loaded.arena);
}

/* A script of the tree that is looked at may do anything. */
static void runs_no_script_of_a_tree(void)
{
	struct loaded loaded;
	char script[128], here[64];

	fresh_root();
	CHECK(getcwd(here, sizeof(here)) != NULL);
	snprintf(script, sizeof(script), "touch %s/was-run\n", here);
	put("tree/etc/firsthop.ini", "[frr]\ndaemons = /etc/daemons\ndaemons_shell = yes\n", 0644);
	put("tree/etc/daemons", script, 0644);
	loaded = (struct loaded){.model = NULL};
	diags_init(&loaded.diags, &loaded.arena);
	loaded.result = load_model_for_command(
		&loaded.arena, &in_tree, &loaded.diags, &loaded.model, &loaded.source);
	CHECK_INT(loaded.result, 0);
	CHECK(says(&loaded, "/etc/daemons", 0, "takes a shell, and none is run here"));
	CHECK(says(&loaded, "/etc/daemons", 1, "not understood without a shell"));
	CHECK_INT(access("was-run", F_OK), -1);
	arena_free(&loaded.arena);
	/* As this machine's own it is run. */
	snprintf(script, sizeof(script),
		"[frr]\ndaemons = %s/tree/etc/daemons\ndaemons_shell = yes\n", here);
	put("own.ini", script, 0644);
	const struct load_request own = {.file = "own.ini"};

	loaded = (struct loaded){.model = NULL};
	diags_init(&loaded.diags, &loaded.arena);
	loaded.result = load_model_for_command(
		&loaded.arena, &own, &loaded.diags, &loaded.model, &loaded.source);
	CHECK_INT(loaded.result, 0);
	CHECK_INT(access("was-run", F_OK), 0);
	CHECK_INT(unlink("was-run") + unlink("own.ini"), 0);
	arena_free(&loaded.arena);
}

static void reads_a_named_file_as_it_is(void)
{
	struct loaded loaded;
	struct load_request named = {.root = "tree", .file = "elsewhere.ini"};

	fresh_root();
	put("tree/etc/firsthop.ini", "nonsense", 0644);
	(void)unlink("elsewhere.ini");
	load(&loaded, &named);
	CHECK_INT(loaded.result, -ENOENT);
	CHECK(says(&loaded, "elsewhere.ini", 0, "No such file or directory"));
	arena_free(&loaded.arena);
	put("elsewhere.ini", SERVICE("a", ""), 0644);
	load(&loaded, &named);
	CHECK_INT(loaded.result, 0);
	CHECK_STR(loaded.source, "elsewhere.ini");
	arena_free(&loaded.arena);
	named.root = "absent";
	load(&loaded, &named);
	CHECK_INT(loaded.result, -ENOENT);
	CHECK(says(&loaded, "absent", 0, "No such file or directory"));
	arena_free(&loaded.arena);
}

/* Both ways to open a file below a root give the same. */
static void links_stay_inside(void)
{
	static const struct {
		const char *path;
		int result; /* 0: the file that holds "inside" */
	} cases[] = {
		{"/etc/target", 0},
		{"etc/target", 0},
		{"/etc/absolute", 0},
		{"/etc/relative", 0},
		{"/etc/up", 0},
		{"/../../etc/./target", 0},
		{"/link/target", 0},
		{"/etc/chain", 0},
		{"/etc/outside", -ENOENT},
		{"/etc/loop", -ELOOP},
		{"/etc/none", -ENOENT},
		{"/etc/target/x", -ENOTDIR},
	};
	int (*const openers[])(int, const char *, int) = {image_open_file, image_open_by_walk};

	fresh_root();
	put("tree/etc/target", "inside", 0644);
	put("outside", "outside", 0644);
	CHECK_INT(symlink("/etc/target", "tree/etc/absolute"), 0);
	CHECK_INT(symlink("target", "tree/etc/relative"), 0);
	CHECK_INT(symlink("../../../../etc/target", "tree/etc/up"), 0);
	CHECK_INT(symlink("/etc", "tree/link"), 0);
	CHECK_INT(symlink("../link/relative", "tree/etc/chain"), 0);
	CHECK_INT(symlink("../../outside", "tree/etc/outside"), 0);
	CHECK_INT(symlink("loop", "tree/etc/loop"), 0);
	int fd = open("tree", O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (unsigned i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		char content[16] = "";
		int file = openers[i % 2](fd, cases[i / 2].path, O_RDONLY);

		if ((file < 0 ? file : 0) != cases[i / 2].result)
			fprintf(stderr, "%s, %u\n", cases[i / 2].path, i % 2);
		CHECK_INT(file < 0 ? file : 0, cases[i / 2].result);
		if (file < 0)
			continue;
		CHECK_INT(read(file, content, sizeof(content)), 6);
		CHECK_STR(content, "inside");
		close(file);
	}
	close(fd);
}

static void knows_programs(void)
{
	struct image_root opened;
	struct image image;

	fresh_root();
	put("tree/bin/program", "#!", 0755);
	put("tree/bin/text", "text", 0644);
	CHECK_INT(image_open(&opened, "tree", &image), 0);
	CHECK(image.is_executable(image.context, "/bin/program"));
	CHECK(!image.is_executable(image.context, "/bin/text"));
	CHECK(!image.is_executable(image.context, "/bin"));
	CHECK(!image.is_executable(image.context, "/bin/none"));
	image_close(&opened);
	CHECK_INT(image_open(&opened, "absent", &image), -ENOENT);
}

static void finds_what_the_image_lacks(void)
{
	struct image_root opened;
	struct image image;
	struct loaded loaded;

	fresh_root();
	put("tree/bin/a", "", 0755);
	put("tree/etc/passwd", "root:x:0:0::/:/bin/sh\nfrr:x:92:92::/:/bin/sh\n", 0644);
	put("tree/etc/group", "root:x:0:\nfrrvty:x:85:\n", 0644);
	put("tree/etc/firsthop.ini",
		SERVICE("a", "user = frr\ngroup = frrvty\n")
			SERVICE("b", "user = fr\ngroup = frr\nrestart = never\n"
				     "directory = /srv\nenvironment_file = /etc/default/b\n")
				SERVICE("c", "user = 77\nready = exec:/bin/none -x\n"),
		0644);
	load(&loaded, &in_tree);
	CHECK_INT(loaded.result, 0);
	CHECK_INT(image_open(&opened, "tree", &image), 0);
	if (loaded.result == 0)
		check_image(loaded.model, &image, &loaded.diags);
	CHECK_INT(loaded.diags.counts[SEVERITY_ERROR], 0);
	diags_refuse_missing(&loaded.diags);
	CHECK(says(&loaded, "/etc/firsthop.ini", 7, "\"/bin/b\" is not there"));
	CHECK(says(&loaded, "/etc/firsthop.ini", 6, "service b: fr is no user of the image"));
	CHECK(says(&loaded, "/etc/firsthop.ini", 6, "service b: frr is no group of the image"));
	CHECK(says(&loaded, "/etc/firsthop.ini", 6, "directory: /srv is not in the image"));
	CHECK(says(&loaded, "/etc/firsthop.ini", 6, "environment_file: /etc/default/b is not"));
	CHECK(says(&loaded, "/etc/firsthop.ini", 15, "\"/bin/c\" is not there"));
	CHECK(says(&loaded, "/etc/firsthop.ini", 17, "\"/bin/none\" is not there"));
	CHECK_INT(loaded.diags.counts[SEVERITY_ERROR], 5);
	CHECK_INT(loaded.diags.counts[SEVERITY_WARNING], 2);
	image_close(&opened);
	arena_free(&loaded.arena);
}

int main(void)
{
	if (!mkdtemp(root) || chdir(root) < 0) {
		perror(root);
		return 1;
	}
	RUN(reads_in_name_order);
	RUN(reads_a_directory_alone);
	RUN(has_a_builtin);
	RUN(names_lines_without_the_root);
	RUN(tells_what_it_cannot_read);
	RUN(does_not_hide_an_unreadable_file);
	RUN(runs_no_script_of_a_tree);
	RUN(reads_a_named_file_as_it_is);
	RUN(links_stay_inside);
	RUN(knows_programs);
	RUN(finds_what_the_image_lacks);
	(void)chdir("/");
	(void)nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return CHECK_EXIT_STATUS();
}
