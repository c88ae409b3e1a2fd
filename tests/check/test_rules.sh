#!/bin/bash
# A rule that never fails proves nothing: here each is shown a small tree that keeps it, and the same
# tree with one violation.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
top=$PWD
work=$(mktemp -d "${TMPDIR:-/tmp}/firsthop-rules.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

# small_tree: a tree that keeps every rule, as the working directory.
small_tree() {
	rm -rf "$work/tree"
	mkdir -p "$work"/tree/{config,supervisor,init,doc,tests/unit,tests/lab}
	cd "$work/tree" || exit
	cp "$top"/{Makefile,.clang-format} .
	cat >config/a.h <<'END'
int a_value(const char *text);
END
	cat >config/a.c <<'END'
#include "config/a.h"

#include <string.h>

int a_value(const char *text)
{
	return (int)strlen(text);
}
END
	cat >supervisor/b.h <<'END'
int b_value(void);
END
	cat >supervisor/b.c <<'END'
#include "supervisor/b.h"

#include "config/a.h"

int b_value(void)
{
	return a_value("b");
}
END
	cat >init/c.h <<'END'
int c_value(void);
END
	cat >init/c.c <<'END'
#include "init/c.h"

#include "supervisor/b.h"

int c_value(void)
{
	return b_value();
}
END
	cat >init/main.c <<'END'
#include "init/c.h"

int main(void)
{
	return c_value();
}
END
	printf '#!/bin/sh\necho "$1"\n' >tests/lab/script
}

# rule RULE…: quietly, with this tree's own build directory.
rule() { B=$work/tree/build "$top/tests/check/rule" "$@" >"$work/out" 2>&1; }

# plant NAME RULE [FOLDER] <<PATCH: the rule holds; after the shell commands of PATCH it does not,
# and it says what the pattern asks for.
plant() {
	local pattern=$1 result=ok
	shift
	small_tree
	rule "$@" || { result='not ok' && sed 's/^/clean tree: /' "$work/out" >&2; }
	. /dev/stdin
	! rule "$@" || { result='not ok' && echo "$*: the violation was not seen" >&2; }
	grep -q -e "$pattern" "$work/out" || { result='not ok' && cat "$work/out" >&2; }
	echo "$result planted_$1_${pattern//[^a-zA-Z0-9]/_}"
	[ "$result" = ok ] || failures=1
}

# in_function FILE TEXT: puts TEXT where the file's function returns.
in_function() { sed -i "s|^\treturn|\t$2\n&|" "$1"; }

plant clang-format format <<<'sed -i "s/return b/return  b/" init/c.c'
plant unused gcc <<<'in_function init/c.c "int unused;"'
plant shadow clang <<<'in_function config/a.c "{ int text = 1; (void)text; }"'
plant char.has.no.sign arm64 <<<'in_function init/c.c "_Static_assert((char)-1 < 0, \"char has no sign\");"'
plant error.h musl <<<'sed -i "1i #include <error.h>\nint x = sizeof(struct mallinfo);" init/c.c'
plant leak analyzer init <<<'sed -i "s|b_value();|*(int *)malloc(4);|; 1i #include <stdlib.h>" init/c.c'
plant bugprone tidy config <<<'in_function config/a.c "if (*text);"'
plant nullPointer cppcheck <<<'in_function init/c.c "int *p = 0; *p = 1;"'
plant SC2068 shellcheck <<<'echo "rm \$@" >>tests/lab/script'
plant too.long sizes <<<'yes "/* */" | head -n 500 >>init/c.h'
plant typedef sizes <<<'echo "typedef int thing;" >>init/c.h'
plant 201 sizes <<<'yes "" | head -n 201 >Makefile'
plant config/a.d:.*supervisor/b.h layers <<<'sed -i "1i #include \"supervisor/b.h\"" config/a.c'
plant supervisor/b.d:.*init/c.h layers <<<'sed -i "1i #include \"init/c.h\"" supervisor/b.c'
plant init/c.d:.*tests/unit/t.h layers <<<'>tests/unit/t.h; sed -i "1i #include \"tests/unit/t.h\"" init/c.c'
plant time.*config/a.o purity <<<'sed -i "s|^#include <string.h>|&\n#include <time.h>|" config/a.c; in_function config/a.c "if (time(NULL)) return 1;"'
plant b_value.*config/a.o purity <<<'sed -i "1i int b_value(void);" config/a.c; in_function config/a.c "if (b_value()) return 1;"'
plant getenv.*supervisor/b.o purity <<<'sed -i "1i #include <stdlib.h>" supervisor/b.c; in_function supervisor/b.c "if (getenv(\"A\")) return 1;"'
plant sleep.*init/c.o banned <<<'sed -i "1i #include <unistd.h>" init/c.c; in_function init/c.c "sleep(1);"'
plant assert_fail.*config/a.o banned <<<'sed -i "1i #include <assert.h>" config/a.c; in_function config/a.c "assert(text);"'
plant abort.*init/main.o banned <<<'sed -i "1i #include <stdlib.h>" init/main.c; in_function init/main.c "if (c_value() == 9) abort();"'
exit "$failures"
