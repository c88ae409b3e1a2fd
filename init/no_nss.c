/* no_nss: libnl can turn names into addresses and protocol numbers, which a static glibc does by
 * loading libraries of the very same version at run time; an image need not have them. firsthop
 * gives libnl nothing to look up, so these answer "no such name". Defined here, they also keep the
 * resolver out of the binary and the linker's warnings about it out of the build. */
#include <netdb.h>
#include <stddef.h>

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
	struct addrinfo **ret_list)
{
	(void)name;
	(void)service;
	(void)hints;
	(void)ret_list;
	return EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *list)
{
	(void)list; /* none was ever given out */
}

struct protoent *getprotobyname(const char *name)
{
	(void)name;
	return NULL;
}

struct protoent *getprotobynumber(int number)
{
	(void)number;
	return NULL;
}
