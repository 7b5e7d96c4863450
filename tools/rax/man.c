/* man.c - the man page, in mdoc. SPDX-License-Identifier: MIT */
#include <string.h>

#include "options.h"

#define WIDTH 68	/* some characters are written as two */

/* Plain text for roff: a '-' that is typed is \-, a line has no leading dot. */
static void roff(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", out);
		else if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '"')
			fputs("\\(dq", out);
		else
			fputc(*text, out);
	}
}

/* A paragraph, in lines that an editor shows whole. */
static void line(FILE *out, const char *text)
{
	char word[128];
	size_t col = 0;

	while (*text) {
		const size_t len = strcspn(text, " ");

		if (col + len > WIDTH && col) {
			fputc('\n', out);
			col = 0;
		}
		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		if (col)
			fputc(' ', out);
		roff(out, word);
		col += len + 1;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void synopsis(FILE *out)
{
	size_t k;

	fprintf(out, ".Sh SYNOPSIS\n");
	for (k = 0; usages[k]; k++) {
		fprintf(out, ".Nm rax\n.Li \"");
		roff(out, usages[k]);
		fprintf(out, "\"\n");
	}
}

static const char description[] =
	".Sh DESCRIPTION\n"
	".Nm\n"
	"builds a virtual machine, loads a program into it and executes it.\n"
	"What kind of machine the program is made for is found in its file.\n"
	"The guest's console is standard input and output; the end of standard input\n"
	"ends nothing.\n"
	"All that\n"
	".Nm\n"
	"itself has to say goes to standard error.\n"
	".Pp\n"
	"A Linux Image is started in supervisor mode under a built\\-in SBI, or under a\n"
	"firmware.\n"
	"A plain ELF program is started in machine mode at its entry, all processors at\n"
	"once with their number in a0 and the address of the device tree in a1.\n"
	"Its symbols tohost and fromhost, if it has them, are the interface of the\n"
	"RISC\\-V test programs: an odd value v in tohost ends\n"
	".Nm\n"
	"with v >> 1.\n"
	".Pp\n"
	".Nm\n"
	".Cm dis\n"
	"prints the instructions at the bytes HEX, one a line; they are in memory order\n"
	"as in a dump\n"
	".Pq 93001000 ,\n"
	"or with 0x one instruction's value\n"
	".Pq 0x00100093 .\n"
	".Nm\n"
	".Cm asm\n"
	"prints the bytes of the instruction TEXT.\n"
	"Where an instruction set has several spellings,\n"
	".Fl \\-syntax\n"
	"chooses one\n"
	".Pq x86: intel, att ;\n"
	".Fl \\-explain\n"
	"adds the encoding, where it is stated, and its fields.\n"
	".Nm\n"
	".Cm lift\n"
	"prints what the instructions at the bytes HEX do, block by block, in the\n"
	"intermediate representation.\n"
	"With\n"
	".Sq \\-\n"
	"one item a line is read from standard input, and each is answered by one line,\n"
	"which begins with\n"
	".Ql error\\&:\n"
	"where there is no instruction.\n"
	".Pp\n"
	".Nm\n"
	".Cm jit\\-dump\n"
	"runs a guest, as without this word but for its console, which goes nowhere,\n"
	"and prints what was compiled, region by region: the guest's code of each\n"
	"block, the operations that it was lifted to and those behind each pass of the\n"
	"optimiser, guest registers that live in registers of the host, and the host's\n"
	"code with its addresses.\n"
	"With\n"
	".Fl \\-isa\n"
	"the instructions at the bytes HEX are compiled instead, as far as they lead to\n"
	"each other, and not run.\n"
	".Pp\n"
	".Nm\n"
	".Cm coverage\n"
	"prints what there is for each encoding (a handler of the threaded engine,\n"
	"operations that it is lifted to, host code that those are lowered to, alone or\n"
	"with calls of functions), and which other implementation has verified it.\n";

static void options(FILE *out)
{
	char word[64], text[512];
	size_t k;

	fprintf(out, ".Sh OPTIONS\n");
	for (k = 0; k < ntext_rows; k++) {
		if (text_rows[k].title) {
			fprintf(out, "%s.Ss %s\n.Bl -tag -width Ds\n", k ? ".El\n" : "",
				text_rows[k].title);
			continue;
		}
		fprintf(out, ".It ");
		line(out, option_usage(text_rows[k].id, word, sizeof(word)));
		line(out, option_help(text_rows[k].id, text, sizeof(text)));
	}
	fprintf(out, ".El\n");
}

static void codes(FILE *out)
{
	size_t k;

	fprintf(out, ".Sh EXIT STATUS\n.Bl -tag -width 000\n");
	for (k = 0; k < nexit_codes; k++) {
		fprintf(out, ".It %d\n", exit_codes[k].code);
		line(out, exit_codes[k].meaning);
	}
	fprintf(out, ".El\n.Pp\n");
	/* mdoc wants each sentence on a line of its own */
	for (const char *s = exit_codes_note; *s; ) {
		const char *dot = strstr(s, ". ");
		char sentence[256];

		snprintf(sentence, sizeof(sentence), "%.*s",
			 dot ? (int)(dot + 1 - s) : (int)strlen(s), s);
		line(out, sentence);
		s = dot ? dot + 2 : s + strlen(s);
	}
}

void print_man(FILE *out)
{
	fprintf(out, ".\\\" Made by rax --print-man. SPDX-License-Identifier: MIT\n"
		     ".Dd November 23, 2026\n.Dt RAX 1\n.Os\n.Sh NAME\n.Nm rax\n"
		     ".Nd run programs, kernels and firmware of other machines\n");
	synopsis(out);
	fputs(description, out);
	options(out);
	fprintf(out, ".Sh KEYS\nOn a terminal, the console understands\n"
		".Bl -tag -width Ds\n.It Ctrl\\-A x\nquit\n.It Ctrl\\-A h\nshow this list\n"
		".It Ctrl\\-A Ctrl\\-A\ntype Ctrl\\-A\n.El\n");
	codes(out);
	fprintf(out, ".Sh EXAMPLES\n.Dl rax \\-\\-kernel Image \\-\\-initrd initramfs.cpio\n"
		".Dl rax dis \\-\\-isa rv64 93001000\n"
		".Dl rax asm \\-\\-isa rv64 \\(aqaddi ra, zero, 1\\(aq\n");
}
