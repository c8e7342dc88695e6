/* Looks at a WARC archive as an outsider would: whether each record that rows name is there.
 * Usage: e2e_records FOLDER <ROWS
 * A row is ID|FILE|OFFSET|BYTES|URL; at OFFSET of FOLDER/FILE is a gzip member of exactly BYTES,
 * whole, which is a WARC record of URL. Writes the ids of rows where that is not so, a line
 * each with what is wrong; then "N records". */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define MOST_BYTES (64 << 20)
#define HEAD_BYTES 2000 /* of a record, where its address stands */

/* Whether `bytes` of `member` are one gzip member; its first bytes, ended by 0. */
static bool inflate_whole(unsigned char *member, size_t bytes, char head[HEAD_BYTES + 1])
{
	unsigned char rest[1 << 16];
	z_stream z = { .next_in = member, .avail_in = (uInt)bytes };
	size_t n = 0;
	int rc;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return false;
	do {
		size_t made;

		z.next_out = rest;
		z.avail_out = sizeof(rest);
		rc = inflate(&z, Z_NO_FLUSH);
		made = sizeof(rest) - z.avail_out;
		if (made > HEAD_BYTES - n)
			made = HEAD_BYTES - n;
		memcpy(head + n, rest, made);
		n += made;
	} while (rc == Z_OK);
	head[n] = 0;
	inflateEnd(&z);
	return rc == Z_STREAM_END && z.avail_in == 0;
}

static bool is_of(const char *head, const char *url)
{
	static const char name[] = "\r\nWARC-Target-URI: ";
	const char *at = strstr(head, name);
	size_t n = strlen(url);

	return strncmp(head, "WARC/1.1\r\n", 10) == 0 && at &&
	       strncmp(at + sizeof(name) - 1, url, n) == 0 && at[sizeof(name) - 1 + n] == '\r';
}

/* What is wrong; NULL: nothing. */
static const char *look(int folder, const char *file, off_t offset, size_t bytes, const char *url)
{
	char head[HEAD_BYTES + 1];
	unsigned char *member;
	const char *wrong = NULL;
	int fd;

	if (!bytes || bytes > MOST_BYTES)
		return "no length of a record";
	fd = openat(folder, file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return strerror(errno);
	member = malloc(bytes);
	if (!member || pread(fd, member, bytes, offset) != (ssize_t)bytes)
		wrong = "the file ends before it";
	else if (!inflate_whole(member, bytes, head))
		wrong = "no whole gzip member";
	else if (!is_of(head, url))
		wrong = "another's record";
	free(member);
	close(fd);
	return wrong;
}

/* The text before the next '|', ended by 0; NULL: none. */
static char *cell(char **line)
{
	char *at = *line, *end = strchr(at, '|');

	if (!end)
		return NULL;
	*end = 0;
	*line = end + 1;
	return at;
}

static const char *look_at(int folder, char *line, const char **ret_id)
{
	const char *id = cell(&line), *file = cell(&line), *offset = cell(&line),
		   *bytes = cell(&line);

	*ret_id = id ? id : "?";
	if (!bytes)
		return "no row";
	return look(folder, file, (off_t)strtoll(offset, NULL, 10),
		    (size_t)strtoull(bytes, NULL, 10), line);
}

int main(int argc, char **argv)
{
	int folder = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	char line[16384];
	long n = 0;

	if (folder < 0) {
		fprintf(stderr, "usage: e2e_records FOLDER <ROWS\n");
		return 2;
	}
	while (fgets(line, sizeof(line), stdin)) {
		const char *id, *wrong;

		line[strcspn(line, "\n")] = 0;
		wrong = look_at(folder, line, &id);
		if (wrong)
			printf("page %s: %s\n", id, wrong);
		else
			n++;
	}
	printf("%ld records\n", n);
	close(folder);
	return 0;
}
