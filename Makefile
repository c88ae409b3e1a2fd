# firsthop: build, check, test, run. Everything that is made lies under $(B).
#   make            the release binary, build/firsthop: one file, libraries inside
#   make run        boots a real FRR router under it; ROUTERS=2: two, joined
#   make test       installs what is missing and runs every test
#   make check      format, warnings, linters, and the proof that config/ and supervisor/ are pure
#   make bench      against s6, runit, supervisord and the least that a C program can do
#   make fuzz       libFuzzer for FUZZ_TIME seconds a target
#   make manual     build/man: firsthop(8), firsthop.ini(5), and completion for bash
#   make install    all of these: DESTDIR= PREFIX=/usr
#   make cml        IMAGE=router: that image for Cisco Modeling Labs, with its definitions
# VARIANT=release | static | small | asan | coverage | fuzz; V=1 shows the commands; B=DIR builds elsewhere.
B       ?= build
# One name for one place: what the compiler tells of an object's headers holds under that name alone.
override B := $(patsubst $(CURDIR)/%,%,$(abspath $(B)))
VARIANT ?= release
O       := $(B)/$(VARIANT)
PREFIX  ?= /usr
VERSION := 0.1.0
MAKEFLAGS += --no-print-directory
Q       := $(if $(V),,@)
say      = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

LIBS      := libcap libnl-3.0 inih libseccomp
PKG       ?= pkg-config
MISSING   := $(shell $(PKG) --exists $(LIBS) 2>/dev/null || echo yes)
WARN      := -Wall -Wextra -Werror -Wshadow -Wswitch-enum -Wvla -Wcast-qual -Wstrict-prototypes \
             -Wmissing-prototypes -Wold-style-definition -Wformat=2 -Wundef -Wwrite-strings \
             -Wpointer-arith -Wimplicit-fallthrough
CFLAGS    ?= -O2 -g
CPPFLAGS  += -I. -D_GNU_SOURCE -DFIRSTHOP_VERSION='"$(VERSION)"' \
             $(if $(MISSING),,$(shell $(PKG) --cflags $(LIBS)))
ALLFLAGS   = -std=c11 $(WARN) -fno-strict-aliasing -ffunction-sections -fdata-sections $(CFLAGS) \
             $(FLAGS_$(VARIANT))
SANITIZE  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_release  := -fstack-protector-strong
FLAGS_static   := -fstack-protector-strong -D_FORTIFY_SOURCE=2
FLAGS_small    := -Os -g0 -fno-pie -fstack-protector -fno-asynchronous-unwind-tables
FLAGS_asan     := $(SANITIZE)
FLAGS_coverage := -O0 --coverage
FLAGS_fuzz     := $(SANITIZE) -fsanitize=fuzzer-no-link
LINK_release   := -static -Wl,--gc-sections
LINK_static    := -static -Wl,--gc-sections
LINK_small     := -static -no-pie -s -Wl,--gc-sections -Wl,-z,noseparate-code -Wl,--build-id=none
LINK_asan      := -fsanitize=address,undefined
LINK_coverage  := --coverage
LINK_fuzz      := -fsanitize=address,undefined,fuzzer
LDLIBS    := $(if $(MISSING),,$(shell $(PKG) $(if $(filter -static,$(LINK_$(VARIANT))),--static) --libs $(LIBS)))
ifeq ($(VARIANT),fuzz)
CC         = clang
endif

