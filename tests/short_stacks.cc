// For programs that make millions of small allocations: AddressSanitizer keeps a short stack
// of each, and little of what was freed. Without this a third of their time goes into keeping
// stacks.
extern "C" const char* __asan_default_options() {
  return "malloc_context_size=2:quarantine_size_mb=16";
}
