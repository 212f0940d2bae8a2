/* Preloaded into a server, it makes every sync of a file take THROUGHGATE_SYNC_MS milliseconds longer, as on a slower disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static struct timespec longer;

__attribute__((constructor)) static void start(void) {
    const char *text = getenv("THROUGHGATE_SYNC_MS");
    double ms = text ? atof(text) : 0;
    longer.tv_sec = ms / 1e3;
    longer.tv_nsec = ms * 1e6 - longer.tv_sec * 1e9;
}

static int then_wait(int result) {
    nanosleep(&longer, NULL);
    return result;
}

int fsync(int fd) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return then_wait(next(fd));
}

int fdatasync(int fd) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return then_wait(next(fd));
}
