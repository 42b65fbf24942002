"""The catalogue: what each primitive and each verb is, said once for all that read a file, check it or explain it."""