CONFIG     := $(wildcard config/*.c)
SUPERVISOR := $(wildcard supervisor/*.c)
INIT       := $(wildcard init/*.c)
obj         = $(patsubst %.c,$(O)/%.o,$(1))
PURE       := $(call obj,$(CONFIG) $(SUPERVISOR))
EDGE       := $(filter-out $(O)/init/main.o,$(call obj,$(INIT)))
UNIT       := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/*.c tests/sim/*.c))
FUZZ       := $(patsubst %.c,$(O)/%,$(wildcard tests/fuzz/*.c))
HELPERS    := $(patsubst %.c,$(B)/helpers/%,$(notdir $(wildcard tests/lab/*.c tests/bench/*.c tests/ns/*.c)))

# Manual pages and completion, filled from the program's own tables.
MANUAL     := $(patsubst doc/man/%.in,$(B)/man/%,$(wildcard doc/man/*.in))

.PHONY: all manual unit fuzzers helpers objects flags run test check bench fuzz install cml clean
all: $(O)/firsthop
	$(Q)ln -sfn $(VARIANT)/firsthop $(B)/firsthop

manual: $(MANUAL)
$(B)/man/%: doc/man/%.in $(O)/doc/man/generate
	$(call say,FILL,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(O)/doc/man/generate <$< >$@.part && mv $@.part $@
$(O)/doc/man/generate: $(call obj,$(wildcard doc/man/*.c)) $(PURE) $(EDGE)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALLFLAGS) $(LINK_$(VARIANT)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(O)/firsthop: $(PURE) $(EDGE) $(O)/init/main.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALLFLAGS) $(LINK_$(VARIANT)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

objects: $(PURE) $(EDGE) $(O)/init/main.o
flags: ; @echo -std=c11 $(WARN) $(CPPFLAGS)

$(O)/init/cmd_help.o: CPPFLAGS += -DFIRSTHOP_LIBRARIES='"$(strip \
	$(foreach l,$(LIBS),$(l) $(shell $(PKG) --modversion $(l) 2>/dev/null)))"'

# Test programs: each source is one, linked with everything but main.
unit: $(UNIT)
fuzzers: $(FUZZ)
ifneq ($(VARIANT),fuzz)
$(FUZZ:=.o): CPPFLAGS += -DFUZZ_REPLAY
endif
$(O)/tests/%: $(O)/tests/%.o $(PURE) $(EDGE)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALLFLAGS) $(LINK_$(VARIANT)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# What the lab, the scenarios and the bench run beside firsthop: one source each, no library.
helpers: $(HELPERS)
$(B)/helpers/%: tests/lab/%.c tests/lab/inside.h Makefile ; $(helper)
$(B)/helpers/%: tests/bench/%.c Makefile ; $(helper)
$(B)/helpers/%: tests/ns/%.c Makefile ; $(helper)
define helper
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE -std=c11 $(WARN) -O2 -static -o $@ $<
endef

$(O)/%.o: %.c Makefile
	$(if $(MISSING),$(error a library is missing ($(LIBS)): "tests/lab/deps build" installs what the build needs))
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALLFLAGS) -MMD -MP -c -o $@ $<

run:
	$(Q)B=$(B) tests/lab/run $(ROUTERS)

test:
	$(Q)B=$(B) tests/run $(ONLY)

check:
	$(Q)B=$(B) tests/check/run $(ONLY)

bench:
	$(Q)B=$(B) tests/bench/run $(ONLY)

fuzz:
	$(Q)B=$(B) tests/fuzz/run $(ONLY)

install: all manual
	install -D -m 0755 $(O)/firsthop $(DESTDIR)$(PREFIX)/sbin/firsthop
	install -D -m 0644 $(B)/man/firsthop.8 -t $(DESTDIR)$(PREFIX)/share/man/man8
	install -D -m 0644 $(B)/man/firsthop.ini.5 -t $(DESTDIR)$(PREFIX)/share/man/man5
	install -D -m 0644 $(B)/man/firsthop.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/firsthop
	install -d $(DESTDIR)$(PREFIX)/share/doc/firsthop/examples
	install -m 0644 $(wildcard config/examples/*) $(DESTDIR)$(PREFIX)/share/doc/firsthop/examples

cml:
	$(Q)platforms/cml/pack $(or $(IMAGE),router) $(VERSION) $(B)/cml

clean:
	rm -rf $(B)
.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)
