"""The file as written: the only place that knows YAML and pydantic."""
