/* softmax.h: exponentials and logarithms that give the same bits on every
 * processor. libm picks its variant (with or without fused multiply-add) at run
 * time, and a model file must not depend on where it was trained. Pure. */
#ifndef PIPED_SOFTMAX_H
#define PIPED_SOFTMAX_H

/* e^x to 2e-7 relative; x below -87 gives nearly 0, above 87 about e^87. */
float softmax_exp(float x);
/* ln x to 1e-12, for normal x > 0. */
double softmax_ln(double x);
/* x[i] := e^(x[i] / temperature) / sum. NaN stays NaN. */
void softmax_of(float *x, int n, float temperature);

#endif
