/* softmax.h: exponentials and logarithms that give the same bits on every
 * processor. libm picks its variant (with or without fused multiply-add) at run
 * time, and a model file must not depend on where it was trained. Pure. */
#ifndef PIPED_SOFTMAX_H
#define PIPED_SOFTMAX_H

/* Sum of e^((x[i] - less) * by), each to 3e-7 relative; exponents are held
 * within -87 to 87. */
double softmax_sum(const float *x, int n, float less, float by);
/* ln x to 1e-12, for normal x > 0. */
double softmax_ln(double x);
/* x[i] := e^(x[i] / temperature) / sum. NaN stays NaN. */
void softmax_of(float *x, int n, float temperature);

#endif
