/* Wine 8 has no bcryptprimitives.dll, and every program that Rust makes for Windows asks it for
   random numbers: without it each of them ends with code 53 before it has begun. This one passes
   the question on to the call that Wine has had all along, under its old name RtlGenRandom. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID bytes, ULONG count);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) {
    return SystemFunction036(bytes, (ULONG)count);
}
