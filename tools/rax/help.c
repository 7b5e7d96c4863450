/* help.c - texts made from the option table. SPDX-License-Identifier: MIT */
#include <string.h>

#include "options.h"

/* SECTION(title) belongs to the option behind it: collect (title, id) pairs. */
struct row {
	const char *title;	/* NULL: an option */
	int id;
};

static const struct row rows[] = {
#define SECTION(title) { title, 0 },
#define OPTION(id, argument, kind, help) { NULL, OPT_##id },
#include "options.def"
#undef SECTION
#undef OPTION
};
#define NROWS (sizeof(rows) / sizeof(rows[0]))

static const char synopsis[] =
	"rax [OPTION]... [--kernel] FILE\n"
	"rax dis --isa ISA HEX... | -\n"
	"rax asm --isa ISA TEXT... | -\n";

struct code {
	int code;
	const char *meaning;
};

static const struct code codes[] = {
	{ 0, "the guest powered off, or the command succeeded" },
	{ EXIT_GUEST_ERROR, "an input file is bad, a text is no instruction, or the guest failed with code 1" },
	{ EXIT_USAGE, "the command line or a configuration file is wrong" },
	{ EXIT_DIVERGED, "--verify found a difference between the engines" },
	{ EXIT_DEADLOCK, "with --clock icount, every processor waits and nothing can wake one" },
	{ EXIT_INTERNAL, "a bug of rax" },
	{ EXIT_LIMIT, "--max-insns is reached" },
};

static const char codes_note[] =
	"A guest that powers off with a code of its own ends rax with that code "
	"(1 to 255; 0 where it reports success).";

static void option_word(char *buf, size_t size, const struct option_info *o)
{
	size_t k;

	snprintf(buf, size, "--%s%s%s", o->name, o->argument ? " " : "",
		 o->argument ? o->argument : "");
	for (k = 2; buf[k] && buf[k] != ' '; k++)
		if (buf[k] == '_')
			buf[k] = '-';
}

/* Prints text from column `indent` on, in lines of at most 79 columns. */
static void wrapped(FILE *out, const char *text, int indent)
{
	int col = indent;

	while (*text) {
		int len = (int)strcspn(text, " ");

		if (col + len > 79 && col > indent) {
			fprintf(out, "\n%*s", indent, "");
			col = indent;
		}
		fprintf(out, "%s%.*s", col > indent ? " " : "", len, text);
		col += len + 1;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

void print_help(FILE *out)
{
	char word[64];
	size_t k;

	fprintf(out, "usage: %s", "rax [OPTION]... [--kernel] FILE\n");
	fprintf(out, "       rax dis --isa ISA HEX... | -\n"
		     "       rax asm --isa ISA TEXT... | -\n\n"
		     "Runs programs, kernels and firmware of other machines.\n");
	for (k = 0; k < NROWS; k++) {
		if (rows[k].title) {
			fprintf(out, "\n%s:\n", rows[k].title);
			continue;
		}
		option_word(word, sizeof(word), &option_table[rows[k].id]);
		fprintf(out, "  %-20s  ", word);
		if (strlen(word) > 20)
			fprintf(out, "\n%24s", "");
		wrapped(out, option_table[rows[k].id].help, 24);
	}
	fprintf(out, "\nOn a terminal, Ctrl-A x quits, Ctrl-A h helps, Ctrl-A Ctrl-A types Ctrl-A.\n");
	fprintf(out, "\nExit codes:\n");
	for (k = 0; k < sizeof(codes) / sizeof(codes[0]); k++) {
		fprintf(out, "  %3d  ", codes[k].code);
		wrapped(out, codes[k].meaning, 7);
	}
	wrapped(out, codes_note, 0);
}

/* roff: a '-' that is typed is \-, a '.' may not begin a line. */
static void roff(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '-' || *text == '\\')
			fputc('\\', out);
		if (*text == '\\')
			fputc('e', out);
		else
			fputc(*text, out);
	}
}

