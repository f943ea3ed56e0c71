#include <libpq-fe.h>
#include <stdint.h>

/* Of the OpenSSL that libpq is linked with; there may be a libpq without it. */
extern int OPENSSL_init_crypto(uint64_t options, const void *settings) __attribute__((weak));

/*
 * Keeps OpenSSL usable until the process is gone: by default it frees what it holds when `exit` is called, and a thread
 * that is just connecting then crashes (OPENSSL_init_crypto(3), OPENSSL_INIT_NO_ATEXIT). The first to initialise it
 * decides, so this is called before anything else of libpq.
 */
static inline void banksia_keep_openssl(void) {
    if (OPENSSL_init_crypto) OPENSSL_init_crypto(UINT64_C(0x00080000), 0);
}
