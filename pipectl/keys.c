#include "pipectl/keys.h"

#include "base/utf8.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

/* For the handler, which is told nothing but the number. */
static struct termios as_it_was;

/* The shell is to have its terminal back as it was. */
static void on_signal(int number)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &as_it_was);
	signal(number, SIG_DFL);
	raise(number);
}

static void on_ending(void (*handler)(int number))
{
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		signal(ending[i], handler);
}

void keys_begin(struct keys *k)
{
	struct termios raw;

	k->tty = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &k->was) == 0;
	if (!k->tty)
		return;
	as_it_was = k->was;
	on_ending(on_signal);
	raw = k->was;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

void keys_end(struct keys *k)
{
	if (!k->tty)
		return;
	tcsetattr(STDIN_FILENO, TCSANOW, &k->was);
	on_ending(SIG_DFL);
	k->tty = false;
}

static bool next_byte(char *to)
{
	return read(STDIN_FILENO, to, 1) == 1;
}

/* Bytes that the first one announces. */
static size_t announced(unsigned char first)
{
	return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

bool keys_next(struct keys *k, char to[KEYS_MOST])
{
	size_t n, i;

	do {
		if (!next_byte(to))
			return false;
	} while (!k->tty && to[0] == '\n');
	if (to[0] == '\r')
		to[0] = '\n';
	n = announced((unsigned char)to[0]);
	for (i = 1; i < n; i++)
		if (!next_byte(to + i))
			return false;
	to[n] = 0;
	return true;
}

static void erase_last(struct buf *line)
{
	while (line->n && ((unsigned char)line->p[line->n - 1] & 0xc0) == 0x80)
		line->n--;
	if (line->n)
		line->n--;
	line->p[line->n] = 0;
}

static void show(const struct keys *k, const char *prompt, const struct buf *line)
{
	if (!k->tty)
		return;
	printf("\r\033[K%s%s", prompt, buf_str(line).p);
	fflush(stdout);
}

bool keys_line(struct keys *k, const char *prompt, struct buf *line)
{
	char c;

	show(k, prompt, line);
	while (next_byte(&c)) {
		if (c == '\n' || c == '\r') {
			if (k->tty)
				putchar('\n');
			return true;
		}
		if (c == 0x1b && k->tty)
			return false;
		if (c == 0x7f || c == '\b')
			erase_last(line);
		else
			buf_add_char(line, c);
		show(k, prompt, line);
	}
	return false;
}
