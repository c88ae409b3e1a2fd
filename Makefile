# firsthop: build, check, test, run. Everything that is made lies under $(B).
#   make            the release binary, build/firsthop (static libraries inside)
#   make VARIANT=…  release | asan | coverage | static, under build/VARIANT
B       ?= build
VARIANT ?= release
O       := $(B)/$(VARIANT)
VERSION := 0.1.0

LIBS      := libcap libnl-route-3.0 libnl-3.0 inih libseccomp
PKG       ?= pkg-config
WARN      := -Wall -Wextra -Werror -Wshadow -Wswitch-enum -Wvla -Wcast-qual -Wstrict-prototypes \
             -Wmissing-prototypes -Wold-style-definition -Wformat=2 -Wundef -Wwrite-strings \
             -Wpointer-arith -Wimplicit-fallthrough
CFLAGS    ?= -O2 -g
CPPFLAGS  += -I. -D_GNU_SOURCE -DFIRSTHOP_VERSION='"$(VERSION)"' $(shell $(PKG) --cflags $(LIBS))
ALLFLAGS   = -std=c11 $(WARN) -fno-strict-aliasing -ffunction-sections -fdata-sections $(CFLAGS) \
             $(FLAGS_$(VARIANT))
FLAGS_release  := -fstack-protector-strong
FLAGS_static   := -fstack-protector-strong -D_FORTIFY_SOURCE=2
FLAGS_asan     := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_coverage := -O0 --coverage
LINK_release   := -static -Wl,--gc-sections
LINK_static    := -static -Wl,--gc-sections
LINK_asan      := -fsanitize=address,undefined
LINK_coverage  := --coverage
LDLIBS     = $(shell $(PKG) $(if $(filter -static,$(LINK_$(VARIANT))),--static) --libs $(LIBS))

CONFIG     := $(wildcard config/*.c)
SUPERVISOR := $(wildcard supervisor/*.c)
INIT       := $(wildcard init/*.c)
obj         = $(patsubst %.c,$(O)/%.o,$(1))
PURE       := $(call obj,$(CONFIG) $(SUPERVISOR))
EDGE       := $(filter-out $(O)/init/main.o,$(call obj,$(INIT)))
UNIT       := $(patsubst %.c,$(O)/%,$(wildcard tests/unit/*.c tests/sim/*.c))

.PHONY: all unit clean
all: $(O)/firsthop
	@ln -sfn $(VARIANT)/firsthop $(B)/firsthop

$(O)/firsthop: $(PURE) $(EDGE) $(O)/init/main.o
	$(CC) $(ALLFLAGS) $(LINK_$(VARIANT)) -o $@ $^ $(LDLIBS)

unit: $(UNIT)
$(O)/tests/%: $(O)/tests/%.o $(PURE) $(EDGE)
	$(CC) $(ALLFLAGS) $(LINK_$(VARIANT)) -o $@ $^ $(LDLIBS)

$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALLFLAGS) -MMD -MP -c -o $@ $<

clean:
	rm -rf $(B)
.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)
