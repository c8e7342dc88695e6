#include "labeler/vote_matrix.h"

#include "base/mem.h"
#include "base/must.h"

void vote_matrix_init(struct vote_matrix *m, int classes, int rules,
		      const struct vote_column *columns, int n)
{
	must(classes > 0 && rules >= 0 && n >= 0);
	*m = (struct vote_matrix){ .classes = classes, .rules = rules, .columns = n };
	m->column = mem_array((size_t)n, sizeof(*columns));
	for (int i = 0; i < n; i++) {
		must(columns[i].klass >= 0 && columns[i].klass < classes);
		must(columns[i].rule >= 0 && columns[i].rule < rules);
		m->column[i] = columns[i];
	}
	mem_grow(&m->first, &m->first_cap, 1, sizeof(*m->first));
	m->first[0] = 0;
}

void vote_matrix_done(struct vote_matrix *m)
{
	mem_free(m->column);
	mem_free(m->votes);
	mem_free(m->first);
	*m = (struct vote_matrix){ .classes = 0 };
}

void vote_matrix_add(struct vote_matrix *m, const uint32_t *columns, int n)
{
	const size_t from = m->first[m->rows];
	uint32_t *row;

	must(n >= 0 && n <= VOTE_MATRIX_ROW);
	mem_grow(&m->votes, &m->votes_cap, from + (size_t)n, sizeof(*m->votes));
	mem_grow(&m->first, &m->first_cap, m->rows + 2, sizeof(*m->first));
	row = m->votes + from;
	for (int i = 0; i < n; i++) {
		int at = i;

		must(columns[i] < (uint32_t)m->columns);
		for (; at && m->column[row[at - 1]].rule > m->column[columns[i]].rule; at--)
			row[at] = row[at - 1];
		row[at] = columns[i];
	}
	m->rows++;
	m->first[m->rows] = from + (size_t)n;
}

const uint32_t *vote_matrix_row(const struct vote_matrix *m, size_t i, int *ret_n)
{
	must(i < m->rows);
	*ret_n = (int)(m->first[i + 1] - m->first[i]);
	return m->votes + m->first[i];
}
