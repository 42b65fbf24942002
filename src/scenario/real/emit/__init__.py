"""The program as Python source: one module, one function a thread body and a routine."""
