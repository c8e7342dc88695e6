/* notify.h: what systemd is told (sd_notify(3)). Does nothing elsewhere. */
#ifndef PIPED_NOTIFY_H
#define PIPED_NOTIFY_H

void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);
/* One line for `systemctl status`, and the watchdog's sign of life. Call at
 * least once a second from the loop. */
void notify_alive(const char *status);

#endif
