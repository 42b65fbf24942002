"""The search's inner loop outside of Python: a WebAssembly module that knows no program, and how it is spoken to."""