void print_man(FILE *out)
{
	char word[64];
	const char *s;
	size_t k;

	fprintf(out, ".Dd November 23, 2026\n.Dt RAX 1\n.Os\n.Sh NAME\n.Nm rax\n"
		     ".Nd run programs, kernels and firmware of other machines\n.Sh SYNOPSIS\n");
	for (s = synopsis; *s; s = strchr(s, '\n') + 1) {
		fprintf(out, ".Nm rax\n.Li \"");
		for (k = 4; s[k] != '\n'; k++)
			fputc(s[k], out);
		fprintf(out, "\"\n");
	}
	fprintf(out, ".Sh DESCRIPTION\n"
		".Nm\nbuilds a virtual machine, loads a program into it and executes it.\n"
		"What kind of machine the program is made for is found in its file.\n"
		"The guest's console is standard input and output; everything that\n.Nm\n"
		"itself has to say goes to standard error.\n.Pp\n"
		"A Linux Image is started in supervisor mode under a built\\-in SBI, or under\n"
		"a firmware; a plain ELF program is started in machine mode at its entry,\n"
		"all processors at once with their number in a0.\n.Pp\n"
		".Nm\n.Cm dis\nprints the instructions at the bytes HEX (in memory order, or a\n"
		"value with 0x), one a line;\n.Nm\n.Cm asm\nprints the bytes of the instruction TEXT.\n"
		"With\n.Sq \\-\none item a line is read from standard input, and each is answered\n"
		"by one line, which begins with\n.Sq error:\nwhere there is no instruction.\n"
		".Sh OPTIONS\n");
	for (k = 0; k < NROWS; k++) {
		if (rows[k].title) {
			if (k)
				fprintf(out, ".El\n");
			fprintf(out, ".Ss %s\n.Bl -tag -width Ds\n", rows[k].title);
			continue;
		}
		option_word(word, sizeof(word), &option_table[rows[k].id]);
		fprintf(out, ".It ");
		roff(out, word);
		fputc('\n', out);
		roff(out, option_table[rows[k].id].help);
		fprintf(out, ".\n");
	}
	fprintf(out, ".El\n.Sh KEYS\nOn a terminal, the console understands\n"
		".Bl -tag -width Ds\n.It Ctrl\\-A x\nquit\n.It Ctrl\\-A h\nshow this list\n"
		".It Ctrl\\-A Ctrl\\-A\ntype Ctrl\\-A\n.El\n.Sh EXIT STATUS\n.Bl -tag -width 000\n");
	for (k = 0; k < sizeof(codes) / sizeof(codes[0]); k++) {
		fprintf(out, ".It %d\n", codes[k].code);
		roff(out, codes[k].meaning);
		fputc('\n', out);
	}
	fprintf(out, ".El\n.Pp\n");
	roff(out, codes_note);
	fprintf(out, "\n.Sh EXAMPLES\n.Dl rax \\-\\-kernel Image \\-\\-initrd initramfs.cpio\n"
		".Dl rax dis \\-\\-isa rv64 93001000\n"
		".Dl rax asm \\-\\-isa rv64 \\(aqaddi ra, zero, 1\\(aq\n");
}

void print_completion(FILE *out)
{
	char word[64];
	size_t k;

	fprintf(out, "# bash completion of rax, made from its option table. "
		     "SPDX-License-Identifier: MIT\n_rax()\n{\n"
		     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		     "\tCOMPREPLY=()\n\tcase $prev in\n");
	for (k = 0; k < OPT_COUNT; k++) {
		const struct option_info *o = &option_table[k];
		const char *(*choice)(unsigned) = o->kind == KIND_ENGINE ? rax_engine_name :
			o->kind == KIND_MACHINE ? rax_machine_name : NULL;
		unsigned n;

		if (!o->argument)
			continue;
		option_word(word, sizeof(word), o);
		*strchr(word, ' ') = '\0';
		fprintf(out, "\t%s)", word);
		if (choice || o->kind == KIND_CLOCK) {
			fprintf(out, " mapfile -t COMPREPLY < <(compgen -W \"");
			if (o->kind == KIND_CLOCK)
				fprintf(out, "host icount");
			else
				for (n = 0; choice(n); n++)
					fprintf(out, "%s%s", n ? " " : "", choice(n));
			fprintf(out, "\" -- \"$cur\");");
		} else if (o->kind == KIND_FILE || o->kind == KIND_LIST) {
			fprintf(out, " mapfile -t COMPREPLY < <(compgen -f -- \"$cur\");");
		}
		fprintf(out, " return ;;\n");
	}
	fprintf(out, "\tesac\n\tif [[ $cur == -* ]]; then\n"
		     "\t\tmapfile -t COMPREPLY < <(compgen -W \"");
	for (k = 0; k < OPT_COUNT; k++) {
		option_word(word, sizeof(word), &option_table[k]);
		fprintf(out, "%s%.*s", k ? " " : "", (int)strcspn(word, " "), word);
	}
	fprintf(out, "\" -- \"$cur\")\n\telse\n"
		     "\t\tmapfile -t COMPREPLY < <(compgen -f -W \"dis asm\" -- \"$cur\")\n\tfi\n}\n"
		     "complete -o filenames -F _rax rax\n");
}
