# local.mk - what librax shows to others. SPDX-License-Identifier: MIT
style_tests += tests/api/headers.sh tests/api/symbols.sh

# An embedder: public headers, the shared library where there is one.
check_PROGRAMS += tests/api/embed tests/api/machines
api_tests = tests/api/embed tests/api/machines
tests_api_machines_SOURCES = tests/api/machines.c
tests_api_machines_CPPFLAGS = -I$(srcdir)/runtime/include
tests_api_machines_LDADD = librax.la $(THREAD_LIBS)
tests_api_machines_LDFLAGS = -no-install
tests_api_embed_SOURCES = tests/api/embed.c
tests_api_embed_CPPFLAGS = -I$(srcdir)/runtime/include
tests_api_embed_LDADD = librax.la
tests_api_embed_LDFLAGS = -no-install

installcheck-local:
	@srcdir='$(srcdir)' man1dir='$(man1dir)' \
	  bashcompletiondir='$(bashcompletiondir)' man='$(man1_MANS)' bindir='$(bindir)' libdir='$(libdir)' CC='$(CC)' \
	  DESTDIR='$(DESTDIR)' $(SHELL) $(srcdir)/tests/api/installed.sh
