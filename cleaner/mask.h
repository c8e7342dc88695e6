/* mask.h: personal data in what sellers write: telephone numbers, e-mail addresses,
 * KakaoTalk ids and open chats. Pure; any thread. */
#ifndef PIPED_MASK_H
#define PIPED_MASK_H

#include "base/arena.h"

/* `text` with a * for each figure and letter of them, or `text` itself. Of a telephone
 * number its first group stays ("010-****-****"), of an address the @. Numbers are found
 * in figures of any width, Korean words ("공일공 일이삼사 ...") and with letters in the place
 * of figures ("o1o"); ids only after the word for KakaoTalk, as any word may be one. */
struct str mask_personal(struct str text, struct arena *a);

#endif
